"""The twin sets of every period: the register as it stood, by scales that follow from the ledger alone.

A year has closed when the ledger has its first record of the next. The scales of that next year, and of its months, are those of
the register as it was then; where it knew fewer than `FEWEST` units, as it was when it first knew so many. Before that they are
those of the register as it stands. So every replay has them, and every later question about an earlier vintage.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.benchmark import store, twins
from services.benchmark.period import Period
from services.benchmark.store import Registered
from services.benchmark.twins import TWINS, Kin, Scales, TwinSets
from services.catalogue.definitions import Catalogue

FEWEST = TWINS + 1  # with fewer, everybody is a twin whatever the scales
Line = tuple[Registered, Kin]  # of the register, as twins see it
NOT_FROZEN = ""  # the year of scales that still follow the register


@dataclass
class Known:
    """Twin sets, the versions of profiles they hold, and how much of the register they know."""

    sets: TwinSets
    versions: dict[str, int] = field(default_factory=dict)
    position: int = 0


class Kinship:
    """Twin sets per scheme and period as they now are, kept up to date; earlier ones are made anew. For the database thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Known] = {}

    def sets(self, connection: Any, period: Period, vintage: int) -> TwinSets:
        """A period's twin sets at a vintage."""
        if vintage == period.state.vintage:
            return self._now(connection, period)
        until = store.register_until(connection, period.scheme, period.name, vintage)
        return _made(connection, period, until).sets

    def _now(self, connection: Any, period: Period) -> TwinSets:
        key = period.scheme, period.name
        known = self._known.get(key)
        fresh = store.registered(connection, period.scheme, after=known.position if known else 0)
        if known is None or (fresh and known.sets.scales.year == NOT_FROZEN):
            self._known[key] = _made(connection, period, None)
        else:
            _take(known, _read(fresh, period.catalogue))
        return self._known[key].sets


def closed_year(period: Period) -> str:
    """The last year that had closed when a period began."""
    return str(int(_year(period)) - 1)


def frozen(period: Period, lines: Sequence[Line], opened: int) -> Scales:
    """The scales that hold when the register has these lines. `opened`: the position it had when the period's year began."""
    units: set[str] = set()
    for n, (line, kin) in enumerate(lines, start=1):
        units.add(kin.unit_id)
        if line.position >= opened and len(units) >= FEWEST:
            return twins.scales(closed_year(period), _newest(lines[:n]))
    return twins.scales(NOT_FROZEN, _newest(lines))


def _made(connection: Any, period: Period, until: int | None) -> Known:
    lines = _read(store.registered(connection, period.scheme, until=until), period.catalogue)
    scales = frozen(period, lines, store.opened(connection, period.scheme, _year(period)))
    shared = twins.matched_on(period.catalogue)
    categories = dict.fromkeys(a for step in period.catalogue.ladder for a in step if a != shared)
    known = Known(TwinSets(scales, categories))
    _take(known, lines)
    return known


def _take(known: Known, lines: Sequence[Line]) -> None:
    """Take lines of the register in; the highest version of a unit's profile holds."""
    for line, kin in lines:
        if line.version > known.versions.get(line.unit_id, 0):
            known.versions[line.unit_id] = line.version
            known.sets.change(kin)
        known.position = line.position


def _newest(lines: Sequence[Line]) -> Collection[Kin]:
    return {kin.unit_id: kin for _, kin in sorted(lines, key=lambda line: line[0].version)}.values()


def _read(lines: Sequence[Registered], catalogue: Catalogue) -> list[Line]:
    return [(line, _kin(line, catalogue)) for line in lines]


def _year(period: Period) -> str:
    year = period.name[:4]
    return year if year.isdecimal() else str(period.catalogue.year)


def _kin(line: Registered, catalogue: Catalogue) -> Kin:
    return twins.kin(line.unit_id, line.organisation_id, json.loads(line.attributes), catalogue)
