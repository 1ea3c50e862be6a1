"""What a message carries."""

import json
from typing import Any

from services.notify import moves, notices, receipts
from services.notify.kinds import Kind
from services.notify.matching import Match, Subscription
from services.notify.moves import Moved
from services.notify.payload import MOST_BYTES, Due, payload
from services.notify.receipts import Assessed, Finding
from services.notify.wording import About

EVERYTHING = Match("e1", (Subscription("su-1", "e1"),))
FACTS = {"unit_id": "H4567", "scheme": "uk-tsm", "period": "2024", "vintage_before": 7, "vintage_after": 8}
KR = {"da": "kr.", "en": "kr."}


def _match(*figures: str, language: str = "da") -> Match:
    return Match(
        "e1", tuple(Subscription(f"su-{f}", "e1", key_figures=frozenset({f}), language=language) for f in figures)
    )


def _due(names: list[str], text: str = "", unit: str = "H4567") -> Due:
    parts = {"parts": [{"step": "own_figure", "position": 5, "units": 1}]}
    moved = [
        Moved(
            About(f, unit, "all"),
            "2024",
            {"da": f"{f} på dansk {text}", "en": f"{f} in English {text}"},
            parts,
            4,
            "higher",
            184_000,
            KR,
        )
        for f in names
    ]
    return Due(
        "org-a",
        Kind.STANDING_CHANGED,
        "ev-1",
        moves.standing_changed(unit, "2024", moved, own_submission=True),
        facts=FACTS,
    )


def _data(due: Due, match: Match = EVERYTHING, **given: Any) -> dict[str, Any]:
    return dict(json.loads(payload(due, match, seq=1, at="t", **given))["data"])


def test_type_timestamp_data() -> None:
    content = json.loads(payload(_due(["F0", "F1"]), EVERYTHING, seq=3, at="2026-11-24T12:00:00.000+00:00"))

    assert set(content) == {"type", "version", "timestamp", "data"}
    assert (content["type"], content["timestamp"]) == ("noegletal.standing-changed", "2026-11-24T12:00:00.000+00:00")
    data = content["data"]
    assert (data["seq"], data["organisation_id"], data["event_id"]) == (3, "org-a", "ev-1")
    assert (data["key_figures"], data["moved"], data["vintage_after"]) == (["F0", "F1"], 2, 8)
    assert data["why"]["da"] == "I får beskeden, fordi I selv har indberettet."
    assert data["stop"]["en"].endswith("noegletal subscriptions remove su-1")
    assert data["items"][0]["parts"] == [{"step": "own_figure", "position": 5, "units": 1}]


def test_an_endpoint_is_told_what_it_follows() -> None:
    data = _data(_due(["F0", "F1", "F2"]), _match("F1", "elsewhere", language="en"))

    assert (data["key_figures"], [i["key_figure"] for i in data["items"]], data["language"]) == (["F1"], ["F1"], "en")
    assert "F1 på dansk" in data["words"]["da"]["text"]
    assert "F0" not in json.dumps(data)
    assert data["subscription_ids"] == ["su-F1", "su-elsewhere"]


def test_money_is_said_only_where_it_may_be() -> None:
    quiet, loud = _data(_due(["F0"])), _data(_due(["F0"]), amounts=True)

    assert "184" not in json.dumps(quiet)
    assert "På niveau med medianen: 184.000 kr. om året." in loud["words"]["da"]["text"]
    assert loud["items"][0]["kroner_a_year"] == 184_000


def test_a_receipt_carries_no_amount() -> None:
    findings = [Finding("NT-2003", {"data_point": "BS03.numerator", "value": "-38173"})]
    what = Assessed("H4567", "2024", "s-1", 1, "accepted", 7, 0, 1, 0, findings)
    due = Due("org-a", Kind.RECEIPT, "ev-1", receipts.said(what, Kind.RECEIPT), (About("BS03", "H4567"),), FACTS)

    body = payload(due, EVERYTHING, seq=1, at="t")

    assert json.loads(body)["type"] == "noegletal.receipt"
    assert "38173" not in body
    assert "-38173 er negativt" in _data(due, amounts=True)["words"]["da"]["text"]


def test_what_changed_comes_first() -> None:
    there, here = ({"before": {}, "parts": p} for p in ([], [{"step": "own_figure"}]))
    moved = [
        Moved(About(f, "u"), "2024", {}, facts, 0, "none") for f, facts in (("F0", there), ("F1", here), ("F2", {}))
    ]

    assert [item.about.key_figure for item in moves.landing(moved)] == ["F1", "F2", "F0"]


def test_a_payload_stays_small_and_readable() -> None:
    due = _due([f"F{n:063}" for n in range(1000)], "𝒳" * 5000, "u" * 64)
    match = Match("e1", tuple(Subscription(f"su-{n:036}", "e1") for n in range(500)))

    body = payload(due, match, seq=1, at="t")

    assert len(body.encode()) < MOST_BYTES
    assert json.loads(body)["data"]["words"]["da"]["text"].endswith("…")
    assert json.loads(body)["data"]["items_in_all"] == 1000


def test_a_test_of_an_endpoint_is_told_without_a_subscription() -> None:
    data = _data(notices.test("org-a", "e1", "ev-1", signed=True), Match("e1", ()))

    assert (data["words"]["en"]["subject"], data["stop"]["en"]) == (
        "Test: messages arrive",
        "You asked for this message.",
    )
    assert (data["subscription_ids"], data["endpoint_id"], data["language"]) == ([], "e1", "da")


def test_the_same_message_has_the_same_bytes() -> None:
    assert payload(_due(["F0", "F1"]), EVERYTHING, seq=1, at="t") == payload(
        _due(["F0", "F1"]), EVERYTHING, seq=1, at="t"
    )
