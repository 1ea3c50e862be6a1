"""What notify itself has to say of an endpoint: a test that was asked for, deliveries that fail, sending that ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notify.health import Health
from services.notify.payload import Due, Told
from services.notify.wording import LANGUAGES, Message

ENDPOINT_FAILING, TEST = 10, 12  # kinds of the contract
TIMES = {"da": "%d.%m.%Y kl. %H.%M UTC", "en": "%Y-%m-%d %H:%M UTC"}
ASKED = {"da": "I har selv bedt om beskeden.", "en": "You asked for this message."}
TESTED = {
    "da": Message(
        "Prøve: beskeder når frem",
        "Her er den prøve, der blev bedt om. Kommer den frem, og passer underskriften, så gør beskeder det også.",
    ),
    "en": Message(
        "Test: messages arrive",
        "This is the test that was asked for. If it arrives and its signature is right, so will messages.",
    ),
}
FAILING = {
    "da": {
        "failing": (
            "Beskeder når ikke frem til {endpoint}",
            "Siden {since} er {failures} forsøg i træk mislykkedes. Seneste svar: {answer}. Vi prøver igen i tre døgn.\n"
            "Se, hvad der mangler: noegletal deliveries --endpoint {endpoint} --missing",
        ),
        "hopeless": (
            "Modtageren {endpoint} er slået fra",
            "Intet er kommet frem siden {since}. Seneste svar: {answer}. Vi sender ikke mere dertil.\n"
            "Når den svarer igen: noegletal endpoints enable {endpoint} --missing. Så kommer også det, der mangler.",
        ),
        "gone": (
            "Modtageren {endpoint} er slået fra",
            "Den har svaret, at den intet vil have mere: {answer}. Vi sender ikke mere dertil.\n"
            "Var det ikke meningen: noegletal endpoints enable {endpoint} --missing. Så kommer også det, der mangler.",
        ),
    },
    "en": {
        "failing": (
            "Messages do not reach {endpoint}",
            "Since {since}, {failures} attempts in a row have failed. Last answer: {answer}. We go on trying for three days.\n"
            "See what is missing: noegletal deliveries --endpoint {endpoint} --missing",
        ),
        "hopeless": (
            "Endpoint {endpoint} is disabled",
            "Nothing has arrived since {since}. Last answer: {answer}. We send nothing more there.\n"
            "Once it answers again: noegletal endpoints enable {endpoint} --missing. What is missing then comes too.",
        ),
        "gone": (
            "Endpoint {endpoint} is disabled",
            "It has answered that it wants nothing any more: {answer}. We send nothing more there.\n"
            "If that was not meant: noegletal endpoints enable {endpoint} --missing. What is missing then comes too.",
        ),
    },
}
WHY = {
    "da": "I får beskeden, fordi I følger, om beskeder når frem.",
    "en": "You are told because you follow whether messages arrive.",
}


def test(organisation_id: str, endpoint_id: str, event_id: str) -> Due:
    """A test of an endpoint."""
    return Due(organisation_id, TEST, event_id, (), {"endpoint_id": endpoint_id}, Told(TESTED, ASKED))


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
    filled = {"endpoint": endpoint_id, "failures": health.failures, "answer": answer}
    words = {code: _said(what, filled | {"since": since.strftime(TIMES[code])}, code) for code in LANGUAGES}
    return Due(organisation_id, ENDPOINT_FAILING, event_id, (), facts, Told(words, ASKED))


def _said(what: str, filled: Mapping[str, object], language: str) -> Message:
    subject, text = (pattern.format(**filled) for pattern in FAILING[language][what])
    return Message(subject, f"{text}\n{WHY[language]}")
