"""The twin sets of every period: the register as it now stands, by scales that a closed year's register gave once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.benchmark import store, twins
from services.benchmark.period import Period
from services.benchmark.twins import Kin, Scales, TwinSets
from services.catalogue.definitions import Catalogue


class NotFrozen(LookupError):
    """The scales of a period's closed year are still to be frozen."""

    def __init__(self, period: Period) -> None:
        super().__init__(f"{period.scheme}/{closed_year(period)}")
        self.period = period


@dataclass
class Known:
    """Twin sets, and how much of the register they know."""

    sets: TwinSets
    position: int = 0


class Kinship:
    """Twin sets per scheme and period. Used in the database thread only."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Known] = {}

    def sets(self, connection: Any, period: Period) -> TwinSets:
        """A period's twin sets, up to date with the register. Raises NotFrozen until its scales are."""
        key = period.scheme, period.name
        if key not in self._known:
            frozen = store.twin_scales(connection, period.scheme, closed_year(period))
            if frozen is None:
                raise NotFrozen(period)
            measures = {name: Fraction(scale) for name, scale in json.loads(frozen).items()}
            shared = twins.matched_on(period.catalogue)
            categories = dict.fromkeys(a for step in period.catalogue.ladder for a in step if a != shared)
            self._known[key] = Known(TwinSets(Scales(closed_year(period), measures), categories))
        known = self._known[key]
        for line in store.registered(connection, period.scheme, after=known.position):
            known.sets.change(_kin(line, period.catalogue))
            known.position = line.position
        return known.sets

    def freeze(self, tx: Any, period: Period) -> None:
        """Freeze the scales of a period's closed year from the register as it now stands; what is frozen stays."""
        year = closed_year(period)
        if store.twin_scales(tx.connection, period.scheme, year) is None:
            newest = {one.unit_id: one for one in _register(tx.connection, period)}
            found = twins.scales(year, newest.values())
            content = json.dumps({name: str(scale) for name, scale in found.measures.items()}, sort_keys=True)
            store.keep_twin_scales(tx, period.scheme, year, content)


def closed_year(period: Period) -> str:
    """The last year that had closed when a period began."""
    year = period.name[:4]
    return str((int(year) if year.isdecimal() else period.catalogue.year) - 1)


def _register(connection: Any, period: Period) -> Iterator[Kin]:
    return (_kin(line, period.catalogue) for line in store.registered(connection, period.scheme))


def _kin(line: store.Registered, catalogue: Catalogue) -> Kin:
    return twins.kin(line.unit_id, line.organisation_id, json.loads(line.attributes), catalogue)
