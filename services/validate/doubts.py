"""What makes a figure unlikely: its range, its own past, its parts. Pure; says what it saw, decides nothing.

An error stops a figure. A doubt (severity confirm) holds it until the sender stands by it with a reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.catalogue import amounts as scales
from services.catalogue.definitions import Catalogue, KeyFigure
from services.validate.finding import Finding, Severity
from services.validate.key_figures import Amounts, Pair, compute

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
        own = _natural(amounts, name, catalogue)
        if own is None:
            continue
        parts = [_natural(amounts, part, catalogue) for part in point.sum_of]
        summed = sum((p for p in parts if p is not None), Fraction())
        if parts and None not in parts and summed != own:
            said = {"data_point": name, "value": _text(own), "sum": _text(summed), "parts": ", ".join(point.sum_of)}
            yield Finding("NT-2013", Severity.ERROR, name, "", said)
        whole = _natural(amounts, point.at_most, catalogue) if point.at_most else None
        if whole is not None and own > whole:
            said = {"data_point": name, "value": _text(own), "whole": point.at_most, "most": _text(whole)}
            yield Finding("NT-2014", Severity.ERROR, name, "", said)


def of_figure(
    pair: Pair, key_figure: str, amounts: Amounts, catalogue: Catalogue, previous: Previous | None
) -> list[Finding]:
    """Hard range, soft range; and of a figure with a soft range, everything its own past says against it."""
    figure = catalogue.key_figure[key_figure]
    shown = _shown(pair, figure)
    for code, severity, bounds in (
        ("NT-2011", Severity.ERROR, figure.hard),
        ("NT-2012", Severity.CONFIRM, figure.soft),
    ):
        if bounds and not Fraction(bounds.range[0]) <= shown <= Fraction(bounds.range[1]):
            said = {"key_figure": key_figure, "value": _rounded(shown, figure)}
            said |= {"low": f"{bounds.range[0]:f}", "high": f"{bounds.range[1]:f}"}
            found = [Finding(code, severity, "", key_figure, said)]
            if severity is Severity.ERROR:
                return found
            return [*found, *_past(shown, key_figure, amounts, catalogue, previous)]
    return _past(shown, key_figure, amounts, catalogue, previous)


def _past(
    shown: Fraction, key_figure: str, amounts: Amounts, catalogue: Catalogue, previous: Previous | None
) -> list[Finding]:
    figure = catalogue.key_figure[key_figure]
    if previous is None or figure.soft is None:
        return []
    found = [*_magnitudes(key_figure, amounts, catalogue, previous), *_copied(key_figure, amounts, catalogue, previous)]
    found += _moved(key_figure, amounts, catalogue, previous, {f.data_point for f in found})
    before = compute(previous.amounts, key_figure, catalogue)
    if figure.change and isinstance(before, Pair) and before.numerator > 0 and not found:
        was = _shown(before, figure)
        if abs(shown - was) * 100 > figure.change.pct * was:
            said = {"key_figure": key_figure, "value": _rounded(shown, figure), "before": _rounded(was, figure)}
            said |= {"period": previous.period, "pct": str(figure.change.pct)}
            found.append(Finding("NT-2015", Severity.CONFIRM, "", key_figure, said))
    return found


def _magnitudes(key_figure: str, amounts: Amounts, catalogue: Catalogue, previous: Previous) -> Iterator[Finding]:
    """A part ten, a hundred or a thousand times what it was, or one of that."""
    for name in catalogue.key_figure[key_figure].parts:
        now, was = _natural(amounts, name, catalogue), _natural(previous.amounts, name, catalogue)
        if not now or not was or now < 0 or was < 0 or (max(now, was) < COPIED_FROM):
            continue
        for factor in MAGNITUDES:
            for times, suggestion in ((now / was, now / factor), (was / now, now * factor)):
                if factor / SLACK <= times <= factor * SLACK:
                    said = {"data_point": name, "key_figure": key_figure, "value": _text(now), "before": _text(was)}
                    said |= {"period": previous.period, "factor": str(factor), "suggestion": _text(suggestion)}
                    yield Finding("NT-2016", Severity.CONFIRM, name, key_figure, said)


def _copied(key_figure: str, amounts: Amounts, catalogue: Catalogue, previous: Previous) -> Iterator[Finding]:
    """An amount of the year that is, to the last digit, the one before."""
    for name in catalogue.key_figure[key_figure].numerator:
        now, was = _natural(amounts, name, catalogue), _natural(previous.amounts, name, catalogue)
        flow = catalogue.data_point[name].nature == "flow"
        if flow and now is not None and now == was and abs(now) >= COPIED_FROM:
            said = {"data_point": name, "value": _text(now), "period": previous.period}
            yield Finding("NT-2017", Severity.CONFIRM, name, key_figure, said)


def _moved(
    key_figure: str, amounts: Amounts, catalogue: Catalogue, previous: Previous, told: set[str]
) -> Iterator[Finding]:
    """An area or a number of dwellings that is suddenly another."""
    for name in catalogue.key_figure[key_figure].denominator:
        now, was = _natural(amounts, name, catalogue), _natural(previous.amounts, name, catalogue)
        steady = catalogue.data_point[name].nature == "average" and name not in told
        if steady and now is not None and was and abs(now - was) > MOVED * was:
            said = {"data_point": name, "value": _text(now), "before": _text(was), "period": previous.period}
            yield Finding("NT-2018", Severity.CONFIRM, name, key_figure, said)


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
