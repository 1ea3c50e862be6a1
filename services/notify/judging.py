"""Judging what waits: receipts whose standing did not come, and quarters and thresholds that have become sure."""

import asyncio
import functools
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noegletal.v1 import benchmark_pb2

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service
from services.notify import (
    look_store,
    mail_facts,
    meeting_store,
    moves,
    presets,
    steadiness,
    subscription_store,
    unpacking,
    wire,
)
from services.notify.kinds import Kind
from services.notify.look_store import Known
from services.notify.matching import Subscription
from services.notify.moves import Crossed
from services.notify.payload import Due
from services.notify.steadiness import Look, State
from services.notify.store import instant
from services.notify.telling import Telling, make_due
from services.notify.wording import About

LOOK_SECONDS = 0.25  # how often it is looked for what became ripe
MOST = 200  # figures judged in one transaction
Where = tuple[str, ...]  # organisation, unit, scheme, period, key figure


class Judging:
    """Judges in the background. `wake` is called when something may be due."""

    def __init__(self, service: Service, telling: Telling, wake: Callable[[], None]) -> None:
        self._service, self._telling, self._wake = service, telling, wake

    async def run(self) -> None:
        """Judge until cancelled."""
        while True:
            now = instant(self._service.clock())
            waits = await self._service.read(
                lambda c, now=now: meeting_store.is_ripe(c, now) or look_store.is_ripe(c, now)  # type: ignore[misc]
            )
            if waits:
                await self._service.write(self.judge)
                self._wake()
            else:
                await asyncio.sleep(LOOK_SECONDS)

    def judge(self, tx: Transaction) -> None:
        """Tell what is ripe. A function of what is known: whatever came twice or in another order, the same is told."""
        self._telling.receipts(tx)
        figures = look_store.ripe(tx.connection, instant(tx.now), MOST)
        for organisation_id in sorted({where[0] for where in figures}):
            crossings(tx, organisation_id, [where for where in figures if where[0] == organisation_id])


@dataclass(frozen=True)
class _Seen:
    """One look, read: the StandingChanged with its one standing, in numbers alone, and as it was kept."""

    at: datetime
    single: benchmark_pb2.StandingChanged
    packed: benchmark_pb2.StandingChanged

    @property
    def about(self) -> About:
        """What it is about."""
        [one] = self.single.explanations
        return About(one.key_figure, self.single.unit_id, one.peer_group, self.single.scheme)

    @functools.cached_property
    def look(self) -> Look:
        """As it is judged, whoever follows it."""
        return wire.look(self.single, self.at)


@dataclass(frozen=True)
class _Passed:
    where: Where
    vintage: int
    crossed: Crossed
    single: benchmark_pb2.StandingChanged


def crossings(tx: Transaction, organisation_id: str, figures: Sequence[Where]) -> None:
    """Tell an organisation's followers what they passed, gathered in one message each, and say when to judge again."""
    again: dict[Where, list[datetime]] = {where: [] for where in figures}
    known = {where: _seen(tx, where) for where in figures}
    kept = {where: look_store.known(tx, where) for where in figures}
    for one in subscription_store.subscriptions(tx.connection, organisation_id, instant(tx.now)):
        if Kind.QUARTILE_CHANGED not in one.kinds:
            continue
        mine = [where for where in figures if _follows(one, known[where], kept[where])]
        if (opens := _opens(tx, one)) > tx.now:
            for where in mine:
                again[where].append(opens)
            continue
        passed: list[_Passed] = []
        for where in mine:
            before = kept[where].get(one.subscription_id, Known())
            state = _state(known[where], one, tx.now, before)
            passed += _passed(one, where, known[where], state, before)
            again[where] += [state.ripe_at] if state.ripe_at else []
        if passed:
            _tell(tx, organisation_id, one, passed)
    look_store.judge(tx, {where: instant(min(times)) if times else "" for where, times in again.items()})


def _seen(tx: Transaction, where: Where) -> list[_Seen]:
    found = []
    for row in look_store.looks(tx, where):
        packed = benchmark_pb2.StandingChanged.FromString(row.message)
        found.append(_Seen(datetime.fromisoformat(row.at), unpacking.opened(packed, in_words=False), packed))
    return found


def fold(tx: Transaction, figures: Sequence[Where], cutoff: datetime) -> None:
    """Forget looks from before a time, keeping for each follower what they had come to: what is told later stays the same.

    Nothing is forgotten of a figure by which somebody is still to be told, nor a look that may yet make a side sure.
    """
    for organisation_id in sorted({where[0] for where in figures}):
        everybody = [subscription_store.read(row) for row in subscription_store.rows(tx.connection, organisation_id)]
        following = [one for one in everybody if Kind.QUARTILE_CHANGED in one.kinds]
        for where in figures:
            if where[0] == organisation_id:
                _fold(tx, where, following, cutoff)


def _fold(tx: Transaction, where: Where, following: Sequence[Subscription], cutoff: datetime) -> None:
    seen, kept = _seen(tx, where), look_store.known(tx, where)
    mine = {one: kept.get(one.subscription_id, Known()) for one in following if _follows(one, seen, kept)}
    if any(_is_due(_state(seen, one, tx.now, before), before) for one, before in mine.items()):
        return
    old = list(itertools.takewhile(lambda s: s.at < cutoff, seen))
    while old:
        until = seen[len(old)].at if len(old) < len(seen) else tx.now
        states = {one.subscription_id: _state(old, one, until, before) for one, before in mine.items()}
        if not any(state.ripe_at for state in states.values()):
            vintage = old[-1].single.vintage_after
            return look_store.fold(tx, where, vintage, {name: (s.start, s.side) for name, s in states.items()})
        old.pop()


def _follows(one: Subscription, seen: Sequence[_Seen], kept: Mapping[str, Known]) -> bool:
    """Whether a subscription follows a figure by any look, one that is forgotten too."""
    return any(one.follows(s.about) for s in seen) or kept.get(one.subscription_id, Known()).vintage > 0


def _state(seen: Sequence[_Seen], one: Subscription, now: datetime, kept: Known) -> State:
    looks = [s.look for s in seen if s.single.vintage_after > kept.vintage]
    begin = State(kept.start, kept.sure, 0, None)
    return steadiness.state(looks, one.threshold, datetime.fromisoformat(one.since), now, begin)


def _is_due(state: State, kept: Known) -> bool:
    """Whether another side is sure than was told last."""
    before = state.start if kept.told is None else kept.told
    return None not in (state.side, before) and state.side != before


def _passed(one: Subscription, where: Where, seen: Sequence[_Seen], state: State, kept: Known) -> list[_Passed]:
    """What a subscription is to be told of a unit's figure: that another side is sure than it was told last."""
    before = state.start if kept.told is None else kept.told
    packed = next((s.packed for s in seen if s.single.vintage_after == state.vintage), None)
    if packed is None or state.side is None or before is None or state.side == before:
        return []
    single = unpacking.opened(packed)
    limit = None if one.threshold is None or one.threshold.is_quarters else one.threshold
    shown = wire.shown_unit(single.scheme, single.period, single.explanations[0].key_figure)
    [moved] = wire.moved(single)
    return [_Passed(where, state.vintage, Crossed(moved, before, state.side, limit, shown), single)]


def _tell(tx: Transaction, organisation_id: str, one: Subscription, passed: Sequence[_Passed]) -> None:
    said = moves.quartile_changed([p.crossed for p in passed])
    causes = [f"{'/'.join(p.where)}@{p.vintage}" for p in passed]
    event_id = deterministic_id("crossed", one.subscription_id, *causes)
    mail = mail_facts.moved([p.single for p in passed])
    make_due(tx, Due(organisation_id, Kind.QUARTILE_CHANGED, event_id, said, mail=mail), [one])
    for p in passed:
        look_store.tell(tx, one.subscription_id, p.where, p.crossed.after, instant(tx.now))


def _opens(tx: Transaction, one: Subscription) -> datetime:
    """When the next message of crossings may come: a preset gathers them for some days."""
    if (preset := presets.entries().get(one.preset)) is None:
        return tx.now
    last = look_store.last_told(tx, one.subscription_id)
    return datetime.fromisoformat(last) + timedelta(days=preset.gather_days) if last else tx.now
