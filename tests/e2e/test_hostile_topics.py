"""What an organisation can do wrong on its own topic stops nobody, and is found again where it belongs."""

import pytest
from aiokafka.errors import KafkaError
from noegletal.v1 import submission_service_pb2 as api

from services.chassis.topics import entries
from services.cli import sector_data
from services.cli.talk import Stop
from tests.e2e.installed import at_vintage, client, installed, organisation_producer, records, until


async def test_unreadable_null_binary_header_and_forged_records() -> None:
    sector = sector_data.load()
    good = sector.submissions["00AA"]
    forged = type(good)()
    forged.CopyFrom(sector.submissions["00AB"])
    forged.organisation_id = "00AB"
    binary = ("trace\u00e6", b"\xff\xfe\x00\x80")
    async with installed("00AA", "00AB") as everything, client(everything) as operator:
        await operator.register(sector_data.SCHEME, sector.units[:12])
        async with organisation_producer(everything, "00AA") as producer:
            topic = "submissions-00AA"
            await producer.send_and_wait(topic, b"\xff\xff\xff no protobuf", key=b"\xff", headers=[binary])
            await producer.send_and_wait(topic, None, key=b"00AA")
            await producer.send_and_wait(topic, forged.SerializeToString(), key=b"00AB")
            await producer.send_and_wait(topic, good.SerializeToString(), key=b"00AA", headers=[binary, ("empty", b"")])
            with pytest.raises(KafkaError):
                await producer.send_and_wait("submissions-00AB", forged.SerializeToString())
        async with organisation_producer(everything, "00AB") as producer:
            await producer.send_and_wait(
                "submissions-00AB", sector.submissions["00AB"].SerializeToString(), key=b"00AB"
            )

        cells = await at_vintage(operator, 12 + 2)
        assert next(c for c in cells if c.key_figure == "RP01" and c.peer_group == "all").units == 2

        dead = await records(
            everything.kafka.bootstrap, entries()["submissions"].dead_letter, lambda found: len(found) >= 3
        )
        by_reason = {dict(r.headers)["dlq_reason"]: r for r in dead}
        assert set(by_reason) == {b"undecodable", b"null-value", b"forged-organisation"}
        unreadable = by_reason[b"undecodable"]
        assert unreadable.value == b"\xff\xff\xff no protobuf"
        assert dict(unreadable.headers)[binary[0]] == binary[1]
        assert dict(unreadable.headers)["dlq_topic"] == b"submissions-00AA"
        assert by_reason[b"forged-organisation"].value == forged.SerializeToString()

        with pytest.raises(Stop, match="NT-1011"):  # the forged one got nobody a receipt
            await operator.call(
                operator.submissions.GetReceipt,
                api.GetReceiptRequest(organisation_id="00AA", submission_id=forged.submission_id),
            )

        async def kept() -> object | None:
            request = api.GetReceiptRequest(organisation_id="00AA", submission_id=good.submission_id)
            return (await operator.call(operator.submissions.GetReceipt, request)).receipt

        receipt = await until(kept, "the receipt of the good record")
        assert receipt.outcome == 1  # type: ignore[attr-defined]
