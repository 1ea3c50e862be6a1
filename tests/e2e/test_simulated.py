"""`noegletal simulate`, `run` and the score of it: every planted fault is found, and every number is the oracle's."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e import almen

UNITS, YEARS = 70, 2


def noegletal(*arguments: str, seconds: float = 280) -> "subprocess.CompletedProcess[str]":
    """Run the command line."""
    command = [sys.executable, "-m", "services.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sector = tmp_path_factory.mktemp("sector")
    made = noegletal("simulate", "--units", str(UNITS), "--years", str(YEARS), "--out", str(sector))
    assert made.returncode == 0, made.stderr
    files = ["--units", str(sector / "units.csv"), "--submissions", str(sector / "submissions.csv")]
    done = noegletal("run", "--scheme", "dk-almen", *files, "--export", str(sector / "out"), "--exact")
    assert done.returncode == 0, done.stderr
    return sector


def test_every_planted_fault_is_found_and_clean_figures_are_left_alone(folder: Path) -> None:
    said = noegletal("simulate", "--out", str(folder), "--score", str(folder / "out" / "assessments.csv"))
    assert said.returncode == 0, said.stderr
    assert "hard-range" in said.stdout


def test_a_fault_that_was_not_found_ends_with_findings(folder: Path, tmp_path: Path) -> None:
    kept = [row for row in (folder / "out" / "assessments.csv").read_text().splitlines() if "NT-2011" not in row]
    (tmp_path / "assessments.csv").write_text("\n".join(kept) + "\n")
    said = noegletal("simulate", "--out", str(folder), "--score", str(tmp_path / "assessments.csv"))
    assert said.returncode == 1
    assert "hard-range: 1 of 1 not found by NT-2011" in said.stderr


def test_every_cell_and_every_standing_is_the_oracles(folder: Path) -> None:
    sector = almen.Sector(folder, folder / "out")
    assert almen.check_benchmarks(sector) > 1000
    assert almen.check_standings(sector, every=20) > 10_000
