"""What a publication tells, and to whom, against the oracle."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import moves, ordering
from services.benchmark.priced import Prices
from services.benchmark.publication import Shown
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState, View
from tests import oracle
from tests.unit.benchmark import histories
from tests.unit.benchmark.histories import BETTER, FIGURES

READINGS = tuple(Reading(True, better) for better in BETTER)  # type: ignore[arg-type]
LADDER = ("all", "type=A", "type=B", "band=1")


def _plain(standing: object) -> dict[str, object] | None:
    if standing is None:
        return None
    return {name: getattr(standing, name) for name in ("position", "units", "percentile_e4", "quartile", "gap_e9")}


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
    before = Shown(a, READINGS, LADDER, {})
    assert before.quarters.shape == (len(FIGURES), len(a.unit_ids))
    after = before.after(b, LADDER, sorted(state.touched))
    told = moves.moves(before, after, sorted(state.submitted), READINGS, Prices.none(b))

    said = {
        b.unit_ids[column]: (
            column in state.submitted,
            {
                FIGURES[row]: (
                    e.group_before,
                    e.group_after,
                    _plain(e.before),
                    _plain(e.after),
                    [(p.position, p.percentile_e4, p.quartile, p.gap_e9) for p in e.parts] or None,
                )
                for row, e in ((int(told.rows[n]), told.explanation(n)) for n in range(where.start, where.stop))
            },
        )
        for column, where in told.units()
    }
    assert said == oracle.told(records[:cut], records, FIGURES, BETTER)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_inherited_equals_what_is_worked_out_anew(seed: int) -> None:
    records = histories.history(seed)
    a, b, state = _views(records, len(records) - 3)
    inherited = Shown(a, READINGS, LADDER, {})
    after = inherited.after(b, LADDER, sorted(state.touched))
    assert (after.quarters == Shown(b, READINGS, LADDER, {}).quarters).all()


@pytest.mark.parametrize("better", ["higher", "lower", "none"])
def test_the_quarter_of_every_member_is_the_one_it_would_be_told(better: str) -> None:
    records = histories.history(11, length=140)
    state = PeriodState(FIGURES)
    histories.apply(state, records)
    view = state.freeze()
    members = ordering.of(view, "all")
    quarters = members.quarters((better,) * len(FIGURES))  # type: ignore[arg-type]
    for row, figure in enumerate(FIGURES):
        pairs = oracle.observations(records, "all", figure)
        for position, column in enumerate(members.columns):
            unit = view.unit_ids[column]
            told = oracle.standing(pairs, unit, better, 0, everything=True)["quartile"] if unit in pairs else 0
            assert quarters[row, position] == told


def test_a_figure_that_is_not_public_is_told_to_nobody() -> None:
    records = histories.history(3, length=140)
    a, b, state = _views(records, 60)
    hidden = tuple(replace(r, public=shown) for r, shown in zip(READINGS, (False, True, False), strict=True))
    before, after = Shown(a, hidden, LADDER, {}), Shown(b, hidden, LADDER, {})
    assert set(moves.moves(before, after, sorted(state.submitted), hidden, Prices.none(b)).rows.tolist()) == {1}
    assert not after.quarters[[0, 2]].any()
