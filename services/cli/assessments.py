"""Reading along on submission-assessed: what became of each submission, by receipt."""

import asyncio
import time
from collections.abc import Collection
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer
from noegletal.v1 import assessment_pb2 as pb

from services.cli.talk import Exit, Stop

PATIENCE_SECONDS = 180.0  # without anything new: a batch of a thousand is assessed as one


class Assessments:
    """Every assessment on the topic, the newest per receipt. Use it as an async context manager."""

    def __init__(self, bootstrap: str) -> None:
        self._consumer = AIOKafkaConsumer(
            "submission-assessed", bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
        )
        self.by_receipt: dict[str, pb.SubmissionAssessed] = {}

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._consumer.stop()

    async def wait_for(self, receipt_ids: Collection[str]) -> list[pb.SubmissionAssessed]:
        """The assessments of these receipts, in their order. Raises Stop when nothing new comes for too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while missing := len([r for r in receipt_ids if r not in self.by_receipt]):
            records = await self._consumer.getmany(timeout_ms=200)
            for batch in records.values():
                for record in batch:
                    message = pb.SubmissionAssessed.FromString(record.value)
                    self.by_receipt[message.receipt.receipt_id] = message
                    deadline = time.monotonic() + PATIENCE_SECONDS
            if time.monotonic() > deadline:
                raise Stop(
                    f"NT-9204 {missing} submissions not assessed within {PATIENCE_SECONDS:.0f} s", Exit.TIMED_OUT
                )
            await asyncio.sleep(0)
        return [self.by_receipt[r] for r in receipt_ids]
