"""`noegletal tenancy-units`: a file in, a submission out, every wrong line at once."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.cli.talk import Stop
from services.cli.tenancies import submission

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


def _file(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "tenancies.csv"
    path.write_text("\n".join(["unit_id,kind,area,from,to", *lines]))
    return path


def test_days_of_every_unit_can_be_submitted(tmp_path: Path) -> None:
    path = _file(
        tmp_path, "7-13,bolig,,,", "7-12,bolig,72.5,,", "7-12,Erhverv,61,,2024-01-31", "7-12,sidelejemål,,2024-12-31,"
    )
    assert submission(path, FIRST, LAST).splitlines() == [
        "unit_id,period_start,period_end,data_point,value",
        "7-12,2024-01-01,2024-12-31,lejemaalsenhed_dage,428.2",  # 366 + 2·31 + 0.2
        "7-12,2024-01-01,2024-12-31,bolig_dage,366",
        "7-13,2024-01-01,2024-12-31,lejemaalsenhed_dage,366",
        "7-13,2024-01-01,2024-12-31,bolig_dage,366",
    ]


def test_every_wrong_line_is_told_at_once(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        "7-12,castle,,,",
        "7-12,erhverv,,,",
        "7-12,bolig,1.234,,",
        ",bolig,,soon,2024-02-30",
        "7-12,bolig,,2024-03-01,2024-02-01",
        "7-12,bolig,,,",
    )
    with pytest.raises(Stop) as stop:
        submission(path, FIRST, LAST)
    told = stop.value.message.splitlines()
    assert [line.split()[1] for line in told] == [f"tenancies.csv:{n}" for n in (2, 3, 4, 5, 5, 5, 6)]


def test_the_command_writes_a_file(tmp_path: Path) -> None:
    path = _file(tmp_path, "7-12,bolig,,,")
    asked = ["tenancy-units", str(path), "--period-start", "2024-06-01", "--period-end", "2024-06-30"]
    assert "7-12,2024-06-01,2024-06-30,bolig_dage,30" in CliRunner().invoke(app, asked).output
    assert CliRunner().invoke(app, [*asked, "--out", str(tmp_path / "out.csv")]).output == ""
    assert "bolig_dage,30" in (tmp_path / "out.csv").read_text()
    ended = CliRunner().invoke(app, [*asked[:-1], "2024-05-31"])
    assert isinstance(ended.exception, Stop)
