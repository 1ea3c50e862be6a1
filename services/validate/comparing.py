"""From a figure as delivered to the figure that is compared: its factors, and what a part of a year can and cannot say. Pure."""

from typing import NamedTuple

from services.catalogue.definitions import Catalogue, KeyFigure
from services.validate import normalisation
from services.validate.finding import Finding, Severity
from services.validate.key_figures import LARGEST, Absence, Pair
from services.validate.normalisation import Factor, Factors, Lacking
from services.validate.periods import Kind, Period

GROWS = ("flow", "count")  # with the days it covers


class Compared(NamedTuple):
    """What a figure was made from.

    raw           the pair as delivered
    factors       what its numerator was multiplied by, in order
    result        the pair that is compared, or the absence where it cannot be
    provisional   of a part of a year: the annualised pair, which no peer is compared with
    """

    raw: Pair
    factors: tuple[Factor, ...]
    result: Pair | Absence
    provisional: Pair | None = None
    findings: tuple[Finding, ...] = ()


def compare(raw: Pair, key_figure: str, period: Period, factors: Factors, catalogue: Catalogue) -> Compared:
    """Make a pair comparable by what its definition asks for; excluded or refused with a finding where that cannot be."""
    figure = catalogue.key_figure[key_figure]
    wanted = [factors[kind] for kind in figure.normalise if kind in factors]
    lacking = [lack for lack in wanted if isinstance(lack, Lacking)]
    if lacking:
        refused = any(lack.severity is Severity.ERROR for lack in lacking)
        absence = Absence.REFUSED if refused else Absence.EXCLUDED
        return Compared(raw, (), absence, findings=tuple(lack.of(key_figure) for lack in lacking))
    chosen = tuple(factor for factor in wanted if isinstance(factor, Factor))
    if period.kind is Kind.PART_YEAR and grows(figure, catalogue):
        return _part_year(raw, key_figure, period, chosen, catalogue)
    return _within(Compared(raw, chosen, normalisation.normalised(raw, chosen)), key_figure)


def grows(figure: KeyFigure, catalogue: Catalogue) -> bool:
    """Whether the ratio grows or shrinks with the days it covers: one side does, the other does not."""
    above = any(catalogue.data_point[part].nature in GROWS for part in (*figure.numerator, *figure.less))
    below = any(catalogue.data_point[part].nature in GROWS for part in figure.denominator)
    return above is not below


def counts_days(figure: KeyFigure, catalogue: Catalogue) -> bool:
    """Whether anything in it adds up over the days it covers."""
    return any(catalogue.data_point[part].nature in GROWS for part in figure.parts)


def _part_year(
    raw: Pair, key_figure: str, period: Period, chosen: tuple[Factor, ...], catalogue: Catalogue
) -> Compared:
    figure = catalogue.key_figure[key_figure]
    said = {"key_figure": key_figure, "days": str(period.days), "days_of_year": str(period.days_of_year)}
    rises = any(catalogue.data_point[part].nature in GROWS for part in figure.numerator)
    if "annualise" not in figure.normalise or not rises:
        note = Finding("NT-2036", Severity.NOTE, "", key_figure, said)
        return Compared(raw, (), Absence.EXCLUDED, findings=(note,))
    chosen = (*chosen, normalisation.annualise(period))
    whole = _within(Compared(raw, chosen, normalisation.normalised(raw, chosen)), key_figure)
    if not isinstance(whole.result, Pair):
        return whole
    note = Finding("NT-2035", Severity.NOTE, "", key_figure, said)
    return Compared(raw, chosen, Absence.EXCLUDED, whole.result, (note,))


def _within(compared: Compared, key_figure: str) -> Compared:
    """A numerator that a factor has taken out of what can be counted is refused."""
    if isinstance(compared.result, Pair) and abs(compared.result.numerator) >= LARGEST:
        said = {"data_point": key_figure, "value": "≥ 2^53"}
        fault = Finding("NT-2005", Severity.ERROR, "", key_figure, said)
        return Compared(compared.raw, compared.factors, Absence.REFUSED, findings=(fault,))
    return compared
