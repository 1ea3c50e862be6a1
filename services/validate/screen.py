"""Many submissions of one catalogue at a time: every figure's pair, and which figures nothing can be said against. Pure.

D data points, F key figures, U submissions, a row each. Conservative: a figure that is OPEN may be as good as any other, and is
left to the rules; one that is not has exactly the verdict said here. What a rule means is said in `verdicts.py`, `doubts.py`.
"""

from dataclasses import dataclass

import numpy as np

from services.kernels import kernel, within
from services.validate.compiled import Bytes, Compiled, Flags, Numbers, Whole
from services.validate.key_figures import Absence
from services.validate.likely import inside, likely, multiplied, past, rounded
from services.validate.packed import NONE

ABSENT, UNDEFINED = Absence.ABSENT.value, Absence.UNDEFINED.value
UNREADABLE = 255  # what was sent is no number and no reason
STANDS, LACKS, NOTHING, OPEN = (
    0,
    1,
    2,
    3,
)  # a figure's pair stands, a part is missing, nothing over nothing, the rules are to judge


@dataclass(frozen=True)
class Sent:
    """What was delivered.

    amounts   U x D; 0 where there is none
    missing   U x D: 0 = an amount, else the number of an Absence, or UNREADABLE
    days      U: of the period
    before    U x D, amounts of the year before, NONE where nothing stands; U x 0 where no figure is held against it
    factors   U: numbers of rows of the next three
    above, below   what numerators are multiplied by, F in a row, as a fraction above 0
    lacking   likewise: a factor that is wanted is not there
    fences    U: numbers of rows of the last two
    low, high      strict bounds of the ratio beside those of the catalogue, F in a row
    """

    amounts: Whole
    missing: Bytes
    days: Whole
    before: Whole
    factors: Whole
    above: Whole
    below: Whole
    lacking: Flags
    fences: Whole
    low: Numbers
    high: Numbers


@dataclass
class Screened:
    """What became of each figure where that can be said at once. What was sent has now the averages that follow from day sums.

    state      U x F: STANDS, LACKS, NOTHING or OPEN
    numerators, denominators, raw   U x F; of the figures that stand
    spoken     U: of a data point something is to be said, or may be
    """

    state: Bytes
    numerators: Whole
    denominators: Whole
    raw: Whole
    spoken: Flags


def screen(sent: Sent, rules: Compiled) -> Screened:
    """Hold submissions against everything that can be said of a whole year's account. Uses up what was sent."""
    shape = len(sent.amounts), len(rules.figures)
    state, spoken = np.empty(shape, dtype=np.uint8), np.empty(shape[0], dtype=np.bool_)
    numerators, denominators, raw = (np.empty(shape, dtype=np.int64) for _ in range(3))
    _screen(
        *(sent.amounts, sent.missing, sent.days, sent.before, sent.factors, sent.above, sent.below, sent.lacking),
        *(sent.fences, sent.low, sent.high, rules.points, rules.figures, rules.limits, rules.terms, rules.begins),
        *(rules.averages, rules.sums, rules.sum_begins, rules.wholes, rules.besides, rules.beside),
        *(state, numerators, denominators, raw, spoken),
    )
    return Screened(state, numerators, denominators, raw, spoken)


def standing(amounts: Whole, stands: Flags, rules: Compiled) -> Whole:
    """U x D: the amounts of figures that stand, of U x D amounts and U x F flags; NONE for the others."""
    kept = np.full(amounts.shape, NONE, dtype=np.int64)
    _stand(amounts, stands, rules.terms, rules.begins, kept)
    return kept


@kernel("void(i8[:,::1], b1[:,::1], i8[:,::1], i8[::1], i8[:,::1])")
def _stand(amounts: Whole, stands: Flags, terms: Whole, begins: Whole, kept: Whole) -> None:
    for u in range(len(amounts)):
        for f in range(len(begins) - 1):
            if stands[u, f]:
                for k in range(begins[f], begins[f + 1]):
                    kept[u, terms[k, 0]] = amounts[u, terms[k, 0]]


@within
def _at_fault(
    now: Whole,
    gone: Bytes,
    days: int,
    points: Whole,
    averages: Whole,
    sums: Whole,
    sum_begins: Whole,
    wholes: Whole,
    fault: Flags,
) -> None:
    """D: data points of which something may be to be said; not an amount any more. Averages follow from day sums."""
    for d in range(len(now)):
        fault[d] = gone[d] == UNREADABLE or now[d] < points[d, 0] or now[d] > points[d, 1]
        if fault[d]:
            now[d] = 0
    for n in range(len(averages)):
        day_sum, average = averages[n, 0], averages[n, 1]
        if gone[day_sum] == 0:
            fault[average] |= gone[average] == 0 or fault[day_sum]  # both were sent: they are held against each other
            if not fault[day_sum]:
                now[average] = rounded(now[day_sum] * averages[n, 2], days * averages[n, 3])
                gone[average] = 0
    for n in range(len(sum_begins) - 1):
        own = sums[sum_begins[n], 0]
        left, there = now[own] * sums[sum_begins[n], 1], gone[own] == 0
        for k in range(sum_begins[n] + 1, sum_begins[n + 1]):
            left -= now[sums[k, 0]] * sums[k, 1]
            there &= gone[sums[k, 0]] == 0
        fault[own] |= there and left != 0
    for n in range(len(wholes)):
        own, whole = wholes[n, 0], wholes[n, 2]
        both = gone[own] == 0 and gone[whole] == 0
        fault[own] |= both and now[own] * wholes[n, 1] > now[whole] * wholes[n, 3]


@within
def _contradicted(now: Whole, gone: Bytes, besides: Whole, beside: Numbers, odd: Flags) -> None:
    """D: data points that another may contradict by its size."""
    odd[:] = False
    for n in range(len(besides)):
        own, other = besides[n, 0], besides[n, 1]
        if gone[own] == 0 and gone[other] == 0 and now[other] > 0:
            odd[own] = not inside(now[own] / now[other], beside[n, 0], beside[n, 1])


@kernel(
    "void(i8[:,::1], u1[:,::1], i8[::1], i8[:,::1], i8[::1], i8[:,::1], i8[:,::1], b1[:,::1], i8[::1], f8[:,::1], f8[:,::1],"
    "i8[:,::1], i8[:,::1], f8[:,::1], i8[:,::1], i8[::1], i8[:,::1], i8[:,::1], i8[::1], i8[:,::1], i8[:,::1], f8[:,::1],"
    "u1[:,::1], i8[:,::1], i8[:,::1], i8[:,::1], b1[::1])"
)
def _screen(
    amounts: Whole,
    missing: Bytes,
    days: Whole,
    before: Whole,
    factors: Whole,
    up: Whole,
    down: Whole,
    lacking: Flags,
    fences: Whole,
    lows: Numbers,
    highs: Numbers,
    points: Whole,
    figures: Whole,
    limits: Numbers,
    terms: Whole,
    begins: Whole,
    averages: Whole,
    sums: Whole,
    sum_begins: Whole,
    wholes: Whole,
    besides: Whole,
    beside: Numbers,
    state: Bytes,
    numerators: Whole,
    denominators: Whole,
    raw: Whole,
    spoken: Flags,
) -> None:
    """`screen` of what stands in Sent, Compiled and Screened; U rows."""
    fault, odd = np.empty(len(points), dtype=np.bool_), np.empty(len(points), dtype=np.bool_)
    for u in range(len(amounts)):
        now, gone, was = amounts[u], missing[u], before[u]
        _at_fault(now, gone, days[u], points, averages, sums, sum_begins, wholes, fault)
        for d in range(len(was)):
            if was[d] != NONE and abs(was[d]) > points[d, 1]:
                fault[d], was[d] = True, 0
        _contradicted(now, gone, besides, beside, odd)
        spoken[u] = fault.any()
        above_of, below_of, lacks = up[factors[u]], down[factors[u]], lacking[factors[u]]
        for f in range(len(figures)):
            mine = terms[begins[f] : begins[f + 1]]
            above, below, wrong, absent, doubt = 0, 0, False, False, False
            for k in range(len(mine)):
                d = mine[k, 0]
                wrong |= fault[d]
                absent |= gone[d] != 0
                doubt |= odd[d]
                above += now[d] * mine[k, 1]
                below += now[d] * mine[k, 2]
            numerators[u, f], denominators[u, f], raw[u, f] = above, below, above
            if wrong:
                state[u, f] = OPEN
            elif absent:
                state[u, f] = LACKS
            elif above == 0 and below == 0:
                state[u, f] = NOTHING
            elif doubt or lacks[f]:
                state[u, f] = OPEN
            else:
                numerator = multiplied(above, above_of[f], below_of[f])
                bounds = limits[f, 0], limits[f, 1], lows[fences[u], f], highs[fences[u], f]
                sure = likely(above, below, numerator, figures[f], bounds)
                if sure and figures[f, 2] != 0:
                    sure = not past(now, was, above, below, mine, points, limits[f, 2])
                numerators[u, f], state[u, f] = numerator, STANDS if sure else OPEN
