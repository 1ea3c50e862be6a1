"""Definitions that changed: who reports by them is told once, when notify starts with them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.catalogue import definitions
from services.notify import definition_news, definition_store
from services.notify.by_clock import ByClock
from services.notify.kinds import Kind
from services.notify.redefining import redefined
from services.notify.reminders import read
from tests.service.notify.desk import Desk
from tests.service.notify.test_news import FIRST, SECOND
from tests.service.notify.test_peer_groups import updated
from tests.service.notify.test_reminders import came, unit

DEFINITION = Kind.DEFINITION_CHANGED
FIGURES = definition_news.fingerprints(definitions.of("uk-tsm", "2024"))


def news(folder: Path, **given: Any) -> set[str]:
    """What one organisation that follows every kind is told of events that are nobody's own, each twice."""
    desk = Desk(folder, **given)
    end = desk.follow(*(Kind(number) for number in (4, 6, 7, 8, 9)))
    desk.deliver(("u1", unit("H1")), ("r1", FIRST), ("r2", SECOND), ("g1", updated(1, group="all")))
    desk.deliver(("r1", FIRST), ("r2", SECOND), ("g2", updated(2, "TP01", group="all")), ("a1", came("H2")))
    clock = desk.service.clock
    desk.service.clock = lambda: clock() + timedelta(days=2)
    day = (clock() + timedelta(days=1)).date()
    gathering = ByClock(desk.service, read(f"uk-tsm/2024={day}"), lambda: None)
    desk.service.transact(lambda tx: definition_store.keep(tx, "uk-tsm", "2024", {}), cause="test")
    for _ in range(2):
        desk.service.transact(redefined, cause="test")
        desk.service.transact(gathering.tell, cause="test")
    told = {f"{one['type']} {one['data']['event_id']} {one['data']['words']}" for one in desk.told(end)}
    desk.bench.close()
    return told


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    one.deliver(("u1", unit("H1")))
    yield one
    one.bench.close()


def start(desk: Desk, year: str, known: dict[str, str] | None, at: str = "2024-06-01") -> None:
    """Two starts of a notify that knew some definitions; None: no scheme at all."""

    def work(tx: object) -> None:
        if known is not None:
            definition_store.keep(tx, "uk-tsm", year, known)  # type: ignore[arg-type]

    desk.service.clock = lambda: datetime.fromisoformat(at).replace(tzinfo=UTC)
    desk.service.transact(work, cause="test")
    for _ in range(2):
        desk.service.transact(redefined, cause="test")


def test_a_changed_definition_is_told_to_who_reports_by_it(desk: Desk) -> None:
    mine, other, stranger, feed = (
        desk.follow(DEFINITION),
        desk.follow(DEFINITION, key_figures=frozenset({"RP01"})),
        desk.follow(DEFINITION, of="org-b"),
        desk.follow(),
    )
    start(desk, "2024", FIGURES | {"BS05": "other", "XX01": "gone"})

    [told] = desk.told(mine)
    assert [(item["key_figure"], item["change"]) for item in told["data"]["items"]] == [
        ("BS05", "changed"),
        ("XX01", "gone"),
    ]
    english = told["data"]["words"]["en"]
    assert english["subject"] == "uk-tsm 2024: the definition has changed for 2 key figures"
    assert english["text"].splitlines()[0] == "The change holds for periods that end in 2024, and it holds already."
    assert english["text"].splitlines()[2] == "XX01: dropped."
    assert desk.told(other) == desk.told(stranger) == desk.told(feed) == []


def test_a_new_years_edition_is_told_ahead_against_the_year_before(desk: Desk) -> None:
    mine, known = desk.follow(DEFINITION), dict(FIGURES)
    del known["BS05"]
    start(desk, "2023", known, at="2023-11-20")
    [told] = desk.told(mine)
    danish = told["data"]["words"]["da"]["text"].splitlines()
    assert danish[0] == "Ændringen gælder perioder, der slutter i 2024, fra 1. januar 2024."
    assert danish[1].startswith("BS05 ")
    assert danish[1].endswith(": nyt nøgletal.")


@pytest.mark.parametrize("known", [None, FIGURES])
def test_a_scheme_seen_first_and_one_that_is_the_same_tell_nothing(desk: Desk, known: dict[str, str] | None) -> None:
    mine = desk.follow(DEFINITION)
    start(desk, "2024", known)
    assert desk.told(mine) == []
