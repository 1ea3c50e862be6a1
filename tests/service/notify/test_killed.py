"""Killed at each of its steps, notify loses nothing and sends a message at most once more per kill, under the same id."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from services.cli.processes import Process
from services.notify import delivering, line_store, signing, store, subscription_store
from services.notify.endpoint_store import add, add_key
from services.notify.matching import Subscription
from services.notify.sealing import Seal
from tests.service.notify import receiver, running
from tests.service.notify.receiver import Got, receiving, status, until
from tests.service.notify.running import DELIVERED, WEBHOOK, Notify, assessed

SHORT: dict[str, Any] = {"webhook_timeout_seconds": 1.5, "delivery_lease_seconds": 0.1, "circuit_seconds": ()}
PLAN = [0, *[0.1] * 30]  # a busy machine may well be late once or twice


class Died(SystemError):
    """Here the process ended."""


def _dies(before: Callable[..., Any] | None) -> Callable[..., Any]:
    """A step that is done, or not even begun, when the process dies."""

    def step(*given: Any, **named: Any) -> Any:
        if before is not None:
            before(*given, **named)
        raise Died

    return step


STEPS: dict[str, tuple[Any, str, bool]] = {  # where it dies, and whether the step was done
    "putting in line, before the commit": (line_store, "plan", True),
    "taken in hand and not begun": (delivering.Deliveries, "_begin", False),
    "answered and not recorded": (delivering.Deliveries, "_record", False),
    "recorded, before the commit": (delivering.Deliveries, "_record", True),
    "in mid of taking in hand": (store, "lease", True),
}


@pytest.mark.parametrize("step", STEPS)
async def test_killed_at_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    place, name, done = STEPS[step]
    whole = getattr(place, name)
    async with receiving() as hook:
        async with running.running(tmp_path, **SHORT) as notify:
            endpoint_id, secret = await notify.endpoint(hook.url)
            monkeypatch.setattr(place, name, _dies(whole if done else None))
            if place is line_store:
                with pytest.raises(Died):
                    await notify.deliver("submission-assessed", assessed(), id="ev-1")
            else:
                await notify.deliver("submission-assessed", assessed(), id="ev-1")
                if name == "_record":
                    await until(lambda: hook.got)
        monkeypatch.setattr(place, name, whole)
        async with running.running(tmp_path, **SHORT) as notify:
            await notify.deliver("submission-assessed", assessed(), id="ev-1")  # as Kafka hands it out again
            [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))
            told = [t.message for t in await notify.announced()]

    assert {g.id for g in hook.got} == {delivery.notification_id}
    assert 1 <= len(hook.got) <= 2
    assert all(g.verified(secret)["data"]["seq"] == 1 for g in hook.got)
    assert [t.outcome for t in told] == [DELIVERED]  # type: ignore[union-attr]


async def test_killed_while_a_receiver_thinks(tmp_path: Path) -> None:
    async with receiving(receiver.hang, status(204)) as hook:
        async with running.running(tmp_path, **SHORT) as notify:
            endpoint_id, _ = await notify.endpoint(hook.url)
            await notify.deliver("submission-assessed", assessed())
            await until(lambda: hook.got)
        async with running.running(tmp_path, **SHORT) as notify:
            [delivery] = await until(lambda: notify.ended(endpoint_id, DELIVERED))

    assert [g.id for g in hook.got] == [delivery.notification_id] * 2


class Killer:
    """Kills the process that sends to it, at a request of its choice: before it answers, or once it has."""

    def __init__(self, process: Process) -> None:
        self.process, self.got, self.plan = process, list[Got](), list[tuple[int, bool]]()
        self.killed = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Got(headers, (await request.read()).decode()))
        response = web.Response(status=204)
        if self.plan and len(self.got) >= self.plan[0][0]:
            _, answered = self.plan.pop(0)
            if answered:
                await response.prepare(request)
                await response.write_eof()
            await asyncio.to_thread(self.process.kill)
            self.killed.set()
        return response


async def test_kill_9_of_the_process_again_and_again(tmp_path: Path) -> None:
    messages, secret = 12, "whsec_" + "A" * 44
    given = {"kafka": "127.0.0.1:1", "database": f"sqlite:///{tmp_path}/notify.db", "log_channel_dir": str(tmp_path)}
    given |= {
        "allow_private_addresses": "true",
        "allow_http": "true",
        "secrets_key_file": str(tmp_path / "secrets.key"),
    }
    given |= {name: json.dumps(value) for name, value in SHORT.items()}
    given |= {"retry_seconds": json.dumps(PLAN), "log_format": "console"}
    process = Process("notify", given, tmp_path)
    killer = Killer(process)
    app = web.Application()
    app.router.add_post("/hook", killer.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    notify = Notify(running.settings(tmp_path, **SHORT))
    _seed(notify, f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret, messages, tmp_path)

    killer.plan = [(1, False), (4, True), (8, False)]
    kills = len(killer.plan)
    try:
        for _ in range(kills):
            killer.killed.clear()
            await asyncio.to_thread(process.start)
            await asyncio.wait_for(killer.killed.wait(), 120)
        await asyncio.to_thread(process.start)
        await until(lambda: _all_delivered(notify, messages), 120)
    finally:
        await asyncio.to_thread(process.stop)
        await runner.cleanup()
    notify.bench.close()

    counts = Counter(json.loads(g.body)["data"]["seq"] for g in killer.got)
    assert set(counts) == set(range(1, messages + 1))  # nothing is missing
    assert len({g.id for g in killer.got}) == messages  # duplicates carry the same id
    assert max(counts.values()) <= 1 + kills
    assert sum(counts.values()) - messages <= kills * 4  # what was under way at one endpoint, once more each
    assert all(g.verified(secret) for g in killer.got)


def _seed(notify: Notify, url: str, secret: str, messages: int, folder: Path) -> None:
    seal, place = Seal(folder / "secrets.key"), {"endpoint_id": "ep-1", "organisation_id": "org-a"}

    def keep(tx: Any) -> None:
        add(tx, **place, channel=WEBHOOK, url=url)
        add_key(tx, "ep-1", 1, signing.SigningKey(secret), seal.close(secret), tx.now)
        subscription_store.add(tx, "org-a", Subscription("su-1", "ep-1"))

    notify.service.transact(keep, cause="test")
    notify.bench.deliver("submission-assessed", [assessed(submission=f"s-{n}") for n in range(messages)])


def _all_delivered(notify: Notify, messages: int) -> bool:
    rows = notify.service.database.read(lambda c: c.execute(store.delivery.select()).all())
    return len(rows) == messages and all(r.outcome == DELIVERED for r in rows)
