"""Averages over a period from the sum over its days: exact where an average sent as a number is not. Pure."""

from collections.abc import Iterator

from services.catalogue import amounts as scales
from services.catalogue.definitions import Catalogue
from services.catalogue.numerals import rounded
from services.validate.finding import Finding, Severity
from services.validate.key_figures import Amounts


def derived(amounts: Amounts, days: int, catalogue: Catalogue) -> dict[str, int]:
    """Average -> day sum over the days of the period, rounded once, half to even, to the average's scale.

    Only where the day sum was delivered as a number.
    """
    found = {}
    for name, average in catalogue.day_sums.items():
        whole = amounts.get(name)
        if isinstance(whole, int):
            point = catalogue.data_point[average]
            finer = point.scale - catalogue.data_point[name].scale
            found[average] = rounded(whole * 10 ** max(finer, 0), days * 10 ** max(-finer, 0))
    return found


def contradictions(amounts: Amounts, days: int, catalogue: Catalogue) -> Iterator[Finding]:
    """An average and a day sum that say two things: the day sum does not round to the digits the sender wrote."""
    for name, average in catalogue.day_sums.items():
        whole, sent = amounts.get(name), amounts.get(average)
        if not isinstance(whole, int) or not isinstance(sent, int):
            continue
        scale, finer = catalogue.data_point[average].scale, catalogue.data_point[name].scale
        written = scales.natural(sent, scale)
        digits = len(written.partition(".")[2])
        if rounded(whole * 10**digits, days * 10**finer) * 10 ** (scale - digits) != sent:
            gives = scales.natural(derived(amounts, days, catalogue)[average], scale)
            said = {"data_point": average, "value": written, "average": gives, "day_sum": name, "days": str(days)}
            yield Finding("NT-2034", Severity.ERROR, average, "", said)
