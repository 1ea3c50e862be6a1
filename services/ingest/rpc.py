"""The gRPC doors: submissions, units, keys. Every answer is given after the commit."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import grpc
from noegletal.v1 import registry_service_pb2 as registry_api
from noegletal.v1 import registry_service_pb2_grpc as registry_grpc
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api
from noegletal.v1 import submission_service_pb2_grpc as api_grpc

from services.catalogue import codes
from services.chassis import access
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.rpc import Refusal, caller
from services.chassis.service import Service
from services.ingest import registration, store, stream_bytes, wire
from services.ingest.file_rpc import FileMethods
from services.ingest.intake import FORGED, Fault, identifier_fault, shown
from services.ingest.plain import Plain
from services.ingest.registration import Unit
from services.ingest.wire import Arrival, Proof, Said

SUBMISSIONS = "noegletal.v1.SubmissionService"
IN_FLIGHT = 2000  # unanswered submissions of one stream
UNITS_AT_ONCE, UNITS_A_PAGE = 1000, 1000
YEAR_9999 = 253_370_764_800  # seconds; later times cannot be written
STATUS = {
    pb.RECEIPT_OUTCOME_STALE: grpc.StatusCode.FAILED_PRECONDITION,
    pb.RECEIPT_OUTCOME_UNKNOWN_UNIT: grpc.StatusCode.FAILED_PRECONDITION,
    pb.RECEIPT_OUTCOME_CONFLICT: grpc.StatusCode.ALREADY_EXISTS,
    pb.RECEIPT_OUTCOME_MALFORMED: grpc.StatusCode.INVALID_ARGUMENT,
}


class SubmissionService(FileMethods, api_grpc.SubmissionServiceServicer):
    """noegletal.v1.SubmissionService."""

    async def Submit(self, request: Any, context: Any) -> Any:
        return api.SubmitResponse(receipt=_accepted(await self._one(request.submission, caller(), _source(context))))

    async def Withdraw(self, request: Any, context: Any) -> Any:
        submission = pb.Submission(
            submission_id=request.submission_id,
            organisation_id=request.organisation_id,
            unit_id=request.unit_id,
            scheme=request.scheme,
            period_start=request.period_start,
            period_end=request.period_end,
            withdraw=True,
            comment=request.reason,
        )
        return api.WithdrawResponse(receipt=_accepted(await self._one(submission, caller(), _source(context))))

    async def GetReceipt(self, request: Any, context: Any) -> Any:
        identity = (caller().acting_for(request.organisation_id), request.submission_id)
        found = await self._service.read(lambda c: store.lines_of(c, [request.submission_id]).get(identity, []))
        lines = [line for line in found if line.code != FORGED]
        if not lines:
            raise Refusal("NT-1011", grpc.StatusCode.NOT_FOUND, submission=shown(request.submission_id, 128))
        return api.GetReceiptResponse(receipt=wire.receipt(lines[0]))

    async def SubmitStream(self, requests: Any, context: Any) -> AsyncIterator[Any]:
        who, source = caller(), _source(context)
        answers: asyncio.Queue[tuple[int, asyncio.Future[Sequence[Proof]]] | None] = asyncio.Queue()
        waiting, room = 0, asyncio.Event()  # submissions without an answer

        async def read() -> None:
            nonlocal waiting
            async for sent in requests:
                while waiting and waiting + len(sent) > IN_FLIGHT:
                    room.clear()
                    await room.wait()
                waiting += len(sent)
                answers.put_nowait((len(sent), self._together(sent, who, source)))

        reading = asyncio.create_task(read())
        reading.add_done_callback(lambda _: answers.put_nowait(None))
        try:
            while (asked := await answers.get()) is not None:
                many, proofs = asked
                yield stream_bytes.together(map(_answer, await proofs))
                waiting -= many
                room.set()
            await reading
        finally:
            reading.cancel()

    async def _one(self, submission: pb.Submission, who: access.Caller, source: str) -> pb.Receipt:
        (proof,) = await self._together([_with_bytes(submission)], who, source)
        return wire.given(proof)

    def _together(
        self, sent: Sequence[tuple[Said, bytes]], who: access.Caller, source: str
    ) -> "asyncio.Future[Sequence[Proof]]":
        """Put submissions into the next commit; none of them where one is not the caller's to send."""
        if not self._service.keys.opens(who.key_id, self._service.clock()):  # a stream may outlive its key
            raise access.Denied
        named = (said.claimed if isinstance(said, Plain) else said.organisation_id for said, _ in sent)
        owners = [who.acting_for(organisation) for organisation in named]
        arrivals = [Arrival(*one, owner, pb.DOOR_GRPC, source) for one, owner in zip(sent, owners, strict=True)]
        return self._put(arrivals)


def submissions(raw: bytes) -> Sequence[tuple[Said, bytes]]:
    """The submissions of a stream's message, each with its bytes as protobuf writes them. Raises DecodeError."""
    if apart := stream_bytes.apart(raw):
        return [(one, part) if one else _with_bytes(pb.Submission.FromString(part)) for one, part in apart]
    request = api.SubmitStreamRequest.FromString(raw)
    return [_with_bytes(one) for one in (request.submission, *request.more)]


def _with_bytes(submission: pb.Submission) -> tuple[Said, bytes]:
    return submission, submission.SerializeToString(deterministic=True)


def _answer(proof: Proof) -> bytes:
    """What a submission of a stream is answered, with words for a refusal."""
    if not proof.code:
        return stream_bytes.accepted(proof.receipt)
    receipt = wire.given(proof)
    words = codes.words(receipt.code, receipt.parameters)
    answer = api.SubmitStreamResponse(receipt=receipt, message_da=words["da"], message_en=words["en"])
    return answer.SerializeToString()


def offer_submissions(service: SubmissionService, server: Any) -> None:
    """Offer noegletal.v1.SubmissionService; the messages of its stream are read and written as bytes."""
    api_grpc.add_SubmissionServiceServicer_to_server(service, server)
    stream: Any = grpc.stream_stream_rpc_method_handler(
        service.SubmitStream, request_deserializer=submissions, response_serializer=bytes
    )
    server.add_registered_method_handlers(SUBMISSIONS, {"SubmitStream": stream})


class RegistryService(registry_grpc.RegistryServiceServicer):
    """noegletal.v1.RegistryService."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def RegisterUnits(self, request: Any, context: Any) -> Any:
        who = caller()
        asked = [(who.acting_for(u.organisation_id), u) for u in request.units]
        units = await self._service.write(lambda tx: self._register(tx, asked, by_operator=who.is_operator))
        return registry_api.RegisterUnitsResponse(profiles=[wire.profile(u) for u in units])

    async def ListUnits(self, request: Any, context: Any) -> Any:
        who, size = caller(), min(request.page_size or UNITS_A_PAGE, UNITS_A_PAGE)
        known = (await self._service.read(store.units)).values()
        ours = [
            u
            for u in known
            if request.scheme in ("", u.scheme) and (who.is_operator or u.organisation_id == who.organisation_id)
        ]
        first = int(request.page_token) if request.page_token.isdecimal() else 0
        following = str(first + size) if first + size < len(ours) else ""
        page = [wire.profile(u) for u in ours[first : first + size]]
        return registry_api.ListUnitsResponse(profiles=page, next_page_token=following)

    async def IssueKey(self, request: Any, context: Any) -> Any:
        _operators_only()
        key_id, key, kept = access.new_key()
        granted = pb.AccessGranted(
            key_id=key_id, secret_sha256=kept, organisation_id=request.organisation_id, role=request.role
        )
        if request.HasField("expires_at"):
            granted.expires_at.CopyFrom(request.expires_at)
        _raise(_key_fault(granted, self._service.clock().timestamp()))
        await self._service.write(lambda tx: self._service.keys.announce(tx, granted))
        return registry_api.IssueKeyResponse(key=key, key_id=key_id)

    async def RevokeKey(self, request: Any, context: Any) -> Any:
        _operators_only()
        granted = self._service.keys.granted(request.key_id)
        if granted is None:
            raise Refusal("NT-1013", grpc.StatusCode.NOT_FOUND, key_id=request.key_id[:40])
        granted.revoked = True
        await self._service.write(lambda tx: self._service.keys.announce(tx, granted))
        return registry_api.RevokeKeyResponse()

    def _register(self, tx: Transaction, asked: Sequence[tuple[str, Any]], *, by_operator: bool) -> list[Unit]:
        known = store.units(tx.connection, [u.unit_id for _, u in asked])
        result, changed = [], []
        for organisation, u in asked[: UNITS_AT_ONCE + 1]:
            holder = u.holder_id or organisation
            wanted = Unit(u.scheme, u.unit_id, organisation, holder, dict(u.attributes), 0, tx.now)
            _check(wanted, len(asked))
            try:
                after = registration.change(wanted, known, by_operator=by_operator)
            except registration.Elsewhere:
                raise Refusal("NT-1014", grpc.StatusCode.PERMISSION_DENIED, unit=u.unit_id) from None
            if after is not None:
                known[u.scheme, u.unit_id] = after
                changed.append(after)
            result.append(known[u.scheme, u.unit_id])
        store.keep_units(tx, changed)
        for unit in changed:
            key = f"{unit.scheme}/{unit.unit_id}"
            tx.announce(wire.registered(unit), key=key, id=deterministic_id("registered", key, unit.version))
        return result


def _check(unit: Unit, asked: int) -> None:
    fault = registration.fault(unit)
    if asked > UNITS_AT_ONCE:
        fault = Fault("units", str(asked), f"Højst {UNITS_AT_ONCE}.", f"At most {UNITS_AT_ONCE}.")
    _raise(fault)


def _key_fault(granted: pb.AccessGranted, now: float) -> Fault | None:
    """What is wrong with a key that is asked for, if anything."""
    sends, role = granted.role == pb.ROLE_SUBMITTER, str(int(granted.role))
    if granted.role not in (pb.ROLE_SUBMITTER, pb.ROLE_READER, pb.ROLE_OPERATOR):
        return Fault("role", role, "Vælg en rolle.", "Choose a role.")
    if sends != bool(granted.organisation_id):
        rule = ("Kun en nøgle til at sende med har en organisation.", "Only a submitter's key has an organisation.")
        return Fault("organisation_id", shown(granted.organisation_id), *rule)
    until = granted.expires_at.seconds
    if granted.HasField("expires_at") and not (now < until < YEAR_9999 and 0 <= granted.expires_at.nanos < 10**9):
        return Fault("expires_at", str(until), "Vælg et tidspunkt, der kommer.", "Choose a time to come.")
    return identifier_fault("organisation_id", granted.organisation_id) if sends else None


def _source(context: Any) -> str:
    return f"grpc {context.peer()}"


def _raise(fault: Fault | None) -> None:
    if fault is not None:
        said = {"field": fault.field, "value": fault.value, "rule_da": fault.rule_da, "rule_en": fault.rule_en}
        raise Refusal("NT-1008", grpc.StatusCode.INVALID_ARGUMENT, **said)


def _operators_only() -> None:
    if not caller().is_operator:
        raise Refusal("NT-1012", grpc.StatusCode.PERMISSION_DENIED)


def _accepted(receipt: pb.Receipt) -> pb.Receipt:
    """The receipt of what was accepted; a refusal is raised, and names the receipt it has all the same."""
    if receipt.outcome != pb.RECEIPT_OUTCOME_ACCEPTED:
        said = {**receipt.parameters, "receipt_id": receipt.receipt_id}
        raise Refusal(receipt.code, STATUS[receipt.outcome], **said)
    return receipt
