"""The rules a submission is held against. Pure: all findings at once, a fault stops the figures that rest on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.catalogue import amounts as scales
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.quartiles import Frozen
from services.validate import averages, confirming, doubts, neighbours, normalisation, periods, rolling
from services.validate.doubts import Previous
from services.validate.fences import Peers
from services.validate.finding import Finding, Severity
from services.validate.key_figures import LARGEST, Absence, Amount, Amounts, Pair, Unreadable
from services.validate.neighbours import Around
from services.validate.periods import Kind, Period
from services.validate.rolling import Basis
from services.validate.verdicts import Case, Delivery, Figure, verdict

VERSION = "4"  # of the rules in this file: a change that can change a verdict gets the next number
ALONE = Around()


@dataclass(frozen=True)
class Assessment:
    """Every verdict and finding on one submission. No figures: refused as a whole.

    amounts   data point -> amount as delivered, of the figures that stand: what later periods are held against
    """

    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    amounts: Mapping[str, int] = field(default_factory=dict)
    refused: bool = False
    withdrawn: bool = False


def rule_set(catalogue: Catalogue, frozen: Frozen | None = None) -> str:
    """Names catalogue, rules and the fences that judge: the same submission and rule set give the same assessment."""
    return f"{catalogue.version}+rules-{VERSION}" + (f"+{frozen.name}" if frozen else "")


def refuse(*findings: Finding) -> Assessment:
    """An assessment of a submission that cannot be looked into: identity, period or envelope."""
    return Assessment((), findings, refused=True)


def assess(
    delivery: Delivery,
    catalogue: Catalogue,
    previous: Previous | None = None,
    frozen: Frozen | None = None,
    around: Around = ALONE,
) -> Assessment:
    """Hold a submission against every rule of its catalogue, its unit's past and periods around it, its peers of a closed one."""
    if delivery.withdraw:
        gone = tuple(Figure(name, Absence.WITHDRAWN) for name in catalogue.key_figures)
        return Assessment(gone, (), withdrawn=True)
    case, findings, beside = opened(delivery, catalogue, previous, frozen, around)
    delivery = case.delivery
    judged = [verdict(name, case) for name in catalogue.key_figures]
    figures = tuple(figure for figure, _ in judged)
    findings += [finding for _, said in judged for finding in said]
    findings += confirming.unused(findings, neighbours.left(delivery.confirmations, beside), catalogue)
    findings.sort(key=lambda f: f.severity)  # what stops a figure first
    if case.window is not None:
        return Assessment(figures, tuple(findings), rolling.sound(delivery.amounts, case.stopped, catalogue))
    stand = [f.key_figure for f in figures if isinstance(f.result, Pair) or f.provisional]
    return Assessment(figures, tuple(findings), standing(stand, delivery.amounts, catalogue))


def opened(
    delivery: Delivery, catalogue: Catalogue, previous: Previous | None, frozen: Frozen | None, around: Around = ALONE
) -> tuple[Case, list[Finding], list[Finding]]:
    """What the verdicts on its figures rest on; what is said of its data points, profile and period; of these, the period's."""
    period = delivery.period or periods.calendar_year(catalogue.year)
    findings = list(averages.contradictions(delivery.amounts, period.days, catalogue))
    delivery = averaged(delivery, catalogue)
    findings += [*_amounts(delivery, catalogue), *_profile(delivery.attributes, catalogue)]
    stopped, contradictions = _stopped(delivery.amounts, findings, catalogue)
    beside = neighbours.answered(around.findings, delivery.confirmations)
    findings += [*contradictions, *beside]
    past = previous if period.kind is Kind.YEAR else None  # nothing else has a year to be held against
    peers = Peers(frozen, peer_groups.place(delivery.attributes, catalogue).groups) if frozen else None
    own, window = _bases(delivery, period, catalogue, around)
    case = Case(delivery, catalogue, stopped, past, peers, confirming.in_doubt(beside), own, window)
    return case, findings, beside


def _stopped(amounts: Amounts, findings: Sequence[Finding], catalogue: Catalogue) -> tuple[set[str], list[Finding]]:
    """The data points in which there is a fault, with the averages of day sums in which there is; and what contradicts."""
    wrong = {f.data_point for f in findings if f.severity is Severity.ERROR}
    contradictions = [f for f in doubts.of_amounts(amounts, catalogue) if f.data_point not in wrong]
    stopped = wrong.union(*(_concerned(f.data_point, catalogue) for f in contradictions))
    return stopped | {a for day_sum, a in catalogue.day_sums.items() if day_sum in stopped}, contradictions


def _bases(delivery: Delivery, period: Period, catalogue: Catalogue, around: Around) -> tuple[Basis, Basis | None]:
    """The submission's own amounts; and of a month, those of the twelve that end with it."""
    own = Basis(delivery.amounts, period, normalisation.factors(period, delivery.attributes, catalogue), {})
    if period.kind is not Kind.MONTH:
        return own, None
    summed, lacking = rolling.over(period.name, delivery.amounts, around.months, catalogue)
    twelve = rolling.window_of(period)
    factors = normalisation.factors(twelve, delivery.attributes, catalogue)
    return own, Basis({**delivery.amounts, **summed}, twelve, factors, lacking)


def averaged(delivery: Delivery, catalogue: Catalogue) -> Delivery:
    """The delivery with every average that follows from a day sum."""
    days = (delivery.period or periods.calendar_year(catalogue.year)).days
    found = averages.derived(delivery.amounts, days, catalogue)
    return replace(delivery, amounts={**delivery.amounts, **found}) if found else delivery


def standing(key_figures: Iterable[str], amounts: Amounts, catalogue: Catalogue) -> dict[str, int]:
    """Data point -> amount as delivered, of the figures that stand; of a part of a year, those that would."""
    parts = {part: amounts[part] for name in key_figures for part in catalogue.key_figure[name].parts}
    return {part: amount for part, amount in parts.items() if isinstance(amount, int)}


def _concerned(data_point: str, catalogue: Catalogue) -> set[str]:
    """What a contradiction stops: the data point, or where no key figure rests on it, the parts it was to check."""
    used = any(data_point in figure.parts for figure in catalogue.key_figure.values())
    point = catalogue.data_point[data_point]
    return {data_point} if used else {data_point, *point.sum_of, *filter(None, [point.at_most])}


def _amounts(delivery: Delivery, catalogue: Catalogue) -> Iterator[Finding]:
    """numeric, not_negative, size, delivered once, known."""
    for name, amount in delivery.amounts.items():
        if name not in catalogue.data_point:
            yield Finding("NT-2006", Severity.NOTE, name, "", {"data_point": name[:64]})
        elif name in delivery.twice:
            yield Finding("NT-2007", Severity.ERROR, name, "", {"data_point": name})
        else:
            yield from _amount(name, amount, catalogue)


def _amount(name: str, amount: Amount, catalogue: Catalogue) -> Sequence[Finding]:
    point = catalogue.data_point[name]
    if not isinstance(amount, int):
        if not isinstance(amount, Unreadable):
            return ()
        decimals = {"data_point": name, "text": amount.text, "decimals": str(point.scale)}
        return [Finding("NT-2002", Severity.ERROR, name, "", decimals)]
    below, above = amount < 0 and not point.negative, abs(amount) >= LARGEST
    if not below and not above:  # as a rule: nothing is made of it
        return ()
    said = {"data_point": name, "value": scales.natural(amount, point.scale)}
    return [
        Finding(code, Severity.ERROR, name, "", said)
        for code, holds in (("NT-2003", below), ("NT-2005", above))
        if holds
    ]


def _profile(attributes: Mapping[str, str], catalogue: Catalogue) -> Iterator[Finding]:
    for attribute, value in peer_groups.place(attributes, catalogue).unknown:
        said = {"attribute": attribute, "value": value[:64], "known": ", ".join(catalogue.attribute[attribute].value)}
        yield Finding("NT-2008", Severity.NOTE, "", "", said)
