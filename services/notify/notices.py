"""What notify itself has to say of an endpoint: a test that was asked for, deliveries that fail, sending that ended."""

from datetime import datetime
from typing import Any

from services.notify.health import Health
from services.notify.kinds import Kind
from services.notify.payload import Due
from services.notify.sentences import Given, Phrase
from services.notify.wording import Said


def test(organisation_id: str, endpoint_id: str, event_id: str, *, signed: bool) -> Due:
    """A test of an endpoint. `signed`: as a webhook's messages are."""
    opening = Phrase("test.text" if signed else "test.text.unsigned")
    said = Said(Phrase("test.subject"), Phrase("why.asked"), [opening])
    return Due(organisation_id, Kind.TEST, event_id, said, (), {"endpoint_id": endpoint_id})


def endpoint_failing(
    organisation_id: str, endpoint_id: str, event_id: str, *, what: str, health: Health, answer: str, now: datetime
) -> Due:
    """How an endpoint fails. `what`: failing (it is tried again), hopeless or gone (it is disabled)."""
    since = health.failing_since or now
    facts: dict[str, Any] = {
        "endpoint_id": endpoint_id,
        "disabled": what != "failing",
        "reason": what,
        "failures": health.failures,
        "failing_since": since.isoformat(timespec="milliseconds"),
        "last_answer": answer,
    }
    given: dict[str, Given] = {"endpoint": endpoint_id, "failures": health.failures, "answer": answer, "since": since}
    opening = [Phrase(f"endpoint.{what}.{part}", given) for part in ("text", "remedy")]
    said = Said(Phrase(f"endpoint.{what}.subject", given), Phrase("why.endpoint"), opening)
    return Due(organisation_id, Kind.ENDPOINT_FAILING, event_id, said, (), facts)
