"""`make year`: an invented sector reports, corrects and withdraws through a year; prints how many messages a month each preset gives.

Validate, benchmark and notify as they are, without Kafka, by a clock that is set. Ends with 1 where an organisation was told more
than a preset promises, or where something was lost. Minutes long; UNITS=80 for a smaller sector.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from services.chassis import logs
from tests.performance import report
from tests.performance.report import Section
from tests.service import season
from tests.service.promised import Outcome
from tests.service.year import Year

UNITS, SEED = 240, 1
COLUMNS = ("preset", "by", "min", "median", "p90", "p99", "max", "none", "promised", "due", "put off")


def main() -> int:
    """Replay, print, judge."""
    logs.configure("console", "error")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="noegletal-year-") as name:
        folder = Path(name)
        sector = season.sector(int(os.environ.get("UNITS") or UNITS), SEED, folder / "sector")
        year = Year(sector, folder)
        asyncio.run(year.run())
        outcome = Outcome(year)
        spreads, kinds, passed = outcome.spreads(), outcome.kinds(), outcome.passed()
        lost = list(outcome.lost())
        year.close()
    many = f"{len(sector.organisations)} organisations, {len(sector.units)} departments, {len(sector.sent)} submissions"
    note = "answers not counted; none: months without any; due: the most that fell due in a month, digests aside; put off: in the year"
    tables = [
        Section(
            f"Messages per organisation and month of {season.YEAR}: {many}", "", COLUMNS, [s.row for s in spreads], note
        ),
        Section("By kind", "", ("preset", "by", "kind", "in the year", "most in a month"), kinds),
    ]
    report.shown(tables, Console(width=120))
    print(f"passed: {len(passed)}, lost: {len(lost)}; {time.perf_counter() - began:.0f} s")
    print(*passed[:20], *lost[:20], sep="\n", end="")
    return 1 if passed or lost else 0


if __name__ == "__main__":
    sys.exit(main())
