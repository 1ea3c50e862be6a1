"""Submitting by gRPC over a real server: receipts, refusals, streams, and who may do what."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import grpc
import pytest
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.ingest import store
from tests.service.ingest.conftest import Running, refused, register, submission

MANY = 2000


def _submit(running: Running, key: Any, **changes: Any) -> Any:
    return running.submissions.Submit(api.SubmitRequest(submission=submission(**changes)), metadata=key, timeout=10)


async def _requests(sent: Iterable[pb.Submission]) -> AsyncIterator[api.SubmitStreamRequest]:
    for one in sent:
        yield api.SubmitStreamRequest(submission=one)


def _lines(running: Running) -> Any:
    return running.service.read(lambda c: len(c.execute(store.submission_log.select()).all()))


async def test_a_receipt_is_found_again_and_a_repeat_gets_the_same(running: Running) -> None:
    key = await running.key("org-a")

    first = (await _submit(running, key)).receipt
    again = (await _submit(running, key, organisation_id="org-a")).receipt
    found = await running.submissions.GetReceipt(api.GetReceiptRequest(submission_id="s1"), metadata=key, timeout=10)

    assert again == first == found.receipt
    assert (first.sequence, first.revision, first.door, first.outcome) == (1, 1, pb.DOOR_GRPC, 1)
    assert await _lines(running) == 1


@pytest.mark.parametrize(
    ("before", "changes", "status", "code"),
    [
        ({"revision": 3}, {"submission_id": "s2", "revision": 3}, grpc.StatusCode.FAILED_PRECONDITION, "NT-1005"),
        ({}, {"submission_id": "s2", "unit_id": "L9"}, grpc.StatusCode.FAILED_PRECONDITION, "NT-1006"),
        ({}, {"comment": "other"}, grpc.StatusCode.ALREADY_EXISTS, "NT-1007"),
        ({}, {"submission_id": "a b"}, grpc.StatusCode.INVALID_ARGUMENT, "NT-1008"),
        ({}, {"submission_id": "x" * 300_000, "unit_id": "y" * 300_000}, grpc.StatusCode.INVALID_ARGUMENT, "NT-1008"),
    ],
)
async def test_a_refusal_has_code_and_receipt_and_is_kept(
    running: Running, before: Any, changes: Any, status: grpc.StatusCode, code: str
) -> None:
    key = await running.key("org-a")
    await _submit(running, key, **before)

    first = await refused(_submit(running, key, **changes))
    again = await refused(_submit(running, key, **changes))

    assert first[:2] == (status, code)
    assert first == again
    assert first[2]["receipt_id"]
    assert await _lines(running) == 2


async def test_an_unknown_receipt(running: Running) -> None:
    key = await running.key("org-a")
    for name in ("nothing", "x" * 100_000):
        asked = api.GetReceiptRequest(submission_id=name)
        answer = await refused(running.submissions.GetReceipt(asked, metadata=key, timeout=10))
        assert answer[:2] == (grpc.StatusCode.NOT_FOUND, "NT-1011")


async def test_a_withdrawal_is_the_next_revision(running: Running) -> None:
    key = await running.key("org-a")
    await _submit(running, key)
    s = submission()
    asked = api.WithdrawRequest(
        submission_id="w1",
        unit_id=s.unit_id,
        scheme=s.scheme,
        period_start=s.period_start,
        period_end=s.period_end,
        reason="Solgt",
    )

    answer = await running.submissions.Withdraw(asked, metadata=key, timeout=10)

    assert (answer.receipt.revision, answer.receipt.outcome) == (2, pb.RECEIPT_OUTCOME_ACCEPTED)


async def test_keys_reach_their_own_organisation_only(running: Running) -> None:
    register_b = lambda: register(running.service, "B1", organisation="org-b")  # noqa: E731
    await running.service.database.in_thread(register_b)
    ours, theirs = await running.key("org-a"), await running.key("org-b")
    operator, reader = await running.key(role=pb.ROLE_OPERATOR), await running.key(role=pb.ROLE_READER)
    await _submit(running, ours)

    assert (await refused(_submit(running, theirs, organisation_id="org-a")))[:2] == (
        grpc.StatusCode.PERMISSION_DENIED,
        "NT-1002",
    )
    assert (await refused(_submit(running, reader)))[1] == "NT-1002"
    assert (await refused(_submit(running, operator)))[1] == "NT-1002"
    asked = api.GetReceiptRequest(submission_id="s1")
    assert (await refused(running.submissions.GetReceipt(asked, metadata=theirs, timeout=10)))[1] == "NT-1011"
    for_b = await _submit(running, operator, organisation_id="org-b", unit_id="B1", submission_id="s2")
    assert for_b.receipt.organisation_id == "org-b"
    assert (await refused(_submit(running, [("authorization", "Bearer a.b")])))[0] is grpc.StatusCode.UNAUTHENTICATED


async def test_no_deadline_and_too_large_are_refused_and_leave_nothing(running: Running) -> None:
    key = await running.key("org-a")

    call = running.submissions.Submit(api.SubmitRequest(submission=submission()), metadata=key)
    assert (await refused(call))[:2] == (grpc.StatusCode.INVALID_ARGUMENT, "NT-1003")
    assert (await refused(_submit(running, key, comment="x" * 1_100_000)))[0] is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert await _lines(running) == 0


async def test_many_in_flight_are_answered_in_order_and_refusals_end_nothing(running: Running) -> None:
    key = await running.key("org-a")
    units = [f"U{n}" for n in range(MANY)]
    await running.service.database.in_thread(lambda: register(running.service, *units))
    amounts = [pb.Amount(data_point=f"BS{n:02}.numerator", value=1000 + n) for n in range(16)]
    sent = [submission(submission_id=f"m{n}", unit_id=u, amounts=amounts) for n, u in enumerate(units)]
    for n in range(0, MANY, 100):
        sent[n].unit_id = "L9"

    began = time.perf_counter()
    answers = [a async for a in running.submissions.SubmitStream(_requests(sent), metadata=key, timeout=60)]
    seconds = time.perf_counter() - began

    print(f"\nSubmitStream, SQLite WAL and synchronous FULL: {MANY / seconds:,.0f} submissions/s of 16 amounts")
    assert [a.receipt.submission_id for a in answers] == [s.submission_id for s in sent]
    assert {n for n, a in enumerate(answers) if a.receipt.code == "NT-1006"} == set(range(0, MANY, 100))
    assert all(bool(a.message_da and a.message_en) is bool(a.receipt.code) for a in answers)
    assert [a.receipt.sequence for a in answers] == list(range(1, MANY + 1))
    assert await running.service.read(store.first_broken_line) is None


async def test_many_in_one_message_are_answered_in_one_and_none_is_taken_where_one_is_not_the_caller_s(
    running: Running,
) -> None:
    key = await running.key("org-a")
    first, *more = [submission(submission_id=f"m{n}", unit_id="L1" if n % 2 else "L9") for n in range(5)]
    ours = api.SubmitStreamRequest(submission=first, more=more)
    theirs = api.SubmitStreamRequest(
        submission=submission(submission_id="a"), more=[submission(organisation_id="org-b")]
    )
    stream = running.submissions.SubmitStream(iter([ours, theirs]), metadata=key, timeout=10)

    answer = await stream.read()
    assert [a.receipt.submission_id for a in (answer, *answer.more)] == ["m0", "m1", "m2", "m3", "m4"]
    assert [a.receipt.code for a in (answer, *answer.more)] == ["NT-1006", "", "NT-1006", "", "NT-1006"]
    assert (await refused(stream.read()))[:2] == (grpc.StatusCode.PERMISSION_DENIED, "NT-1002")
    assert await _lines(running) == 5


async def test_a_foreign_organisation_ends_the_stream_after_the_answers_before_it(running: Running) -> None:
    key = await running.key("org-a")
    sent = [submission(), submission(organisation_id="org-b", submission_id="s2"), submission(submission_id="s3")]
    stream = running.submissions.SubmitStream(_requests(sent), metadata=key, timeout=10)

    assert (await stream.read()).receipt.submission_id == "s1"
    assert (await refused(stream.read()))[:2] == (grpc.StatusCode.PERMISSION_DENIED, "NT-1002")
    assert await _lines(running) == 1


async def test_a_revoked_key_ends_its_streams(running: Running) -> None:
    key = await running.key("org-a")
    stream = running.submissions.SubmitStream(metadata=key)
    await stream.write(api.SubmitStreamRequest(submission=submission()))
    assert (await stream.read()).receipt.revision == 1
    granted = running.service.keys.granted(key[0][1].removeprefix("Bearer ").partition(".")[0])
    assert granted is not None
    granted.revoked = True
    await running.service.write(lambda tx: running.service.keys.announce(tx, granted))

    await stream.write(api.SubmitStreamRequest(submission=submission(submission_id="s2")))

    assert (await refused(stream.read()))[:2] == (grpc.StatusCode.UNAUTHENTICATED, "NT-1001")
    assert await _lines(running) == 1


async def test_a_stream_that_is_broken_off_while_full_leaves_nothing_running(running: Running) -> None:
    key, written, slow = await running.key("org-a"), 0, threading.Event()

    async def endless() -> AsyncIterator[api.SubmitStreamRequest]:
        nonlocal written
        while True:
            written += 1
            yield api.SubmitStreamRequest(submission=submission(submission_id=f"c{written}"))

    def readers() -> list[asyncio.Task[Any]]:
        named = ((task, getattr(task.get_coro(), "__qualname__", "")) for task in asyncio.all_tasks())
        return [task for task, name in named if name.startswith("SubmissionService.SubmitStream")]

    held_up = asyncio.create_task(running.service.database.in_thread(lambda: slow.wait(60)))
    stream = running.submissions.SubmitStream(endless(), metadata=key, timeout=60)
    async with asyncio.timeout(20):
        last = -1
        while not readers() or written == 0 or written != last:  # until the server takes no more
            last = written
            await asyncio.sleep(0.3)
    reading = readers()
    stream.cancel()
    slow.set()
    await held_up

    _, stuck = await asyncio.wait(reading, timeout=10)
    assert not stuck
    assert written > 1000


async def test_the_same_submission_at_once_from_many_callers_is_one_line(running: Running) -> None:
    key = await running.key("org-a")

    answers = await asyncio.gather(*(_submit(running, key) for _ in range(50)))

    assert len({a.receipt.SerializeToString(deterministic=True) for a in answers}) == 1
    assert await _lines(running) == 1


async def test_revisions_given_at_once_are_all_different(running: Running) -> None:
    key = await running.key("org-a")

    answers = await asyncio.gather(*(_submit(running, key, submission_id=f"r{n}") for n in range(50)))

    assert sorted(a.receipt.revision for a in answers) == list(range(1, 51))


async def test_a_hopeless_submission_does_not_disturb_those_it_shares_a_commit_with(running: Running) -> None:
    key = await running.key("org-a")
    hopeless = [{"revision": 2**32 - 1}, {"submission_id": "a\x00b"}, {"submission_id": "x" * 200}]
    for _ in range(2):
        calls = [_submit(running, key, **changes) for changes in hopeless]
        good = _submit(running, key, submission_id="good", unit_id="L2")
        assert (await good).receipt.revision == 1
        for call in calls:
            assert (await refused(call))[1] == "NT-1008"


async def test_a_full_outbox_refuses_instead_of_promising(start: Callable[..., Any]) -> None:
    running = await start(outbox_limit=1)
    key = await running.key("org-a")
    running.service._relay.pending = 1

    assert (await refused(_submit(running, key)))[:2] == (grpc.StatusCode.RESOURCE_EXHAUSTED, "NT-1010")
