"""Whole releases: what goes out, what is held back, what stays suppressed; look-ahead, rounding and replay."""

import random
from fractions import Fraction

import pytest

from services.benchmark import released
from services.benchmark.disclosure import calendar, contributions
from services.benchmark.released import Band, Held, Numbers, Outcome
from services.benchmark.statistics import MEDIAN, Q1, Q3
from services.cli.release import LEAST_FINAL_PERCENT
from tests import oracle_disclosure as oracle
from tests.unit.benchmark.disclosure.sector import NAME, Sector, units

OUT = (Outcome.RELEASED, Held.NOT)


def test_a_cell_of_twelve_goes_out_rounded() -> None:
    sector = Sector()
    sector.report(units(0, 12))

    assert sector.release("provisional")["all"] == OUT
    # Type 8 of 100..111: Q1 = 102.4167, median 105.5, Q3 = 108.5833; IQR 6.1667, a twentieth .3083, so the base is 1/2.
    numbers = sector.decision().numbers
    assert numbers is not None
    assert (numbers.units, numbers.holders, numbers.base) == (12, 12, Fraction(1, 2))
    assert {q: numbers.value(k) for q, k in numbers.quantiles.items()} == {
        Q1: Fraction(205, 2),
        MEDIAN: Fraction(211, 2),
        Q3: Fraction(217, 2),
    }
    assert numbers.pooled is not None
    assert numbers.value(numbers.pooled) == Fraction(211, 2)
    assert numbers.spread == 6  # from the rounded quartiles


def test_the_base_stays_for_the_period_whatever_comes() -> None:
    sector = Sector()
    sector.report(units(0, 12))
    sector.release("provisional")
    sector.report(units(12, 40, start=900))
    assert sector.release("revised")["all"] == OUT
    numbers = sector.decision().numbers
    assert numbers is not None
    assert numbers.base == Fraction(1, 2)


@pytest.mark.parametrize(("newcomers", "outcome"), [(3, (Outcome.HELD_BACK, Held.TOO_FEW_CHANGED)), (4, OUT)])
def test_a_revision_needs_four_changed_holders(newcomers: int, outcome: tuple[Outcome, Held]) -> None:
    sector = Sector()
    sector.report(units(0, 12))
    sector.release("provisional")
    sector.report(units(12, 12 + newcomers))
    assert sector.release("revised")["all"] == outcome


def test_a_cell_held_back_goes_on_showing_its_earlier_release() -> None:
    sector = Sector()
    sector.report(units(0, 12))
    sector.release("provisional")
    before = released.shown([r for r, _ in sector.earlier], NAME, "all")
    sector.withdraw("u003")
    assert released.shown(sector.state.freeze().releases, NAME, "all") == before

    sector.release("revised")

    assert released.shown(sector.state.freeze().releases, NAME, "all") == before
    assert before is not None
    assert before.number == 1


def test_what_is_suppressed_stays_so_whatever_arrives() -> None:
    sector = Sector()
    sector.report(units(0, 4))
    assert sector.release("provisional")["all"] == (Outcome.SUPPRESSED, Held.NOT)
    sector.report(units(4, 40))
    for kind in ("revised", "final"):
        assert sector.release(kind)["all"] == (Outcome.SUPPRESSED, Held.NOT)  # type: ignore[arg-type]


def test_a_cell_that_withdrawals_leave_too_small_goes_blank_and_not_to_a_new_value() -> None:
    sector = Sector()
    sector.report(units(0, 8))
    sector.release("provisional")
    sector.withdraw("u000", "u001", "u002", "u003")
    assert sector.release("revised")["all"] == (Outcome.SUPPRESSED, Held.NOT)
    assert released.shown(sector.state.freeze().releases, NAME, "all") is None


def test_a_cell_waits_while_those_expected_would_make_it_large_enough() -> None:
    sector = Sector()
    sector.expect(units(0, 12))
    sector.report(units(0, 4))
    assert sector.release("provisional")["all"] == (Outcome.WAITING, Held.NOT)
    sector.report(units(4, 12))
    assert sector.release("final")["all"] == OUT


def test_a_provisional_release_must_leave_the_final_one_possible() -> None:
    sector = Sector()
    sector.expect(units(0, 15))
    sector.report(units(0, 12))
    assert sector.release("provisional")["all"] == (Outcome.HELD_BACK, Held.FINAL_AT_RISK)  # 3 would differ
    sector.report(units(12, 15))
    assert sector.release("final")["all"] == OUT


def test_a_nested_group_that_differs_by_one_is_held_back() -> None:
    sector = Sector()
    sector.report(units(0, 12), "type=A")
    sector.report(units(12, 13))
    outcomes = sector.release("final")
    assert outcomes["all"] == OUT
    assert outcomes["type=A"] == (Outcome.HELD_BACK, Held.AUDIT)


def test_two_groups_that_leave_one_over_do_not_both_go_out() -> None:
    sector = Sector()
    sector.report(units(0, 12), "type=A")
    sector.report(units(12, 20), "type=B")
    sector.report(units(20, 21))
    outcomes = sector.release("provisional")
    assert outcomes == {"all": OUT, "type=A": OUT, "type=B": (Outcome.HELD_BACK, Held.AUDIT)}


def test_the_look_ahead_sees_over_cells() -> None:
    # Now 4 of A and 5 of neither are out with all; when those 4 and one more have come, all then less A then, less all now, less
    # A now is the one: no cell by itself changes by fewer than 4.
    sector = Sector()
    sector.expect(units(40, 44), "type=A")
    sector.expect(units(44, 45))
    sector.report(units(0, 12), "type=A")
    sector.report(units(12, 20))
    assert sector.release("provisional") | {"type=B": None} == {
        "all": OUT,
        "type=A": (Outcome.HELD_BACK, Held.FINAL_AT_RISK),
        "type=B": None,
    }


def test_a_plan_is_a_function_of_what_it_is_given() -> None:
    sector = Sector()
    sector.report(units(0, 30), "type=A")
    sector.report(units(30, 50), "type=B")
    assert sector.plan("provisional") == sector.plan("provisional")
    shuffled = Sector()
    everything = [(u, p, "type=A" if u < "u030" else "type=B") for u, p in units(0, 50).items()]
    random.Random(5).shuffle(everything)
    for unit, pair, group in everything:
        shuffled.report({unit: pair}, group)
    assert shuffled.plan("provisional").release == sector.plan("provisional").release


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_naive_audit_finds_nothing_in_what_goes_out(seed: int) -> None:
    # Random arrivals, corrections, withdrawals and a holder with many units; every release against the oracle's elimination.
    rng = random.Random(seed)
    sector = Sector()
    place = {f"u{n:03}": rng.choice(["type=A", "type=B", ""]) for n in range(45)}
    owner = {u: "many" if rng.random() < 0.1 else u for u in place}
    for group in ("type=A", "type=B", ""):
        sector.expect([u for u, g in place.items() if g == group], *filter(None, [group]))
    order = rng.sample(sorted(place), len(place))
    out: list[tuple[str, frozenset[tuple[str, str, int]]]] = []
    versions: dict[str, dict[object, int]] = {}
    for kind, share in (("provisional", 0.7), ("revised", 0.9), ("final", 1.0)):
        changed = [*order[: int(45 * share)], *rng.sample(order[: int(45 * share)], 3)]
        for unit in changed:
            if unit not in versions or rng.random() < 0.2:
                group = filter(None, [place[unit]])
                sector.report({unit: (rng.randrange(500, 2000), 10)}, *group, holders=owner)
                versions.setdefault(unit, {})
        for unit in rng.sample(order[:30], 2):
            sector.withdraw(unit)
        outcomes = sector.release(kind)  # type: ignore[arg-type]
        view = sector.state.freeze()
        for group in (g for g, outcome in outcomes.items() if outcome == OUT):
            atoms = set()
            for holder, unit, n, d in contributions.lines(view, 0, group):
                known = versions[unit].setdefault((n, d), len(versions[unit]))
                atoms.add((holder, unit, known))
            for earlier in (one for g, one in out if g == group):
                differ = {holder for holder, _, _ in earlier ^ atoms}
                assert not differ or len(differ) >= 4
            out.append((group, frozenset(atoms)))
        assert oracle.audit([one for _, one in out]) == (set(), set(), set())
    assert out


def test_a_calendar_of_three_admits_and_one_of_six_at_a_hundred_holders_refuses() -> None:
    cells, arrival = _population(100, seed=1)
    least = Fraction(LEAST_FINAL_PERCENT, 100)
    assert calendar.final_share(cells, arrival, 3) >= least
    assert calendar.final_share(cells, arrival, 6) < least
    assert calendar.final_share(*_population(300, seed=1), 6) >= least


def test_each_kind_at_most_once_and_in_order() -> None:
    kinds = calendar.KINDS
    assert calendar.may_follow(kinds, [], "provisional")
    assert calendar.may_follow(kinds, [], "final")
    assert calendar.may_follow(kinds, ["provisional"], "final")
    assert not calendar.may_follow(kinds, ["provisional"], "provisional")
    assert not calendar.may_follow(kinds, ["final"], "revised")
    assert not calendar.may_follow(("final",), [], "provisional")


BANDS = [(101, (0, 25)), (102, (25, 50)), (105, (25, 50)), (106, (50, 75)), (109, (75, 100)), (500, (75, 100))]


@pytest.mark.parametrize(("own", "band"), BANDS)
def test_the_own_position_is_a_band_among_released_quantiles(own: int, band: tuple[int, int]) -> None:
    numbers = Numbers(12, 12, Fraction(1, 2), None, {Q1: 204, MEDIAN: 211, Q3: 217})
    assert released.band((own, 1), numbers) == Band(*band)
    assert released.gap_e9((own, 1), numbers) == (2 * own - 211) * 500_000_000


def _population(holders: int, seed: int) -> tuple[list[frozenset[str]], list[str]]:
    """Four classifications of six groups each."""
    rng = random.Random(seed)
    names = [f"h{n}" for n in range(holders)]
    places = [[rng.randrange(6) for _ in names] for _ in range(4)]
    cells = [frozenset(n for n, g in zip(names, p, strict=True) if g == k) for p in places for k in range(6)]
    rng.shuffle(names)
    return cells, names
