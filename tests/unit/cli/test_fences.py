"""`noegletal definitions fences`: from an export to the file, and every fault of the export with its line."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from services.catalogue import quartiles
from services.cli import fences
from services.cli.fences import Order
from services.cli.talk import Exit, Stop, Talk

HEAD = "scheme,key_figure,period,group,units,organisations,expected,numerator_sum,denominator_sum,pooled,p10,q1,median,q3,p90"
ROWS = (
    "dk-almen,OEK-114,2023,all,60,20,60,1,1,88.0,,81.00000000000001,90.0,100.0,",
    "dk-almen,OEK-114,2023,type=youth,9,9,9,1,1,88.0,,,90.0,,",  # too few for quartiles
    "dk-almen,OEK-114,2022,all,60,20,60,1,1,88.0,,1.0,2.0,3.0,",
    "uk-tsm,RP01,2023,all,60,20,60,1,1,0.1,,1e-05,0.1,0.2,",
)


def _order(folder: Path, *rows: str, head: str = HEAD, scheme: str = "dk-almen") -> Order:
    (folder / "benchmarks.csv").write_text("\n".join([head, *rows]) + "\n")
    return Order(folder / "benchmarks.csv", scheme, "2023", folder / "fences.toml")


def test_quartiles_are_frozen_as_exact_decimals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = _order(tmp_path, *ROWS)
    fences.freeze(order, Talk(as_json=True))
    frozen = quartiles.load(order.out)
    assert (frozen.scheme, frozen.period, list(frozen.quartiles), list(frozen.quartiles["OEK-114"])) == (
        "dk-almen",
        "2023",
        ["OEK-114"],
        ["all"],
    )
    assert frozen.quartiles["OEK-114"]["all"].q1 == Decimal("81.00000000000001")
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert said[0]["name"] == frozen.name
    assert said[1]["fenced"] == ["OEK-114"]
    (rate,) = said[1]["false_alarms"]
    assert (rate["k"], rate["units"], rate["large"]) == ("5", 40, pytest.approx(5.18e-5, rel=0.01))


def test_the_same_export_gives_the_same_bytes(tmp_path: Path) -> None:
    order = _order(tmp_path, *ROWS)
    fences.freeze(order, Talk())
    once = order.out.read_bytes()
    fences.freeze(order, Talk())
    assert order.out.read_bytes() == once


def test_a_ratio_written_with_an_exponent(tmp_path: Path) -> None:
    order = _order(tmp_path, *ROWS, scheme="uk-tsm")
    fences.freeze(order, Talk(as_json=True))
    assert quartiles.load(order.out).quartiles["RP01"]["all"].q1 == Decimal("0.00001")


@pytest.mark.parametrize(
    ("rows", "head", "told"),
    [
        (ROWS, "scheme,period", "benchmarks.csv:1 lacks the column key_figure, group"),
        (("dk-almen,OEK-114,2023,all,60,20,60,1,1,88.0,,81.0,80.0,100.0,",), HEAD, "benchmarks.csv:2"),
        (("dk-almen,OEK-114,2023,all,60,20,60,1,1,88.0,,x,80.0,100.0,",), HEAD, "q1"),
        (("dk-almen,OEK-114",), HEAD, "benchmarks.csv:2 has not 15 columns"),
        ((ROWS[1],), HEAD, "has no quartiles of dk-almen/2023"),
    ],
)
def test_an_export_that_cannot_be_used(tmp_path: Path, rows: tuple[str, ...], head: str, told: str) -> None:
    with pytest.raises(Stop, match=told) as stop:
        fences.freeze(_order(tmp_path, *rows, head=head), Talk())
    assert stop.value.code is Exit.USAGE
    assert not (tmp_path / "fences.toml").exists()


def test_a_fences_file_is_looked_into_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text("x")
    for path in (tmp_path / "f.toml", tmp_path / "gone.toml"):
        with pytest.raises(Stop) as stop:
            fences.told(path)
        assert stop.value.code is Exit.USAGE
    assert fences.told(None) == ""
