"""A slow receiver delays nobody else, and nobody gets everything at once."""

from pathlib import Path

from tests.service.notify import receiver, running
from tests.service.notify.receiver import Gate, receiving, status, until
from tests.service.notify.running import DELIVERED, assessed


async def test_receivers_that_hang_delay_nobody(tmp_path: Path) -> None:
    given = {"webhook_timeout_seconds": 300, "deliveries_in_flight": 20}
    async with running.running(tmp_path, **given) as notify, receiving(receiver.hang) as slow, receiving() as fast:
        healthy, _ = await notify.endpoint(fast.url, "org-healthy")
        await notify.deliver("submission-assessed", assessed("org-healthy", "first"))
        await until(lambda: notify.ended(healthy, DELIVERED, "org-healthy"))
        for number in range(50):
            await notify.endpoint(slow.url, f"org-{number}")
            await notify.deliver("submission-assessed", *(assessed(f"org-{number}", f"s-{n}") for n in range(3)))
        await until(lambda: len(slow.got) == 10)  # as many as may be under way at receivers that never answered

        more = [assessed("org-healthy", f"s-{n}") for n in range(20)]
        await notify.deliver("submission-assessed", *more)
        await until(lambda: len(fast.got) == 21)
        await until(lambda: notify.ended(healthy, DELIVERED, "org-healthy"))

    assert len(slow.got) == 10


async def test_one_endpoints_many_messages_go_a_few_at_a_time(tmp_path: Path) -> None:
    gate = Gate()
    answers = (status(204), gate.then(status(204)))
    async with running.running(tmp_path) as notify, receiving(*answers) as hook, receiving() as other:
        endpoint_id, _ = await notify.endpoint(hook.url)
        await notify.deliver("submission-assessed", assessed(submission="first"))
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        many = [assessed(submission=f"s-{n}") for n in range(40)]  # at once: what waits for a second is no longer quick
        await notify.service.database.in_thread(lambda: notify.bench.deliver("submission-assessed", many))
        await until(lambda: gate.waiting == 4)
        await notify.endpoint(other.url, "org-b")
        await notify.deliver("submission-assessed", assessed("org-b"))
        await until(lambda: other.got)  # so there were further turns
        assert gate.waiting == 4
        gate.open()
        await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert len(hook.got) == 41
