"""`noegletal demo`: a sector sends as landlords would, and everything that comes of it is shown. A check as much as a show."""

import asyncio
import secrets
import tempfile
import time
from pathlib import Path

from aiokafka import AIOKafkaProducer
from noegletal.v1 import notification_pb2
from noegletal.v1 import registry_service_pb2 as registry
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as submit
from noegletal.v1 import subscription_service_pb2 as subscribe

from deploy import topics
from deploy.kafka_jars import LocalKafkaError
from deploy.local_kafka import LocalKafka
from services.chassis import access
from services.cli import sector_data, show
from services.cli.client import Client, connect
from services.cli.processes import Installation, unreachable
from services.cli.receiver import Receiver
from services.cli.sector_data import PERIOD, SCHEME, Sector, revised
from services.cli.story import FOLLOWED, Story, explained, milliseconds, told, until_vintage
from services.cli.talk import Exit, Stop, Talk

BY_TOPIC, LATE, CORRECTING = 20, 40, 12


def run(talk: Talk, language: str) -> None:
    """Tell it. Raises Stop when any part of it does not happen."""
    began = time.monotonic()
    sector = sector_data.load()
    everybody = [u.unit_id for u in sector.units]
    passwords = {u: secrets.token_urlsafe(24) for u in _by_topic(everybody)}
    try:
        with (
            tempfile.TemporaryDirectory(prefix="noegletal-demo-") as name,
            LocalKafka(data=Path(name) / "kafka") as kafka,
        ):
            topics.apply(kafka.bootstrap, most=topics.ALONE)
            topics.add_organisations(kafka.bootstrap, passwords)
            talk.data(f"a real Kafka is up after {time.monotonic() - began:.1f} s")
            asyncio.run(_play(talk, language, sector, Path(name), kafka, passwords, began))
    except LocalKafkaError as error:
        raise unreachable(error) from None
    talk.data(f"\ndone in {time.monotonic() - began:.1f} s. Next: noegletal up")


async def _play(
    talk: Talk, language: str, sector: Sector, folder: Path, kafka: LocalKafka, passwords: dict[str, str], began: float
) -> None:
    key_id, key, kept = access.new_key()
    operator = {"operator_key_id": key_id, "operator_key_sha256": kept.hex()}
    installation = Installation(
        folder, kafka.bootstrap, operator=operator, allow_private_addresses="true", allow_http="true"
    )
    try:
        installation.start()
        await installation.await_ready()
        talk.data(
            f"ingest, validate, benchmark and notify are ready after {time.monotonic() - began:.1f} s, a process each"
        )
        async with connect(installation.addresses, key) as client, Receiver() as receiver:
            await client.register(SCHEME, sector.units)
            own_key = await _subscribe(client, receiver)
            async with connect(installation.addresses, own_key) as own:
                story = Story(talk, language, sector, client, own, receiver)
                await _sector_reports(story, kafka.client_bootstrap, passwords)
                await _a_submission_is_refused(story)
                await _own_correction(story)
                await _others_correct(story)
                await _latecomers(story)
                await _closing(story)
    finally:
        installation.stop()


def _by_topic(everybody: list[str]) -> list[str]:
    return [u for u in everybody if u != FOLLOWED][:: len(everybody) // BY_TOPIC][:BY_TOPIC]


def _late(everybody: list[str], by_topic: list[str]) -> list[str]:
    return [u for u in everybody[5::8] if u != FOLLOWED and u not in by_topic][:LATE]


async def _subscribe(client: Client, receiver: Receiver) -> str:
    """Give the landlord a key, and subscribe its webhook and its readable log to everything."""
    issue = registry.IssueKeyRequest(organisation_id=FOLLOWED, role=pb.ROLE_SUBMITTER)
    key = (await client.call(client.registry.IssueKey, issue)).key
    for channel, url in ((notification_pb2.CHANNEL_WEBHOOK, receiver.url), (notification_pb2.CHANNEL_LOG, "")):
        create = subscribe.CreateEndpointRequest(organisation_id=FOLLOWED, channel=channel, url=url)
        made = await client.call(client.subscriptions.CreateEndpoint, create)
        receiver.secret = made.secret or receiver.secret
        wanted = subscribe.Subscription(organisation_id=FOLLOWED, endpoint_id=made.endpoint.endpoint_id)
        await client.call(client.subscriptions.Subscribe, subscribe.SubscribeRequest(subscription=wanted))
    return str(key)


async def _sector_reports(story: Story, clients: str, passwords: dict[str, str]) -> None:
    """The first wave: most by gRPC, some by their own Kafka topic, some not yet."""
    everybody, by_topic = list(story.sector.submissions), list(passwords)
    late = _late(everybody, by_topic)
    by_grpc = [u for u in everybody if u not in by_topic and u not in late]
    began = time.monotonic()
    answers = await story.client.submit(story.sector.submissions[u] for u in by_grpc)
    await asyncio.gather(*(_send_by_topic(clients, u, passwords[u], story.sector.submissions[u]) for u in by_topic))
    story.sent += len(by_grpc) + len(by_topic)
    await until_vintage(story, len(everybody) + story.sent)
    took = time.monotonic() - began
    story.tell(
        f"\n{len(answers)} landlords sent by gRPC, {len(by_topic)} by their own Kafka topic, {len(late)} are late: "
        f"every benchmark up to date after {took:.1f} s"
    )
    cells = await story.client.cells(SCHEME, PERIOD, peer_group="all")
    show.table(SCHEME, PERIOD, cells, story.talk, story.language)


async def _send_by_topic(clients: str, organisation: str, password: str, submission: pb.Submission) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=clients,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=organisation,
        sasl_plain_password=password,
        acks="all",
        enable_idempotence=True,
    )
    await producer.start()
    try:
        await producer.send_and_wait(
            f"submissions-{organisation}", submission.SerializeToString(), key=submission.unit_id.encode()
        )
    finally:
        await producer.stop()


async def _a_submission_is_refused(story: Story) -> None:
    """Eighteen months at once: refused as a whole, and told by a signed webhook."""
    wrong = revised(story.sector.submissions[FOLLOWED], "eighteen-months")
    wrong.period_start = "2022-10-01"
    began = time.monotonic()
    await story.own.call(story.own.submissions.Submit, submit.SubmitRequest(submission=wrong))
    receipt = await told(story, lambda r: r.data.get("submission_id") == wrong.submission_id)
    story.tell(
        f"\na submission over eighteen months is refused; the receipt came by webhook after {milliseconds(receipt.at - began)}:"
    )
    words = receipt.data["words"][story.language]
    story.tell(f"  {words['subject']}\n  {words['text']}".replace("\n", "\n  "))
    if receipt.data["verdict"] != "refused":
        raise Stop("the submission over eighteen months was not refused", Exit.FINDINGS)


async def _own_correction(story: Story) -> None:
    """A slip makes a share larger than 100 %; the figure is refused, then mended by the next revision."""
    original = story.sector.submissions[FOLLOWED]
    amounts = {a.data_point: a.value for a in original.amounts}
    slip = revised(original, "slip", RP02_1_numerator=amounts["RP02_1.denominator"] + 1)
    await story.own.call(story.own.submissions.Submit, submit.SubmitRequest(submission=slip))
    receipt = await told(story, lambda r: r.data.get("submission_id") == slip.submission_id)
    first = next(
        line for line in receipt.data["words"][story.language]["text"].splitlines() if line.startswith("NT-2004")
    )
    await until_vintage(story, story.vintages[-1] + 1)
    story.tell(f"\na slip in one figure is refused, the others stand:\n  {first}")
    better = min(amounts["RP02_1.denominator"], amounts["RP02_1.numerator"] * 23 // 20)
    mended = revised(original, "mended", RP02_1_numerator=amounts["RP02_1.numerator"])
    await explained(story, "mended", [mended])
    improved = revised(original, "improved", RP02_1_numerator=better)
    story.tell("\n1. the landlord corrects its own repairs figure")
    await explained(story, "own correction", [improved], show_it=True, by_webhook=True)


async def _others_correct(story: Story) -> None:
    """A dozen peers that stood behind correct theirs upwards; one that stood ahead withdraws."""
    own = _ratio(story.sector.submissions[FOLLOWED])
    peers = [u for u in _peers(story) if _ratio(story.sector.submissions[u]) is not None]
    behind = [u for u in peers if (_ratio(story.sector.submissions[u]) or 0) < (own or 0)][:CORRECTING]
    corrections = []
    for unit in behind:
        submission = story.sector.submissions[unit]
        amounts = {a.data_point: a.value for a in submission.amounts}
        raised = (amounts["RP02_1.numerator"] + 4 * amounts["RP02_1.denominator"]) // 5
        corrections.append(revised(submission, "corrected", RP02_1_numerator=raised))
    gone = next(u for u in peers if (_ratio(story.sector.submissions[u]) or 0) > 0.97)
    withdrawal = pb.Submission()
    withdrawal.CopyFrom(story.sector.submissions[gone])
    withdrawal.submission_id, withdrawal.withdraw = f"demo:{gone}:withdrawn", True
    story.tell(f"\n2. {len(corrections)} peers correct theirs, and {gone} withdraws")
    await explained(story, "others", [*corrections, withdrawal], show_it=True)


def _peers(story: Story) -> list[str]:
    """Landlords of the same type and size that have reported, the one followed left out."""
    profiles = {u.unit_id: (u.attributes["org_type"], u.attributes["size_band"]) for u in story.sector.units}
    late = _late(list(story.sector.submissions), _by_topic([u.unit_id for u in story.sector.units]))
    return [u for u, profile in profiles.items() if profile == profiles[FOLLOWED] and u != FOLLOWED and u not in late]


def _ratio(submission: pb.Submission) -> float | None:
    """Repairs on time; None where a part is missing."""
    amounts = {a.data_point: a.value for a in submission.amounts if a.WhichOneof("content") == "value"}
    if "RP02_1.numerator" not in amounts or not amounts.get("RP02_1.denominator"):
        return None
    return amounts["RP02_1.numerator"] / amounts["RP02_1.denominator"]


async def _latecomers(story: Story) -> None:
    """Those who had not reported do."""
    everybody = list(story.sector.submissions)
    late = _late(everybody, _by_topic([u.unit_id for u in story.sector.units]))
    story.tell(f"\n3. {len(late)} latecomers report")
    await explained(story, "late", [story.sector.submissions[u] for u in late], show_it=True)


async def _closing(story: Story) -> None:
    """What it all came to."""
    cells = await story.client.cells(SCHEME, PERIOD, peer_group="org_type=LARP")
    story.tell("")
    show.table(SCHEME, PERIOD, cells, story.talk, story.language)
    asked = subscribe.ListDeliveriesRequest(organisation_id=FOLLOWED, page_size=1000)
    listed = (await story.client.call(story.client.subscriptions.ListDeliveries, asked)).deliveries
    if story.receiver.refused or not story.receiver.received:
        raise Stop(
            f"{story.receiver.refused} webhooks with a wrong signature, {len(story.receiver.received)} right",
            Exit.FINDINGS,
        )
    delivered = sum(d.outcome == notification_pb2.DELIVERY_OUTCOME_DELIVERED for d in listed)
    story.tell(
        f"\n{story.vintages[-1]} records in the ledger; {delivered} of {len(listed)} messages to {FOLLOWED} delivered, "
        f"{len(story.receiver.received)} webhooks verified"
    )
