"""kill -9 of each service in turn, and of Kafka, while the sector is sent: nothing is missing, nothing counts twice."""

import asyncio

import grpc
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.cli.client import Client
from services.cli.talk import Stop
from tests import oracle
from tests.e2e import sector
from tests.e2e.installed import Installed, at_vintage, client, installed, the_sector, until

STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")


async def _send(everything: Installed, submissions: list[pb.Submission]) -> dict[str, pb.Receipt]:
    """Send until each is acknowledged, again and again under the same id: an outcome that is not known is asked for anew."""
    receipts: dict[str, pb.Receipt] = {}
    while len(receipts) < len(submissions):
        rest = [s for s in submissions if s.submission_id not in receipts]
        try:
            async with client(everything) as operator:
                requests = iter([api.SubmitStreamRequest(submission=s) for s in rest])
                async for answer in operator.submissions.SubmitStream(requests, metadata=operator.metadata):
                    receipts[answer.receipt.submission_id] = answer.receipt
        except (grpc.aio.AioRpcError, Stop):
            await asyncio.sleep(0.1)
    return receipts


async def _restart(everything: Installed, name: str) -> None:
    everything.services.processes[name].start()
    await everything.services.await_ready()


async def test_kill_each_service_and_kafka_while_the_sector_is_sent() -> None:
    units, submissions = the_sector()
    waves = [submissions[n::6] for n in range(6)]
    receipts: dict[str, pb.Receipt] = {}
    async with installed() as everything:
        async with client(everything) as operator:
            await operator.register("uk-tsm", units)
        for wave, victim in zip(waves, ("ingest", "validate", "benchmark", "notify", "kafka", ""), strict=True):
            sending = asyncio.create_task(_send(everything, wave))
            await asyncio.sleep(0)
            if victim == "kafka":
                await asyncio.to_thread(everything.kafka.kill)
                await asyncio.to_thread(everything.kafka.restart)
            elif victim:
                async with client(everything) as operator:  # in mid-stream: some are acknowledged, some are not
                    await until(lambda op=operator, wave=wave: _received(op, wave[0]), "the first receipt")  # type: ignore[misc]
                everything.services.processes[victim].kill()
                await _restart(everything, victim)
            receipts |= await asyncio.wait_for(sending, 60)

        history = sector.history()
        async with client(everything) as operator:
            cells = await at_vintage(operator, oracle.holding(history)[2])
            again = await _send(everything, submissions)

        assert {i: r.SerializeToString(deterministic=True) for i, r in again.items()} == {
            i: r.SerializeToString(deterministic=True) for i, r in receipts.items()
        }
        assert sorted(r.sequence for r in receipts.values()) == list(range(1, len(submissions) + 1))
        assert {r.revision for r in receipts.values()} == {1}
        for cell in cells:
            naive = oracle.cell(history, cell.peer_group, cell.key_figure)
            shown = {name: getattr(cell, name) if cell.HasField(name) else None for name in STATISTICS}
            assert shown == {name: naive[name] for name in STATISTICS}
            assert (cell.units, cell.expected) == (naive["units"], oracle.expected(history, cell.peer_group))


async def _received(operator: Client, submission: pb.Submission) -> pb.Receipt | None:
    request = api.GetReceiptRequest(organisation_id=submission.organisation_id, submission_id=submission.submission_id)
    return (await operator.call(operator.submissions.GetReceipt, request)).receipt
