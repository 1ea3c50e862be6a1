"""Where quantiles will be when all have reported, for every cell of a group at once: the same ranks as intervals.final_ranks.

A sector that reports asks for other counts with every submission, so the chances are worked out in one matrix, a row a question.
A row that is nearer a limit than floats can tell is left to intervals.final_ranks, which decides in whole numbers.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from services.benchmark import intervals
from services.benchmark.intervals import CLEAR, E4, EACH_SIDE, Ranks

Question = tuple[int, int, int]  # how many have reported, of how many, and the quantile's twentieths
MOST = 1 << 17  # answers kept
SHARE = EACH_SIDE[0] / EACH_SIDE[1]
_known: dict[Question, Ranks | None] = {}


def prepare(questions: Iterable[Question]) -> None:
    """Work out the answers to questions that are not known yet."""
    fresh = sorted({question for question in questions if question not in _known})
    if not fresh:
        return
    if len(_known) > MOST:
        _known.clear()
    asked = np.array(fresh, dtype=np.int64)
    n, expected, k = asked[:, 0], asked[:, 1], -(-asked[:, 2] * asked[:, 1] // 20)
    first, sums = _sums(expected, k, n)
    start = (sums <= 1 - SHARE + CLEAR).sum(axis=1) - 1
    below = _at(sums, start)
    first_before, sums_before = _sums(expected, k - 1, n)
    end = (sums_before < SHARE - CLEAR).sum(axis=1)
    up_to = _at(sums_before, end)
    lower, upper = start + first, end + first_before
    missed = [np.where(lower >= 1, below, 0.0) * E4, np.where(upper <= n, 1 - up_to, 0.0) * E4]
    clear = (np.abs(1 - below - SHARE) > CLEAR) & (np.abs(up_to - SHARE) > CLEAR)
    for part in missed:
        clear &= (part == 0) | (np.abs(part - np.round(part)) > CLEAR * E4)
    covered = E4 - sum(np.ceil(part) for part in missed)
    for row, question in enumerate(fresh):
        left, right = int(lower[row]), int(upper[row])
        if not clear[row]:
            _known[question] = intervals.final_ranks(*question)
        elif left < 1 and right > question[0]:
            _known[question] = None
        else:
            inside = left if left >= 1 else None, right if right <= question[0] else None
            _known[question] = Ranks(*inside, int(covered[row]))


def of(n: int, expected: int, twentieths: int) -> Ranks | None:
    """One answer; worked out now if nobody prepared it."""
    question = n, expected, twentieths
    if question not in _known:
        prepare([question])
    return _known[question]


def _sums(
    population: NDArray[np.int64], marked: NDArray[np.int64], drawn: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """How likely fewer than each count of the marked are drawn: the count of the first column, and a row a question.

    Counts that cannot be have no weight, so every row may be as long as the longest. Windows as in intervals.
    """
    others = population - marked
    mode = (drawn + 1) * (marked + 1) // (population + 2)
    mode = np.minimum(np.maximum(mode, np.maximum(0, drawn - others)), np.minimum(marked, drawn))
    variance = drawn * marked / population * (others / population)
    reach = 32 + int(8 * np.sqrt(variance.max()))
    h = mode[:, None] + np.arange(reach)
    m, d, o = marked[:, None], drawn[:, None], others[:, None]
    up = np.cumprod((m - h) * (d - h) / ((h + 1) * (o - d + h + 1)), axis=1)
    h = mode[:, None] - 1 - np.arange(reach)
    down = np.cumprod((h + 1) * (o - d + h + 1) / ((m - h) * (d - h)), axis=1)
    none, one = np.zeros((len(mode), 1)), np.ones((len(mode), 1))
    sums = np.cumsum(np.concatenate([none, down[:, ::-1], one, up], axis=1), axis=1)
    return mode - reach, sums / sums[:, -1:]


def _at(sums: NDArray[np.float64], column: NDArray[np.int64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = sums[np.arange(len(column)), column]
    return found
