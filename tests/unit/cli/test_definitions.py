"""`noegletal definitions`: what it prints, and what it says of what is not there."""

import json
from pathlib import Path

import pytest

from services.benchmark import app as benchmark
from services.catalogue import definitions as catalogue_files
from services.catalogue import factor_tables
from services.chassis import config
from services.chassis.config import ConfigurationError
from services.cli import definitions
from services.cli.talk import Exit, Stop, Talk

DATA = Path(__file__).parents[2] / "data" / "catalogue"


def test_check_lists_assumed_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    definitions.check([], Talk())
    said = capsys.readouterr().out
    assert "OEK-114: hard, soft, change, fences assumed" in said
    assert "uk-tsm/2024" in said
    assert "dk-almen/2025" in said


def test_check_lists_factor_tables_and_what_of_them_nobody_published(capsys: pytest.CaptureFixture[str]) -> None:
    definitions.check([], Talk())
    said = capsys.readouterr().out
    assert "nettoprisindeks/2024-07#" in said
    assert "2024-07, 2024-08" in said
    assert "vejruafhaengig-andel/2021#" in said


def test_check_tells_a_factor_table_that_cannot_be_used(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "prices" / "1.toml"
    broken.parent.mkdir()
    broken.write_text('kind = "price"')
    monkeypatch.setattr(factor_tables, "FOLDER", tmp_path)
    monkeypatch.setattr(catalogue_files, "files", lambda: [])
    with pytest.raises(Stop, match="1 of 1 files"):
        definitions.check([], Talk())
    assert "prices/1.toml: 7 to correct" in capsys.readouterr().out


def test_show_names_the_factor_tables(capsys: pytest.CaptureFixture[str]) -> None:
    definitions.show("ENE-VAR", "dk-almen", "2024", "en", Talk())
    assert "degree_days (graddage-aarhus/2023-11), annualise" in capsys.readouterr().out


def test_a_calendar_of_too_many_releases_is_refused_at_every_door(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, garden = tmp_path / "own.toml", (DATA.parent / "protected.toml").read_text()
    calendar = ["provisional", "revised"] * 2 + ["revised", "final"]
    own.write_text(f"releases = {json.dumps(calendar)}\n{garden}")
    said = "releases: NT-3032 The calendar asks for 6 releases of a period; that is too many. Write at most 3."
    with pytest.raises(Stop):
        definitions.check([own], Talk())  # noegletal definitions check
    assert said in capsys.readouterr().out
    with pytest.raises(Stop, match="NT-3032"):
        definitions.bring(str(own))  # noegletal run, noegletal up
    for name, value in {"KAFKA": "127.0.0.1:1", "DATABASE": "sqlite:///b.db", "CATALOGUE": str(own)}.items():
        monkeypatch.setenv(f"NOEGLETAL_{name}", value)
    with pytest.raises(ConfigurationError, match="NT-3032"):
        config.load(benchmark.Settings)  # the service by itself


def test_check_tells_every_fault_of_every_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text("year = 1")
    with pytest.raises(Stop) as stop:
        definitions.check([tmp_path / "a.toml", tmp_path / "b.toml", tmp_path / "gone.toml"], Talk(as_json=True))
    assert stop.value.code is Exit.FINDINGS
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 3
    assert all(line["faults"] for line in lines)


def test_diff_says_only_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    definitions.diff("2023", "2024", "dk-almen", Talk(as_json=True))
    places = [json.loads(line)["place"] for line in capsys.readouterr().out.splitlines()]
    assert "key_figure.DRI-GRON.status" in places
    assert "key_figure.OEK-106.change" in places
    assert not any("OEK-114" in place for place in places)


def test_show_in_danish(capsys: pytest.CaptureFixture[str]) -> None:
    definitions.show("OEK-118", "dk-almen", "2024", "da", Talk())
    assert "fratrukket særlige aktiviteter, indtægter" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("figure", "scheme", "year"), [("OEK-999", "dk-almen", "2024"), ("OEK-114", "dk-almen", "1999"), ("X", "gone", "")]
)
def test_what_is_not_there_is_said_with_what_there_is(figure: str, scheme: str, year: str) -> None:
    with pytest.raises(Stop) as stop:
        definitions.show(figure, scheme, year, "en", Talk())
    assert stop.value.code is Exit.USAGE
    assert "has:" in stop.value.message or "There are:" in stop.value.message
