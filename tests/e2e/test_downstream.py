"""Downstream in five minutes: listen, trigger, replay and the example consumers, as a person starts them, on one installation."""

import asyncio
import json
import os
import re
import signal
import socket
import sys
import urllib.error
import urllib.request
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from noegletal.v1 import notification_pb2
from noegletal.v1 import subscription_service_pb2 as subscribe

from deploy import asyncapi
from services.cli.main import main
from tests.e2e.installed import Installed, client, installed

ROOT = Path(__file__).resolve().parents[2]
TOPIC, GROUP = "benchmark-updated", "my-service"
SECONDS = 60
DOCUMENT = json.loads(asyncapi.DOCUMENT.read_text())
Ended = tuple[int, str, str]


def _told(everything: Installed, **more: str) -> dict[str, str]:
    """What a person sets, or `up` has written down."""
    addresses = {f"NOEGLETAL_{n.upper()}": a for n, a in vars(everything.services.addresses).items()}
    return addresses | {"NOEGLETAL_KAFKA": everything.kafka.bootstrap, "NOEGLETAL_KEY": everything.key} | more


STARTED: list[Process] = []


@pytest.fixture(autouse=True)
async def _nothing_left_behind() -> AsyncIterator[None]:
    yield
    while STARTED:
        process = STARTED.pop()
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _start(words: Sequence[str], environment: dict[str, str]) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdout=PIPE, stderr=PIPE, cwd=ROOT, env=dict(os.environ) | environment
    )
    STARTED.append(process)
    return process


async def _ended(process: Process) -> Ended:
    async with asyncio.timeout(SECONDS):
        out, err = await process.communicate()
    assert b"Traceback" not in err, err.decode()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


class Terminal:
    """`noegletal` as its entry point runs it, in this process: what starts and ends by itself needs no other."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], told: dict[str, str]) -> None:
        self._patch, self._capture = patch, capture
        for name in [n for n in os.environ if n.startswith("NOEGLETAL_")]:
            patch.delenv(name)
        for name, value in told.items():
            patch.setenv(name, value)

    async def __call__(self, *words: str) -> Ended:
        self._patch.setattr(sys, "argv", ["noegletal", *words])
        self._capture.readouterr()
        with pytest.raises(SystemExit) as end:
            await asyncio.to_thread(main)
        out, err = self._capture.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, out, err


async def _example(everything: Installed, name: str, **more: str) -> list[str]:
    code, out, err = await _ended(await _start([f"deploy/examples/{name}.py"], _told(everything, **more)))
    assert code == 0, err
    return out.splitlines()


@asynccontextmanager
async def _webhook(everything: Installed) -> AsyncIterator[Process]:
    """The example receiver, and an endpoint that sends to it; it ends after its first message."""
    port = str(_free_port())
    async with client(everything) as operator:
        create = subscribe.CreateEndpointRequest(
            organisation_id="00AA", channel=notification_pb2.CHANNEL_WEBHOOK, url=f"http://127.0.0.1:{port}/"
        )
        made = await operator.call(operator.subscriptions.CreateEndpoint, create)
        wanted = subscribe.Subscription(organisation_id="00AA", endpoint_id=made.endpoint.endpoint_id)
        await operator.call(operator.subscriptions.Subscribe, subscribe.SubscribeRequest(subscription=wanted))
    told = _told(everything, WEBHOOK_SECRET=made.secret, PORT=port, EVENTS="1")
    receiver = await _start(["deploy/examples/webhook_receiver.py"], told)
    assert receiver.stdout is not None
    assert b"listening on" in await receiver.stdout.readline()
    forged = urllib.request.Request(f"http://127.0.0.1:{port}/", data=b'{"data": {"seq": 1}}', method="POST")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        await asyncio.to_thread(urllib.request.urlopen, forged, None, 20)
    yield receiver


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_downstream_in_five_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with installed() as everything, _webhook(everything) as receiver:
        noegletal = Terminal(monkeypatch, capsys, _told(everything))
        listening = await _start(
            ["-m", "services.cli.main", "listen", "--topic", TOPIC, "--from", "oldest", "--json"], _told(everything)
        )
        # an example through the real path, followed to the benchmark that holds it
        code, out, err = await noegletal("trigger", "--json")
        assert code == 0, err
        receipt, *steps = map(json.loads, out.splitlines())
        assert [s["topic"] for s in steps] == [
            "submission-received",
            "submission-assessed",
            "observations-accepted",
            TOPIC,
        ]
        declared = DOCUMENT["components"]["messages"]["BenchmarkUpdated"]["headers"]["properties"]
        assert set(declared) == {*steps[3]["headers"], "ce_id", "ce_type", "ce_time"}
        assert steps[0]["ce_id"] == receipt["receipt"]["receipt_id"]
        assert (steps[3]["message"]["scheme"], steps[3]["message"]["reported"]) == ("uk-tsm", 1)
        assert "unit 00AA is registered for 00AA" in err
        assert f"undo: noegletal undo {receipt['receipt']['submission_id']}" in err
        # refused: said with its finding, exit 1; da
        refused = await noegletal("trigger", "eighteen-months", "--lang", "da")
        assert (refused[0], "NT-2102" in refused[2], "allerede tilmeldt" in refused[2]) == (1, True, True), refused

        # what was listened to is what the trigger saw, and Ctrl-C ends with 130
        assert listening.stdout is not None
        heard = []
        async with asyncio.timeout(SECONDS):
            while not heard or heard[-1]["ce_id"] != steps[3]["ce_id"]:
                heard.append(json.loads(await listening.stdout.readline()))
        assert heard[-1] == steps[3]
        listening.send_signal(signal.SIGINT)
        assert (await _ended(listening))[0] == 130

        await _caught_up(everything, noegletal, tmp_path, heard)
        await _watched(everything, noegletal, tmp_path)
        code, out, err = await _ended(receiver)
        assert code == 0, err
        assert re.search(r"^new 1 \S+ noegletal\.\S+ missing \[\]$", out, re.M), out
        document = everything.services.processes["notify"].addresses["http"]
        with urllib.request.urlopen(f"http://{document}/asyncapi.json", timeout=20) as answer:
            assert json.load(answer) == DOCUMENT

        # Kafka goes away while one listens
        heard_no_more = asyncio.create_task(noegletal("listen", "--lang", "da"))
        await asyncio.to_thread(everything.services.stop)
        await asyncio.to_thread(everything.kafka.stop)
        code, _, err = await heard_no_more
        assert (code, "NT-9105 Ingen Kafka svarer" in err) == (3, True), err


async def _caught_up(everything: Installed, noegletal: Terminal, folder: Path, heard: list[dict[str, object]]) -> None:
    """Everything again from a time; a consumer uses it once; told to read again, its group does, and knows every repeat."""
    code, out, err = await noegletal("replay", "--topic", TOPIC, "--since", "2020-01-01", "--json")
    assert code == 0, err
    again = [json.loads(line) for line in out.splitlines()]
    assert [r for r in heard if r not in again] == []
    kept = {"KEPT": str(folder / "seen.db"), "EVENTS": str(len(again)), "GROUP": GROUP}
    first = await _example(everything, "kafka_consumer", **kept)
    ids = {r["ce_id"] for r in again}
    assert ({line.split()[0] for line in first}, {line.split()[1] for line in first}) == ({"new"}, ids)

    reset = ("replay", "--topic", TOPIC, "--offset", "0", "--reset-group", GROUP)
    dry = await noegletal(*reset, "--dry-run")
    assert (dry[0], "nothing was changed" in dry[2]) == (0, True), dry
    done = await noegletal(*reset)
    assert (done[0], done[1]) == (0, dry[1]), done  # what was shown is what was done: nothing had changed in between
    assert f"{TOPIC} {heard[-1]['partition']}: " in done[1]
    second = await _example(everything, "kafka_consumer", **kept)
    assert ({line.split()[0] for line in second}, {line.split()[1] for line in second}) == ({"repeat"}, ids)


async def _watched(everything: Installed, noegletal: Terminal, folder: Path) -> None:
    """What there is, and after a new start what changed since."""
    token = {"KEPT": str(folder / "token"), "EVENTS": "1"}
    assert (await _example(everything, "watch_consumer", **token))[0].startswith("snapshot uk-tsm/2024/all vintage ")
    watching = await _start(["deploy/examples/watch_consumer.py"], _told(everything, **token))
    assert (await noegletal("trigger", "--unit", "00AB"))[0] == 0
    code, out, err = await _ended(watching)
    assert (code, " of 2" in out) == (0, True), out + err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("listen", "--kafka", "127.0.0.1:1"), 3, "NT-9105"),
        (("listen",), 3, "NT-9202"),
        (("listen", "--from", "i-går", "--lang", "da"), 2, "NT-9222 »i-går« er hverken"),
        (("trigger", "typcal", "--dry-run"), 2, "Did you mean: typical"),
        (("replay", "--topic", TOPIC, "--since", "oldest", "--reset-group", "notify"), 4, "NT-9220"),
        (("replay", "--topic", TOPIC), 2, "one of --since and --offset"),
        (("topics", "asyncapi"), 0, '"asyncapi": "3.0.0"'),
    ],
)
async def test_what_can_be_said_without_an_installation(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    ended = await Terminal(monkeypatch, capsys, {"NOEGLETAL_CACHE": str(tmp_path)})(*words)
    assert (ended[0], said in ended[1] + ended[2]) == (code, True), ended
