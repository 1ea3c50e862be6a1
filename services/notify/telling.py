"""What events make due, and for whom. Nothing is sent here: deliveries are put in line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from noegletal.v1 import assessment_pb2, benchmark_pb2

from services.chassis.event import Event, Events
from services.chassis.outbox import Transaction
from services.notify import (
    line_store,
    look_store,
    mail_store,
    mailing,
    matching,
    meeting_store,
    promising,
    unpacking,
    wire,
)
from services.notify.following import Followers, Following
from services.notify.heard import Assessment, Standing
from services.notify.kinds import ANSWERS, Kind
from services.notify.matching import Subscription
from services.notify.meeting_store import ASSESSED, LANDED, Place
from services.notify.payload import Due
from services.notify.store import instant

MOVES = frozenset({Kind.STANDING_CHANGED, Kind.QUARTILE_CHANGED})  # what a standing that moved is told as


@dataclass(frozen=True)
class Patience:
    """How long things wait for each other, in seconds.

    receipt   a receipt for the standing it leads to, and the other way round; 0: neither waits
    settle    a figure after the newest look at it, before it is judged: so that looks come in any order
    """

    receipt: float = 10.0
    settle: float = 60.0


def make_due(
    tx: Transaction, due: Due, followers: Sequence[Subscription], but: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Put a message in line at every endpoint that follows it, but some; an event that comes again adds nothing.

    What would pass a preset's promise waits for the end of the month. The endpoints it is due at, now or before.
    """
    matches = [m for m in matching.due(followers, due.kind, due.concerns) if m.endpoint_id not in but]
    boxes = mail_store.mailboxes(tx.connection, [m.endpoint_id for m in matches])
    others = promising.at_once(tx, due, [match for match in matches if match.endpoint_id not in boxes])
    line_store.put(tx, [line_store.line(due, match) for match in others])
    mailing.make_due(tx, due, [(match, boxes[match.endpoint_id]) for match in matches if match.endpoint_id in boxes])
    return frozenset(m.endpoint_id for m in matches)


def tell(tx: Transaction, due: Due) -> frozenset[str]:
    """Put a message in line for every follower of its organisation, feeds too. Messages of most kinds need no more."""
    feeds, named = Followers.asked(tx, {due.organisation_id}).of(due.organisation_id)
    return make_due(tx, due, [*feeds, *named])


class Telling:
    """What assessments and standings make due. A feed is told of each at once; who follows kinds, by their rules.

    `wake` is called when something may be due.
    """

    def __init__(self, patience: Patience, wake: Callable[[], None]) -> None:
        self._patience, self._wake, self.following = patience, wake, Following()

    def assessed(self, events: Events[Any], tx: Transaction) -> None:
        """Receipts and refusals. Events of what is heard of them."""
        followers = self.following.followers(tx, {heard.organisation_id for heard in events.messages})
        heard: Assessment
        for n, (heard, event_id) in enumerate(zip(events.messages, events.ids, strict=True)):
            # Nobody to tell, nothing to know it again by, or what we have no words for.
            if not (heard.organisation_id and event_id and heard.verdict in wire.SUBMISSIONS):
                tx.reject(events[n], "unusable")
                continue
            feeds, named = followers.of(heard.organisation_id)
            if not (feeds or named):
                continue
            event = events[n]
            message = assessment_pb2.SubmissionAssessed.FromString(event.raw)
            if feeds:
                make_due(tx, wire.answer(message, event.id), feeds)
            if _any_follows(named, *ANSWERS) and not meeting_store.is_known(tx, event.id):
                lands = any(f.verdict == assessment_pb2.VERDICT_ACCEPTED for f in message.figures)
                self._meet(tx, ASSESSED, event, _place(message), named, may_wait=lands)
        if followers:
            tx.after_commit(self._wake)

    def moved(self, events: Events[Any], tx: Transaction) -> None:
        """Standings that moved, and looks for those who follow quarters. Events of what is heard of them."""
        followers = self.following.followers(tx, {heard.organisation_id for heard in events.messages})
        heard: Standing
        for n, (heard, event_id) in enumerate(zip(events.messages, events.ids, strict=True)):
            if not (event_id and heard.organisation_id):
                tx.reject(events[n], "unusable")
                continue
            feeds, named = followers.of(heard.organisation_id)
            concerned = MOVES | ANSWERS if heard.own_submission else MOVES
            named = [s for s in named if concerned & s.kinds]
            if not (feeds or named):
                continue
            event = events[n]
            message = benchmark_pb2.StandingChanged.FromString(event.raw)
            try:
                unpacking.check(message)
            except ValueError:
                tx.reject(event, "unusable")
                continue
            answered = message.own_submission and _any_follows(named, *ANSWERS)
            alone = not answered and _any_follows(named, Kind.STANDING_CHANGED)
            due = wire.standing_changed(unpacking.opened(message), event.id) if feeds or alone else None
            if due and feeds:
                make_due(tx, due, feeds)
            if _any_follows(named, Kind.QUARTILE_CHANGED):
                self._look(tx, message, event.time or tx.now)
            if answered and not meeting_store.is_known(tx, event.id):
                self._meet(tx, LANDED, event, _place(message), named, may_wait=message.revision > 0)
            elif due and alone:
                make_due(tx, due, named)
        if followers:
            tx.after_commit(self._wake)

    def receipts(self, tx: Transaction, most: int = 200) -> None:
        """Tell what waited for its other half for long enough."""
        ripe, done = meeting_store.ripe(tx.connection, instant(tx.now), most), set[str]()
        followers = self.following.followers(tx, {row.organisation_id for row in ripe})
        for row in ripe:
            if row.event_id in done:
                continue
            other = meeting_store.waiting(tx, meeting_store.place(row), LANDED if row.half == ASSESSED else ASSESSED)
            halves: list[Any] = [row, other] if other else [row]  # two instances may each have put one there
            _, named = followers.of(row.organisation_id)
            self._tell(tx, named, **{half.half: (half.event_id, half.message) for half in halves})
            for half in halves:
                meeting_store.told(tx, half.event_id)
                done.add(half.event_id)

    def _meet(self, tx: Transaction, half: str, event: Event[Any], place: Place, named: Any, *, may_wait: bool) -> None:
        """Tell an event together with its other half, wait for that, or tell it alone."""
        other = LANDED if half == ASSESSED else ASSESSED
        event_id, raw, until = event.id, event.raw, tx.now + timedelta(seconds=self._patience.receipt)
        there = meeting_store.waiting(tx, place, other) if place.revision else None
        if there is None and may_wait and self._patience.receipt > 0:
            meeting_store.keep(tx, place, half, event_id, raw, instant(until))
            return
        halves = {half: (event_id, raw)}
        if there is not None:
            halves[other] = (there.event_id, there.message)
            meeting_store.told(tx, there.event_id)
        meeting_store.keep(tx, place, half, event_id, raw, "")
        self._tell(tx, named, **halves)

    def _tell(
        self,
        tx: Transaction,
        named: Sequence[Subscription],
        assessed: tuple[str, bytes] | None = None,
        landed: tuple[str, bytes] | None = None,
    ) -> None:
        """One message for what came: a refusal where something is to be put right and it is followed, else a receipt.

        Where the standing is told in it, it is not told again.
        """
        moved = unpacking.opened(benchmark_pb2.StandingChanged.FromString(landed[1])) if landed else None
        told: frozenset[str] = frozenset()
        if assessed:
            message = assessment_pb2.SubmissionAssessed.FromString(assessed[1])
            for kind in (Kind.REFUSAL, Kind.RECEIPT):
                if _any_follows(named, kind) and (kind is Kind.RECEIPT or wire.assessed(message).stopped):
                    told |= make_due(tx, wire.answer(message, assessed[0], kind, moved), named, told)
        others = [s for s in named if s.endpoint_id not in told]
        if moved and landed and _any_follows(others, Kind.STANDING_CHANGED):
            make_due(tx, wire.standing_changed(moved, landed[0]), others)

    def _look(self, tx: Transaction, message: benchmark_pb2.StandingChanged, at: datetime) -> None:
        where, vintage = (
            (message.organisation_id, message.unit_id, message.scheme, message.period),
            message.vintage_after,
        )
        seen = [
            ((*where, key_figure), vintage, instant(at), single.SerializeToString(deterministic=True))
            for key_figure, single in unpacking.apart(message)
        ]
        look_store.keep(tx, seen, instant(tx.now + timedelta(seconds=self._patience.settle)))


def _any_follows(named: Sequence[Subscription], *kinds: Kind) -> bool:
    """Whether anybody follows one of some kinds."""
    return any(not s.kinds.isdisjoint(kinds) for s in named)


def _place(message: Any) -> Place:
    if isinstance(message, benchmark_pb2.StandingChanged):
        return Place(message.organisation_id, message.unit_id, message.scheme, message.period, message.revision)
    receipt = message.receipt
    return Place(receipt.organisation_id, message.unit_id, message.scheme, message.period, receipt.revision)
