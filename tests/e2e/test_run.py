"""`noegletal run` on the real sector: every cell, standing and absence is the oracle's, byte for byte."""

import csv
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from tests import oracle
from tests.e2e import sector
from tests.unit.catalogue.test_defaults import EXAMPLE

STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")


def _run(folder: Path, units: Path, submissions: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    command = [
        sys.executable,
        "-m",
        "services.cli.main",
        "run",
        "--units",
        str(units),
        "--submissions",
        str(submissions),
    ]
    return subprocess.run(
        [*command, "--export", str(folder), *more], capture_output=True, text=True, check=False, timeout=200
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    done = _run(folder, sector.FOLDER / "units.csv", sector.FOLDER / "submissions.csv", "--exact")
    assert done.returncode == 0, done.stderr
    return folder


def test_every_cell_is_the_oracles_byte_for_byte(exported: Path) -> None:
    history = sector.history()
    everywhere = sorted({g for record in history if record[0] == "observation" for g in record[3]["groups"]})
    expected = {}
    for group in everywhere:
        for figure in sector.FIGURES:
            naive = oracle.cell(history, group, figure)
            natural = 10 if figure == "TP01_LCRA" else 1

            def text(total: int | None, natural: int = natural) -> str:
                return (
                    "" if total is None else f"{total // natural}" if total % natural == 0 else f"{total / natural:.1f}"
                )

            expected[figure, group] = {
                "scheme": "uk-tsm",
                "key_figure": figure,
                "period": "2024",
                "group": group,
                "units": str(naive["units"]),
                "organisations": str(naive["holders"]),
                "expected": str(oracle.expected(history, group)),
                "numerator_sum": text(naive["numerator_sum"]),
                "denominator_sum": text(naive["denominator_sum"]),
                **{name: "" if naive[name] is None else repr(naive[name]) for name in STATISTICS},
                "suppressed": "too_few" if naive["pooled"] is None else "",
                "vintage": str(oracle.holding(history)[2]),
            }
    assert {(r["key_figure"], r["group"]): r for r in _rows(exported / "benchmarks.csv")} == expected
    assert len(expected) == 17 * 8


def test_every_standing_is_the_oracles(exported: Path) -> None:
    history, rows = sector.history(), _rows(exported / "standings.csv")
    cells: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        cells.setdefault((row["group"], row["key_figure"]), []).append(row)
    for (group, figure), found in cells.items():
        pairs = oracle.observations(history, group, figure)
        assert {row["unit_id"] for row in found} == set(pairs)
        for row in found[:: max(1, len(found) // 12)]:
            own, ratios = Fraction(*pairs[row["unit_id"]]), [Fraction(*p) for p in pairs.values()]
            place = oracle.standing(pairs, row["unit_id"], sector.FIGURES[figure], len(pairs))
            worse = sum(r > own if sector.FIGURES[figure] == "lower" else r < own for r in ratios)
            percentile = Fraction(100 * (2 * worse + sum(r == own for r in ratios)), 2 * len(ratios))
            assert row["value"] == repr(float(own))
            assert (row["position"], row["units"]) == (str(place["position"]), str(len(pairs)))
            assert row["percentile"] == repr(float(percentile))
            assert row["quartile"] == str(place["quartile"] or "")
    assert len(rows) == sum(len(oracle.observations(history, g, f)) for g, f in cells)


def test_every_absence_is_typed_and_none_is_a_number(exported: Path) -> None:
    printed = sector.amounts()
    expected = {
        (unit, figure, reason)
        for unit, texts in printed.items()
        for figure in sector.FIGURES
        if isinstance(reason := sector.result(texts, figure), str)
    }
    rows = _rows(exported / "assessments.csv")
    absences = {(r["unit_id"], r["key_figure"], r["absence"]) for r in rows if r["kind"] == "absence"}
    assert absences == expected
    assert {reason for _, _, reason in expected} == {"undefined", "excluded", "blank", "absent"}
    standing = {(r["unit_id"], r["key_figure"]) for r in _rows(exported / "standings.csv")}
    assert not standing & {(unit, figure) for unit, figure, _ in expected}


def test_units_without_a_figure_are_counted_by_reason_and_add_up(exported: Path) -> None:
    history = sector.history()
    counted = {(r["key_figure"], r["group"], r["absence"]): r["units"] for r in _rows(exported / "absences.csv")}
    expected = {
        (row["key_figure"], row["group"], sector.ABSENCES[number]): str(units)
        for row in _rows(exported / "benchmarks.csv")
        for number, units in enumerate(oracle.absences(history, row["group"], row["key_figure"]))
        if units
    }
    assert counted == expected
    assert {reason for _, _, reason in expected} >= {"undefined", "excluded", "blank"}


def test_another_years_file_is_read_by_this_years_definitions(tmp_path: Path) -> None:
    """A year later, other spellings, a subset of landlords, rounded output."""
    units = [u for u in sector.read("units.csv") if u["region"] == "London"]
    chosen = {u["unit_id"] for u in units}
    spelling = {">40000": ">40,000", "<5,000": "Less than 5000", "LARP": "Local authority"}
    with (tmp_path / "units.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(reversed(units[0])))
        writer.writeheader()
        writer.writerows([{k: spelling.get(v, v) for k, v in u.items()} for u in units])
    with (tmp_path / "submissions.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [r for r in sector.read("submissions.csv") if r["unit_id"] in chosen]
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([r | {"period_start": "2024-04-01", "period_end": "2025-03-31"} for r in rows])

    done = _run(tmp_path / "out", tmp_path / "units.csv", tmp_path / "submissions.csv", "--catalogue-year", "2024")

    assert done.returncode == 0, done.stderr
    benchmarks = {(r["key_figure"], r["group"]): r for r in _rows(tmp_path / "out" / "benchmarks.csv")}
    assert {r["period"] for r in benchmarks.values()} == {"2025"}
    history = [r for r in sector.history() if r[1] in chosen]
    small = oracle.cell(history, "size_band=<5,000", "RP02_1")
    row = benchmarks["RP02_1", "size_band=<5,000"]
    assert (row["units"], row["median"]) == (str(small["units"]), f"{small['median']:.3f}")
    assert ("RP02_1", "org_type=LARP;size_band=5,000-40,000") in benchmarks


def test_a_scheme_of_ones_own_runs_as_documented(tmp_path: Path) -> None:
    (tmp_path / "kolonihaver.toml").write_text(EXAMPLE)
    units = ["unit_id,organisation_id", *(f"G{n},o{n}" for n in range(7))]
    amounts = [
        f"G{n},2024-01-01,2024-12-31,{point},{value}"
        for n in range(7)
        for point, value in (("vand", f"{10 * n}.5"), ("haver", 10))
    ]
    (tmp_path / "units.csv").write_text("\n".join(units))
    (tmp_path / "submissions.csv").write_text("\n".join(["unit_id,period_start,period_end,data_point,value", *amounts]))

    own = ("--scheme", "kolonihaver", "--catalogue", str(tmp_path / "kolonihaver.toml"))
    done = _run(tmp_path / "out", tmp_path / "units.csv", tmp_path / "submissions.csv", *own)

    assert done.returncode == 0, done.stderr
    (row,) = _rows(tmp_path / "out" / "benchmarks.csv")
    assert (row["key_figure"], row["units"], row["median"]) == ("VAND", "7", "3.0")  # 30.5 / 10, shown with one decimal


def test_faults_of_both_files_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("unit_id,organisation_id\nA,a\nA,a\n")
    (tmp_path / "submissions.csv").write_text("unit_id,period_start,data_point,value\nA,2023-04-01,X,1\n")

    done = _run(tmp_path / "out", tmp_path / "units.csv", tmp_path / "submissions.csv")

    assert done.returncode == 2
    assert "NT-9201 units.csv:3 unit A is named twice" in done.stderr
    assert "NT-9201 submissions.csv:1 lacks the column period_end" in done.stderr
    assert "Traceback" not in done.stderr
