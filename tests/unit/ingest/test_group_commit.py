"""Group commit: what gathers during one commit goes into the next; everybody gets their own answer."""

import asyncio
from collections.abc import Sequence

import pytest

from services.ingest.group_commit import GroupCommit, Overloaded


class Disk:
    """Commits when it is let, and remembers the batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.let = asyncio.Event()

    async def commit(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.let.wait()
        if 13 in items:
            raise OSError("disk gone")
        return [10 * item for item in items]


async def _run(commits: GroupCommit[int, int]) -> asyncio.Task[None]:
    return asyncio.create_task(commits.run())


async def test_what_gathers_meanwhile_goes_together_and_never_more_than_the_limit() -> None:
    disk = Disk()
    commits = GroupCommit(disk.commit, at_once=3, waiting=100)
    running = await _run(commits)
    first = commits.put([1])
    while not disk.batches:
        await asyncio.sleep(0)
    rest = [commits.put([n]) for n in (2, 3, 4, 5)]
    disk.let.set()

    assert await asyncio.gather(first, *rest) == [[10], [20], [30], [40], [50]]
    assert disk.batches == [[1], [2, 3, 4], [5]]
    running.cancel()


async def test_what_was_put_together_stays_together_and_is_answered_in_order() -> None:
    disk = Disk()
    disk.let.set()
    commits = GroupCommit(disk.commit, at_once=3, waiting=100)
    futures = [commits.put(some) for some in ([1, 2], [3, 4], [5], [6, 7, 8, 9])]
    running = await _run(commits)

    assert await asyncio.gather(*futures) == [[10, 20], [30, 40], [50], [60, 70, 80, 90]]
    assert disk.batches == [[1, 2], [3, 4, 5], [6, 7, 8, 9]]
    running.cancel()


async def test_a_failed_commit_fails_its_own_callers_only() -> None:
    disk = Disk()
    disk.let.set()
    commits = GroupCommit(disk.commit, at_once=2, waiting=100)
    futures = [commits.put([n]) for n in (13, 1, 2)]
    running = await _run(commits)

    outcomes = await asyncio.gather(*futures, return_exceptions=True)

    assert [type(o) for o in outcomes] == [OSError, OSError, list]
    running.cancel()


async def test_a_caller_who_has_gone_disturbs_nobody() -> None:
    disk = Disk()
    disk.let.set()
    commits = GroupCommit(disk.commit, at_once=10, waiting=100)
    gone, stays = commits.put([1]), commits.put([2])
    gone.cancel()
    running = await _run(commits)

    assert await stays == [20]
    assert disk.batches == [[1, 2]]
    running.cancel()


async def test_no_more_may_wait_than_the_limit() -> None:
    commits = GroupCommit(Disk().commit, at_once=10, waiting=2)
    commits.put([1, 2])

    with pytest.raises(Overloaded):
        commits.put([3])


async def test_few_that_follow_a_commit_wait_for_more_and_the_first_does_not() -> None:
    disk = Disk()
    disk.let.set()
    commits = GroupCommit(disk.commit, at_once=10, waiting=100, gather=0.05)
    running = await _run(commits)
    assert await commits.put([1]) == [10]
    second = commits.put([2])
    for _ in range(20):
        await asyncio.sleep(0)
    third = commits.put([3])

    assert await asyncio.gather(second, third) == [[20], [30]]
    assert disk.batches == [[1], [2, 3]]
    running.cancel()
