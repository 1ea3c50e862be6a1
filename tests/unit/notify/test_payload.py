"""What a webhook carries."""

import json

from services.notify.matching import Match
from services.notify.payload import MOST_BYTES, Due, payload
from services.notify.wording import Assessed, Finding, Moved

EVERYTHING = Match("e1", ("su-1",), frozenset())
FACTS = {"unit_id": "H4567", "scheme": "uk-tsm", "period": "2024", "vintage_before": 7, "vintage_after": 8}


def _moved(count: int, length: int = 30) -> Due:
    figures = tuple(f"F{n}" for n in range(count))
    sentences = [{"da": f"{f} på dansk " + "æ" * length, "en": f"{f} in English " + "x" * length} for f in figures]
    return Due("org-a", 2, "ev-1", figures, FACTS, Moved("H4567", "2024", True, sentences))


def test_type_timestamp_data() -> None:
    content = json.loads(payload(_moved(2), EVERYTHING, seq=3, at="2026-11-24T12:00:00.000+00:00"))

    assert content["type"] == "noegletal.standing-changed"
    assert content["timestamp"] == "2026-11-24T12:00:00.000+00:00"
    assert set(content) == {"type", "version", "timestamp", "data"}
    data = content["data"]
    assert (data["seq"], data["organisation_id"], data["event_id"], data["key_figures"]) == (
        3,
        "org-a",
        "ev-1",
        ["F0", "F1"],
    )
    assert (data["vintage_before"], data["vintage_after"]) == (7, 8)
    assert data["stop"]["en"].endswith("unsubscribe su-1.")


def test_an_endpoint_is_told_what_it_follows() -> None:
    match = Match("e1", ("su-1", "su-2"), frozenset({"F1", "elsewhere"}))

    data = json.loads(payload(_moved(3), match, seq=1, at="t"))["data"]

    assert data["key_figures"] == ["F1"]
    assert "F1 på dansk" in data["words"]["da"]["text"]
    assert "F0" not in json.dumps(data)
    assert data["subscription_ids"] == ["su-1", "su-2"]


def test_a_receipt_carries_no_amount() -> None:
    findings = [Finding("NT-2003", {"data_point": "BS03.numerator", "value": "-38173"})]
    said = Assessed("H4567", "2024", "s-1", 1, "accepted", 7, 0, 1, 0, findings)

    body = payload(Due("org-a", 1, "ev-1", ("BS03",), FACTS, said), EVERYTHING, seq=1, at="t")

    assert json.loads(body)["type"] == "noegletal.receipt"
    assert "38173" not in body


def test_a_payload_stays_small_and_readable() -> None:
    figures = tuple(f"F{n:063}" for n in range(1000))
    sentences = [{"da": "𝒳" * 5000, "en": "𝒳" * 5000} for _ in figures]
    due = Due("org-a", 2, "ev-1", figures, FACTS, Moved("u" * 64, "2024", True, sentences))

    body = payload(due, Match("e1", tuple(f"su-{n:036}" for n in range(500)), frozenset()), seq=1, at="t")

    assert len(body.encode()) < MOST_BYTES
    assert json.loads(body)["data"]["words"]["da"]["text"].endswith("…")


def test_the_same_message_has_the_same_bytes() -> None:
    assert payload(_moved(5), EVERYTHING, seq=1, at="t") == payload(_moved(5), EVERYTHING, seq=1, at="t")
