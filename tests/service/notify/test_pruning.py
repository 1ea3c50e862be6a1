"""What is over is forgotten: at any moment, nothing that is due, and what is kept has no gap."""

import itertools
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noegletal.v1 import subscription_service_pb2 as api

from services.notify import (
    delivery_store,
    judging,
    line_store,
    look_store,
    mail_store,
    meeting_store,
    notices,
    pruning,
    store,
)
from services.notify.matching import Match
from services.notify.pruning import Pruning
from services.notify.thresholds import Threshold
from tests.service.notify import running
from tests.service.notify.desk import QUARTILE, RECEIPT, Desk, crossing
from tests.service.notify.receiver import until
from tests.service.notify.running import DELIVERED, MAIL, Notify, assessed, by_file
from tests.service.notify.test_commands import Terminal
from tests.service.notify.test_mailboxes import ONE_CLICK, _http, _link
from tests.service.notify.test_subscriptions import _refused

NOW, DAY = datetime(2026, 11, 25, 10, tzinfo=UTC), timedelta(days=1)
P75 = Threshold("percentile", 75, 10)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("pruning"))
    made.service.clock = lambda: NOW  # type: ignore[method-assign]
    yield made
    made.bench.close()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), max_size=12), st.integers(1, 5), st.integers(0, 4))
def test_at_any_moment_what_is_kept_has_no_gap_and_holds_what_is_due(
    desk: Desk, messages: list[tuple[int, bool]], most: int, times: int
) -> None:
    endpoint_id = desk.follow()
    ages = sorted((age for age, _ in messages), reverse=True)
    due = {seq for seq, (_, is_due) in enumerate(messages, 1) if is_due}

    def fill(tx: Any) -> None:
        match = Match(endpoint_id, ())
        lines = [notices.test("org-a", endpoint_id, f"{endpoint_id}/{n}", signed=True) for n in range(len(ages))]
        line_store.put(tx, [line_store.line(line, match) for line in lines])
        for seq, age in enumerate(ages, 1):
            mine = (store.delivery.c.endpoint_id == endpoint_id) & (store.delivery.c.seq == seq)
            planned = store.instant(NOW + DAY) if seq in due else ""
            values = {"created_at": store.instant(NOW - age * DAY), "next_attempt_at": planned}
            tx.connection.execute(sa.update(store.delivery).where(mine).values(values))

    desk.service.transact(fill, cause="test")
    last, over = len(ages), [n for n, age in enumerate(ages, 1) if age > 90]
    for _ in range(times):
        forgotten = desk.service.transact(lambda tx: delivery_store.prune(tx, NOW - 90 * DAY, most), cause="test")
        kept, first = desk.service.database.read(lambda c: (_numbers(c, endpoint_id), _first(c, endpoint_id)))
        assert forgotten <= most
        assert kept == list(range(first, last + 1))
        assert due | (set(range(1, last + 1)) - set(over)) <= set(kept)
    while desk.service.transact(lambda tx: delivery_store.prune(tx, NOW - 90 * DAY, most), cause="test"):
        pass
    kept = desk.service.database.read(lambda c: _numbers(c, endpoint_id))
    assert last - len(kept) == len(list(itertools.takewhile(lambda n: n not in due, over)))


def _numbers(connection: Any, endpoint_id: str) -> list[int]:
    return [row.seq for row in delivery_store.of_endpoint(connection, endpoint_id, after=0, most=100)]


def _first(connection: Any, endpoint_id: str) -> int:
    chosen = sa.select(store.endpoint).where(store.endpoint.c.endpoint_id == endpoint_id)
    return delivery_store.first_kept(connection, connection.execute(chosen).one())


Step = tuple[int, int, int, bool, bool, bool]  # hours on, quarters before and after, covered, clear, then forgetting
STEP = st.tuples(st.integers(1, 40), st.integers(1, 4), st.integers(1, 4), st.booleans(), st.booleans(), st.booleans())


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=2, max_size=7))
def test_looks_forgotten_at_any_moment_leave_what_is_told_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, history: list[Step]
) -> None:
    told = [outcome(tmp_path_factory.mktemp("looks"), history, forgetting=forgetting) for forgetting in (False, True)]

    assert told[0] == told[1]


def outcome(folder: Path, history: Sequence[Step], *, forgetting: bool, **given: Any) -> list[Any]:
    """What followers are told of a unit, step by step; in the end all of it is forgotten."""
    desk, time = Desk(folder, **given), NOW
    ends = [desk.follow(QUARTILE), desk.follow(QUARTILE, threshold=P75), desk.follow(QUARTILE, preset="leader")]
    steps = [*history, *((24 * 40, 0, 0, True, True, True),) * 2]  # and then nothing for long
    for vintage, (hours, before, after, covered, clear, forget) in enumerate(steps, 1):
        time += timedelta(hours=hours)
        desk.service.clock = lambda now=time: now  # type: ignore[method-assign, misc]
        if after:
            event = crossing(vintage, before, after)
            event.surroundings[0].reported = 60 if covered else 20
            event.surroundings[0].to_quartile_e9 = 10**9 if clear else 0
            desk.deliver((f"e{vintage}", event))
        desk.judge()
        if forget and forgetting:
            desk.service.transact(_forget, cause="test")
    left = desk.service.database.read(lambda c: look_store.old(c, store.instant(time), (), 9))
    assert not (forgetting and left)
    told = [[(one["data"]["event_id"], one["data"]["words"]) for one in desk.told(e)] for e in ends]
    assert desk.service.transact(Pruning(desk.service, -1).step, cause="test") == 0  # nobody has sent them yet
    over = sa.update(store.delivery).values(next_attempt_at="")
    desk.service.transact(lambda tx: tx.connection.execute(over), cause="test")
    while desk.service.transact(Pruning(desk.service, -1).step, cause="test"):
        pass
    assert [desk.told(e) for e in ends] == [[], [], []]
    desk.bench.close()
    return told


def _forget(tx: Any) -> None:
    """All that may go, however new."""
    cutoff = tx.now + timedelta(seconds=1)
    looks = look_store.old(tx.connection, store.instant(cutoff), (), 99)
    judging.fold(tx, list(dict.fromkeys(place[1:] for place in looks)), cutoff)


def test_looks_are_gone_through_in_small_steps(desk: Desk) -> None:
    desk.follow(QUARTILE)
    desk.deliver(*((f"u{n}", crossing(1, 2, 3, unit=f"u{n}")) for n in range(5)))
    seen = desk.service.database.read(lambda c: look_store.old(c, store.instant(NOW + DAY), (), 3))
    more = desk.service.database.read(lambda c: look_store.old(c, store.instant(NOW + DAY), seen[-1], 3))

    assert [place[2] for place in [*seen, *more]] == [f"u{n}" for n in range(5)]


async def test_a_reader_is_told_from_where_there_is_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pruning, "FIRST_SECONDS", 0)
    monkeypatch.setattr(pruning, "EVERY_SECONDS", 0.05)
    async with running.running(tmp_path) as notify:
        endpoint_id, _ = await notify.endpoint()
        for number in range(3):
            await notify.deliver("submission-assessed", assessed(submission=f"s-{number}"))
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        _in_days(notify, 100)
        for number in range(3, 5):
            await notify.deliver("submission-assessed", assessed(submission=f"s-{number}"))
        await until(lambda: _begins_at(notify, endpoint_id, 4))

        asked = api.ListEventsRequest(endpoint_id=endpoint_id)
        whole = await notify.call("ListEvents", asked)
        behind = await _refused(notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id, after_seq=2)))
        again = api.RedeliverRequest(endpoint_id=endpoint_id, from_seq=3)
        asked_again = await _refused(notify.call("Redeliver", again))
        at_the_edge = await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id, after_seq=3))
        terminal = Terminal(notify, monkeypatch, capsys)
        await terminal.prepare()
        code, out, err = await terminal.type("events", endpoint_id)
        await until(lambda: notify.ended(endpoint_id, DELIVERED))  # before the days pass: then they are soon gone
        _in_days(notify, 300)
        await until(lambda: _begins_at(notify, endpoint_id, 6))
        nothing = await notify.call("ListEvents", asked)

    assert [e.seq for e in whole.events] == [e.seq for e in at_the_edge.events] == [4, 5]
    assert (whole.first_seq, whole.last_seq) == (4, 5)
    for status, refused, words in (behind, asked_again):
        assert (status, refused) == ("OUT_OF_RANGE", "NT-4054")
        assert "no. 4" in words["en"]
    lines = [json.loads(line)["seq"] for line in out.splitlines() if line.startswith('{"id"')]
    assert (code, lines) == (0, [4, 5])
    assert "Messages up to no. 3 are no longer kept." in err
    assert "2 messages up to no. 5: none is missing." in err
    assert (list(nothing.events), nothing.first_seq, nothing.last_seq) == ([], 6, 5)


async def _begins_at(notify: Notify, endpoint_id: str, number: int) -> bool:
    found = await notify.call("ListEvents", api.ListEventsRequest(endpoint_id=endpoint_id))
    return bool(found.first_seq == number)


async def test_a_mail_that_is_forgotten_can_still_be_stopped(tmp_path: Path) -> None:
    async with running.running(tmp_path, mail_outbox_dir=tmp_path / "outbox", receipt_wait_seconds=60) as notify:
        running.at(notify, NOW.isoformat())
        made = await notify.call("CreateEndpoint", api.CreateEndpointRequest(channel=MAIL, url="mailto:a@example.com"))
        endpoint_id = made.endpoint.endpoint_id
        for kind in (RECEIPT, QUARTILE):
            await notify.subscribe(endpoint_id, kind=int(kind))
        event = by_file(assessed())
        event.figures[1].verdict = event.figures[0].verdict  # it lands nowhere, so nothing is waited for
        await notify.deliver("submission-assessed", event)
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        link = _link(tmp_path)
        before = await _counts(notify)
        _in_days(notify, 100)
        await _prune(notify)
        after = await _counts(notify)

        shown = await _http("GET", link)
        stopped = await _http("POST", link, data=ONE_CLICK)
        left = (await notify.call("ListSubscriptions", api.ListSubscriptionsRequest())).subscriptions
        _in_days(notify, 100 + 731)
        await _prune(notify)
        outlived = await _http("POST", link, data=ONE_CLICK)

    assert (before, after) == ((1, 1, 1, 0), (0, 0, 0, 1))
    assert "Afdeling H4567" in shown[1]
    assert "Stop netop denne besked" in shown[1]
    assert (stopped[0], [list(s.kinds) for s in left]) == (200, [[QUARTILE]])
    assert outlived[0] == 404


async def _counts(notify: Notify) -> tuple[int, ...]:
    """Deliveries, messages that gathered, halves of receipts, links of forgotten mails."""
    tables = (store.delivery, mail_store.gathered, meeting_store.meeting, mail_store.mail_link)
    counted = [sa.select(sa.func.count()).select_from(table) for table in tables]
    return await notify.service.read(lambda c: tuple(int(c.execute(one).scalar() or 0) for one in counted))


async def _prune(notify: Notify) -> None:
    forgetting = Pruning(notify.service, 90)
    while await notify.service.write(forgetting.step):
        pass


def _in_days(notify: Notify, days: int) -> None:
    ahead = notify.service.clock() + timedelta(days=days) - datetime.now(UTC)
    notify.service.clock = lambda: datetime.now(UTC) + ahead  # type: ignore[method-assign]
