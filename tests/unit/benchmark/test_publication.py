"""What a publication tells, and to whom, against the oracle."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import cells, cores, moved_wire, moves, ordering, publication, released
from services.benchmark.cell_columns import GroupCells
from services.benchmark.ordering import Sorted
from services.benchmark.priced import Prices
from services.benchmark.publication import Shown
from services.benchmark.released import Release
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState
from services.benchmark.view import View
from tests import moved, oracle
from tests.unit.benchmark import histories
from tests.unit.benchmark.histories import BETTER, FIGURES

READINGS = tuple(Reading(True, better) for better in BETTER)  # type: ignore[arg-type]
LADDER = ("all", "type=A", "type=B", "band=1")
EMPTY = PeriodState(FIGURES).freeze()


def _plain(explanation: pb.Explanation, end: str) -> dict[str, object] | None:
    if not explanation.HasField(end):  # type: ignore[arg-type]
        return None
    standing = getattr(explanation, end)
    gap = standing.gap_to_median_e9 if standing.HasField("gap_to_median_e9") else None
    names = ("position", "units", "percentile_e4", "quartile")
    return {name: getattr(standing, name) for name in names} | {"gap_e9": gap}


def _views(records: list[histories.Record], cut: int) -> tuple[View, View, PeriodState]:
    state = PeriodState(FIGURES)
    histories.apply(state, records[:cut])
    a = state.freeze()
    state.clear_changes()
    histories.apply(state, records[cut:])
    return a, state.freeze(), state


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_whoever_is_told_is_told_what_the_oracle_says(seed: int) -> None:
    records = histories.history(seed, length=110)
    cut = random.Random(seed).randrange(50, len(records) - 1)
    a, b, state = _views(records, cut)
    before = Shown(a, READINGS, LADDER)
    assert before.quarters.shape == (len(FIGURES), len(a.unit_ids))
    after = before.after(b, LADDER, sorted(state.touched), sorted(state.submitted))
    told = moves.moves(before, after, sorted(state.submitted), READINGS, Prices({}, ()))

    packed = moved.events(moved_wire.changed(told, "s", "2024", a, b, sorted(state.submitted), {}))
    said = {
        event.unit_id: (
            event.own_submission,
            {
                e.key_figure: (
                    e.peer_group_before or e.peer_group,
                    e.peer_group,
                    _plain(e, "before"),
                    _plain(e, "after"),
                    [(p.position, p.percentile_e4, p.quartile, p.gap_to_median_e9) for p in e.parts] or None,
                )
                for e in moved.explanations(event)
            },
        )
        for event in map(pb.StandingChanged.FromString, packed.values())
    }
    assert said == oracle.told(records[:cut], records, FIGURES, BETTER)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_inherited_equals_what_is_worked_out_anew(seed: int) -> None:
    """Many small steps in a row: groups sorted on, cells and quarters carried over, against each vintage by itself."""
    rng = random.Random(seed)
    records = histories.history(seed, length=150)
    at = rng.randrange(len(records))
    state = PeriodState(FIGURES)
    histories.apply(state, records[:at])
    shown, kept = Shown(state.freeze(), READINGS, LADDER), dict[str, GroupCells]()
    list(publication.updates(kept, shown, LADDER, READINGS))
    while at < len(records):
        state.clear_changes()
        step = rng.choice((1, 1, 2, 5, 40))  # the last is sorted anew
        histories.apply(state, records[at : at + step])
        at += step
        view, touched = state.freeze(), sorted(state.touched)
        shown.quarters  # noqa: B018  # as publications have them
        shown = shown.after(view, LADDER, touched, sorted(state.submitted))
        anew = Shown(view, READINGS, LADDER)
        assert (shown.quarters == anew.quarters).all()
        assert (shown.looked_at == anew.looked_at).all()
        updates = {u.cells.group: u.cells for u in publication.updates(kept, shown, touched, READINGS)}
        assert updates == {group: cells.of_group(view, group, READINGS) for group in touched}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_a_unit_that_only_changes_its_groups_has_its_quarter_there(seed: int) -> None:
    """Its ratio is the one it had, so that the groups it stays in are none the less the same."""
    rng, state = random.Random(seed), PeriodState(FIGURES)
    units, groups = [f"u{n:02}" for n in range(40)], (("all",), ("all", "type=A"), ("all", "type=B"))
    figures = {unit: dict.fromkeys(FIGURES, (rng.randrange(40), 7)) for unit in units}

    def sent(unit: str, revision: int) -> histories.Record:
        content = {"holder": f"h{unit}", "groups": rng.choice(groups), "withdrawn": False, "figures": figures[unit]}
        return "observation", unit, revision, content

    histories.apply(state, [sent(unit, 1) for unit in units])
    shown = Shown(state.freeze(), READINGS, LADDER[:3])
    for revision in range(2, 12):
        state.clear_changes()
        histories.apply(state, [sent(rng.choice(units), revision)])
        shown.quarters  # noqa: B018  # as publications have them
        shown = shown.after(state.freeze(), LADDER[:3], sorted(state.touched), sorted(state.submitted))
        assert (shown.quarters == Shown(shown.view, READINGS, LADDER[:3]).quarters).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
@example(24252)  # begins with nobody at all
def test_small_groups_gain_their_first_and_lose_their_last_member(seed: int) -> None:
    """A handful of units that change group and holder at once, withdraw, are registered and never report."""
    records = histories.history(seed, units=7, length=30)
    cut, rng = random.Random(seed).randrange(len(records)), random.Random(seed)
    state, kept = PeriodState(FIGURES), dict[str, GroupCells]()
    histories.apply(state, records[:cut])
    shown = Shown(state.freeze(), READINGS, LADDER)
    list(publication.updates(kept, shown, LADDER, READINGS))
    while cut <= len(records):
        state.clear_changes()
        step = rng.choice((0, 1, 3))  # nothing at all changes, or little
        histories.apply(state, records[cut : cut + step])
        cut += step or 1
        view, touched = state.freeze(), sorted(state.touched)
        shown.quarters  # noqa: B018  # as publications have them
        before, shown = shown, shown.after(view, LADDER, touched, sorted(state.submitted))
        updated = {u.cells.group: u.cells for u in publication.updates(kept, shown, touched, READINGS)}
        assert updated == {group: cells.of_group(view, group, READINGS) for group in touched}
        assert {group: cells.of_group(view, group, READINGS) for group in kept} == kept
        told = moves.moves(before, shown, sorted(state.submitted), READINGS, Prices({}, ()))
        packed = moved_wire.changed(told, "s", "2024", before.view, view, sorted(state.submitted), kept)
        assert packed.numbers.tolist() == sorted({*told.columns.tolist()})


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32))
def test_protected_cells_show_their_releases_next_to_live_ones(seed: int) -> None:
    """A release now and then, of some groups; in between, live figures move."""
    rng = random.Random(seed)
    protected = tuple(one._replace(public=n != 1) for n, one in enumerate(READINGS))
    records, releases = histories.history(seed, length=60), list[Release]()
    state, kept, shown = PeriodState(FIGURES), dict[str, GroupCells](), Shown(EMPTY, protected, LADDER)
    for at in range(0, len(records), 4):
        state.clear_changes()
        histories.apply(state, records[at : at + 4])
        touched = sorted(state.touched)
        if rng.random() < 0.4:
            touched, decisions = [*LADDER], [_decision(rng, group) for group in LADDER]
            kind = rng.choice(("provisional", "final"))
            releases.append(Release(len(releases) + 1, kind, at, "2025-01-01", "r", "m", tuple(decisions)))  # type: ignore[arg-type]
        view = replace(state.freeze(), releases=tuple(releases))
        shown = shown.after(view, LADDER, touched, sorted(state.submitted))
        updated = {u.cells.group: u.cells for u in publication.updates(kept, shown, touched, protected)}
        assert updated == {group: cells.of_group(view, group, protected) for group in touched}
        for one in updated.values():
            live, expected = one.cell(1), released.shown(releases, FIGURES[1], one.group)
            assert (live.release, live.numerator_sum, sum(live.absences), live.awaited) == (expected, None, 0, 0)
            assert (live.units, live.holders) == (
                (expected.numbers.units, expected.numbers.holders) if expected else (0, 0)
            )


def _decision(rng: random.Random, group: str) -> released.Decision:
    outcome = rng.choice(list(released.Outcome))
    numbers = released.Numbers(
        rng.randrange(6, 40), rng.randrange(5, 9), Fraction(1, 20), rng.choice((None, -3, 7)), {10: 9}
    )
    return released.Decision(
        FIGURES[1], group, outcome, numbers=numbers if outcome is released.Outcome.RELEASED else None
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_a_group_kept_in_order_is_the_group_sorted(seed: int) -> None:
    """Whatever changes at once: its order, its ties, and what is counted of it."""
    rng = random.Random(seed)
    records = histories.history(seed, length=150)
    a, b, state = _views(records, rng.randrange(60, 150))
    changed = np.array(sorted(state.submitted), dtype=np.int64)
    groups, nows = list(zip(LADDER, ordering.of(a, LADDER), strict=True)), ordering.of(b, LADDER)
    for many, shared in ((0, 1), (10**9, 1), (0, 3), (10**9, 3)):  # each takes its place by itself, or all are merged
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ordering, "MANY", many)
            patch.setattr(ordering, "MUCH", 1)
            patch.setattr(cores, "CORES", shared)
            found = ordering.after(groups, a, b, changed)
        for (_, then), now, kept in zip(groups, nows, found, strict=True):
            assert _read(kept, b) == _read(now, b)
            if kept.changed is not None:
                differs = [_read(then, a)[0][row] != _read(now, b)[0][row] for row in range(len(FIGURES))]
                assert all(kept.changed[differs])


def _read(members: Sorted, view: View) -> tuple[list[list[tuple[Fraction, int]]], object]:
    """Every row's ratios and columns in order; and what is counted."""
    rows = range(len(FIGURES))
    ratios = [[Fraction(*pair) for pair in members.pairs(view, row)] for row in rows]
    columns = [members.order[row, : members.units[row]].tolist() for row in rows]
    ordered = [list(zip(*both, strict=True)) for both in zip(ratios, columns, strict=True)]
    assert all(sorted(some) == some for some in ordered)
    sums = [members.total(row) for row in rows]
    return ordered, (members.many, members.kinds.tolist(), members.holders.tolist(), sums)


@pytest.mark.parametrize("better", ["higher", "lower", "none"])
def test_the_quarter_of_every_member_is_the_one_it_would_be_told(better: str) -> None:
    records = histories.history(11, length=140)
    state = PeriodState(FIGURES)
    histories.apply(state, records)
    view = state.freeze()
    [members] = ordering.of(view, ["all"])
    every, none = np.ones(len(FIGURES), dtype=np.bool_), np.zeros((len(FIGURES), len(view.unit_ids)), dtype=np.int16)
    quarters = np.zeros(none.shape, dtype=np.int8)
    members.fill_quarters(quarters, view, every & (better == "lower"), every, none, 0, every)
    for row, figure in enumerate(FIGURES):
        pairs = oracle.observations(records, "all", figure)
        told = [view.unit_ids[column] for column in members.order[row, : members.units[row]]]
        assert sorted(told) == sorted(pairs)
        for unit in told:
            assert (
                quarters[row, view.index[unit]] == oracle.standing(pairs, unit, better, 0, everything=True)["quartile"]
            )


def test_a_figure_that_is_not_public_is_told_to_nobody() -> None:
    records = histories.history(3, length=140)
    a, b, state = _views(records, 60)
    hidden = tuple(r._replace(public=shown) for r, shown in zip(READINGS, (False, True, False), strict=True))
    before, after = Shown(a, hidden, LADDER), Shown(b, hidden, LADDER)
    assert set(moves.moves(before, after, sorted(state.submitted), hidden, Prices({}, ())).rows.tolist()) == {1}
    assert not after.quarters[[0, 2]].any()
