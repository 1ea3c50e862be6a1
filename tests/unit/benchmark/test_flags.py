"""What is looked at in a cell, by its tiers and its kind; a flag never takes a value away."""

from fractions import Fraction

import pytest

from services.benchmark import flags
from services.benchmark.flags import Flag, Look
from services.benchmark.funnel import Without
from services.benchmark.standing import Reading
from tests import oracle_variation as oracle

PUBLIC = Reading(True, "lower")
SHARES = [(n, 100) for n in (40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50)]


@pytest.mark.parametrize(
    ("pairs", "holders", "reading", "kind", "blind"),
    [
        (SHARES, 8, PUBLIC, "share", (Look.CHANGE,)),
        (SHARES[:10], 8, PUBLIC, "share", (Look.FENCES, Look.DEVIATION, Look.CHANGE)),
        (SHARES, 7, PUBLIC, "share", (Look.FENCES, Look.DEVIATION, Look.CHANGE)),
        (SHARES[:5], 5, PUBLIC, "share", tuple(Look)),
        (SHARES, 8, Reading(True, "lower", 12), "share", tuple(Look)),
        (SHARES, 8, Reading(False, "lower"), "share", tuple(Look)),
        (SHARES, 8, PUBLIC, Without.MONEY, (Look.CHANGE, Look.FUNNEL)),
        ([(1, 2)] * 11, 8, PUBLIC, "share", (Look.DEVIATION, Look.CHANGE)),
    ],
)
def test_what_cannot_be_looked_at_is_said(
    pairs: list[tuple[int, int]], holders: int, reading: Reading, kind: object, blind: tuple[Look, ...]
) -> None:
    looked = flags.looks(pairs, holders, reading, kind, 0)  # type: ignore[arg-type]
    assert looked.at("u", pairs[0]) == ((), blind)


def test_a_value_far_out_is_flagged_by_every_look() -> None:
    pairs = [*SHARES, (99, 100)]
    before = {f"u{n}": pair for n, pair in enumerate(SHARES)} | {"far": (40, 100)}
    after = {f"u{n}": (p + n % 3, d) for n, (p, d) in enumerate(SHARES)} | {"far": (99, 100)}
    changed = flags.changes(before, after, 8, PUBLIC)
    looked = flags.looks(pairs, 8, PUBLIC, "share", 0, changed)
    raised, blind = looked.at("far", (99, 100))
    assert raised == (Flag.ABOVE_FENCE, Flag.FAR_FROM_MEDIAN, Flag.ROSE, Flag.FUNNEL_HIGH_3)
    assert blind == ()
    values = [Fraction(*pair) for pair in pairs]
    fenced, apart = oracle.fences(values, False), oracle.deviations(values)
    for pair, side, far in zip(pairs, fenced, apart, strict=True):
        raised, _ = looked.at("nobody", pair)
        assert (Flag.ABOVE_FENCE in raised, Flag.BELOW_FENCE in raised) == (side == 1, side == -1)
        assert (Flag.FAR_FROM_MEDIAN in raised) == far


def test_changes_need_the_quartiles_tier_of_units_that_have_both() -> None:
    both = {f"u{n}": (n + 1, 1) for n in range(11)}
    assert flags.changes(both, both, 8, PUBLIC) is None  # level throughout: none is left to count
    moved = {unit: (n + 1, 1) for unit, (n, _) in both.items()}
    assert flags.changes(both, moved, 8, PUBLIC) is not None
    assert flags.changes(dict(list(both.items())[:10]), moved, 8, PUBLIC) is None
    assert flags.changes(both, moved, 7, PUBLIC) is None
    assert flags.changes(both, moved, 8, Reading(False, "lower")) is None
