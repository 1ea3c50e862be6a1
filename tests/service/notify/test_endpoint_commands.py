"""`noegletal endpoints`, `deliveries`, `redeliver`, `events` against a running service: what they print and how they end."""

import asyncio
import json
from pathlib import Path

from typer.testing import CliRunner

from services.cli.main import app
from services.cli.talk import Exit, Stop
from tests.service.notify import running
from tests.service.notify.receiver import receiving, status, until
from tests.service.notify.running import DELIVERED, EXHAUSTED, Notify, assessed

GIVEN = {"retry_seconds": (0,), "circuit_seconds": ()}


async def _said(notify: Notify, *words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    where = {f"NOEGLETAL_{n}": notify.service.grpc_address for n in ("INGEST", "BENCHMARK", "NOTIFY")}
    where["NOEGLETAL_KEY"] = await notify.key("org-a")
    found = await asyncio.to_thread(CliRunner().invoke, app, list(words), env=where)
    out = "".join(line for line in found.stdout.splitlines(True) if "service=notify" not in line)  # it logs meanwhile
    if isinstance(found.exception, Stop):
        return found.exception.code, out, found.exception.message
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, out, found.stderr


async def test_from_adding_an_endpoint_to_proving_that_nothing_was_missed(tmp_path: Path) -> None:
    answers = (status(204), status(500), status(503), status(204))
    async with running.running(tmp_path, **GIVEN) as notify, receiving(*answers) as hook:
        code, out, said = await _said(notify, "endpoints", "add", hook.url, "--lang", "da")
        endpoint_id, secret = out.split()[0], out.split()[-1]
        assert (code, out) == (0, f"{endpoint_id}\nhemmelighed  {secret}\n")
        assert f"noegletal endpoints test {endpoint_id}" in said
        assert await _said(notify, "endpoints", "test", endpoint_id) == (0, "the test arrived: HTTP 204\n", "")
        assert hook.got[0].verified(secret)

        code, _, said = await _said(notify, "endpoints", "test", endpoint_id, "--lang", "da")
        assert (code, said) == (Exit.FINDINGS, f"NT-4053 Prøven kom ikke frem til {endpoint_id}: HTTP 500. "
                                "Se efter hos modtageren, og prøv igen.")  # fmt: skip
        await notify.subscribe(endpoint_id)
        await notify.deliver("submission-assessed", assessed())
        await until(lambda: _third(notify, endpoint_id, EXHAUSTED))

        _, out, _ = await _said(notify, "deliveries", "--endpoint", endpoint_id, "--missing", "--json")
        assert [(d["seq"], d["detail"]) for d in map(json.loads, out.splitlines())] == [
            ("3", "HTTP 503"),
            ("2", "HTTP 500"),
        ]
        _, out, _ = await _said(notify, "deliveries", "--lang", "da")
        assert [line.split()[2] for line in out.splitlines()[1:]] == ["3", "2", "1"]
        assert "opgivet" in out
        assert (await _said(notify, "redeliver"))[0] == Exit.USAGE
        assert await _said(notify, "redeliver", "--endpoint", endpoint_id, "--missing") == (
            0,
            "2 messages are sent again.\n",
            "",
        )
        await until(lambda: notify.ended(endpoint_id, DELIVERED))
        code, out, said = await _said(notify, "events", endpoint_id, "--after", "1")
        assert (code, said) == (0, "2 messages up to no. 3: none is missing.\n")
        assert [json.loads(line)["payload"]["type"] for line in out.splitlines()] == [
            "noegletal.test",
            "noegletal.receipt",
        ]


async def test_keys_states_and_endings(tmp_path: Path) -> None:
    async with running.running(tmp_path, **GIVEN) as notify, receiving(status(410), status(204)) as hook:
        _, out, _ = await _said(notify, "endpoints", "add", hook.url, "--ed25519", "--per-minute", "60", "--json")
        made = json.loads(out)
        endpoint_id = made["endpoint"]["endpoint_id"]
        assert (made["secret"], made["endpoint"]["public_keys"][0][:5]) == ("", "whpk_")
        assert (await _said(notify, "endpoints", "test", endpoint_id))[0] == Exit.FINDINGS
        _, out, _ = await _said(notify, "endpoints", "list")
        assert out.splitlines()[1].split()[2:5] == ["v1a", "1", "1"]
        assert "disabled: wants nothing any more" in out
        code, _, said = await _said(notify, "endpoints", "test", endpoint_id)
        assert (code, said.split()[0]) == (Exit.FINDINGS, "NT-4005")
        assert (await _said(notify, "endpoints", "enable", endpoint_id, "--missing"))[
            2
        ] == "1 messages are sent again.\n"
        await until(lambda: notify.ended(endpoint_id, DELIVERED))

        code, out, said = await _said(notify, "endpoints", "rotate", endpoint_id, "--hmac", "--lang", "da")
        assert out.splitlines()[1].startswith("hemmelighed  whsec_")
        assert "Den gamle nøgle underskriver også indtil" in said
        assert "v1+1" in (await _said(notify, "endpoints", "list"))[1]
        assert (await _said(notify, "endpoints", "remove", endpoint_id))[0] == 0
        code, _, said = await _said(notify, "endpoints", "remove", endpoint_id)
        assert (code, said.split()[0]) == (Exit.USAGE, "NT-4002")


async def test_a_mailbox_is_added_tried_and_listed(tmp_path: Path) -> None:
    async with running.running(tmp_path, mail_outbox_dir=tmp_path / "outbox") as notify:
        given = ("--language", "en", "--at-once", "--json")
        code, out, _ = await _said(notify, "endpoints", "add", "mailto:anna@example.com", *given)
        made = json.loads(out)
        one = made["endpoint"]
        assert (code, made["secret"]) == (0, "")
        assert (one["channel"], one["language"], one["at_once"]) == ("CHANNEL_MAIL", "en", True)

        tried = await _said(notify, "endpoints", "test", one["endpoint_id"])
        assert tried == (0, "the test arrived: kept in the outbox\n", "")
        assert "mailto:anna@example.com" in (await _said(notify, "endpoints", "list"))[1]
        code, _, said = await _said(notify, "endpoints", "rotate", one["endpoint_id"], "--lang", "da")
        assert said.split()[0] == "NT-4051"
        assert (await _said(notify, "endpoints", "add", "--at-once"))[0] == Exit.USAGE
        assert (await _said(notify, "endpoints", "add", "mailto:x"))[2].startswith("NT-4080")


async def _third(notify: Notify, endpoint_id: str, outcome: int) -> bool:
    found = await notify.deliveries(endpoint_id)
    return len(found) == 3 and found[2].outcome == outcome
