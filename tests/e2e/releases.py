"""Releases of an invented sector, made while it reports: what comes in before each, and the naive audit of what went out."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from noegletal.v1 import release_pb2 as pb

from tests import oracle, oracle_releases
from tests.e2e import almen

KINDS = ("PROVISIONAL", "REVISED", "FINAL")
SHOWN = ("rounding_base", "pooled", *oracle_releases.QUANTILES)


def waves(sector: Path, out: Path) -> list[Path]:
    """A folder per release with the sector's files as far as they had come: seven in ten units report before the first, two
    before the second, one before the last; what corrects or withdraws comes a release later.
    """
    lines = almen.rows(sector / "submissions.csv")
    folders = []
    for wave, kind in enumerate(KINDS):
        folder = out / kind.lower()
        folder.mkdir(parents=True)
        (folder / "units.csv").write_bytes((sector / "units.csv").read_bytes())
        with (folder / "submissions.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(lines[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(line for line in lines if _wave(line) <= wave)
        folders.append(folder)
    return folders


def _wave(line: Mapping[str, str]) -> int:
    drawn = sha256(line["unit_id"].encode()).digest()[0] % 10
    return min(len(KINDS) - 1, (drawn >= 7) + (drawn == 9) + int(line["revision"]) - 1)


def check(folders: Sequence[Path], made: Mapping[str, Sequence[pb.ReleaseDecided]]) -> int:
    """Hold the releases of every period against the rules. A folder has what had come, and assessments.csv of it. Returns how many
    cells were released.
    """
    sectors = [almen.Sector(folder, folder) for folder in folders]
    released = 0
    for period, releases in made.items():
        catalogue = sectors[0].catalogues[period]
        reported = [_reported(sector.history(period, almen.CLASSES[1:])) for sector in sectors]
        told = [{(d.key_figure, d.peer_group): _cell(d) for d in one.decisions} for one in releases]
        both = list(zip(reported, told, strict=True))
        released += oracle_releases.check(catalogue["key_figure"], catalogue["ladder"], both)
    return released


def check_shown(releases: Sequence[pb.ReleaseDecided], cells: Iterable[Any]) -> int:
    """A protected cell shows the newest release that let it out, unless one suppressed it. Returns how many show one."""
    expected: dict[tuple[str, str], pb.CellDecision] = {}
    for one in releases:
        for d in one.decisions:
            if d.outcome == pb.RELEASE_OUTCOME_RELEASED:
                expected[d.key_figure, d.peer_group] = d
            elif d.outcome == pb.RELEASE_OUTCOME_SUPPRESSED:
                expected.pop((d.key_figure, d.peer_group), None)
    shown = {(c.key_figure, c.peer_group): c for c in cells if c.release_number}
    assert set(shown) == set(expected)
    for place, d in expected.items():
        texts = {name: float(getattr(d, name)) for name in SHOWN[1:] if getattr(d, name)}
        cell = shown[place]
        assert texts == {name: getattr(cell, name) for name in SHOWN[1:] if cell.HasField(name)}, place
        assert (cell.units, cell.holders, cell.rounding_base) == (d.units, d.holders, d.rounding_base), place
        assert not cell.numerator_sum, place
    return len(shown)


def _reported(history: list[Any]) -> dict[str, Any]:
    records, _, _ = oracle.holding(history)
    return {unit: record for unit, record in records.items() if not record["withdrawn"]}


def _cell(decision: pb.CellDecision) -> dict[str, Any]:
    outcome = pb.ReleaseOutcome.Name(decision.outcome).removeprefix("RELEASE_OUTCOME_")
    texts = {name: getattr(decision, name) for name in SHOWN}
    return {"outcome": outcome, "units": decision.units, "holders": decision.holders, **texts}
