"""`noegletal subscribe` and `noegletal subscriptions` against a running service."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from noegletal.v1 import subscription_service_pb2 as api

from services.cli.main import main
from tests.service.notify import running
from tests.service.notify.running import LOG, Notify


class Terminal:
    """Where commands are typed, with org-a's key."""

    def __init__(self, notify: Notify, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.notify, self.patch, self.capsys = notify, patch, capsys

    async def prepare(self) -> None:
        for name in ("INGEST", "BENCHMARK", "NOTIFY"):
            self.patch.setenv(f"NOEGLETAL_{name}", self.notify.service.grpc_address)
        self.patch.setenv("NOEGLETAL_KEY", await self.notify.key("org-a"))

    async def type(self, *words: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a command."""
        self.patch.setattr(sys, "argv", ["noegletal", *words])
        with pytest.raises(SystemExit) as ended:
            await asyncio.to_thread(main)
        said = self.capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    async def json(self, *words: str) -> list[dict[str, Any]]:
        code, out, _ = await self.type(*words, "--json")
        assert code == 0
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]  # the service logs here too


async def test_following_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running.running(tmp_path) as notify:
        terminal = Terminal(notify, monkeypatch, capsys)
        await terminal.prepare()

        code, _, err = await terminal.type("subscribe", "--preset", "leader", "--lang", "da")
        assert (code, "I har 0 modtagere" in err) == (2, True)
        await notify.call("CreateEndpoint", api.CreateEndpointRequest(channel=LOG))

        own = [
            "--kind",
            "quartile-changed",
            "--figure",
            "BS05",
            "--unit",
            "H4567",
            "--group",
            "all",
            "--scheme",
            "uk-tsm",
        ]
        limit = ["--threshold", "percentile:75", "--hysteresis", "2"]
        [made] = await terminal.json("subscribe", *own, *limit)
        assert made["threshold"] == {"percentile": 75, "hysteresis": "2"}
        assert (made["kinds"], made["unit_ids"]) == (["NOTIFICATION_KIND_QUARTILE_CHANGED"], ["H4567"])
        assert made["scheme"] == "uk-tsm"
        assert "uk-tsm" in (await terminal.type("subscriptions"))[1]
        named = made["subscription_id"]

        code, out, err = await terminal.type("subscribe", "--preset", "leader", "--lang", "da")
        assert (code, "leader: quartile-changed" in out) == (0, True)
        assert "stop det igen: noegletal subscriptions remove su-" in err

        [paused] = await terminal.json("subscriptions", "pause", named, "--until", "2999-01-01")
        assert paused["paused_until"].startswith("2998-12-31") or paused["paused_until"].startswith("2999-01-01")
        [resumed] = await terminal.json("subscriptions", "resume", named)
        assert "paused" not in resumed
        assert await terminal.json("subscriptions", "show", named) == [resumed]
        assert [p["name"] for p in await terminal.json("subscriptions", "presets")] == [
            "leader",
            "operations",
            "technical",
        ]
        assert (await terminal.type("subscriptions", "remove", named))[0] == 0
        assert named not in (await terminal.type("subscriptions"))[1]

        for words, exit_code, says in [
            (["subscriptions", "remove", named], 2, "NT-4002"),
            (["subscribe", "--kind", "receit"], 2, "NT-9205"),
            (["subscribe", "--preset", "boss"], 2, "NT-4023"),
            (["subscribe", "--threshold", "decile:9"], 2, "quartile:4"),
            (["subscriptions", "pause", named, "--until", "tomorrow"], 2, "2026-08-01"),
            (["subscriptions", "pause", named, "--until", "9999-12-31T23:59-10:00"], 2, "2026-08-01"),
        ]:
            code, _, err = await terminal.type(*words)
            assert (code, says in err) == (exit_code, True), words
