"""Many submissions of one catalogue at a time: every figure's pair, and which figures nothing can be said against. Pure.

D data points, F key figures, U submissions; a matrix is D x U or F x U. Conservative: a figure that is `open` may be as good as
any other, and is left to the rules; one that is not has exactly the verdict said here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.catalogue.numerals import rounded_each
from services.validate.compiled import MARGIN, Average, Compiled, Flags, Numbers, Whole
from services.validate.doubts import MAGNITUDES, SLACK
from services.validate.key_figures import LARGEST, Absence
from services.validate.packed import NONE

ABSENT, UNDEFINED = Absence.ABSENT.value, Absence.UNDEFINED.value
UNREADABLE = 255  # what was sent is no number and no reason
FIFTH = 5


@dataclass(frozen=True)
class Sent:
    """What was delivered.

    amounts   D x U; 0 where there is none
    missing   D x U: 0 = an amount, else the number of an Absence, or UNREADABLE
    days      U: of the period
    before    D x U, amounts of the year before; NONE where nothing stands, or no figure is held against it
    above, below   F x U or F x 1: what numerators are multiplied by, as a fraction above 0
    lacking   F x U or F x 1: a factor that is wanted is not there
    low, high      F x U or F x 1: strict bounds of the ratio beside those of the catalogue
    """

    amounts: Whole
    missing: NDArray[np.uint8]
    days: Whole
    before: Whole
    above: Whole
    below: Whole
    lacking: Flags
    low: Numbers
    high: Numbers


@dataclass
class Screened:
    """What became of each figure where that can be said at once.

    amounts    D x U: as delivered, with the averages that follow from day sums
    spoken     U: of a data point something is to be said, or may be
    missing    F x U: a part is missing
    open       F x U: to be judged by the rules
    undefined  F x U: nothing over nothing
    numerators, denominators, raw   F x U; of the figures that are neither missing, undefined nor open
    """

    amounts: Whole
    spoken: Flags
    missing: Flags
    open: Flags
    undefined: Flags
    numerators: Whole
    denominators: Whole
    raw: Whole


def screen(sent: Sent, rules: Compiled) -> Screened:
    """Hold submissions against everything that can be said of a whole year's account."""
    fault = (sent.amounts < rules.least[:, None]) | (sent.amounts > rules.most[:, None]) | (sent.missing == UNREADABLE)
    amounts, there = np.where(fault, 0, sent.amounts), sent.missing == 0
    for average in rules.averages:
        _derive(average, amounts, there, fault, sent.days)
    _contradict(amounts, there, fault, rules)
    known, before = sent.before != NONE, sent.before
    past = bool(known.any())
    if past:
        before = np.where(known, before, 0)
        beyond = np.abs(before) > rules.most[:, None]
        fault |= beyond
        before[beyond] = 0
    missing = rules.any_part(~there)
    raw, denominators = rules.numerators.total(amounts), rules.denominators.total(amounts)
    at_fault = rules.any_part(fault)
    missing &= ~at_fault
    undefined = ~missing & ~at_fault & (denominators == 0) & (raw == 0)
    open_ = at_fault | sent.lacking
    open_ |= (denominators <= 0) | (np.abs(raw) >= LARGEST) | (denominators >= LARGEST)
    open_ |= rules.shares[:, None] & (raw > denominators)
    numerators, too_much = _multiplied(raw, sent)
    open_ |= too_much | (np.abs(numerators) >= LARGEST) | (denominators < rules.base[:, None])
    ratio = numerators / np.where(denominators == 0, 1, denominators)
    inside = _inside(ratio, rules.low[:, None], rules.high[:, None])
    for above, below in rules.bounds:  # a figure that is a bound is between them
        inside |= numerators * below[:, None] == denominators * above[:, None]
    open_ |= ~inside
    open_ |= ~_inside(ratio, sent.low, sent.high)
    if rules.besides:
        open_ |= rules.any_part(_contradicted(amounts, there, rules))
    if past:
        open_ |= _unlike(amounts, there, raw, denominators, before, known, rules) & rules.past[:, None]
    open_ &= ~missing & ~undefined
    return Screened(amounts, fault.any(axis=0), missing, open_, undefined, numerators, denominators, raw)


def _derive(rule: Average, amounts: Whole, there: Flags, fault: Flags, days: Whole) -> None:
    """An average from its day sum; at fault where both were sent, so that they are held against each other."""
    sums = there[rule.day_sum] & ~fault[rule.day_sum]
    fault[rule.average] |= there[rule.day_sum] & (there[rule.average] | fault[rule.day_sum])
    above, below = amounts[rule.day_sum] * rule.times, days * rule.divided
    amounts[rule.average] = np.where(sums, rounded_each(above, below), amounts[rule.average])
    there[rule.average] |= sums


def _contradict(amounts: Whole, there: Flags, fault: Flags, rules: Compiled) -> None:
    """Sums that are not their parts' and parts that are more than their whole."""
    for rule in rules.sums:
        parts = [number for number, _ in rule.parts]
        total = np.sum([amounts[number] * times for number, times in rule.parts], axis=0)
        fault[rule.own] |= there[rule.own] & there[parts].all(axis=0) & (amounts[rule.own] * rule.times != total)
    for most in rules.wholes:
        more = amounts[most.own] * most.times > amounts[most.whole] * most.whole_times
        fault[most.own] |= there[most.own] & there[most.whole] & more


def _multiplied(raw: Whole, sent: Sent) -> tuple[Whole, Flags]:
    """Numerators times their factors, rounded once, half to even; and where that does not fit."""
    if (sent.above == sent.below).all():
        return raw, np.zeros(raw.shape, dtype=bool)
    beyond = np.abs(raw).astype(np.float64) * sent.above >= 2.0**61
    beyond |= sent.below >= 2**61
    fits = np.where(beyond, 0, raw)
    below = np.where(beyond, 1, sent.below)
    return rounded_each(fits * sent.above, below), beyond


def _inside(ratio: Numbers, low: Numbers | float, high: Numbers | float) -> Flags:
    """Surely between two bounds. A float next to a bound may be the bound; only 0 is surely 0."""
    zero = ratio == 0
    return np.asarray(((ratio > low) | (zero & (low == 0))) & ((ratio < high) | (zero & (high == 0))))


def _contradicted(amounts: Whole, there: Flags, rules: Compiled) -> Flags:
    """D x U: data points that another may contradict by its size."""
    found = np.zeros(amounts.shape, dtype=bool)
    for rule in rules.besides:
        own, other = amounts[rule.own], amounts[rule.other]
        compared = there[rule.own] & there[rule.other] & (other > 0)
        ratio = own / np.where(other > 0, other, 1)
        found[rule.own] = compared & ~_inside(ratio, rule.low, rule.high)
    return found


def _magnitudes_apart(times: Numbers) -> Flags:
    """Whether one number may be about ten, a hundred or a thousand times another."""
    found = np.zeros(times.shape, dtype=bool)
    for factor in MAGNITUDES:
        low, high = float(factor / SLACK), float(factor * SLACK)
        found |= (times >= low * (1 - MARGIN)) & (times <= high * (1 + MARGIN))
    return found


def _unlike(
    amounts: Whole, there: Flags, raw: Whole, denominators: Whole, before: Whole, known: Flags, rules: Compiled
) -> Flags:
    """F x U: figures that may be unlike the year before: sign, magnitude, the same again, a denominator moved, change."""
    both = there & known
    now_size, was_size = np.abs(amounts), np.abs(before)
    large, small = np.maximum(now_size, was_size), np.minimum(now_size, was_size)
    odd = (small > 0) & ((amounts < 0) != (before < 0))  # on the other side of 0
    odd |= (small > 0) & (large >= rules.thousand[:, None]) & _magnitudes_apart(large / np.maximum(small, 1))
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
    return np.asarray(found | (computed & (changed | turned | (was_below < 0))))
