"""Fences frozen from one year's run judge the next year's: the real pipeline, twice."""

import csv
import random
import subprocess
import sys
from pathlib import Path

COLUMNS = ("unit_id", "period_start", "period_end", "data_point", "value")


def _noegletal(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "services.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


def _write(path: Path, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return str(path)


def _cleaning(year: int, costs: dict[str, int]) -> list[tuple[str, ...]]:
    days = (f"{year}-01-01", f"{year}-12-31")
    amounts = [(unit, point, value) for unit, cost in costs.items() for point, value in (("konto_114", cost), ("bruttoareal", 5000))]  # fmt: skip
    return [(unit, *days, point, str(value)) for unit, point, value in amounts]


def test_a_departments_cleaning_is_held_against_last_years_departments(tmp_path: Path) -> None:
    draw = random.Random(1)
    units = [f"{n}-1" for n in range(1, 41)]
    columns = ("unit_id", "organisation_id", "type")
    registered = _write(tmp_path / "units.csv", columns, [(u, u.split("-")[0], "family") for u in units])
    costs = {unit: int(420_000 * draw.lognormvariate(0, 0.15)) for unit in units}
    first = _write(tmp_path / "2023.csv", COLUMNS, _cleaning(2023, costs))
    # The next year: three per cent more, and one that begins again at DKK 25 per m²: inside its soft range of 15 to 250.
    risen = {unit: int(cost * 1.03) for unit, cost in costs.items()} | {"new-1": 125_000}
    second = _write(tmp_path / "2024.csv", COLUMNS, _cleaning(2024, risen))
    with_new = _write(tmp_path / "more.csv", columns, [(u, u.split("-")[0], "family") for u in risen])

    sent = ("run", "--scheme", "dk-almen", "--exact")
    done = _noegletal(*sent, "--units", registered, "--submissions", first, "--export", str(tmp_path / "a"))
    assert done.returncode == 0, done.stderr
    frozen = str(tmp_path / "fences.toml")
    done = _noegletal("definitions", "fences", str(tmp_path / "a/benchmarks.csv"), "--period", "2023", "--out", frozen)
    assert done.returncode == 0, done.stderr
    assert "k = 5: 0.005 % by a large group, at most about 0.6 % by one of 40 units" in done.stdout

    judged = ("--units", with_new, "--submissions", second, "--fences", frozen, "--export", str(tmp_path / "b"))
    done = _noegletal(*sent, *judged)

    assert done.returncode == 0, done.stderr
    with (tmp_path / "b" / "assessments.csv").open(encoding="utf-8") as file:
        found = [row for row in csv.DictReader(file) if row["code"] == "NT-2021"]
    assert [(row["unit_id"], row["key_figure"], row["severity"]) for row in found] == [("new-1", "OEK-114", "confirm")]
    assert "gruppen type=family i 2023" in found[0]["message_da"]
