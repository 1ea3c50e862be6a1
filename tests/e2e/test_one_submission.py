"""One submission, followed through every topic: what the README tells, on a running installation."""

from typing import Any

from google.protobuf.message import Message
from noegletal.v1 import assessment_pb2, benchmark_pb2, notification_pb2, observations_pb2
from noegletal.v1 import registry_service_pb2 as registry
from noegletal.v1 import submission_pb2 as pb
from noegletal.v1 import submission_service_pb2 as api
from noegletal.v1 import subscription_service_pb2 as subscribe

from services.chassis.topics import of_message
from services.cli import sector_data
from services.cli.receiver import Receiver
from tests import moved
from tests.e2e.installed import Installed, at_vintage, client, installed, records


async def _first(everything: Installed, message: type[Message], wanted: Any) -> tuple[Any, dict[str, bytes]]:
    """The first message of a topic that is wanted, with its headers."""
    topic = of_message(message).name

    def decoded(found: Any) -> list[tuple[Any, dict[str, bytes]]]:
        every = [(message.FromString(r.value), dict(r.headers)) for r in found]
        return [(m, h) for m, h in every if wanted(m)]

    found = await records(everything.kafka.bootstrap, topic, lambda f: bool(decoded(f)))
    return decoded(found)[0]


async def test_one_submission() -> None:
    sector = sector_data.load()
    own = sector.submissions["00AA"]
    async with installed() as everything, client(everything) as operator, Receiver() as receiver:
        await operator.register(sector_data.SCHEME, sector.units)
        issue = registry.IssueKeyRequest(organisation_id="00AA", role=pb.ROLE_SUBMITTER)
        key = (await operator.call(operator.registry.IssueKey, issue)).key
        create = subscribe.CreateEndpointRequest(
            organisation_id="00AA", channel=notification_pb2.CHANNEL_WEBHOOK, url=receiver.url
        )
        made = await operator.call(operator.subscriptions.CreateEndpoint, create)
        receiver.secret = made.secret
        wanted = subscribe.Subscription(organisation_id="00AA", endpoint_id=made.endpoint.endpoint_id)
        await operator.call(operator.subscriptions.Subscribe, subscribe.SubscribeRequest(subscription=wanted))
        await operator.submit([s for u, s in sector.submissions.items() if u != "00AA"])
        await at_vintage(operator, 360 + 359)

        async with client(everything, key) as landlord:
            receipt = (await landlord.call(landlord.submissions.Submit, api.SubmitRequest(submission=own))).receipt
        assert (receipt.sequence, receipt.revision, receipt.organisation_id) == (360, 1, "00AA")

        def ours(message: Any) -> bool:
            return bool(message.receipt.receipt_id == receipt.receipt_id)

        received, headers = await _first(everything, pb.SubmissionReceived, ours)
        assert received.profile.attributes["org_type"] == "LARP"
        assert headers["ce_type"] == b"noegletal.v1.SubmissionReceived"
        assert headers["ce_id"] == receipt.receipt_id.encode()

        assessed, _ = await _first(everything, assessment_pb2.SubmissionAssessed, ours)
        assert assessed.verdict == assessment_pb2.SUBMISSION_VERDICT_ACCEPTED
        assert {f.key_figure: (f.numerator, f.denominator) for f in assessed.figures}["RP01"] == (163, 1932)

        batch, _ = await _first(
            everything, observations_pb2.ObservationsAccepted, lambda m: receipt.receipt_id in m.receipt_ids
        )
        assert list(batch.unit_ids) == ["00AA"]

        cells = await at_vintage(operator, 720)
        update, _ = await _first(
            everything, benchmark_pb2.BenchmarkUpdated, lambda m: m.vintage == 720 and m.peer_group == "all"
        )
        shown = next(c for c in cells if c.peer_group == "all" and c.key_figure == "RP01")
        row = list(update.key_figures).index("RP01")
        assert update.statistics[row * 6 + 3] == shown.median
        assert (update.reported, update.expected) == (360, 360)

        told_of, _ = await _first(everything, benchmark_pb2.StandingChanged, lambda m: m.unit_id == "00AA")
        assert (told_of.organisation_id, told_of.own_submission, told_of.vintage_after) == ("00AA", True, 720)
        assert {e.key_figure for e in moved.explanations(told_of)} == set(update.key_figures)

        told = await receiver.wait_for(lambda r: r.data.get("receipt_id") == receipt.receipt_id, 20)
        assert told is not None
        assert told.data["figures"] == {"accepted": 8, "held": 0, "refused": 0, "missing": 0}
        changed = await receiver.wait_for(lambda r: r.type == "noegletal.standing-changed", 20)
        assert changed is not None
        assert changed.data["vintage_after"] == 720

        sent, _ = await _first(everything, notification_pb2.NotificationSent, lambda m: m.notification_id == told.id)
        assert sent.outcome == notification_pb2.DELIVERY_OUTCOME_DELIVERED
        assert sent.organisation_id == "00AA"
