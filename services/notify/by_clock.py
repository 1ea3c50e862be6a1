"""What is told by the clock and not by the event: reminders, and peer groups that came or went, gathered."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.catalogue import peer_groups
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service
from services.notify import editions, group_news, group_store, presets, reminders, subscription_store, unit_store
from services.notify.following import Followers
from services.notify.group_news import Changed
from services.notify.kinds import Kind
from services.notify.matching import Subscription
from services.notify.payload import Due
from services.notify.redefining import redefined
from services.notify.reminders import Deadline
from services.notify.store import instant
from services.notify.telling import make_due

LOOK_SECONDS = 600.0  # nothing here is told to the minute
GATHER = timedelta(days=1)  # changes of peer groups from the first on; a preset may say more
KEPT = timedelta(days=60)  # changes; longer than any gathering


class ByClock:
    """Tells in the background. `wake` is called when something may be due."""

    def __init__(self, service: Service, deadlines: Sequence[Deadline], wake: Callable[[], None]) -> None:
        self._service, self._deadlines, self._wake = service, deadlines, wake
        self._caught_up = True

    def heard(self, *, caught_up: bool) -> None:
        """Note whether anything waits behind the newest batch of units or assessments: until it is read, nobody is reminded."""
        self._caught_up = caught_up

    async def run(self) -> None:
        """Tell until cancelled; of definitions once, since they change with an installation."""
        await asyncio.sleep(LOOK_SECONDS)  # first: what came while it was away is read before anybody is told
        await asyncio.to_thread(editions.every)
        await self._service.write(redefined)
        while True:
            if self._service.ready:
                await self._service.write(self.tell)
                self._wake()
            await asyncio.sleep(LOOK_SECONDS)

    def tell(self, tx: Transaction) -> None:
        """Tell what is due by now."""
        groups(tx)
        for deadline in self._deadlines if self._caught_up else ():
            remind(tx, deadline)


def remind(tx: Transaction, deadline: Deadline) -> None:
    """Remind of a deadline, once at each mark, whoever has units that have not reported."""
    if (days := reminders.mark(deadline, tx.now)) is None:
        return
    came = unit_store.came(tx.connection, deadline.scheme, deadline.period)
    following = subscription_store.following(tx.connection, Kind.REMINDER, hold=True)
    followers = Followers.asked(tx, following)
    for organisation_id in following:
        expected = [
            row.unit_id for row in unit_store.units(tx.connection, organisation_id) if row.scheme == deadline.scheme
        ]
        if not (without := reminders.missing(expected, came)):
            continue
        facts = {
            "scheme": deadline.scheme,
            "period": deadline.period,
            "deadline": deadline.day.isoformat(),
            "days_after": days,
            "units": {"expected": len(expected), "missing": len(without)},
        }
        event_id = deterministic_id("reminder", organisation_id, deadline.scheme, deadline.period, deadline.day, days)
        said = reminders.said(deadline, days, len(expected), without)
        _, named = followers.of(organisation_id)
        make_due(tx, Due(organisation_id, Kind.REMINDER, event_id, said, (), facts), named)


def groups(tx: Transaction) -> None:
    """Tell which peer groups came or went."""
    changes = [(row.at, _changed(row)) for row in group_store.changes(tx.connection, instant(tx.now))]
    if changes:
        for organisation_id in subscription_store.following(tx.connection, Kind.PEER_GROUP_CHANGED, hold=True):
            _groups(tx, organisation_id, changes)
        group_store.forget(tx, instant(tx.now - KEPT))


def _groups(tx: Transaction, organisation_id: str, changes: Sequence[tuple[str, Changed]]) -> None:
    """Tell an organisation's followers which of their peer groups came or went, once changes were gathered for long enough."""
    rows = None
    for one in subscription_store.subscriptions(tx.connection, organisation_id, instant(tx.now)):
        if Kind.PEER_GROUP_CHANGED not in one.kinds:
            continue
        after = max(one.since, group_store.told_until(tx, one.subscription_id))
        rows = unit_store.units(tx.connection, organisation_id) if rows is None else rows
        new = [(at, change) for at, change in changes if at > after]
        mine = _of_interest([change for _, change in new], one, rows)
        interesting = set(mine)
        first = min((at for at, change in new if change in interesting), default="")
        if not first or datetime.fromisoformat(first) + _gather(one) > tx.now:
            continue
        if found := group_news.net(mine):
            causes = [f"{c.scheme}/{c.period}/{c.peer_group}/{c.key_figure}@{c.vintage}" for c in found]
            event_id = deterministic_id("peer-groups", one.subscription_id, *causes)
            due = Due(organisation_id, Kind.PEER_GROUP_CHANGED, event_id, group_news.said(found))
            make_due(tx, due, [one])
        group_store.tell(tx, one.subscription_id, instant(tx.now))


def _of_interest(changes: Sequence[Changed], one: Subscription, rows: Sequence[Any]) -> list[Changed]:
    """Changes of groups a subscription names; where it names none, of those the organisation's units are in."""
    groups: dict[tuple[str, str], set[str]] = {}
    for where in {(c.scheme, c.period) for c in changes}:
        groups[where] = set(one.peer_groups) or _placed(unit_store.attributes(rows, where[0], one.unit_ids), *where)
    return [c for c in changes if c.peer_group in groups[c.scheme, c.period] and one.follows(c.about)]


def _placed(attributes: Sequence[Any], scheme: str, period: str) -> set[str]:
    edition = editions.known(scheme, period)
    return {name for sent in attributes for name in peer_groups.place(sent, edition).groups} if edition else set()


def _changed(row: Any) -> Changed:
    return Changed(row.scheme, row.period, row.peer_group, row.key_figure, row.vintage, bool(row.shown))


def _gather(one: Subscription) -> timedelta:
    preset = presets.entries().get(one.preset)
    return max(GATHER, timedelta(days=preset.gather_days)) if preset else GATHER
