"""What gathers, in which order it is told, and that nothing depends on how it came in."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify import digest, gathering, letter
from services.notify.gathering import LOOK_BACK, TOGETHER, Gathered
from tests.unit.notify import mails

AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


def _one(number: int, worth: int | None, *, topic: str = "", at: str = "") -> Gathered:
    figure = mails.FIGURES[1] | {"worth": worth}
    body = mails.moved(f"afd-{number}", [figure])
    return Gathered(f"e-{number}", at or f"2026-11-{number + 1:02}", 2, topic or f"2/{number}", body, worth)


def _digest(messages: list[Gathered], month: str = "2026-11") -> Any:
    given = {"organisation_id": "o", "event_id": "d", "seq": 1, "at": AT.isoformat(), "month": month}
    return json.loads(digest.together(messages, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("since", "awaited", "waits"),
    [
        (None, False, None),
        (timedelta(0), False, LOOK_BACK),
        (timedelta(minutes=14), False, timedelta(minutes=1)),
        (timedelta(minutes=15), False, None),
        (timedelta(minutes=1), True, TOGETHER),  # somebody waits for it
        (None, True, TOGETHER),
    ],
)
def test_what_follows_a_first_message_waits_for_the_rest(since: Any, awaited: bool, waits: Any) -> None:
    told_at = None if since is None else AT - since

    expected = None if waits is None else AT + waits
    assert gathering.waits_until(AT, told_at=told_at, awaited=awaited) == expected


def test_the_most_kroner_come_first_and_the_unpriced_last_the_newest_of_them_first() -> None:
    worth = [5_000, None, -184_000, 52_000, None, 0]

    found = gathering.told([_one(n, w) for n, w in enumerate(worth)])

    assert [g.event_id for g in found] == ["e-2", "e-3", "e-0", "e-5", "e-4", "e-1"]


def test_of_one_topic_the_newest_is_told() -> None:
    messages = [_one(0, 9, topic="t"), _one(1, 4, topic="t"), _one(2, 1, topic="u")]

    assert [g.event_id for g in gathering.told(messages)] == ["e-1", "e-2"]


def test_a_digest_tells_three_and_counts_the_rest() -> None:
    month = _digest([_one(n, n * 1000 if n else None) for n in range(6)])
    data = month["data"]

    assert month["type"] == "noegletal.digest"
    assert (data["items_in_all"], len(data["items"]), len(data["mail"]["items"])) == (6, 6, 3)
    assert data["mail"]["items"][0]["heading"]["da"] == "Afdeling afd-5 2024: placeringen er ændret"
    assert data["words"]["da"]["subject"] == "Afdeling afd-5 2024: placeringen er ændret – og 5 mere"
    assert data["words"]["da"]["text"].split("\n") == [
        "6 nyheder i jeres nøgletal i november 2026. Her er 3 af dem; det, der fylder mest i kroner, står først.",
        "Det øvrige: 3 ændrede placeringer.",
        "I får mailen én gang om måneden, og kun når der er nyt, fordi I følger disse nøgletal.",
    ]
    assert data["words"]["en"]["text"].startswith(
        "6 items of news in your key figures in November 2026. Here are 3 of them;"
    )


def test_one_piece_of_news_is_a_digest_too_and_said_as_one() -> None:
    words = _digest([_one(1, None)])["data"]["words"]

    assert words["da"]["subject"] == "Afdeling afd-1 2024: placeringen er ændret"
    assert words["da"]["text"].startswith("1 nyhed i jeres nøgletal i november 2026.\n")


def test_what_follows_a_first_message_keeps_its_own_words_when_it_is_alone() -> None:
    alone, three = _digest([_one(1, None)], month=""), _digest([_one(n, None) for n in range(3)], month="")

    assert alone["data"]["words"]["da"]["text"].startswith("Elforbrug pr. bolig: ")
    assert (three["type"], three["data"]["month"]) == ("noegletal.digest", "")
    assert three["data"]["words"]["da"]["text"].startswith("3 nyheder på én gang.\n")


def test_every_subscription_that_led_there_is_named() -> None:
    bodies = [mails.body("receipt", mails.RECEIPT, [], subscription_ids=[f"su-{n}"]) for n in range(30)]

    data = _digest([Gathered(f"e-{n}", "t", 1, f"1/{n}", b, None) for n, b in enumerate(bodies)])["data"]

    assert data["subscription_ids"] == sorted(f"su-{n}" for n in range(30))


@settings(max_examples=30)
@given(st.lists(st.integers(-10, 10) | st.none(), min_size=1, max_size=8), st.randoms())
def test_the_order_things_came_in_changes_nothing(worth: list[int | None], chance: Any) -> None:
    messages = [_one(n, w, topic=f"2/{n % 3}") for n, w in enumerate(worth)]
    shuffled = chance.sample(messages, len(messages))

    assert _digest(shuffled) == _digest(messages)
    assert len(_digest(messages)["data"]["words"]["da"]["subject"]) <= 78


def test_what_a_message_is_about() -> None:
    moved = mails.moved("12-3", mails.FIGURES)
    bare = mails.body("test", mails.RECEIPT, [], unit_id="", scheme="", period="")

    assert (gathering.topic(2, moved), gathering.topic(12, bare)) == ("2/12-3/dk-almen/2024", "12/e")
    assert (gathering.worth(moved), gathering.worth(bare)) == (-184_000, None)
    assert letter.written(bare, "da").subject == mails.RECEIPT["da"]["subject"]


def test_a_later_correction_of_a_period_does_not_take_the_place_of_an_earlier_one() -> None:
    release, correction = (
        mails.body(kind, mails.RECEIPT, [], unit_id="", scheme="s", period="2024")
        for kind in ("release-published", "figure-corrected")
    )

    assert gathering.topic(8, release) == "8/s/2024"
    assert gathering.topic(9, correction) == "9/e"
