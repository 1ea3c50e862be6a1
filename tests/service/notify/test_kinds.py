"""Kinds by their rules: one receipt that says where the unit landed, refusals, and quarters that are told once they are sure."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noegletal.v1 import assessment_pb2, benchmark_pb2
from noegletal.v1 import notification_pb2 as pb

from services.notify import store, subscription_store
from services.notify.app import create_app
from services.notify.judging import Judging
from services.notify.kinds import Kind
from services.notify.matching import Subscription
from services.notify.telling import Patience, Telling
from services.notify.thresholds import Threshold
from tests.service.delivery import Bench
from tests.service.notify import running
from tests.service.notify.running import changed

RECEIPT, REFUSAL, MOVED, QUARTILE = Kind.RECEIPT, Kind.REFUSAL, Kind.STANDING_CHANGED, Kind.QUARTILE_CHANGED
Told = tuple[str, str, str]


class Desk:
    """The service without Kafka, clock or gRPC: followers in, events in, deliveries out."""

    def __init__(self, folder: Path, wait: float = 60.0, **given: Any) -> None:
        self.service = create_app(running.settings(folder, receipt_wait_seconds=wait, settle_seconds=0, **given))
        self.bench, self._numbers = Bench(self.service), itertools.count()
        self.judging = Judging(self.service, Telling(Patience(wait, 0)), lambda: None)

    def follow(self, *kinds: Kind, channel: int = pb.CHANNEL_LOG, **named: Any) -> str:
        """A new endpoint that follows kinds; its id."""
        name = f"ep-{next(self._numbers)}"
        row = {"endpoint_id": name, "organisation_id": "org-a", "channel": int(channel), "url": ""}
        one = Subscription(f"su-{name}", name, kinds=frozenset(int(k) for k in kinds), **named)

        def keep(tx: Any) -> None:
            tx.connection.execute(store.endpoint.insert(), row)
            subscription_store.add(tx, "org-a", one)
            tx.connection.execute(sa.update(subscription_store.subscription).values(since="2000-01-01T00:00:00+00:00"))

        self.service.transact(keep, cause="test")
        return name

    def deliver(self, *events: tuple[str, Message], judge: bool = True) -> None:
        """Deliver (id, event) one by one, then judge."""
        for name, event in events:
            assessment = isinstance(event, assessment_pb2.SubmissionAssessed)
            self.bench.deliver("submission-assessed" if assessment else "standing-changed", [event], id=name)
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


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.bench.close()


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


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1])))
def test_one_receipt_says_where_the_unit_landed_whichever_comes_first(desk: Desk, order: Sequence[int]) -> None:
    both, only, feed = desk.follow(RECEIPT, MOVED), desk.follow(MOVED), desk.follow()
    events = [("a", assessed(clean=True)), ("b", landed())]

    desk.deliver(*[events[n] for n in order], *events, *events)

    assert (desk.types(both), desk.types(only)) == (["receipt"], ["standing-changed"])
    assert sorted(desk.types(feed)) == ["receipt", "standing-changed"]
    [told] = desk.told(both)
    assert told["data"]["words"]["da"]["text"].splitlines()[1:3] == [
        "Sådan ligger I nu:",
        "BS05: nr. 12 → 17 af 63: egne tal +5.",
    ]
    assert told["data"]["event_id"] == "a"


def test_halves_of_other_revisions_do_not_meet(desk: Desk) -> None:
    both = desk.follow(RECEIPT, MOVED)

    desk.deliver(("a1", assessed(1, clean=True)), ("b2", landed(2)), ("a2", assessed(2, clean=True)))

    assert [(one["type"], "landing" in one["data"], one["data"]["revision"]) for one in desk.told(both)] == [
        ("noegletal.receipt", True, 2)
    ]


def test_what_does_not_come_in_time_is_told_by_itself(tmp_path: Path) -> None:
    desk = Desk(tmp_path, wait=0.000001)
    both = desk.follow(RECEIPT, MOVED)

    for _ in range(2):
        desk.deliver(("a", assessed(clean=True)))
        desk.deliver(("b", landed()))

    assert desk.types(both) == ["receipt", "standing-changed"]
    assert "landing" not in desk.told(both)[0]["data"]
    desk.bench.close()


def test_nothing_accepted_leads_nowhere_and_is_told_at_once(desk: Desk) -> None:
    both = desk.follow(RECEIPT, MOVED)
    nothing = assessed()
    nothing.figures[1].verdict = assessment_pb2.VERDICT_HELD

    desk.deliver(("a", nothing), judge=False)

    assert desk.types(both) == ["receipt"]


def test_a_refusal_is_told_in_place_of_a_receipt(desk: Desk) -> None:
    refusals, both, receipts = desk.follow(REFUSAL), desk.follow(RECEIPT, REFUSAL), desk.follow(RECEIPT)

    for _ in range(2):
        desk.deliver(("a1", assessed(1)), ("b1", landed(1)), ("a2", assessed(2, clean=True)), ("b2", landed(2)))

    assert desk.types(refusals) == ["refusal"]
    assert desk.types(both) == ["refusal", "receipt"]
    assert desk.types(receipts) == ["receipt", "receipt"]
    data = desk.told(refusals)[0]["data"]
    assert (data["receipt_id"], data["door"], data["codes"]) == ("r-s-1", "unspecified", ["NT-2003"])
    assert "NT-2003 BS03.numerator: (ikke vist) er negativt. Ret tallet." in data["words"]["da"]["text"]


def test_a_quarter_is_told_once_it_is_sure_and_says_why_and_how_to_stop(desk: Desk) -> None:
    follower, other, elsewhere = (
        desk.follow(QUARTILE),
        desk.follow(QUARTILE, unit_ids=frozenset({"B"})),
        desk.follow(MOVED),
    )
    first, second = ("q1", crossing(1, 2, 3)), ("q2", crossing(2, 3, 3, own=True))

    desk.deliver(first, first)
    assert desk.types(follower) == []
    desk.deliver(second, first, second)

    assert (desk.types(follower), desk.types(other), desk.types(elsewhere)) == (
        ["quartile-changed"],
        [],
        ["standing-changed"] * 2,
    )
    data = desk.told(follower)[0]["data"]
    assert data["words"]["da"]["text"].startswith(
        "Afdeling H4567 2024: nu i den bedre halvdel, uden for den bedste fjerdedel, før"
    )
    assert "mindst 70 % har indberettet" in data["why"]["da"]
    assert data["stop"]["da"].endswith(f"noegletal subscriptions remove su-{follower}")
    assert (data["items"][0]["quartile_before"], data["items"][0]["quartile_after"]) == (2, 3)


def test_back_again_is_told_as_well_and_nothing_twice(desk: Desk) -> None:
    follower = desk.follow(QUARTILE, threshold=Threshold("quartile", 4))  # type: ignore[arg-type]
    there = [("q1", crossing(1, 3, 4)), ("q2", crossing(2, 4, 4, own=True))]
    back = [("q3", crossing(3, 4, 2)), ("q4", crossing(4, 2, 2, own=True))]

    desk.deliver(*there, *there)
    desk.deliver(*back, *there)
    desk.judge()

    assert [one["data"]["items"][0]["inside_after"] for one in desk.told(follower)] == [1, 0]


def test_many_units_are_gathered_in_one_message(desk: Desk) -> None:
    follower = desk.follow(QUARTILE, preset="leader")
    for unit in "AB":
        desk.deliver(
            (f"{unit}1", crossing(1, 2, 3, unit=unit)), (f"{unit}2", crossing(2, 3, 3, unit=unit)), judge=False
        )
    desk.judge()
    desk.deliver(
        ("C1", crossing(1, 2, 3, unit="C")), ("C2", crossing(2, 3, 3, unit="C"))
    )  # within the days of gathering

    assert desk.types(follower) == ["quartile-changed"]
    assert [item["unit_id"] for item in desk.told(follower)[0]["data"]["items"]] == ["A", "B"]


def test_a_preset_keeps_its_promise_and_loses_nothing(desk: Desk) -> None:
    follower, time, days = desk.follow(QUARTILE, preset="leader"), datetime(2026, 1, 1, tzinfo=UTC), []
    for number in range(22):  # a new unit passes every day
        desk.service.clock = lambda now=time + timedelta(days=number): now  # type: ignore[method-assign, misc]
        before, unit = len(desk.types(follower)), f"u{number:02}"
        desk.deliver((f"{unit}a", crossing(1, 2, 3, unit=unit)), (f"{unit}b", crossing(2, 3, 3, unit=unit)))
        days += [number] * (len(desk.types(follower)) - before)

    told = [item["unit_id"] for one in desk.told(follower) for item in one["data"]["items"]]
    assert days == list(range(0, 22, 7))
    assert told == [f"u{number:02}" for number in range(22)]


def test_a_paused_follower_is_told_nothing(desk: Desk) -> None:
    follower = desk.follow(QUARTILE, RECEIPT)
    desk.service.transact(
        lambda tx: subscription_store.pause(tx, f"su-{follower}", subscription_store.FOR_GOOD), cause="test"
    )
    desk.deliver(("a", assessed()), ("q1", crossing(1, 2, 3)), ("q2", crossing(2, 3, 3)))

    assert desk.types(follower) == []


def test_every_example_twice_is_told_once_by_every_kind(desk: Desk) -> None:
    ends = [desk.follow(*kinds) for kinds in ((), (RECEIPT,), (REFUSAL, MOVED), tuple(Kind))]
    events = [(f"e{n}", m) for n, (_, m) in enumerate(running.every_example())]
    desk.deliver(*events)
    first = [desk.told(one) for one in ends]
    desk.deliver(*events)

    assert [desk.told(one) for one in ends] == first
    for told in first:
        assert [one["data"]["seq"] for one in told] == list(range(1, len(told) + 1))


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


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> list[set[str]]:
    return outcome(tmp_path_factory.mktemp("in-order"), EVENTS)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([*range(9), 0, 3, 5, 8]))
def test_any_order_and_any_duplicate_gives_the_same_deliveries(
    tmp_path_factory: pytest.TempPathFactory, in_order: list[set[str]], order: list[int]
) -> None:
    assert [len(told) for told in in_order] == [9, 2, 1, 7, 1, 8]
    assert outcome(tmp_path_factory.mktemp("any"), [EVENTS[n] for n in order]) == in_order
