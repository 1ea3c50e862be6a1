"""A desk for what notify tells: the service without Kafka, clock or gRPC; followers, events, and what each was told."""

import itertools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from google.protobuf.message import Message
from noegletal.v1 import assessment_pb2, benchmark_pb2
from noegletal.v1 import notification_pb2 as pb

from services.notify import mail_store, store, subscription_store
from services.notify.app import create_app
from services.notify.judging import Judging
from services.notify.kinds import Kind
from services.notify.mail_store import Mailbox
from services.notify.matching import Subscription
from services.notify.telling import Patience, Telling
from tests.service.delivery import Bench
from tests.service.notify import running
from tests.service.notify.running import changed

RECEIPT, REFUSAL, MOVED, QUARTILE = Kind.RECEIPT, Kind.REFUSAL, Kind.STANDING_CHANGED, Kind.QUARTILE_CHANGED


class Desk:
    """The service without Kafka, clock or gRPC: followers in, events in, deliveries out."""

    def __init__(self, folder: Path, wait: float = 60.0, **given: Any) -> None:
        self.service = create_app(running.settings(folder, receipt_wait_seconds=wait, settle_seconds=0, **given))
        self.bench, self._numbers = Bench(self.service), itertools.count()
        self.judging = Judging(self.service, Telling(Patience(wait, 0), lambda: None), lambda: None)

    def follow(
        self, *kinds: Kind, channel: int = pb.CHANNEL_LOG, of: str = "org-a", at_once: bool = True, **named: Any
    ) -> str:
        """A new endpoint that follows kinds; its id."""
        name = f"ep-{next(self._numbers)}"
        row = {"endpoint_id": name, "organisation_id": of, "channel": int(channel), "url": ""}
        one = Subscription(f"su-{name}", name, kinds=frozenset(int(k) for k in kinds), **named)

        def keep(tx: Any) -> None:
            tx.connection.execute(store.endpoint.insert(), row)
            if channel == pb.CHANNEL_MAIL:
                mail_store.add_mailbox(tx, Mailbox(name, "da", at_once, secret="s"))
            subscription_store.add(tx, of, one)
            tx.connection.execute(sa.update(subscription_store.subscription).values(since="2000-01-01T00:00:00+00:00"))

        self.service.transact(keep, cause="test")
        return name

    def deliver(self, *events: tuple[str, Message], judge: bool = True) -> None:
        """Deliver (id, event) one by one, then judge."""
        for name, event in events:
            heading = re.sub(r"(?<!^)(?=[A-Z])", "-", type(event).__name__).lower()
            self.bench.deliver(heading, [event], id=name)
        if judge:
            self.judge()

    def judge(self) -> None:
        self.service.transact(self.judging.judge, cause="test")

    def told(self, endpoint_id: str) -> list[dict[str, Any]]:
        """Payloads at an endpoint, oldest first."""
        mine = store.delivery.c.endpoint_id == endpoint_id
        chosen = sa.select(store.delivery.c.body).where(mine).order_by(store.delivery.c.seq)
        rows = self.service.database.read(lambda c: c.execute(chosen).all())
        return [running.conforming(row.body) for row in rows]

    def types(self, endpoint_id: str) -> list[str]:
        return [one["type"].removeprefix("noegletal.") for one in self.told(endpoint_id)]


def assessed(revision: int = 1, *, clean: bool = False) -> assessment_pb2.SubmissionAssessed:
    message = running.assessed()
    message.receipt.revision = revision
    if clean:
        message.figures[0].verdict = assessment_pb2.VERDICT_ACCEPTED
        del message.findings[:]
    return message


def landed(revision: int = 1) -> benchmark_pb2.StandingChanged:
    message = changed("org-a", "BS05")
    message.revision = revision
    return message


def crossing(
    vintage: int, before: int, after: int, *, own: bool = False, unit: str = "H4567"
) -> benchmark_pb2.StandingChanged:
    """A unit's quarter of BS05 before and after, far from any quartile, with everybody reported."""
    message = changed("org-a", "BS05")
    message.own_submission, message.vintage_after, message.unit_id = own, vintage, unit
    for side, quartile in ((message.explanations[0].before, before), (message.explanations[0].after, after)):
        side.quartile, side.units, side.numerator, side.denominator = quartile, 60, 1, 2
        side.percentile_e4 = quartile * 250_000 - 10_000
    message.surroundings.add(reported=60, expected=60, to_quartile_e9=10**9)
    return message


EVENTS: list[tuple[str, Message]] = [
    ("a1", assessed(1)), ("b1", landed(1)), ("a2", assessed(2, clean=True)), ("b2", landed(2)),
    ("q1", crossing(11, 2, 3)), ("q2", crossing(12, 3, 3)), ("q3", crossing(13, 3, 2)), ("q4", crossing(14, 2, 1)),
    ("q5", crossing(15, 1, 1)),
]  # fmt: skip
FOLLOWERS = [(), (RECEIPT,), (REFUSAL,), (MOVED,), (QUARTILE,), (RECEIPT, REFUSAL, MOVED, QUARTILE)]


def outcome(folder: Path, events: Sequence[tuple[str, Message]], **given: Any) -> list[set[str]]:
    """What each follower is told of events."""
    desk = Desk(folder, **given)
    ends = [desk.follow(*kinds) for kinds in FOLLOWERS]
    desk.deliver(*events)
    told = [{f"{one['type']} {one['data']['event_id']} {one['data']['words']}" for one in desk.told(e)} for e in ends]
    desk.bench.close()
    return told
