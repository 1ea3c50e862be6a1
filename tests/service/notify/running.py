"""A running notify service without Kafka, its gRPC door, and events to deliver to it."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import jsonschema
from google.protobuf import json_format
from google.protobuf.message import Message
from noegletal.v1 import assessment_pb2, benchmark_pb2, notification_pb2, webhook_pb2
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import subscription_service_pb2 as api
from noegletal.v1 import subscription_service_pb2_grpc as grpc_api

from services.chassis import access
from services.notify.app import Settings, create_app
from services.notify.channels import Lookup
from tests.service.delivery import Announced, Bench, examples

WEBHOOK, LOG, MAIL = notification_pb2.CHANNEL_WEBHOOK, notification_pb2.CHANNEL_LOG, notification_pb2.CHANNEL_MAIL
RECEIPT = notification_pb2.NOTIFICATION_KIND_RECEIPT
STANDING_CHANGED = notification_pb2.NOTIFICATION_KIND_STANDING_CHANGED
DELIVERED = notification_pb2.DELIVERY_OUTCOME_DELIVERED
FAILED = notification_pb2.DELIVERY_OUTCOME_FAILED
EXHAUSTED = notification_pb2.DELIVERY_OUTCOME_EXHAUSTED


def settings(folder: Path, **given: Any) -> Settings:
    local = {
        "allow_private_addresses": True,
        "allow_http": True,
        "webhook_timeout_seconds": 5,
        "stop_grace_seconds": 0.1,
    }
    quick = {"retry_seconds": (0, 0.01, 0.01, 0.01), "delivery_lease_seconds": 5}
    soon = {"receipt_wait_seconds": 0, "settle_seconds": 0.01}
    kept = {"kafka": "127.0.0.1:1", "database": f"sqlite:///{folder}/notify.db", "log_channel_dir": folder / "logs"}
    kept["secrets_key_file"] = folder / "secrets.key"
    return Settings(**{**kept, **local, **quick, **soon, **given})


def assessed(organisation: str = "org-a", submission: str = "s-1") -> assessment_pb2.SubmissionAssessed:
    """A submission with one figure in, one refused."""
    receipt = pb.Receipt(
        receipt_id=f"r-{submission}", submission_id=submission, organisation_id=organisation, revision=1
    )
    message = assessment_pb2.SubmissionAssessed(
        receipt=receipt, unit_id="H4567", scheme="uk-tsm", period="2024", verdict="SUBMISSION_VERDICT_ACCEPTED"
    )
    message.figures.add(key_figure="BS03", verdict="VERDICT_REFUSED", absence="ABSENCE_REFUSED")
    message.figures.add(key_figure="BS05", verdict="VERDICT_ACCEPTED", numerator=472, denominator=472)
    said = {"data_point": "BS03.numerator", "value": "-38173"}
    message.findings.add(code="NT-2003", severity="SEVERITY_ERROR", data_point="BS03.numerator", parameters=said)
    return message


def changed(organisation: str = "org-a", *figures: str) -> benchmark_pb2.StandingChanged:
    """Standings that moved."""
    message = benchmark_pb2.StandingChanged(
        organisation_id=organisation, unit_id="H4567", scheme="uk-tsm", period="2024", own_submission=True
    )
    for figure in figures or ("BS03",):
        words = {
            "da": f"{figure}: nr. 12 → 17 af 63: egne tal +5.",
            "en": f"{figure}: rank 12 → 17 of 63: own figure +5.",
        }
        message.explanations.add(key_figure=figure, peer_group="all", text=words)
    return message


def by_file(event: assessment_pb2.SubmissionAssessed) -> assessment_pb2.SubmissionAssessed:
    """An assessment of what came as a file: somebody waits for the answer, whatever the hour."""
    event.receipt.door = pb.DOOR_FILE
    return event


def at(notify: "Notify", time: str) -> None:
    """Set the service's clock; it goes on from there."""
    ahead = datetime.fromisoformat(time) - datetime.now(UTC)
    notify.service.clock = lambda: datetime.now(UTC) + ahead  # type: ignore[method-assign]


async def outcomes(notify: "Notify", endpoint_id: str, expected: Sequence[int]) -> list[Any] | None:
    """An endpoint's deliveries once they have ended as expected, in order."""
    found = await notify.deliveries(endpoint_id)
    return found if [d.outcome for d in found] == list(expected) else None


def every_example() -> list[tuple[str, Message]]:
    """Every example of the topics notify reads, and two of our own."""
    found = [(topic, m) for topic in ("submission-assessed", "standing-changed") for m in examples(topic).values()]
    return [*found, ("submission-assessed", assessed()), ("standing-changed", changed())]


SCHEMAS = Path(webhook_pb2.__file__).parents[1] / "schemas"


def conforming(body: str) -> dict[str, Any]:
    """A payload, if it is as its JSON Schema and its contract say. What mail alone may say is in neither."""
    content: dict[str, Any] = json.loads(body)
    bare: dict[str, Any] = json.loads(body)
    bare["data"].pop("mail", None)
    for item in bare["data"].get("items", ()):
        item.pop("kroner_a_year", None)
    path = SCHEMAS / f"{content['type']}.v{content['version']}.json"
    if not path.exists():  # a kind nobody sends yet: its messages come with it
        return content
    schema = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(bare)
    name = "".join(part.capitalize() for part in content["type"].removeprefix("noegletal.").split("-"))
    json_format.ParseDict(bare, getattr(webhook_pb2, f"{name}Payload")())  # refuses what the contract has not
    return content


class Notify:
    """A running service, spoken to over gRPC."""

    def __init__(self, given: Settings, lookup: Lookup | None = None) -> None:
        self.service = create_app(given, lookup)
        self.bench = Bench(self.service)
        self._keys: dict[str, str] = {}
        self._channel: Any = None

    async def start(self) -> None:
        await self.service.start()
        self._channel = grpc.aio.insecure_channel(self.service.grpc_address)
        self.stub: Any = grpc_api.SubscriptionServiceStub(self._channel)

    async def stop(self) -> None:
        await self._channel.close()
        await self.service.stop()

    async def key(self, organisation: str, role: pb.Role = pb.ROLE_SUBMITTER) -> str:
        """A key of an organisation."""
        name = f"{organisation}/{role}"
        if name not in self._keys:
            key_id, self._keys[name], kept = access.new_key()
            granted = pb.AccessGranted(key_id=key_id, secret_sha256=kept, organisation_id=organisation, role=role)
            await self.service.write(lambda tx: self.service.keys.keep(tx, granted))
        return self._keys[name]

    async def call(
        self, method: str, request: Any, organisation: str = "org-a", role: pb.Role = pb.ROLE_SUBMITTER
    ) -> Any:
        """One call with that organisation's key."""
        metadata = [("authorization", f"Bearer {await self.key(organisation, role)}")]
        return await getattr(self.stub, method)(request, metadata=metadata, timeout=10)

    async def endpoint(self, url: str = "", organisation: str = "org-a") -> tuple[str, str]:
        """A new endpoint that follows everything; its id and secret. Without a URL, the readable log."""
        request = api.CreateEndpointRequest(channel=WEBHOOK if url else LOG, url=url)
        made = await self.call("CreateEndpoint", request, organisation)
        await self.subscribe(made.endpoint.endpoint_id, organisation)
        return made.endpoint.endpoint_id, made.secret

    async def mailbox(self, address: str = "anna@example.com", organisation: str = "org-a", **given: Any) -> str:
        """A new endpoint for mail that follows everything; its id."""
        request = api.CreateEndpointRequest(channel=MAIL, url=f"mailto:{address}", **given)
        made = await self.call("CreateEndpoint", request, organisation)
        await self.subscribe(made.endpoint.endpoint_id, organisation)
        return str(made.endpoint.endpoint_id)

    async def subscribe(
        self, endpoint_id: str, organisation: str = "org-a", kind: int = 0, figures: Sequence[str] = ()
    ) -> str:
        """A new subscription; its id."""
        asked = api.Subscription(endpoint_id=endpoint_id, kind=kind, key_figures=figures)  # type: ignore[arg-type]
        return str(
            (
                await self.call("Subscribe", api.SubscribeRequest(subscription=asked), organisation)
            ).subscription.subscription_id
        )

    async def deliver(self, topic: str, *messages: Message, id: str = "") -> Any:
        """Deliver events, as one batch each, under an id of their own."""
        applied = None
        for message in messages:
            named = id or str(uuid.uuid4())
            applied = await self.service.database.in_thread(
                lambda m=message, n=named: self.bench.deliver(topic, [m], id=n)
            )  # type: ignore[misc]
        return applied

    async def deliveries(self, endpoint_id: str = "", organisation: str = "org-a", **given: Any) -> list[Any]:
        """What ListDeliveries says."""
        answer = await self.call(
            "ListDeliveries", api.ListDeliveriesRequest(endpoint_id=endpoint_id, **given), organisation
        )
        return list(answer.deliveries)

    async def ended(self, endpoint_id: str, outcome: int, organisation: str = "org-a") -> list[Any] | None:
        """The endpoint's deliveries once there are some and all ended so."""
        found = await self.deliveries(endpoint_id, organisation)
        return found if found and all(d.outcome == outcome for d in found) else None

    async def announced(self) -> list[Announced]:
        """Every notification-sent so far."""
        return await self.service.database.in_thread(lambda: self.bench.outbox("notification-sent"))


@contextlib.asynccontextmanager
async def running(folder: Path, lookup: Lookup | None = None, **given: Any) -> AsyncIterator[Notify]:
    """A service from start to stop."""
    notify = Notify(settings(folder, **given), lookup)
    await notify.start()
    try:
        yield notify
    finally:
        await notify.stop()
        await asyncio.sleep(0)
