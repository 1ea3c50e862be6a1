"""Reminders: once at each mark, of the units that are missing, and none for what has come."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from noegletal.v1 import assessment_pb2, submission_pb2

from services.notify.by_clock import ByClock
from services.notify.kinds import Kind
from services.notify.reminders import read
from tests.service.notify import running
from tests.service.notify.desk import Desk

REMINDER = Kind.REMINDER
ACCEPTED, REFUSED, WITHDRAWN = (
    assessment_pb2.SUBMISSION_VERDICT_ACCEPTED,
    assessment_pb2.SUBMISSION_VERDICT_REFUSED,
    assessment_pb2.SUBMISSION_VERDICT_WITHDRAWN,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    one.deliver(*[(f"u{n}", unit(f"H{n}")) for n in (1, 2, 3)], ("u9", unit("X9", "org-b")))
    yield one
    one.bench.close()


def unit(name: str, organisation: str = "org-a") -> submission_pb2.UnitRegistered:
    profile = submission_pb2.Profile(scheme="uk-tsm", unit_id=name, organisation_id=organisation, version=1)
    return submission_pb2.UnitRegistered(profile=profile)


def came(
    name: str, revision: int = 1, verdict: int = ACCEPTED, period: str = "2024"
) -> assessment_pb2.SubmissionAssessed:
    message = running.assessed(submission=f"s-{name}-{revision}")
    message.unit_id, message.period, message.receipt.revision, message.verdict = name, period, revision, verdict
    return message


def remind(desk: Desk, day: str) -> None:
    """Two runs of one morning."""
    desk.service.clock = lambda: datetime.fromisoformat(f"{day}T08:00").replace(tzinfo=UTC)
    for _ in range(2):
        gathering = ByClock(desk.service, read("uk-tsm/2024=2024-06-30,dk-almen/2024=2024-06-30"), lambda: None)
        desk.service.transact(gathering.tell, cause="test")


def test_each_mark_once_until_all_has_come(desk: Desk) -> None:
    mine, third = desk.follow(REMINDER), desk.follow(REMINDER, unit_ids=frozenset({"H3"}))
    for day in ("2024-06-15", "2024-06-16", "2024-06-20"):
        remind(desk, day)
    desk.deliver(("a1", came("H1")), ("a3", came("H3")))
    for day in ("2024-06-27", "2024-06-29"):
        remind(desk, day)
    desk.deliver(("a2", came("H2")))
    for day in ("2024-06-30", "2024-07-07"):
        remind(desk, day)

    first, second = desk.told(mine)
    assert first["data"]["units"] == {"expected": 3, "missing": 3}
    assert second["data"]["words"]["da"]["subject"] == "uk-tsm 2024: 1 afdeling mangler, frist 30. juni 2024"
    assert second["data"]["words"]["da"]["text"].splitlines()[:3] == [
        "Fristen for uk-tsm 2024 er 30. juni 2024.",
        "Vi har ikke tal fra 1 af jeres 3 afdelinger:",
        "Afdeling H2",
    ]
    [only] = desk.told(third)
    assert [item["unit_id"] for item in only["data"]["items"]] == ["H3"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_newest_revision_says_whether_a_unit_has_come(desk: Desk, order: Sequence[int]) -> None:
    mine = desk.follow(REMINDER)
    events = [("a", came("H1", 1)), ("b", came("H1", 2, WITHDRAWN)), ("c", came("H2", 1))]
    desk.deliver(*[events[n] for n in order], *events, ("d", came("H2", 2, REFUSED)), ("e", came("H3", period="2023")))

    remind(desk, "2024-06-30")

    [told] = desk.told(mine)
    assert [item["unit_id"] for item in told["data"]["items"]] == ["H1", "H3"]


def test_without_units_or_after_two_weeks_nobody_is_told(desk: Desk) -> None:
    mine, none, feed = desk.follow(REMINDER), desk.follow(REMINDER, of="org-c"), desk.follow()
    remind(desk, "2024-06-30")
    remind(desk, "2024-07-14")
    assert [desk.types(end) for end in (mine, none, feed)] == [["reminder"], [], []]


def test_nobody_is_reminded_while_reports_wait_to_be_read(desk: Desk) -> None:
    mine = desk.follow(REMINDER)
    desk.service.clock = lambda: datetime(2024, 6, 30, 8, tzinfo=UTC)
    gathering = ByClock(desk.service, read("uk-tsm/2024=2024-06-30"), lambda: None)
    gathering.heard(caught_up=False)
    desk.service.transact(gathering.tell, cause="test")
    assert desk.told(mine) == []
    gathering.heard(caught_up=True)
    desk.service.transact(gathering.tell, cause="test")
    assert desk.types(mine) == ["reminder"]
