"""A unit's, or a group's, own history: control limits of single values and their moving ranges (XmR). Exact throughout.

Limits: mean ± 2.66 * mean moving range, or median ± 3 * median moving range / .954 (JMP, individual measurement charts).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from itertools import pairwise
from typing import Literal

FEWEST, RUN = 8, 7
MEAN_FACTOR, MEDIAN_FACTOR = Fraction("2.66"), 3 / Fraction("0.954")


class Signal(IntEnum):
    """What is unlike chance at a point; the numbers of the contract."""

    OUTSIDE = 1  # beyond a limit
    ONE_SIDE = 2  # the seventh or later in a row on one side of the centre
    RISING = 3  # the seventh or later in a row, each above the one before it
    FALLING = 4


@dataclass(frozen=True)
class Chart:
    """A history with its limits. Fewer than eight periods have none: plain dots.

    signals   per point, in the order of Signal
    """

    centre: Fraction | None
    lower: Fraction | None
    upper: Fraction | None
    signals: tuple[tuple[Signal, ...], ...]


def chart(values: Sequence[Fraction], version: Literal["mean", "median"] = "mean") -> Chart:
    """The chart of consecutive periods, oldest first. A limit may lie below 0; what is drawn is the reader's."""
    if len(values) < FEWEST:
        return Chart(None, None, None, ((),) * len(values))
    ranges = [abs(b - a) for a, b in pairwise(values)]
    middle, factor = (_mean, MEAN_FACTOR) if version == "mean" else (_median, MEDIAN_FACTOR)
    centre, reach = middle(values), factor * middle(ranges)
    return Chart(centre, centre - reach, centre + reach, _signals(values, centre, reach))


def _signals(values: Sequence[Fraction], centre: Fraction, reach: Fraction) -> tuple[tuple[Signal, ...], ...]:
    def above(n: int) -> int:
        return int(values[n] > centre) - int(values[n] < centre)

    def step(n: int) -> int:
        return int(values[n] > values[n - 1]) - int(values[n] < values[n - 1]) if n else 0

    sides, steps = _runs(above, len(values)), _runs(step, len(values))
    found = []
    for n, value in enumerate(values):
        said = {
            Signal.OUTSIDE: abs(value - centre) > reach,
            Signal.ONE_SIDE: abs(sides[n]) >= RUN,
            Signal.RISING: steps[n] >= RUN - 1,  # seven points are six steps
            Signal.FALLING: steps[n] <= 1 - RUN,
        }
        found.append(tuple(signal for signal, holds in said.items() if holds))
    return tuple(found)


def _runs(sign: Callable[[int], int], length: int) -> list[int]:
    """How many in a row, up to each point, have its sign; negative where the sign is. 0 ends a run."""
    runs: list[int] = []
    for n in range(length):
        now, before = sign(n), runs[-1] if runs else 0
        runs.append(before + now if now * before > 0 else now)
    return runs


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _median(values: Sequence[Fraction]) -> Fraction:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
