"""The books of every scheme and period: taking records in, publishing, and looking back. Used in the database thread only.

Memory is a function of the ledger: after a failed transaction it is dropped and read again. Every period is in memory, but of
several instances the one that reads a period's batches alone publishes it and takes registrations into it.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import (
    alignment,
    cells,
    head_store,
    priced,
    publication,
    replay,
    series_snapshot,
    store,
    told,
    update_wire,
    wire,
)
from services.benchmark.explanation import Explanation
from services.benchmark.head_store import Move
from services.benchmark.period import Period
from services.benchmark.told import Told
from services.benchmark.update_wire import Update
from services.benchmark.view import View
from services.catalogue import definitions, sentences
from services.catalogue.definitions import Catalogue


@dataclass(frozen=True)
class Published:
    """What one tick came to for a period: the events, in order, with their keys' last parts."""

    period: Period
    before: View
    after: View
    updates: list[Update]
    changes: Told


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
            period = replay.replayed(connection, scheme, name, self._catalogue(scheme, name), last)
            period.published = period.state.freeze()
            period.state.clear_changes()
            replay.go_on(connection, period, None)
            _, period.partition = places.get((scheme, name), (0, None))
            period.registered_until = registered.get((scheme, name), 0)
            shown = period.shown(period.published, ())
            shown.sort(shown.groups)
            asked = [(group, shown.of(group).members, None) for group in shown.groups]
            found, _ = cells.of_groups(period.published, asked, period.readings)
            period.cells = dict(zip(shown.groups, found, strict=True))
            period.group_vintage = dict.fromkeys(shown.groups, last)
            self.periods[scheme, name] = period
        self._loaded = True

    def observe(self, tx: Any, sent: wire.Sent, raw: bytes, partition: int) -> store.Entry | None:
        """Take a batch in; what the ledger is to keep of it, None where all of it is known.

        Raises ValueError where it does not fit together or names figures the catalogue lacks.
        """
        self.load(tx.connection)
        if sent.batch is None:
            raise ValueError("a batch that does not fit together")
        place = sent.scheme, sent.period
        period = self.periods.get(place) or self._open(tx, *place)
        before = period.state.vintage
        if not period.state.apply(sent.batch):
            return None
        period.partition = partition
        return store.Entry(Move.of(period, before), raw)

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

    def due(self) -> int:
        """How many records this instance is to publish."""
        ours = (period for period in self.periods.values() if self._is_ours(period))
        return sum(period.state.vintage - period.published.vintage for period in ours)

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

    def snapshots_due(self) -> list[Period]:
        """Periods of this instance that have moved on by so much that a snapshot spares a restart much of the ledger.

        Rarer as a period grows, so that all snapshots together cost no more than a few whole ones.
        """
        return [
            period
            for period in self.periods.values()
            if self._is_ours(period)
            and period.state.vintage - period.snapshot_at >= max(self._snapshot_every, period.snapshot_at // 2)
        ]

    def keep_snapshots(self, tx: Any) -> None:
        """Keep a snapshot of every period one is due of."""
        self.load(tx.connection)
        for period in self.snapshots_due():
            packed = series_snapshot.pack(period.state)
            store.keep_snapshot(tx, period.scheme, period.name, period.state.vintage, packed)
            period.snapshot_at = period.state.vintage

    def view_at(self, connection: Any, period: Period, vintage: int, method_version: str = "") -> View:
        """A series at an earlier vintage, replayed from the ledger; the default then, unless one is named.

        Columns agree with every other view of the series. Raises UnknownMethod.
        """
        if vintage == period.state.vintage:
            return period.state.freeze(method_version) if method_version else period.view()
        then = replay.replayed(connection, period.scheme, period.name, period.catalogue, vintage)
        return then.state.freeze(method_version)

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
        a = period.published  # where nobody is in it, it agrees with every other
        a = alignment.aligned(a, b) if a.unit_ids else a
        turned = a.method_version != b.method_version
        groups = {*period.groups(a), *period.groups(b)} if turned else period.state.touched
        submitted = alignment.resubmitted(a, b) if turned else sorted(period.state.submitted)
        touched = period.in_order(groups)
        before, after = period.shown(a, None if turned else ()), period.shown(b, touched)
        updated = list(publication.updates(period.cells, after, touched, period.readings))
        updates = update_wire.updates(period.scheme, period.name, b, updated)
        changes = told.NOBODY
        if self._standings:
            again, said = (
                replay.reassessed(tx.connection, period, a, b),
                functools.partial(self.explanation, period, a=a, b=b),
            )
            changes = told.changes(period, before, after, submitted, again, said)
        store.keep_publication(tx, Move.of(period, b.vintage))
        store.keep_moves(tx, period.scheme, period.name, changes.moved, a.vintage)
        period.group_vintage |= dict.fromkeys(touched, b.vintage)
        period.published = b
        period.state.clear_changes()
        return Published(period, a, b, updates, changes)

    def _catalogue(self, scheme: str, name: str) -> Catalogue:
        return definitions.of(scheme, name, self._catalogue_year)

    def _open(self, tx: Any, scheme: str, name: str) -> Period:
        """Begin a period: the units registered so far are expected in it."""
        period = self.periods[scheme, name] = replay.begun(scheme, name, self._catalogue(scheme, name))
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
        if period.state.register(replay.registrations(period, lines)):
            positions = (lines[0].position, lines[-1].position)
            store.append_registrations(tx, Move.of(period, before), positions)

    def _is_ours(self, period: Period) -> bool:
        """Whether this instance reads its batches; of a period written before that was kept, each takes itself for the one."""
        return period.partition is None or self._reads(period.partition)
