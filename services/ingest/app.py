"""ingest: submissions in by gRPC and by each organisation's own topic; into the log of record; events out."""

from collections.abc import Sequence
from typing import Annotated, Any

from noegletal.v1 import log_service_pb2_grpc as log_grpc
from noegletal.v1 import registry_service_pb2_grpc as registry_grpc
from noegletal.v1 import submission_pb2 as pb
from pydantic import Field

from services.catalogue import codes, definitions
from services.chassis.config import ServiceSettings
from services.chassis.event import Events
from services.chassis.outbox import Transaction
from services.chassis.records import Place
from services.chassis.running import run_forever
from services.chassis.service import Service
from services.ingest import plain, record, rpc, store, wire
from services.ingest.group_commit import GroupCommit
from services.ingest.log_rpc import LogService
from services.ingest.rpc import RegistryService, SubmissionService

TOPIC_PREFIX = "submissions-"


class Settings(ServiceSettings):
    """`catalogue` adds definitions of the user's own.

    `operator_key_id` and `operator_key_sha256` (hex) let the first operator in; the key itself is never told.
    """

    catalogue: definitions.Files = ""
    operator_key_id: str = ""
    operator_key_sha256: Annotated[str, Field(pattern="^([0-9a-f]{64})?$", repr=False)] = ""
    commit_at_once: int = 1000
    gather_ms: int = 25
    waiting_submissions: int = 20_000


def create_app(settings: Settings) -> Service:
    """The ingest service, not started."""
    definitions.bring(settings.catalogue)
    service = Service("ingest", settings, tables=store.metadata, words=codes.words)

    async def commit(arrivals: Sequence[wire.Arrival]) -> Sequence[wire.Proof]:
        return await service.write(lambda tx: record.take_in(tx, arrivals))

    commits = GroupCommit(
        commit,
        at_once=settings.commit_at_once,
        waiting=settings.waiting_submissions,
        gather=settings.gather_ms / 1000,
    )
    service.background(commits.run)

    async def let_the_operator_in() -> None:
        await service.write(lambda tx: grant_operator(service, settings, tx))

    service.background(let_the_operator_in)

    @service.batches("submissions", at_once=plain.at_once)
    def on_submissions(events: Events[Any], tx: Transaction) -> None:
        each = zip(events.messages, events.records.values, events.records.where, strict=True)
        arrived = [wire.examined(_arrival(*sent)) for sent in each]
        for n, one in enumerate(arrived):
            if one.forged:
                tx.reject(events[n], "forged-organisation")
        record.keep(tx, arrived)

    submissions = SubmissionService(service, commits)
    service.rpc(rpc.offer_submissions, submissions, rpc.SUBMISSIONS)
    registry = RegistryService(service)
    service.rpc(registry_grpc.add_RegistryServiceServicer_to_server, registry, "noegletal.v1.RegistryService")
    looking_back = LogService(service)
    service.rpc(log_grpc.add_LogServiceServicer_to_server, looking_back, "noegletal.v1.LogService")
    return service


def _arrival(submission: wire.Said, raw: bytes, place: Place) -> wire.Arrival:
    """A submission that came in by the topic of its organisation."""
    topic, partition, offset = place
    source = f"topic {topic}/{partition}/{offset}"
    return wire.Arrival(submission, raw, topic.removeprefix(TOPIC_PREFIX), pb.DOOR_TOPIC, source)


def grant_operator(service: Service, settings: Settings, tx: Transaction) -> None:
    """Announce the operator's key of the settings, unless this very key is known already, be it as revoked."""
    secret, known = bytes.fromhex(settings.operator_key_sha256), service.keys.granted(settings.operator_key_id)
    if settings.operator_key_id and secret and (known is None or known.secret_sha256 != secret):
        granted = pb.AccessGranted(key_id=settings.operator_key_id, secret_sha256=secret, role=pb.ROLE_OPERATOR)
        service.keys.announce(tx, granted)


if __name__ == "__main__":
    run_forever(create_app, Settings)
