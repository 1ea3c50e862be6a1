"""The books of every scheme and period: taking records in, publishing, and looking back. Used in the database thread only.

Memory is a function of the ledger: after a failed transaction it is dropped and read again. Every period is in memory, but of
several instances the one that reads a period's batches alone publishes it and takes registrations into it.
"""

import contextlib
import functools
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import release_pb2 as releases

from services.benchmark import (
    alignment,
    cells,
    head_store,
    priced,
    publication,
    release_wire,
    series_snapshot,
    store,
    told,
    update_wire,
    wire,
)
from services.benchmark.explanation import Explanation
from services.benchmark.head_store import Move
from services.benchmark.period import Period
from services.benchmark.series import NONE, PeriodSeries
from services.benchmark.state import PeriodState, Registration, View
from services.benchmark.told import Change
from services.benchmark.update_wire import Update
from services.catalogue import definitions, peer_groups, sentences


@dataclass(frozen=True)
class Published:
    """What one tick came to for a period: the events, in order, with their keys' last parts."""

    period: Period
    before: View
    after: View
    updates: list[Update]
    changes: list[Change]


class Book:
    """Every period. `catalogue_year` forces one year's definitions; `snapshot_every` counts records.

    reads   whether this instance reads the batches that come on a partition
    """

    def __init__(
        self,
        catalogue_year: int | None,
        snapshot_every: int,
        *,
        standings: bool = True,
        reads: Callable[[int], bool] = lambda _: True,
    ) -> None:
        self._catalogue_year, self._snapshot_every, self._standings = catalogue_year, snapshot_every, standings
        self._reads = reads
        self.periods: dict[tuple[str, str], Period] = {}
        self._loaded = False

    def forget(self) -> None:
        """A transaction failed: memory may be ahead of the database."""
        self.periods, self._loaded = {}, False

    def load(self, connection: Any) -> None:
        """Read every period: newest snapshot, then the ledger behind it, stopping at what was published last."""
        if self._loaded:
            return
        places, registered = head_store.everything(connection), store.registered_until(connection)
        for scheme, name in store.periods(connection):
            last = store.published(connection, scheme, name)
            period = self._replay(connection, scheme, name, last)
            period.published = period.state.freeze()
            period.state.clear_changes()
            self._continue(connection, period, None)
            _, period.partition = places.get((scheme, name), (0, None))
            period.registered_until = registered.get((scheme, name), 0)
            shown = period.shown(period.published, ())
            for group in shown.groups:
                members = shown.of(group).members
                period.cells[group] = cells.of_group(period.published, group, period.readings, members=members)
                period.group_vintage[group] = last
            self.periods[scheme, name] = period
        self._loaded = True

    def observe(self, tx: Any, message: dense.ObservationsAccepted, raw: bytes, partition: int) -> store.Entry | None:
        """Take a batch in; what the ledger is to keep of it, None where all of it is known.

        Raises ValueError where it does not fit together or names figures the catalogue lacks.
        """
        self.load(tx.connection)
        batch = wire.batch(message)
        period = self.periods.get((message.scheme, message.period)) or self._open(tx, message.scheme, message.period)
        before = period.state.vintage
        if not period.state.apply(batch):
            return None
        period.partition = partition
        self._maybe_snapshot(tx, period)
        return store.Entry(self._move(period, before), raw)

    def register(self, tx: Any, scheme: str, profiles: Sequence[dict[str, Any]]) -> None:
        """Take profiles into the registry, and into the periods of the scheme whose batches this instance reads."""
        self.load(tx.connection)
        store.register(tx, scheme, profiles)
        self._expect_registered(tx)

    def publish(self, tx: Any, also: Period | None = None) -> list[Published]:
        """Publish every period that has moved on since its last publication, if this instance reads its batches; and one more."""
        self.load(tx.connection)
        self._expect_registered(tx)
        due = [p for p in self.periods.values() if p.state.vintage > p.published.vintage]
        return [self._publish(tx, period) for period in due if period is also or self._is_ours(period)]

    def is_behind(self, connection: Any) -> bool:
        """Whether other instances have entered what this one is to publish: units registered, or releases."""
        self.load(connection)
        ours = {place: period for place, period in self.periods.items() if self._is_ours(period)}
        end = store.registry_end(connection)
        return self.renew(connection, ours) or any(period.registered_until < end for period in ours.values())

    def renew(self, connection: Any, places: Iterable[tuple[str, str]]) -> bool:
        """Have memory read again if other instances have moved one of these periods on; whether they have."""
        there = head_store.everything(connection)
        known = {place: period.state.vintage for place, period in self.periods.items()}
        behind = any(there[place][0] > known.get(place, 0) for place in places if place in there)
        if behind:
            self.forget()
        return behind

    def view_at(self, connection: Any, period: Period, vintage: int, method_version: str = "") -> View:
        """A series at an earlier vintage, replayed from the ledger; the default then, unless one is named.

        Columns agree with every other view of the series. Raises UnknownMethod.
        """
        if vintage == period.state.vintage:
            return period.state.freeze(method_version) if method_version else period.view()
        return self._replay(connection, period.scheme, period.name, vintage).state.freeze(method_version)

    def reassessed(self, connection: Any, period: Period, a: View, b: View) -> View | None:
        """`a` as the method of `b` has the very same submissions; None where both are of one method.

        Records up to the later of the two vintages count. Columns are `a`'s.
        """
        if a.method_version in (NONE, b.method_version):
            return None
        again = PeriodState(a.figures)
        until = max(a.vintage, b.vintage)
        for entry in store.entries(connection, period.scheme, period.name, 0, until):
            if entry.kind == "observations":
                batch = wire.batch(dense.ObservationsAccepted.FromString(entry.content))
                if batch.method_version == b.method_version:
                    again.apply(alignment.known(alignment.same_revisions(batch, a), a.figures))
        again.method_version = b.method_version  # also where nothing was assessed again
        return alignment.reassessed(a, alignment.aligned(again.freeze(), a))

    def explanation(
        self,
        period: Period,
        row: int,
        column: int,
        explained: Explanation,
        a: View,
        b: View,
        *,
        measure: sentences.Measure = sentences.Measure.POSITION,
    ) -> pb.Explanation:
        """An explanation as it travels, its sentence about a measure. The gap in money is in its data, not in its words."""
        figure = period.catalogue.key_figure[b.figures[row]]
        return wire.explanation(
            explained,
            unit_id=b.unit_ids[column],
            scheme=period.scheme,
            period=period.name,
            key_figure=b.figures[row],
            a=a,
            b=b,
            text={
                lang: sentences.sentence(explained, figure, period.catalogue, lang, measure)
                for lang in sentences.LANGUAGES
            },
            measure=measure,
            gap=priced.of(explained.after, b, row, column, period.catalogue),
        )

    def _publish(self, tx: Any, period: Period) -> Published:
        b = period.view()
        a = alignment.aligned(period.published, b)
        turned = a.method_version != b.method_version
        groups = {*period.groups(a), *period.groups(b)} if turned else period.state.touched
        submitted = alignment.resubmitted(a, b) if turned else sorted(period.state.submitted)
        touched = period.in_order(groups)
        before, after = period.shown(a, None if turned else ()), period.shown(b, touched)
        updated = list(publication.updates(period.cells, after, touched, period.readings))
        updates = update_wire.updates(period.scheme, period.name, b, updated)
        changes: list[Change] = []
        if self._standings:
            again, said = (
                self.reassessed(tx.connection, period, a, b),
                functools.partial(self.explanation, period, a=a, b=b),
            )
            changes = told.changes(period, before, after, submitted, again, said)
        store.keep_publication(tx, self._move(period, b.vintage))
        store.keep_moves(tx, period.scheme, period.name, [c.unit_id for c in changes if c.is_moved], a.vintage)
        period.group_vintage |= dict.fromkeys(touched, b.vintage)
        period.published = b
        period.state.clear_changes()
        return Published(period, a, b, updates, changes)

    def _new(self, scheme: str, name: str, state: PeriodSeries | None = None) -> Period:
        catalogue = definitions.of(scheme, name, self._catalogue_year)
        state = state or PeriodSeries(catalogue.key_figures)
        return Period(
            scheme, name, catalogue, state, PeriodState(catalogue.key_figures).freeze(), snapshot_at=state.vintage
        )

    def _figures(self, scheme: str, name: str) -> tuple[str, ...]:
        return definitions.of(scheme, name, self._catalogue_year).key_figures

    def _open(self, tx: Any, scheme: str, name: str) -> Period:
        """Begin a period: the units registered so far are expected in it."""
        period = self.periods[scheme, name] = self._new(scheme, name)
        self._expect(tx, period, store.registered(tx.connection, scheme))
        return period

    def _expect_registered(self, tx: Any) -> None:
        """Take what the registry has gained, by whatever instance, into the periods whose batches this one reads."""
        end = store.registry_end(tx.connection)
        for period in self.periods.values():
            if period.registered_until < end and self._is_ours(period):
                self._expect(tx, period, store.registered(tx.connection, period.scheme, period.registered_until))
                period.registered_until = max(end, period.registered_until)

    def _expect(self, tx: Any, period: Period, lines: Sequence[store.Registered]) -> None:
        before, period.registered_until = period.state.vintage, lines[-1].position if lines else 0
        if period.state.register(self._registrations(period, lines)):
            positions = (lines[0].position, lines[-1].position)
            store.append_registrations(tx, self._move(period, before), positions)

    def _is_ours(self, period: Period) -> bool:
        """Whether this instance reads its batches; of a period written before that was kept, each takes itself for the one."""
        return period.partition is None or self._reads(period.partition)

    @staticmethod
    def _move(period: Period, before: int) -> Move:
        return Move(period.scheme, period.name, before, period.state.vintage, period.partition)

    def _registrations(self, period: Period, lines: Sequence[store.Registered]) -> list[Registration]:
        return [
            Registration(
                line.unit_id,
                line.organisation_id,
                line.version,
                peer_groups.place(json.loads(line.attributes), period.catalogue).groups,
            )
            for line in lines
        ]

    def _replay(self, connection: Any, scheme: str, name: str, until: int) -> Period:
        packed, series = store.newest_snapshot(connection, scheme, name, until), None
        if packed:
            with contextlib.suppress(ValueError):  # of another format, or another catalogue: the ledger has it all
                series = series_snapshot.unpack(packed, self._figures(scheme, name))
        period = self._new(scheme, name, series)
        made = store.releases(connection, scheme, name, period.state.vintage)
        period.state.releases = [release_wire.release(releases.ReleaseDecided.FromString(one)) for one in made]
        self._continue(connection, period, until)
        return period

    def _continue(self, connection: Any, period: Period, until: int | None) -> None:
        """Replay the ledger behind the state's vintage, up to a vintage or to its end."""
        for entry in store.entries(connection, period.scheme, period.name, period.state.vintage, until):
            if entry.kind == "observations":
                message = dense.ObservationsAccepted.FromString(entry.content)
                period.state.apply(alignment.known(wire.batch(message), period.state.figures), until=until)
            elif entry.kind == "release":
                one = release_wire.release(releases.ReleaseDecided.FromString(entry.content))
                period.state.release(one, until=until)
            else:
                lines = store.registered(connection, period.scheme, entry.first_position - 1, entry.last_position)
                period.state.register(self._registrations(period, lines), until=until)

    def _maybe_snapshot(self, tx: Any, period: Period) -> None:
        # Rarer as the period grows, so that all snapshots together cost no more than a few whole ones.
        if period.state.vintage - period.snapshot_at >= max(self._snapshot_every, period.snapshot_at // 4):
            store.keep_snapshot(
                tx, period.scheme, period.name, period.state.vintage, series_snapshot.pack(period.state)
            )
            period.snapshot_at = period.state.vintage
