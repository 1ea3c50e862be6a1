"""Many submissions of one catalogue at a time: every figure's pair, and which figures nothing can be said against. Pure.

D data points, F key figures, U submissions; a matrix is D x U or F x U. Conservative: a figure that is `open` may be as good as any
other, and is left to the rules; one that is not has exactly the verdict said here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.validate.compiled import MARGIN, Compiled, Flags, Numbers, Whole
from services.validate.key_figures import LARGEST, Absence
from services.validate.packed import NONE

ABSENT, UNDEFINED = Absence.ABSENT.value, Absence.UNDEFINED.value
UNREADABLE = 255  # what was sent is no number and no reason
SLACK_AND_TEN = (3, 20)  # 3/2 times the larger below 10 times the smaller: no order of magnitude apart
FIFTH = 5


@dataclass(frozen=True)
class Sent:
    """What was delivered.

    amounts   D x U; 0 where there is none
    missing   D x U: 0 = an amount, else the number of an Absence, or UNREADABLE
    before    D x U, amounts of the year before; NONE where nothing stands
    above, below   F x U: what numerators are multiplied by, as a fraction above 0
    lacking   F x U: a factor that is wanted is not there
    low, high      F x U or F x 1: strict bounds of the ratio beside those of the catalogue
    """

    amounts: Whole
    missing: NDArray[np.uint8]
    before: Whole
    above: Whole
    below: Whole
    lacking: Flags
    low: Numbers
    high: Numbers


@dataclass
class Screened:
    """What became of each figure where that can be said at once.

    faulty     U: a data point is at fault, or may be: nothing here is to be used
    missing    F x U: a part is missing
    open       F x U: to be judged by the rules
    numerators, denominators, raw   F x U; of the figures that are neither missing, undefined nor open
    undefined  F x U: nothing over nothing
    """

    faulty: Flags
    missing: Flags
    open: Flags
    undefined: Flags
    numerators: Whole
    denominators: Whole
    raw: Whole


def screen(sent: Sent, rules: Compiled) -> Screened:
    """Hold submissions against everything that can be said of a whole year's account."""
    amounts, there = sent.amounts, sent.missing == 0
    faulty = _faulty(sent, there, rules)
    amounts = np.where(faulty, 0, amounts)
    missing = rules.any_part(~there)
    raw, denominators = rules.numerators.total(amounts), rules.denominators.total(amounts)
    undefined = ~missing & (denominators == 0) & (raw == 0)
    open_ = (denominators <= 0) | (np.abs(raw) >= LARGEST) | (denominators >= LARGEST) | sent.lacking
    open_ |= rules.shares[:, None] & (raw > denominators)
    numerators, beyond = _multiplied(raw, sent)
    open_ |= beyond | (np.abs(numerators) >= LARGEST) | (denominators < rules.base[:, None])
    ratio = numerators / np.where(denominators == 0, 1, denominators)
    for low, high in ((rules.low[:, None], rules.high[:, None]), (sent.low, sent.high)):
        open_ |= ~_inside(ratio, low, high)
    if rules.besides:
        open_ |= rules.any_part(_contradicted(amounts, there, rules))
    known = sent.before != NONE
    if known.any():
        before = np.where(known, sent.before, 0)
        faulty |= (np.abs(before) > rules.most[:, None]).any(axis=0)
        before = np.where(faulty, 0, before)
        open_ |= _unlike(amounts, there, raw, denominators, before, known, rules) & rules.past[:, None]
    open_ &= ~missing & ~undefined
    return Screened(faulty, missing, open_, undefined, numerators, denominators, raw)


def _faulty(sent: Sent, there: Flags, rules: Compiled) -> Flags:
    """Amounts that a rule may speak of, or from which an average follows."""
    amounts = sent.amounts
    found = ((amounts < rules.least[:, None]) | (amounts > rules.most[:, None])).any(axis=0)
    found |= (sent.missing == UNREADABLE).any(axis=0)
    if len(rules.day_sums):
        found |= there[rules.day_sums].any(axis=0)
    amounts = np.where(found, 0, amounts)
    for rule in rules.sums:
        parts = [number for number, _ in rule.parts]
        total = sum(amounts[number] * times for number, times in rule.parts)
        found |= there[rule.own] & there[parts].all(axis=0) & (amounts[rule.own] * rule.times != total)
    for most in rules.wholes:
        more = amounts[most.own] * most.times > amounts[most.whole] * most.whole_times
        found |= there[most.own] & there[most.whole] & more
    return found


def _multiplied(raw: Whole, sent: Sent) -> tuple[Whole, Flags]:
    """Numerators times their factors, rounded once, half to even; and where that does not fit."""
    if (sent.above == sent.below).all():
        return raw, np.zeros(raw.shape, dtype=bool)
    beyond = np.abs(raw).astype(np.float64) * sent.above >= 2.0**61
    beyond |= sent.below >= 2**61
    fits = np.where(beyond, 0, raw)
    below = np.where(beyond, 1, sent.below)
    whole, rest = np.divmod(fits * sent.above, below)
    return whole + ((2 * rest > below) | ((2 * rest == below) & (whole % 2 == 1))), beyond


def _inside(ratio: Numbers, low: Numbers, high: Numbers) -> Flags:
    """Surely between two bounds. A float next to a bound may be the bound; only 0 is surely 0."""
    zero = ratio == 0
    return ((ratio > low) | (zero & (low == 0))) & ((ratio < high) | (zero & (high == 0)))


def _contradicted(amounts: Whole, there: Flags, rules: Compiled) -> Flags:
    """D x U: data points that another may contradict by its size."""
    found = np.zeros(amounts.shape, dtype=bool)
    for rule in rules.besides:
        own, other = amounts[rule.own], amounts[rule.other]
        compared = there[rule.own] & there[rule.other] & (other > 0)
        ratio = own / np.where(other > 0, other, 1)
        found[rule.own] = compared & ~_inside(ratio, np.float64(rule.low), np.float64(rule.high))
    return found


def _unlike(
    amounts: Whole, there: Flags, raw: Whole, denominators: Whole, before: Whole, known: Flags, rules: Compiled
) -> Flags:
    """F x U: figures that may be unlike the year before: sign, magnitude, the same again, a denominator moved, change."""
    both = there & known
    now_size, was_size = np.abs(amounts), np.abs(before)
    large, small = np.maximum(now_size, was_size), np.minimum(now_size, was_size)
    odd = (small > 0) & ((amounts < 0) != (before < 0))  # on the other side of 0
    odd |= (small > 0) & (large >= rules.thousand[:, None]) & (large * SLACK_AND_TEN[0] >= small * SLACK_AND_TEN[1])
    same = (amounts == before) & (now_size >= rules.thousand[:, None])
    moved = (before != 0) & (FIFTH * np.abs(amounts - before) > before)
    parts = (odd & both)[rules.parts]
    parts |= (same & both)[rules.parts] & rules.copied[:, None]
    parts |= (moved & both)[rules.parts] & rules.moved[:, None]
    found = np.asarray(np.logical_or.reduceat(parts, rules.begins, axis=0))
    was_raw, was_below = rules.numerators.total(before), rules.denominators.total(before)
    computed = ~rules.any_part(~known) & (was_below != 0)
    now, was = raw / np.where(denominators == 0, 1, denominators), was_raw / np.where(was_below == 0, 1, was_below)
    changed = (was_raw > 0) & ~(np.abs(now - was) <= rules.change[:, None] * was * (1 - MARGIN))
    turned = (raw != 0) & (was_raw != 0) & ((raw < 0) != (was_raw < 0))
    return found | (computed & (changed | turned | (was_below < 0)))
