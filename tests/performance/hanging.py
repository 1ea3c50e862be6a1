"""What receivers that hang cost those that answer: 1,000 endpoints, 100 of which hang, against 1,000 that all answer.

Run by hand: python -m tests.performance.hanging. Prints, for endpoints that answer, the time from an event's transaction to
its request at the receiver, which is a process of its own. Two ways to hang: from the beginning, and after answering well.
"""

import argparse
import asyncio
import itertools
import json
import logging
import multiprocessing
import tempfile
import time
import uuid
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from aiohttp import web
from noegletal.v1 import notification_pb2

from services.chassis import logs
from services.notify import signing, store, subscription_store
from services.notify.endpoint_store import add, add_key
from services.notify.matching import Subscription
from services.notify.sealing import Seal
from tests.service.notify.receiver import until
from tests.service.notify.running import Notify, assessed, settings

SECRET = "whsec_" + "A" * 44


def receive(pipe: Connection) -> None:
    """A receiver: /answer/N answers at once, /hang/N never, /later/N hangs once told to. Notes when each N was first met."""

    async def run() -> None:
        got: dict[str, float] = {}
        hanging, turned = asyncio.Event(), asyncio.Event()

        async def take(request: web.Request) -> web.StreamResponse:
            kind = request.match_info["kind"]
            got.setdefault(request.headers["webhook-id"], time.monotonic())
            if kind == "hang" or (kind == "later" and turned.is_set()):
                await hanging.wait()
            return web.Response(status=204)

        app = web.Application()
        app.router.add_post("/{kind}/{number}", take)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.01)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, backlog=4096).start()
        pipe.send(runner.addresses[0][1])
        while (asked := await asyncio.to_thread(pipe.recv)) != "stop":
            turned.set() if asked == "turn" else turned.clear() if asked == "anew" else None
            pipe.send(got)
        await runner.cleanup()

    asyncio.run(run())


async def measure(kinds: list[str], port: int, pipe: Any, *, rate: float, seconds: float) -> list[float]:
    """Seconds from transaction to request, of the endpoints that answer."""
    with tempfile.TemporaryDirectory(prefix="hanging-") as folder:
        given = {"webhook_timeout_seconds": 15, "delivery_lease_seconds": 15}
        notify = Notify(settings(Path(folder), retry_seconds=(0, 5, 300, 1800), **given))
        await notify.service.database.in_thread(lambda: _seed(notify, kinds, port, Path(folder)))
        await notify.service.start()
        await _tell(notify, [f"org-{n}" for n, kind in enumerate(kinds) if kind != "hang"])
        await until(lambda: _quiet(notify), 300)
        pipe.send("turn")
        pipe.recv()
        began, due = time.monotonic(), {}
        turns = itertools.cycle([n * 7919 % len(kinds) for n in range(len(kinds))])  # in no order that means anything
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            which, event_id = next(turns), str(uuid.uuid4())
            at = time.monotonic()
            await notify.deliver("submission-assessed", assessed(f"org-{which}"), id=event_id)
            if kinds[which] == "answer":
                due[str(uuid.uuid5(uuid.NAMESPACE_URL, f"noegletal:notification/{event_id}/ep-{which}"))] = at
        late: list[float] = []

        def all_there() -> bool:
            pipe.send("look")
            got = pipe.recv()
            late[:] = [got[n] - at for n, at in due.items() if n in got]
            return len(late) == len(due)

        await until(all_there, 300)
        await notify.service.stop()
    return sorted(late)


async def _quiet(notify: Notify) -> bool:
    now = notify.service.clock()
    return not (await notify.service.read(lambda c: store.waiting(c, now)))["planned"]


async def _tell(notify: Notify, organisations: list[str]) -> None:
    messages = [assessed(organisation) for organisation in organisations]
    await notify.service.database.in_thread(lambda: notify.bench.deliver("submission-assessed", messages))


def _seed(notify: Notify, kinds: list[str], port: int, folder: Path) -> None:
    seal = Seal(folder / "secrets.key")

    def keep(tx: Any) -> None:
        for number, kind in enumerate(kinds):
            place = {"endpoint_id": f"ep-{number}", "organisation_id": f"org-{number}"}
            url = f"http://127.0.0.1:{port}/{kind}/{number}"
            add(tx, **place, channel=notification_pb2.CHANNEL_WEBHOOK, url=url)
            add_key(tx, f"ep-{number}", signing.HMAC_SHA256, signing.SigningKey(SECRET), seal.close(SECRET), tx.now)
            subscription_store.add(tx, f"org-{number}", Subscription(f"su-{number}", f"ep-{number}"))

    notify.service.transact(keep, cause="test")


def _at(late: list[float], share: float) -> float:
    return 1000 * late[min(len(late) - 1, int(share * len(late)))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--endpoints", type=int, default=1000)
    parser.add_argument("--hanging", type=int, default=100)
    parser.add_argument("--rate", type=float, default=50, help="events a second")
    parser.add_argument("--seconds", type=float, default=30)
    asked = parser.parse_args()
    logs.configure("json", "error")
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    receiver = multiprocessing.get_context("fork").Process(target=receive, args=(theirs,), daemon=True)
    receiver.start()
    port, every = ours.recv(), max(1, asked.endpoints // max(1, asked.hanging))
    first = 0.0
    for name in ("answer", "hang", "later", "answer"):
        ours.send("anew")
        ours.recv()
        kinds = [name if n % every == 0 else "answer" for n in range(asked.endpoints)]
        late = asyncio.run(measure(kinds, port, ours, rate=asked.rate, seconds=asked.seconds))
        p50, p99 = _at(late, 0.5), _at(late, 0.99)
        first = first or p99
        said = {"endpoints": asked.endpoints, "of them": f"{asked.hanging} {name}", "messages": len(late)}
        said |= {"p50 ms": round(p50, 1), "p99 ms": round(p99, 1), "p99 to the first": round(p99 / first, 2)}
        print(json.dumps(said), flush=True)
    ours.send("stop")
    receiver.join(10)


if __name__ == "__main__":
    main()
