"""Events that are nobody's own: every organisation that follows them is told once, of what it follows."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from noegletal.v1 import release_pb2 as pb

from services.notify.kinds import Kind
from tests.service import delivery
from tests.service.notify.desk import Desk

RELEASE, CORRECTED = Kind.RELEASE_PUBLISHED, Kind.FIGURE_CORRECTED


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.bench.close()


def release(number: int, *cells: tuple[str, str, int, str]) -> pb.ReleaseDecided:
    """(key figure, peer group, outcome, median)"""
    message = pb.ReleaseDecided(scheme="dk-almen", period="2024", number=number, kind=number, made_on="2025-05-01")
    for key_figure, group, outcome, median in cells:
        message.decisions.add(key_figure=key_figure, peer_group=group, outcome=outcome, median=median)
    return message


FIRST = release(
    1, ("BS05", "all", 1, "4"), ("BS05", "type=youth", 3, ""), ("TP01", "all", 1, "7"), ("TP01", "x", 1, "8")
)
SECOND = release(
    2, ("BS05", "all", 1, "5"), ("BS05", "type=youth", 1, "3"), ("TP01", "all", 1, "7"), ("TP01", "x", 4, "")
)


def test_a_release_is_told_once_to_every_organisation_that_follows_its_figures(desk: Desk) -> None:
    all_of_it, other, feed = desk.follow(RELEASE), desk.follow(RELEASE, of="org-b"), desk.follow()
    one, none, kind = (
        desk.follow(RELEASE, key_figures=frozenset({"TP01"})),
        desk.follow(RELEASE, key_figures=frozenset({"WH01"})),
        desk.follow(Kind.RECEIPT),
    )

    desk.deliver(("r1", FIRST), ("r1", FIRST))

    assert [desk.types(e) for e in (all_of_it, other, feed, one)] == [["release-published"]] * 4
    assert desk.told(none) == desk.told(kind) == []
    told = desk.told(one)[0]["data"]
    assert told["cells"] == {"released": 3, "held_back": 0, "waiting": 1, "suppressed": 0}
    assert (told["key_figures"], told["items_in_all"], told["release"]["number"]) == (["TP01"], 1, 1)
    text = desk.told(all_of_it)[0]["data"]["words"]["da"]["text"].splitlines()
    assert text[0].startswith("Frigivelse 1 (foreløbig): 3 celler er ude, 0 holdes tilbage")
    assert text[1:3] == [
        "BS05: ude for 1 gruppe, 0 holdes tilbage, 1 venter, 0 vises ikke.",
        "TP01: ude for 2 grupper, 0 holdes tilbage, 0 venter, 0 vises ikke.",
    ]


def test_what_is_corrected_or_withdrawn_is_told_in_the_release_or_by_itself(desk: Desk) -> None:
    both, only, calm = (
        desk.follow(RELEASE, CORRECTED),
        desk.follow(CORRECTED),
        desk.follow(CORRECTED, peer_groups=frozenset({"type=youth"})),
    )

    desk.deliver(("r1", FIRST), ("r2", SECOND), ("r2", SECOND), ("r1", FIRST))

    assert desk.types(both) == ["release-published", "release-published"]
    assert desk.types(only) == ["figure-corrected"]
    assert desk.told(calm) == []
    english = desk.told(only)[0]["data"]["words"]["en"]
    assert english["subject"] == "dk-almen 2024: 2 published figures are corrected or withdrawn"
    assert english["text"].splitlines()[:2] == [
        "BS05, peer group all: release 2 shows other numbers than release 1.",
        "TP01, peer group x: no longer shown. Do not use the numbers of release 1.",
    ]
    assert "Corrected since an earlier release: 1. Withdrawn: 0." in desk.told(both)[1]["data"]["words"]["en"]["text"]


def test_what_is_withdrawn_at_once_is_no_release_and_told_as_a_correction(desk: Desk) -> None:
    both, calm, feed = desk.follow(RELEASE, CORRECTED), desk.follow(RELEASE), desk.follow()
    again = release(3, ("TP01", "all", 1, "7"), ("TP01", "x", 1, "9"))
    gone = release(2, ("TP01", "x", 5, ""))
    gone.kind = pb.RELEASE_KIND_WITHDRAWAL

    desk.deliver(("r1", FIRST), ("r2", gone), ("r2", gone), ("r3", again))

    assert desk.types(both) == desk.types(feed) == ["release-published", "figure-corrected", "release-published"]
    assert desk.types(calm) == ["release-published"] * 2
    words = desk.told(both)[1]["data"]["words"]["da"]
    assert words["subject"] == "dk-almen 2024: et offentliggjort tal er rettet eller trukket tilbage"
    assert words["text"].startswith("TP01, gruppe x: vises ikke længere. Brug ikke tallene fra frigivelse 1.\n")
    assert "Corrected since" not in desk.told(both)[2]["data"]["words"]["en"]["text"]


def test_what_is_older_than_a_week_is_no_news_but_is_known(desk: Desk) -> None:
    only, clock = desk.follow(CORRECTED, RELEASE), desk.service.clock
    desk.service.clock = lambda: clock() - timedelta(days=8)
    [old] = [desk.bench._record(FIRST, "release-decided", "key", "r1")]
    desk.service.clock = clock
    desk.bench.deliver("release-decided", [old])
    assert desk.told(only) == []

    desk.deliver(("r2", SECOND))
    [told] = desk.told(only)
    assert [item["corrected"] for item in told["data"]["items"]] == [1, 0]


def test_no_number_is_in_what_is_told(desk: Desk) -> None:
    feed = desk.follow()
    desk.deliver(*[(name, one) for name, one in delivery.examples("release-decided").items()])
    assert len(desk.told(feed)) == 2
    assert not any(median in str(desk.told(feed)) for median in ("105.5", "105,5"))


@pytest.mark.parametrize("left_out", ["scheme", "period", "number", "kind"])
def test_a_release_that_does_not_say_which_goes_to_the_dead_letters(desk: Desk, left_out: str) -> None:
    message = release(1, ("BS05", "all", 1, "4"))
    message.ClearField(left_out)
    desk.follow()
    desk.deliver(("r1", message))
    assert [one.headers["dlq_reason"] for one in desk.bench.outbox("release-decided-dlq")] == [b"unusable"]
