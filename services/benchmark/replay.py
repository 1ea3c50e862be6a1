"""Periods read again from their ledgers: the newest snapshot, and the entries behind it. Used in the database thread only."""

import contextlib
import functools
import json
from collections.abc import Sequence
from typing import Any

from noegletal.v1 import release_pb2 as releases

from services.benchmark import alignment, batch_bytes, release_wire, series_snapshot, store, wire
from services.benchmark.batch import Registration
from services.benchmark.period import Period
from services.benchmark.series import NONE, PeriodSeries
from services.benchmark.state import PeriodState
from services.benchmark.view import View
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue

# Remembered, by catalogue: each period of a year asks for all of a sector's, some 4,600 that differ.
MOST_PROFILES = 2**14


def begun(scheme: str, name: str, catalogue: Catalogue, state: PeriodSeries | None = None) -> Period:
    """A period of which nothing is published yet; nobody has reported unless a state is given."""
    state = state or PeriodSeries(catalogue.key_figures)
    return Period(
        scheme, name, catalogue, state, PeriodState(catalogue.key_figures).freeze(), snapshot_at=state.vintage
    )


def replayed(connection: Any, scheme: str, name: str, catalogue: Catalogue, until: int) -> Period:
    """A period as its ledger has it at a vintage."""
    packed, series = store.newest_snapshot(connection, scheme, name, until), None
    if packed:
        with contextlib.suppress(ValueError):  # of another format, or another catalogue: the ledger has it all
            series = series_snapshot.unpack(packed, catalogue.key_figures)
    period = begun(scheme, name, catalogue, series)
    made = store.releases(connection, scheme, name, period.state.vintage)
    period.state.releases = [release_wire.release(releases.ReleaseDecided.FromString(one)) for one in made]
    go_on(connection, period, until)
    return period


def go_on(connection: Any, period: Period, until: int | None) -> None:
    """Replay the ledger behind the state's vintage, up to a vintage or to its end."""
    for entry in store.entries(connection, period.scheme, period.name, period.state.vintage, until):
        if entry.kind == "observations":
            batch = wire.batch(batch_bytes.read(entry.content))
            period.state.apply(alignment.known(batch, period.state.figures), until=until)
        elif entry.kind == "release":
            one = release_wire.release(releases.ReleaseDecided.FromString(entry.content))
            period.state.release(one, until=until)
        else:
            lines = store.registered(connection, period.scheme, entry.first_position - 1, entry.last_position)
            period.state.register(registrations(period, lines), until=until)


def registrations(period: Period, lines: Sequence[store.Registered]) -> list[Registration]:
    """Lines of the registry, each unit in the period's groups by its profile."""
    return [
        Registration(line.unit_id, line.organisation_id, line.version, groups_of(line.attributes, period.catalogue))
        for line in lines
    ]


@functools.lru_cache(maxsize=MOST_PROFILES)
def groups_of(attributes: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The peer groups of a profile as the registry keeps it."""
    return peer_groups.place(json.loads(attributes), catalogue).groups


def reassessed(connection: Any, period: Period, a: View, b: View) -> View | None:
    """`a` as the method of `b` has the very same submissions; None where both are of one method.

    Records up to the later of the two vintages count. Columns are `a`'s.
    """
    if a.method_version in (NONE, b.method_version):
        return None
    again = PeriodState(a.figures)
    until = max(a.vintage, b.vintage)
    for entry in store.entries(connection, period.scheme, period.name, 0, until):
        if entry.kind == "observations":
            batch = wire.batch(batch_bytes.read(entry.content))
            if batch.method_version == b.method_version:
                again.apply(alignment.known(alignment.same_revisions(batch, a), a.figures))
    again.method_version = b.method_version  # also where nothing was assessed again
    return alignment.reassessed(a, alignment.aligned(again.freeze(), a))
