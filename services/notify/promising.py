"""Keeping what presets promise: a message that would pass it is put off to the end of its month, and told in one with the others.

What is put off is a row among what gathers, for the month's digest: a mailbox has one anyway, any other endpoint gets one for
this alone. Counts are rows too, kept with the messages they count: cut short or told twice, the same comes of it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.chassis.outbox import Transaction
from services.notify import gathering, line_store, mail_store, promise_store, quiet
from services.notify.gathering import Gathered
from services.notify.kinds import Kind
from services.notify.matching import Match, Subscription
from services.notify.payload import Due, payload
from services.notify.promises import bounds, marked
from services.notify.store import instant


def passed(tx: Transaction, kind: int, subscriptions: Sequence[Subscription], at: datetime) -> str:
    """The preset whose promise a new message would pass, coming at a time; empty: it comes, and is counted.

    It is counted for each subscription that has room, and passes what is promised where none has.
    """
    found, month = bounds(kind, subscriptions), quiet.month_of(at)
    free = [one for one in sorted(found) if promise_store.counted(tx, one, month) < found[one].most]
    for subscription_id in free:
        promise_store.count(tx, subscription_id)
    return "" if free or not found else found[min(found)].preset


def put_off(tx: Transaction, endpoint_id: str, one: Gathered, preset: str, at: datetime) -> None:
    """Have a message wait for the end of the month it would have come in. `preset`: whose promise asks for it; empty: none."""
    month, kept = quiet.month_of(at), marked(one, preset) if preset else one
    mail_store.gather(tx, endpoint_id, kept, tell_at=quiet.digest_opens(month), month=month)


def had_digest(tx: Transaction, endpoint_id: str, at: datetime) -> bool:
    """Whether an endpoint had a digest in a month already: one that comes late, after weeks away, is told with the next."""
    last = mail_store.last_told(tx.connection, endpoint_id, {Kind.DIGEST})
    return last is not None and quiet.month_of(quiet.opens(last)) == quiet.month_of(at)


def at_once(tx: Transaction, due: Due, matches: Iterable[Match]) -> list[Match]:
    """Of the endpoints a message is due at, no mailboxes, those that are told now."""
    return [match for match in matches if not bounds(due.kind, match.subscriptions) or _comes(tx, due, match)]


def _comes(tx: Transaction, due: Due, match: Match) -> bool:
    place = (due.event_id, match.endpoint_id)
    if place in line_store.known(tx, {due.event_id}) or mail_store.is_gathered(
        tx.connection, match.endpoint_id, due.event_id
    ):
        return False
    preset = passed(tx, due.kind, match.subscriptions, tx.now)
    if preset:
        body = payload(due, match, seq=0, at=tx.now.isoformat(timespec="milliseconds"))
        put_off(
            tx, match.endpoint_id, gathering.gathered(due.event_id, instant(tx.now), due.kind, body), preset, tx.now
        )
    return not preset
