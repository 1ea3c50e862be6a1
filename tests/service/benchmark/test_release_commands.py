"""`noegletal release` as a person types it, against a running benchmark."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.service.benchmark.releases import CATALOGUE, Running, units

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    made = await Running(tmp_path).start()
    yield made
    await made.stop()


async def noegletal(running: Running, *words: str, key: str = "operator") -> tuple[int, str, str]:
    (_, bearer), *_ = getattr(running, key)["metadata"]
    addresses = dict.fromkeys(("INGEST", "BENCHMARK", "NOTIFY"), running.service.grpc_address)
    said = addresses | {"KEY": bearer.removeprefix("Bearer "), "CATALOGUE": str(CATALOGUE)}
    clean = {k: v for k, v in os.environ.items() if not k.startswith("NOEGLETAL_")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli.main", "release", *words, "--scheme", "haver"),
        cwd=ROOT,
        env=clean | {f"NOEGLETAL_{name}": value for name, value in said.items()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_plan_make_and_audit_in_words(running: Running) -> None:
    await running.report(units(0, 12))
    code, out, err = await noegletal(running, "plan", "--period", "2024")
    assert code == 0
    assert "haver 2024, release 1, provisional, vintage 13" in out
    assert "MEMBERS: 3 sums, 12 figures reported, 2 independent equations: nobody is given away" in out
    assert "With 3 releases, " in out
    assert "noegletal release make --scheme haver --period 2024 --kind provisional --vintage 13" in err

    code, out, _ = await noegletal(running, "make", "--period", "2024", "--vintage", "13", "--json")
    made = json.loads(out)
    assert (code, made["release"]["number"], len(made["release"]["decisions"])) == (0, 1, 6)

    await running.report(units(12, 15))
    code, out, _ = await noegletal(running, "plan", "--period", "2024", "--lang", "da")
    assert code == 0
    said = "MEMBERS holdes tilbage, for få er ændret siden en tidligere frigivelse: all (3 ændret siden frigivelse 1), type=A ("
    assert said in out

    code, out, _ = await noegletal(running, "audit", "--period", "2024")
    assert (code, "release 1, provisional: made again, the same to the byte" in out) == (0, True)


async def test_how_it_ends_where_it_cannot_be_done(running: Running) -> None:
    await running.report(units(0, 12))
    assert (await noegletal(running, "plan", "--period", "2024", "--kind", "last"))[0] == 2
    assert (await noegletal(running, "plan", "--period", "1999"))[0] == 2
    assert (await noegletal(running, "plan", "--period", "2024", key="reader"))[0] == 4
    code, _, err = await noegletal(running, "make", "--period", "2024", "--vintage", "3")
    assert (code, "NT-3104 Something has come in" in err) == (1, True)
