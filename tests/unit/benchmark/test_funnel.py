"""Funnel limits: hand-computed, against a naive second implementation, and none where nothing is known of chance."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.benchmark import funnel
from services.benchmark.funnel import Funnel, Without
from services.catalogue import definitions
from tests import oracle_variation as oracle

shares = st.lists(
    st.integers(1, 200).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))), min_size=2, max_size=60
)


def test_limits_by_hand() -> None:
    # T = 100/400 = 1/4, all alike: no spread beyond chance; σ² = 3/16. D = 48: SE = sqrt(3/16/48) = 1/16
    found = funnel.funnel([(25, 100)] * 4, 0, "share")
    assert found == Funnel(Fraction(1, 4), Fraction(3, 16), Fraction(0), 0)
    assert isinstance(found, Funnel)
    assert found.limits(48, 2) == (0.125, 0.375)
    assert found.limits(48, 3) == (0.0625, 0.4375)
    assert [found.outside(own) for own in ((18, 48), (19, 48), (21, 48), (22, 48), (3, 48), (2, 48))] == [
        0,
        2,
        2,
        3,
        -2,
        -3,
    ]


def test_decimals_of_the_denominator_do_not_make_units_larger() -> None:
    coarse, fine = (
        funnel.funnel([(n * k, 50 * k) for n in (9, 30, 22, 41)], s, "share") for k, s in ((1, 0), (100, 2))
    )
    assert isinstance(coarse, Funnel)
    assert isinstance(fine, Funnel)
    assert (coarse.between, coarse.limits(50, 2)) == (fine.between, fine.limits(5000, 2))


def test_what_units_differ_by_beyond_chance_widens_the_limits() -> None:
    found = funnel.funnel([(10, 100), (90, 100)] * 10, 0, "share")
    assert isinstance(found, Funnel)
    # z² = .4² * 100 / .25 = 64 each, Q = 1280; Σw = 8000, Σw²/Σw = 400: τ² = (1280 - 19) / 7600
    assert found.between == Fraction(1261, 7600)
    assert found.outside((90, 100)) == 0


@settings(max_examples=60, deadline=None)
@given(shares, st.sampled_from(("share", "count")))
def test_variances_are_the_naive_ones(pairs: list[tuple[int, int]], kind: str) -> None:
    found = funnel.funnel(pairs, 0, kind)  # type: ignore[arg-type]
    assume(isinstance(found, Funnel))
    assert isinstance(found, Funnel)
    target, within, between = oracle.funnel(pairs, kind)
    assert (found.target, found.within) == (target, within)
    assert float(found.between) == pytest.approx(float(between), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(("pairs", "kind"), [([(0, 9)] * 3, "share"), ([(9, 9)] * 3, "share"), ([(0, 9)] * 3, "count")])
def test_a_level_sector_has_no_funnel(pairs: list[tuple[int, int]], kind: str) -> None:
    assert funnel.funnel(pairs, 0, kind) is Without.LEVEL  # type: ignore[arg-type]


def test_one_unit_alone_differs_from_nobody() -> None:
    assert funnel.funnel([(3, 9)], 0, "share") == Funnel(Fraction(1, 3), Fraction(2, 9), Fraction(0), 0)


@pytest.mark.parametrize(
    ("figure", "kind"),
    [
        ("OEK-106", Without.MONEY),
        ("OEK-EFF", Without.MONEY),  # a share of kr. is no share of what is counted
        ("DRI-TID", "share"),
        ("TIL-ALT", "share"),
    ],
)
def test_which_figures_are_subject_to_chance(figure: str, kind: object) -> None:
    assert funnel.basis(definitions.of("dk-almen", "2024"), figure) == kind


def test_every_figure_of_the_english_scheme_is_subject_to_chance() -> None:
    # Homes, repairs and answers are counted out of all of them; cases and complaints are events. TSM technical requirements.
    tsm = definitions.of("uk-tsm", "2024")
    events = {"NM01_1", "CH01_1_LCRA"}
    assert {name: funnel.basis(tsm, name) for name in tsm.key_figures} == {
        name: "count" if name in events else "share" for name in tsm.key_figures
    }
