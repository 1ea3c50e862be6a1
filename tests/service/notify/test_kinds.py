"""Kinds by their rules: one receipt that says where the unit landed, refusals, and quarters that are told once they are sure."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noegletal.v1 import assessment_pb2, notification_pb2

from services.notify import subscription_store, telling
from services.notify.kinds import Kind
from services.notify.payload import Due
from services.notify.sentences import Phrase, Spoken
from services.notify.thresholds import Threshold
from services.notify.wording import About, Item, Said
from tests.service.notify import running
from tests.service.notify.desk import (
    EVENTS,
    MOVED,
    QUARTILE,
    RECEIPT,
    REFUSAL,
    Desk,
    assessed,
    crossing,
    landed,
    outcome,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.bench.close()


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


def test_mail_alone_says_the_amounts_of_a_finding(desk: Desk) -> None:
    ends = [desk.follow(REFUSAL, channel=c) for c in (notification_pb2.CHANNEL_MAIL, notification_pb2.CHANNEL_WEBHOOK)]

    desk.deliver(("a", assessed()), ("b", landed()))

    assert ["-38173" in str(desk.told(one)[0]["data"]["words"]) for one in ends] == [True, False]


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


def test_a_kind_of_ones_own_is_a_due_and_nothing_else(desk: Desk) -> None:
    ends = [desk.follow(), desk.follow(Kind.REMINDER, unit_ids=frozenset({"A"})), desk.follow(RECEIPT)]
    items = [
        Item(About(unit_id=u), Spoken({"da": f"{u} mangler", "en": f"{u} is missing"}), {"unit_id": u}) for u in "AB"
    ]
    said = Said(Phrase("moved.subject", {"unit": "A", "period": "2024"}), Phrase("why.own"), (), items)
    facts = {"scheme": "uk-tsm", "period": "2024", "deadline": "2024-06-30", "days_after": 0}
    facts["units"] = {"expected": 2, "missing": 2}
    due = Due("org-a", Kind.REMINDER, "reminder-1", said, facts=facts)
    for _ in range(2):
        desk.service.transact(lambda tx: telling.tell(tx, due), cause="test")

    assert [desk.types(one) for one in ends] == [["reminder"], ["reminder"], []]
    assert [len(desk.told(one)[0]["data"]["items"]) for one in ends[:2]] == [2, 1]
    assert desk.service.database.read(subscription_store.organisations) == ["org-a"]


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
