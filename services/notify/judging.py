"""Judging what waits: receipts whose standing did not come, and quarters and thresholds that have become sure."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noegletal.v1 import benchmark_pb2

from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service
from services.notify import look_store, meeting_store, moves, presets, steadiness, subscription_store, wire
from services.notify.kinds import Kind
from services.notify.matching import Subscription
from services.notify.moves import Crossed
from services.notify.payload import Due
from services.notify.steadiness import State
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
                lambda c, now=now: meeting_store.ripe(c, now, 1) or look_store.ripe(c, now, 1)  # type: ignore[misc]
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
class _Passed:
    where: Where
    vintage: int
    crossed: Crossed


def crossings(tx: Transaction, organisation_id: str, figures: Sequence[Where]) -> None:
    """Tell an organisation's followers what they passed, gathered in one message each, and say when to judge again."""
    again: dict[Where, list[datetime]] = {where: [] for where in figures}
    known = {where: look_store.looks(tx, where) for where in figures}
    for one in subscription_store.subscriptions(tx.connection, organisation_id, instant(tx.now)):
        if Kind.QUARTILE_CHANGED not in one.kinds:
            continue
        mine = [w for w in figures if any(one.follows(_about(row)) for row in known[w])]
        if (opens := _opens(tx, one)) > tx.now:
            for where in mine:
                again[where].append(opens)
            continue
        passed: list[_Passed] = []
        for where in mine:
            found, state = _judged(tx, one, where, known[where])
            passed += found
            again[where] += [state.ripe_at] if state.ripe_at else []
        if passed:
            _tell(tx, organisation_id, one, passed)
    for where, times in again.items():
        look_store.judge(tx, where, instant(min(times)) if times else "")


def _judged(tx: Transaction, one: Subscription, where: Where, rows: Sequence[object]) -> tuple[list[_Passed], State]:
    """What a subscription is to be told of a unit's figure: that another side is sure than it was told last."""
    singles = {row.vintage: benchmark_pb2.StandingChanged.FromString(row.message) for row in rows}  # type: ignore[attr-defined]
    looks = [wire.look(singles[row.vintage], datetime.fromisoformat(row.at)) for row in rows]  # type: ignore[attr-defined]
    state = steadiness.state(looks, one.threshold, datetime.fromisoformat(one.since), tx.now)
    told = look_store.told(tx, one.subscription_id, where)
    before = state.start if told is None else told
    if state.side is None or before is None or state.side == before or state.vintage not in singles:
        return [], state
    [moved] = wire.moved(singles[state.vintage])
    single, limit = singles[state.vintage], one.threshold
    limit = None if limit is None or limit.is_quarters else limit
    shown = wire.shown_unit(single.scheme, single.period, moved.about.key_figure)
    crossed = Crossed(moved, before, state.side, limit, shown)
    return [_Passed(where, state.vintage, crossed)], state


def _tell(tx: Transaction, organisation_id: str, one: Subscription, passed: Sequence[_Passed]) -> None:
    said = moves.quartile_changed([p.crossed for p in passed])
    causes = [f"{'/'.join(p.where)}@{p.vintage}" for p in passed]
    event_id = deterministic_id("crossed", one.subscription_id, *causes)
    make_due(tx, Due(organisation_id, Kind.QUARTILE_CHANGED, event_id, said), [one])
    for p in passed:
        look_store.tell(tx, one.subscription_id, p.where, p.crossed.after, instant(tx.now))


def _opens(tx: Transaction, one: Subscription) -> datetime:
    """When the next message of crossings may come: a preset gathers them for some days."""
    last, preset = look_store.last_told(tx, one.subscription_id), presets.entries().get(one.preset)
    if not last or preset is None:
        return tx.now
    return datetime.fromisoformat(last) + timedelta(days=preset.gather_days)


def _about(row: object) -> About:
    single = benchmark_pb2.StandingChanged.FromString(row.message)  # type: ignore[attr-defined]
    [one] = single.explanations
    return About(one.key_figure, single.unit_id, one.peer_group)
