"""What makes a figure unlikely: its range, its own past, its parts, units like it. Pure; says what it saw, decides nothing.

An error stops a figure. A doubt of severity confirm holds it until the sender stands by it with a reason; a note holds nothing.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from services.catalogue import amounts as scales
from services.catalogue.bounds import Bounds, Weight
from services.catalogue.vocabulary import Catalogue, KeyFigure
from services.validate import fences
from services.validate.fences import Peers
from services.validate.finding import Finding, Severity
from services.validate.key_figures import Absence, Amounts, Pair, compute, total

MAGNITUDES = (1000, 100, 10)  # what a slipped decimal point or a wrong unit multiplies by
SLACK = Fraction(3, 2)  # how far from exactly that a year's ordinary change may take it
MOVED = Fraction(1, 5)  # more than this, and an area or a number of dwellings needs a reason
COPIED_FROM = 1000  # natural units; smaller numbers may well repeat


@dataclass(frozen=True)
class Previous:
    """The accepted period before this one: its name, and data point -> amount in its scale."""

    period: str
    amounts: Mapping[str, int]


def of_amounts(amounts: Amounts, catalogue: Catalogue) -> Iterator[Finding]:
    """sum_of and at_most: data points that contradict each other. Silent where one of them is not a number."""
    for name, point in catalogue.data_point.items():
        if point.sum_of and (both := _beside_each_other(amounts, name, point.sum_of, catalogue)):
            own, summed, unit = both
            if own != summed:
                said = {"data_point": name, "value": _text(Fraction(own, unit)), "sum": _text(Fraction(summed, unit))}
                said |= {"parts": ", ".join(point.sum_of)}
                yield Finding("NT-2013", Severity.ERROR, name, "", said)
        if point.at_most and (both := _beside_each_other(amounts, name, [point.at_most], catalogue)):
            own, whole, unit = both
            if own > whole:
                said = {"data_point": name, "value": _text(Fraction(own, unit)), "whole": point.at_most}
                said |= {"most": _text(Fraction(whole, unit))}
                yield Finding("NT-2014", Severity.ERROR, name, "", said)


def _beside_each_other(
    amounts: Amounts, name: str, others: Sequence[str], catalogue: Catalogue
) -> tuple[int, int, int] | None:
    """A data point and the sum of others, as whole numbers, and over which unit; absent where one of them is no number."""
    if not all(isinstance(amounts.get(one), int) for one in (name, *others)):
        return None
    scale = max(catalogue.data_point[one].scale for one in (name, *others))
    return total(amounts, (name,), scale, catalogue), total(amounts, others, scale, catalogue), 10**scale


def of_figure(
    pair: Pair,
    raw: Pair,
    key_figure: str,
    amounts: Amounts,
    catalogue: Catalogue,
    previous: Previous | None,
    peers: Peers | None = None,
) -> list[Finding]:
    """Everything that speaks against a figure: its ranges, its size, its parts, units like it, its own past.

    The past is as it was delivered, and so is `raw`, which is held against it.
    Outside its hard range nothing else is said. What a doubt weighs, confirm or note, is the catalogue's to say.
    """
    figure = catalogue.key_figure[key_figure]
    shown = _shown(pair, figure)
    if figure.hard and not _inside(shown, figure.hard.range):
        return [Finding("NT-2011", Severity.ERROR, "", key_figure, _outside(shown, key_figure, figure, figure.hard))]
    found = [*_based(pair, key_figure, catalogue), *_beside(key_figure, amounts, catalogue)]
    if figure.soft and not _inside(shown, figure.soft.range):
        said = _outside(shown, key_figure, figure, figure.soft)
        found.append(Finding("NT-2012", _weight(figure.soft.severity), "", key_figure, said))
    if peers is not None:
        found += fences.outside(shown, key_figure, catalogue, peers)
    return [*found, *_past(raw, key_figure, amounts, catalogue, previous)]


def _outside(shown: Fraction, key_figure: str, figure: KeyFigure, bounds: Bounds) -> dict[str, str]:
    low, high = bounds.range
    return {"key_figure": key_figure, "value": _rounded(shown, figure), "low": f"{low:f}", "high": f"{high:f}"}


def _based(pair: Pair, key_figure: str, catalogue: Catalogue) -> Iterator[Finding]:
    """A denominator so small that one answer or event more moves the figure."""
    base = catalogue.key_figure[key_figure].base
    if base is None:
        return
    (least, of_least), unit = _ratio(base.least), 10 ** catalogue.scale(key_figure)
    if pair.denominator * of_least < least * unit:
        counted = Fraction(pair.denominator, unit)
        said = {"key_figure": key_figure, "value": _text(counted), "least": f"{base.least:f}"}
        yield Finding("NT-2023", _weight(base.severity), "", key_figure, said)


def _beside(key_figure: str, amounts: Amounts, catalogue: Catalogue) -> Iterator[Finding]:
    """A part that another data point of the same unit contradicts by its size. Silent where the other is no number above 0."""
    for name in catalogue.key_figure[key_figure].parts:
        beside = catalogue.data_point[name].beside
        if beside is None:
            continue
        own, other = _natural(amounts, name, catalogue), _natural(amounts, beside.data_point, catalogue)
        if own is None or other is None or other <= 0:
            continue
        if not _inside(own / other, beside.range):
            said = {"data_point": name, "value": _text(own), "other": beside.data_point, "against": _text(other)}
            said |= {"low": f"{beside.range[0]:f}", "high": f"{beside.range[1]:f}"}
            yield Finding("NT-2024", _weight(beside.severity), name, key_figure, said)


class _Then(NamedTuple):
    """A figure beside the year before, both as delivered. Amounts of a data point are of one scale: whole numbers are compared.

    there      data points that are numbers in both years, with both
    now, was   the pair of each; the absence where there was none
    """

    figure: KeyFigure
    there: Mapping[str, tuple[int, int]]
    previous: Previous
    catalogue: Catalogue
    now: Pair
    was: Pair | Absence

    def both(self, names: Iterable[str]) -> Iterator[tuple[str, int, int]]:
        """Of these data points, those that are numbers in both years, with both."""
        return ((name, *self.there[name]) for name in names if name in self.there)

    def least(self, name: str) -> int:
        """COPIED_FROM in a data point's scale."""
        return int(COPIED_FROM * 10 ** self.catalogue.data_point[name].scale)

    def said(self, name: str, now: int, was: int) -> dict[str, str]:
        """A data point's amounts and the period before, for people."""
        scale = self.catalogue.data_point[name].scale
        value, before = _text(Fraction(now, 10**scale)), _text(Fraction(was, 10**scale))
        return {"data_point": name, "value": value, "before": before, "period": self.previous.period}


def _past(
    now: Pair, key_figure: str, amounts: Amounts, catalogue: Catalogue, previous: Previous | None
) -> list[Finding]:
    figure = catalogue.key_figure[key_figure]
    if previous is None or figure.soft is None:
        return []
    parts, own, before = figure.parts, amounts, previous.amounts
    there = {p: (n, before[p]) for p in parts if isinstance(n := own.get(p), int) and p in before}
    then = _Then(figure, there, previous, catalogue, now, compute(previous.amounts, key_figure, catalogue))
    found = [*_turned(then, key_figure), *_magnitudes(then, key_figure), *_copied(then, key_figure)]
    found += _moved(then, key_figure, {f.data_point for f in found})
    if figure.change and isinstance(then.was, Pair) and then.was.numerator > 0 and not found:
        shown, was = _shown(now, figure), _shown(then.was, figure)
        # Whole numbers: fractions take three times as long.
        (a, b), (c, d) = shown.as_integer_ratio(), was.as_integer_ratio()
        if abs(a * d - c * b) * 100 > figure.change.pct * c * b:
            said = {"key_figure": key_figure, "value": _rounded(shown, figure), "before": _rounded(was, figure)}
            said |= {"period": previous.period, "pct": str(figure.change.pct)}
            found.append(Finding("NT-2015", _weight(figure.change.severity), "", key_figure, said))
    return found


def _turned(then: _Then, key_figure: str) -> Iterator[Finding]:
    """A part on the other side of 0 than it was; where none is, the figure itself. 0 is on neither side."""
    figure, told = then.figure, False
    weight = _weight(figure.past.sign)
    for name, now, was in then.both(figure.parts):
        if now * was < 0:
            said = then.said(name, now, was)
            yield Finding("NT-2022", weight, name, key_figure, {"what": said.pop("data_point"), **said})
            told = True
    if not told and isinstance(then.was, Pair):
        a, b = then.now, then.was
        if a.numerator * a.denominator * b.numerator * b.denominator < 0:
            value, before = (_rounded(_shown(pair, figure), figure) for pair in (a, b))
            said = {"what": key_figure, "value": value, "before": before}
            yield Finding("NT-2022", weight, "", key_figure, said | {"period": then.previous.period})


def _magnitudes(then: _Then, key_figure: str) -> Iterator[Finding]:
    """A part ten, a hundred or a thousand times what it was, or one of that; on the same side of 0."""
    weight, (above, below) = _weight(then.figure.past.magnitude), SLACK.as_integer_ratio()
    for name, now, was in then.both(then.figure.parts):
        low, high = sorted((abs(now), abs(was)))
        if now * was <= 0 or high < then.least(name):
            continue
        for factor in MAGNITUDES:
            about = factor * low
            if about * below <= high * above and high * below <= about * above:
                natural = Fraction(now, 10 ** then.catalogue.data_point[name].scale)
                suggestion = natural / factor if abs(now) == high else natural * factor
                said = then.said(name, now, was) | {"factor": str(factor), "suggestion": _text(suggestion)}
                yield Finding("NT-2016", weight, name, key_figure, said | {"key_figure": key_figure})


def _copied(then: _Then, key_figure: str) -> Iterator[Finding]:
    """An amount of the year that is, to the last digit, the one before."""
    weight = _weight(then.figure.past.copied)
    for name, now, was in then.both(then.figure.numerator):
        if now == was and then.catalogue.data_point[name].nature == "flow" and abs(now) >= then.least(name):
            said = then.said(name, now, was)
            del said["before"]
            yield Finding("NT-2017", weight, name, key_figure, said)


def _moved(then: _Then, key_figure: str, told: set[str]) -> Iterator[Finding]:
    """An area or a number of dwellings that is suddenly another."""
    weight = _weight(then.figure.past.moved)
    for name, now, was in then.both(then.figure.denominator):
        steady = then.catalogue.data_point[name].nature == "average" and name not in told
        if steady and was and abs(now - was) * MOVED.denominator > was * MOVED.numerator:
            yield Finding("NT-2018", weight, name, key_figure, then.said(name, now, was))


@functools.cache
def _weight(severity: Weight) -> Severity:
    return Severity[severity.upper()]


def _inside(value: Fraction, bounds: tuple[Decimal, Decimal]) -> bool:
    (low, of_low), (high, of_high), (above, below) = _ratio(bounds[0]), _ratio(bounds[1]), value.as_integer_ratio()
    return low * below <= above * of_low and above * of_high <= high * below


@functools.lru_cache(maxsize=4096)
def _ratio(bound: Decimal) -> tuple[int, int]:
    return bound.as_integer_ratio()


def _natural(amounts: Amounts, name: str, catalogue: Catalogue) -> Fraction | None:
    amount = amounts.get(name)
    return Fraction(amount, 10 ** catalogue.data_point[name].scale) if isinstance(amount, int) else None


def _shown(pair: Pair, figure: KeyFigure) -> Fraction:
    return Fraction(pair.numerator * figure.show.factor, pair.denominator)


def _rounded(shown: Fraction, figure: KeyFigure) -> str:
    decimals = figure.show.decimals + 1  # one more than is shown: a value just outside must not read as the bound
    return scales.natural(round(shown * 10**decimals), decimals)


def _text(value: Fraction) -> str:
    return scales.natural(round(value * 10**6), 6)
