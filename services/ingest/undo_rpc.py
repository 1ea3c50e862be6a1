"""Undo: the content before a submission holds again, as its next revision. And the way into the log that all doors here share."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

import grpc
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api

from services.catalogue import codes
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.ingest import file_store, wire
from services.ingest.group_commit import GroupCommit, Overloaded
from services.ingest.intake import Outcome, shown

Commits = GroupCommit[wire.Arrival, wire.Proof]


class UndoMethods:
    """Undo of noegletal.v1.SubmissionService."""

    _service: Service
    _commits: Commits

    async def Undo(self, request: Any, context: Any) -> Any:
        who, named = caller(), shown(request.submission_id, 128)
        asked = "" if who.is_operator and not request.organisation_id else who.acting_for(request.organisation_id)
        line, place = await self._service.read(lambda c: file_store.history(c, asked, request.submission_id))
        if line is None:
            raise Refusal("NT-1011", grpc.StatusCode.NOT_FOUND, submission=named)
        if line.outcome != int(Outcome.ACCEPTED):
            raise Refusal("NT-1140", grpc.StatusCode.FAILED_PRECONDITION, submission=named)
        before = next((other for other in reversed(place) if other.revision < line.revision), None)
        undoing = f"undo:{line.receipt_id}"
        done = next((other for other in place if other.submission_id == undoing), None)
        if done is not None:
            return _undone(wire.receipt(done), line, before)
        if place[-1].revision != line.revision:
            said = {"submission": named, "unit": line.unit_id, "newest": place[-1].submission_id}
            raise Refusal("NT-1135", grpc.StatusCode.FAILED_PRECONDITION, **said)
        submission = _restored(line, before, undoing)
        receipt = await self._given(submission, line.organisation_id, pb.DOOR_GRPC, f"grpc {context.peer()} undo")
        if receipt.outcome != pb.RECEIPT_OUTCOME_ACCEPTED:  # somebody was quicker
            raise Refusal(receipt.code, grpc.StatusCode.FAILED_PRECONDITION, **receipt.parameters)
        return _undone(receipt, line, before)

    def _given(self, submission: pb.Submission, organisation: str, door: pb.Door, source: str) -> Awaitable[pb.Receipt]:
        """Put a submission into the next commit; its receipt."""
        raw = submission.SerializeToString(deterministic=True)
        put = self._put([wire.Arrival(submission, raw, organisation, door, source)])

        async def given() -> pb.Receipt:
            (proof,) = await put
            return wire.given(proof)

        return given()

    def _put(self, arrivals: Sequence[wire.Arrival]) -> "asyncio.Future[Sequence[wire.Proof]]":
        """Put submissions into the next commit, together; their receipts. Raises Refusal where nothing more may wait."""
        if self._service.outbox_full:
            raise Refusal("NT-1010", grpc.StatusCode.RESOURCE_EXHAUSTED)
        try:
            return self._commits.put(arrivals)
        except Overloaded:
            raise Refusal("NT-1010", grpc.StatusCode.RESOURCE_EXHAUSTED) from None


def _restored(line: Any, before: Any, undoing: str) -> pb.Submission:
    """The submission that undoes a line: the one before it again, or a withdrawal."""
    if before is not None:
        submission = pb.Submission.FromString(bytes(before.raw))
    else:
        submission = pb.Submission(scheme=line.scheme, unit_id=line.unit_id, withdraw=True)
        submission.period_start, submission.period_end = line.period_start, line.period_end
    submission.submission_id, submission.organisation_id = undoing, line.organisation_id
    submission.revision = line.revision + 1
    return submission


def _undone(receipt: pb.Receipt, line: Any, before: Any) -> Any:
    said = {"unit": line.unit_id, "revision": str(receipt.revision), "before": str(before.revision if before else 0)}
    words = codes.words("NT-1136" if before else "NT-1137", said)
    restored = before.submission_id if before else ""
    return api.UndoResponse(
        receipt=receipt, restored_submission_id=restored, message_da=words["da"], message_en=words["en"]
    )
