"""Peer groups that came or went: told to those who are in them, gathered, once."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from noegletal.v1 import benchmark_pb2, submission_pb2

from services.notify import by_clock
from services.notify.kinds import Kind
from tests.service.notify.desk import Desk

GROUPS = Kind.PEER_GROUP_CHANGED
DAY = timedelta(days=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = Desk(tmp_path)
    yield one
    one.bench.close()


def updated(vintage: int, *shown: str, group: str = "org_type=LARP") -> benchmark_pb2.BenchmarkUpdated:
    """A group of which some of two figures show a median; the others show the pooled figure alone."""
    figures = ["BS05", "TP01"]
    bits = bytes(0b001001 if name in shown else 1 for name in figures)
    return benchmark_pb2.BenchmarkUpdated(
        scheme="uk-tsm", period="2024", peer_group=group, vintage=vintage, key_figures=figures, shown=bits
    )


def unit(version: int = 1, kind: str = "LARP", organisation: str = "org-a") -> submission_pb2.UnitRegistered:
    profile = submission_pb2.Profile(
        scheme="uk-tsm", unit_id="H1", organisation_id=organisation, version=version, attributes={"org_type": kind}
    )
    return submission_pb2.UnitRegistered(profile=profile)


def later(desk: Desk, by: timedelta) -> None:
    clock = desk.service.clock
    desk.service.clock = lambda: clock() + by
    desk.service.transact(by_clock.groups, cause="test")


def test_those_who_are_in_a_group_are_told_a_day_after_the_first_change(desk: Desk) -> None:
    mine, other, named = (
        desk.follow(GROUPS),
        desk.follow(GROUPS, of="org-b"),
        desk.follow(GROUPS, of="org-b", peer_groups=frozenset({"org_type=LARP"})),
    )
    desk.deliver(
        ("u1", unit()),
        ("v1", updated(1, "TP01")),
        ("v2", updated(2, "TP01", "BS05")),
        ("v2", updated(2, "TP01", "BS05")),
    )
    later(desk, timedelta())
    assert desk.told(mine) == []

    desk.deliver(("v3", updated(3, "BS05")), ("v1", updated(1, "TP01")))
    later(desk, DAY)
    later(desk, DAY)

    [told], [same] = desk.told(mine), desk.told(named)
    assert desk.told(other) == []
    assert told["type"] == same["type"] == "noegletal.peer-group-changed"
    assert told["data"]["words"]["da"]["subject"] == "En gruppe viser andre medianer end før"
    assert told["data"]["words"]["en"]["text"].splitlines()[:2] == [
        "uk-tsm 2024, peer group org_type=LARP: the median is now shown for 1 key figure: BS05.",
        "uk-tsm 2024, peer group org_type=LARP: the median is no longer shown for 1 key figure: TP01.",
    ]


def test_what_came_and_went_again_and_what_is_first_seen_is_not_told(desk: Desk) -> None:
    mine = desk.follow(GROUPS)
    desk.deliver(("u1", unit()), ("v1", updated(1, "TP01")), ("v2", updated(2)), ("v3", updated(3, "TP01")))
    later(desk, DAY)
    assert desk.told(mine) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_the_newest_profile_holds_in_any_order(desk: Desk, order: Sequence[int]) -> None:
    mine, events = desk.follow(GROUPS), [("u1", unit(1, "LARP")), ("u2", unit(2, "PRP"))]
    desk.deliver(*[events[n] for n in order], *events)
    desk.deliver(("v1", updated(1)), ("v2", updated(2, "TP01")))
    later(desk, DAY)
    assert desk.told(mine) == []
    desk.deliver(("w1", updated(1, group="org_type=PRP")), ("w2", updated(2, "TP01", group="org_type=PRP")))
    later(desk, DAY)
    assert len(desk.told(mine)) == 1


def test_a_preset_gathers_longer(desk: Desk) -> None:
    operations = desk.follow(GROUPS, preset="operations")
    desk.deliver(("u1", unit()), ("v1", updated(1)), ("v2", updated(2, "TP01")))
    later(desk, DAY)
    assert desk.told(operations) == []
    later(desk, 6 * DAY)
    assert len(desk.told(operations)) == 1


def test_events_that_say_too_little_go_to_the_dead_letters(desk: Desk) -> None:
    desk.follow(GROUPS)
    cut = updated(1)
    cut.shown = b"\x01"
    desk.deliver(("u1", submission_pb2.UnitRegistered()), ("v1", cut))
    assert len(desk.bench.outbox("unit-registered-dlq")) == len(desk.bench.outbox("benchmark-updated-dlq")) == 1
