"""A small invented sector's year, replayed: no organisation is told more in a month than its presets promise, and nothing is lost.

`make year` does the same with a larger one. Here the presets promise less than they do, so that a small sector meets the limit.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from services.notify import presets
from tests.service import season
from tests.service.promised import Outcome
from tests.service.year import Year

UNITS, LESS = 30, 2


async def test_a_year_stays_within_what_presets_promise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {name: replace(one, most_per_month=LESS) for name, one in presets.entries().items()}
    monkeypatch.setattr(presets, "entries", lambda: fewer)
    year = await Year(season.sector(UNITS, 1, tmp_path / "sector"), tmp_path).run()
    outcome = Outcome(year)
    spreads, passed, lost = outcome.spreads(), outcome.passed(), list(outcome.lost())
    year.close()

    assert (passed, lost) == ([], [])
    [operations] = [one for one in spreads if (one.preset, one.channel) == ("operations", "log")]
    assert operations.due > LESS == operations.months[-1]  # the limit was met
