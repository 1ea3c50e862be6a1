"""One thread that does what it is given, in order, and hands back what came of it."""

import asyncio
import contextvars
import threading

import pytest

from services.chassis.lane import Lane

who = contextvars.ContextVar("who", default="nobody")


async def test_work_is_done_in_order_in_one_thread_with_the_caller_s_context() -> None:
    lane, done = Lane("test"), list[int]()
    who.set("caller")

    answers = await asyncio.gather(*(lane.done(lambda n=n: (done.append(n), who.get())[1]) for n in range(5)))  # type: ignore[misc]
    threads = {lane.do(threading.get_ident), await lane.done(threading.get_ident)}

    assert (done, answers) == ([0, 1, 2, 3, 4], ["caller"] * 5)
    assert len(threads - {threading.get_ident()}) == len(threads) == 1
    lane.close()


async def test_what_is_raised_is_met_by_whoever_waits_and_the_next_is_done() -> None:
    lane = Lane("test")
    with pytest.raises(ZeroDivisionError):
        await lane.done(lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        await asyncio.to_thread(lane.do, lambda: 1 // 0)
    assert lane.do(lambda: 1) == 1
    lane.close()


async def test_a_caller_who_has_gone_disturbs_nobody() -> None:
    lane, hold = Lane("test"), threading.Event()
    waiting = asyncio.create_task(lane.done(hold.wait))
    await asyncio.sleep(0)
    waiting.cancel()
    hold.set()
    assert await lane.done(lambda: 2) == 2
    lane.close()
