"""A year of an invented sector's life: what comes when, as a real sector reports. Drawn from a seed; nothing happens here.

Most report in the weeks before the deadline, late ones in the weeks after; corrections and withdrawals come weeks after what they
change. Releases are made in the autumn, and one October an operator takes back what was published by mistake, cell by cell.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.cli import simulate, tables
from services.cli.talk import Talk
from services.notify import quiet

SCHEME, PERIODS = "dk-almen", ("2024", "2025")  # the year before is there from the beginning
YEAR = 2026
BEGIN, END = datetime(YEAR, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 8, tzinfo=UTC)  # the last digest opens in January
DEADLINE = date(YEAR, 6, 30)
DAYS_BEFORE, MOST_BEFORE, LATE, CHANGED = 12.0, 120, (1, 45), (3, 60)  # days; how the year is spread is assumed
RELEASES = [(date(YEAR, 3, 2), "2024"), *((date(YEAR, month, 1), "2025") for month in (9, 11, 12))]
WITHDRAWN, MOST_CELLS = [date(YEAR, 10, day) for day in (6, 8)], 12  # days, and how many cells are taken back on each
REDEFINED = date(YEAR, 12, 1)  # notify is started with other definitions
TURNS = (time(8, 5), time(14, 5))  # UTC: when what came is handled, and notify's clock is looked at


@dataclass(frozen=True)
class Sent:
    """A submission and when it is handled."""

    at: datetime
    submission: pb.Submission


@dataclass(frozen=True)
class Sector:
    """Units by id; what was there before the year began; what comes in it, by time."""

    units: dict[str, tables.UnitRow]
    before: Sequence[pb.Submission]
    sent: Sequence[Sent]

    @property
    def organisations(self) -> list[str]:
        """Every organisation."""
        return sorted({unit.organisation_id for unit in self.units.values()})


def sector(units: int, seed: int, folder: Path) -> Sector:
    """An invented sector of so many units and its year."""
    simulate.write(SCHEME, units, len(PERIODS), seed, folder, Talk(quiet=True))
    known = {u.unit_id: u for u in tables.read_units(folder / "units.csv", tables.Faults())}
    newest = definitions.of(SCHEME, PERIODS[-1])
    read = tables.read_submissions(folder / "submissions.csv", SCHEME, newest, tables.Faults())
    with (folder / "planted.csv").open(newline="", encoding="utf-8") as file:
        late = {(row["unit_id"], row["period"]) for row in csv.DictReader(file) if row["defect"] == "late"}
    rng, first, before, sent = np.random.default_rng(seed), dict[tuple[str, str], date](), [], []
    for one in read:
        one.organisation_id = known[one.unit_id].organisation_id
        period = one.period_end[:4]
        if period != PERIODS[-1] and (one.revision == 1 and (one.unit_id, period) not in late):
            before.append(one)
            continue
        place = one.unit_id, period
        if period != PERIODS[-1]:
            day = BEGIN.date() + timedelta(days=int(rng.integers(7, 120)))
        elif one.revision == 1:
            ahead = -int(min(rng.exponential(DAYS_BEFORE), MOST_BEFORE))
            day = DEADLINE + timedelta(days=int(rng.integers(*LATE)) if place in late else ahead)
        else:
            day = first[place] + timedelta(days=int(rng.integers(*CHANGED)))
        first[place] = day = working_day(day)
        sent.append(Sent(_turn(day, TURNS[int(rng.integers(len(TURNS)))]), one))
    return Sector(known, before, sorted(sent, key=lambda s: (s.at, s.submission.unit_id)))


def turns() -> Iterator[datetime]:
    """Every moment of the year at which something may happen."""
    day = BEGIN.date()
    while day < END.date():
        yield from (_turn(day, turn) for turn in TURNS)
        day += timedelta(days=1)


def working_day(day: date) -> date:
    """The day, or the first working day after it."""
    while not quiet.is_working_day(day):
        day += timedelta(days=1)
    return day


def is_down(at: datetime) -> bool:
    """Whether a receiver that comes and goes is away: in June and July every other day until noon, else never."""
    return at.month in (6, 7) and at.hour < 12 and at.day % 2 == 0


def _turn(day: date, turn: time) -> datetime:
    return datetime.combine(day, turn, UTC)
