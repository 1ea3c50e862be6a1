"""The rules a submission is held against. Pure: all findings at once, a fault stops the figures that rest on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.catalogue import amounts as scales
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.quartiles import Frozen
from services.validate import averages, comparing, confirming, doubts, neighbours, normalisation, periods, rolling
from services.validate.comparing import Compared
from services.validate.doubts import Previous
from services.validate.fences import Peers
from services.validate.finding import Finding, Severity
from services.validate.key_figures import LARGEST, Absence, Amount, Amounts, Pair, Unreadable, compute, numerator
from services.validate.neighbours import Around
from services.validate.periods import Kind, Period
from services.validate.rolling import Basis

VERSION = "4"  # of the rules in this file: a change that can change a verdict gets the next number
ALONE = Around()


@dataclass(frozen=True)
class Delivery:
    """What was delivered, as rules look at it.

    twice           data points that were listed more than once
    confirmations   key figure or data point -> why the sender stands by it
    period          what the amounts cover; None: the catalogue's own year
    """

    amounts: Amounts
    attributes: Mapping[str, str]
    twice: Sequence[str] = ()
    withdraw: bool = False
    confirmations: Mapping[str, str] = field(default_factory=dict)
    period: Period | None = None


@dataclass(frozen=True)
class Figure:
    """What became of one key figure: a pair when accepted, else the absence.

    held       the pair that waits for a reason
    compared   what the pair was made from; None where it is as it was delivered
    """

    key_figure: str
    result: Pair | Absence
    held: Pair | None = None
    compared: Compared | None = None

    @property
    def provisional(self) -> Pair | None:
        """Of a part of a year: the annualised pair, which stands here and in no comparison."""
        return self.compared.provisional if self.compared and self.result is Absence.EXCLUDED else None


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
    period = delivery.period or periods.calendar_year(catalogue.year)
    delivery, findings = _averaged(delivery, period.days, catalogue)
    findings += [*_amounts(delivery, catalogue), *_profile(delivery.attributes, catalogue)]
    wrong = {f.data_point for f in findings if f.severity is Severity.ERROR}
    contradictions = [f for f in doubts.of_amounts(delivery.amounts, catalogue) if f.data_point not in wrong]
    stopped = wrong.union(*(_concerned(f.data_point, catalogue) for f in contradictions))
    stopped |= {average for day_sum, average in catalogue.day_sums.items() if day_sum in stopped}
    beside = neighbours.answered(around.findings, delivery.confirmations)
    findings += [*contradictions, *beside]
    past = previous if period.kind is Kind.YEAR else None  # nothing else has a year to be held against
    peers = Peers(frozen, peer_groups.place(delivery.attributes, catalogue).groups) if frozen else None
    case = _Case(
        delivery,
        catalogue,
        stopped,
        past,
        peers,
        confirming.in_doubt(beside),
        *_bases(delivery, period, catalogue, around),
    )
    figures = []
    for name in catalogue.key_figures:
        figure, said = _verdict(name, case)
        figures.append(figure)
        findings += said
    findings += confirming.unused(findings, neighbours.left(delivery.confirmations, beside), catalogue)
    monthly = period.kind is Kind.MONTH
    kept = (
        rolling.sound(delivery.amounts, stopped, catalogue)
        if monthly
        else _standing(figures, delivery.amounts, catalogue)
    )
    return Assessment(tuple(figures), tuple(findings), kept)


@dataclass(frozen=True)
class _Case:
    """Everything a figure's verdict rests on.

    stopped    data points in which there is a fault
    overlaps   the period overlaps another, and nobody stands by it: what grows with its days is held
    window     of a month: the twelve that end with it
    """

    delivery: Delivery
    catalogue: Catalogue
    stopped: set[str]
    previous: Previous | None
    peers: Peers | None
    overlaps: bool
    own: Basis
    window: Basis | None


def _bases(delivery: Delivery, period: Period, catalogue: Catalogue, around: Around) -> tuple[Basis, Basis | None]:
    """The submission's own amounts; and of a month, those of the twelve that end with it."""
    own = Basis(delivery.amounts, period, normalisation.factors(period, delivery.attributes, catalogue), {})
    if period.kind is not Kind.MONTH:
        return own, None
    summed, lacking = rolling.over(period.name, delivery.amounts, around.months, catalogue)
    twelve = rolling.window_of(period)
    factors = normalisation.factors(twelve, delivery.attributes, catalogue)
    return own, Basis({**delivery.amounts, **summed}, twelve, factors, lacking)


def _verdict(name: str, case: _Case) -> tuple[Figure, list[Finding]]:
    """One figure: from the month or the twelve months it asks for, made comparable, and weighed."""
    catalogue, definition = case.catalogue, case.catalogue.key_figure[name]
    if case.window is not None and definition.period == "year":
        return Figure(name, Absence.NOT_REQUIRED), []
    basis = case.window if case.window is not None and definition.period in rolling.ROLLING else case.own
    months = basis.missing(definition)
    if (
        months
        and case.stopped.isdisjoint(definition.parts)
        and all(isinstance(basis.amounts.get(part), int) for part in definition.parts)
    ):
        return Figure(name, Absence.ABSENT), [rolling.incomplete(name, months)]
    figure, said = _figure(basis.amounts, name, catalogue, case.stopped)
    if not isinstance(figure.result, Pair):
        return figure, said
    compared = comparing.compare(figure.result, name, basis.period, basis.factors, catalogue)
    figure, said = replace(figure, result=compared.result, compared=compared), [*said, *compared.findings]
    shown = compared.provisional or compared.result
    if not isinstance(shown, Pair):
        return figure, said
    delivery = case.delivery if basis is case.own else replace(case.delivery, amounts=basis.amounts)
    doubted, doubt = _doubted(shown, name, delivery, catalogue, case.previous, case.peers)
    if case.overlaps and isinstance(doubted.result, Pair) and comparing.counts_days(definition, catalogue):
        doubted = Figure(name, Absence.HELD, shown)
    if compared.provisional is None or not isinstance(doubted.result, Pair):
        figure = replace(doubted, compared=compared)
    return figure, [*said, *doubt]


def _averaged(delivery: Delivery, days: int, catalogue: Catalogue) -> tuple[Delivery, list[Finding]]:
    """The delivery with every average that follows from a day sum, and what contradicts it."""
    findings = list(averages.contradictions(delivery.amounts, days, catalogue))
    found = averages.derived(delivery.amounts, days, catalogue)
    return (replace(delivery, amounts={**delivery.amounts, **found}) if found else delivery), findings


def _standing(figures: Sequence[Figure], amounts: Amounts, catalogue: Catalogue) -> dict[str, int]:
    """Data point -> amount as delivered, of the figures that stand; of a part of a year, those that would."""
    stand = [f.key_figure for f in figures if isinstance(f.result, Pair) or f.provisional]
    parts = {part: amounts[part] for name in stand for part in catalogue.key_figure[name].parts}
    return {part: amount for part, amount in parts.items() if isinstance(amount, int)}


def _concerned(data_point: str, catalogue: Catalogue) -> set[str]:
    """What a contradiction stops: the data point, or where no key figure rests on it, the parts it was to check."""
    used = any(data_point in figure.parts for figure in catalogue.key_figure.values())
    point = catalogue.data_point[data_point]
    return {data_point} if used else {data_point, *point.sum_of, *filter(None, [point.at_most])}


def _doubted(
    pair: Pair, name: str, delivery: Delivery, catalogue: Catalogue, previous: Previous | None, peers: Peers | None
) -> tuple[Figure, list[Finding]]:
    """A figure that could stand: refused outside its hard range, held where a doubt is left."""
    found = doubts.of_figure(pair, name, delivery.amounts, catalogue, previous, peers)
    found = confirming.answered(found, delivery.confirmations)
    if any(f.severity is Severity.ERROR for f in found):
        return Figure(name, Absence.REFUSED), found
    if confirming.in_doubt(found):
        return Figure(name, Absence.HELD, pair), found
    return Figure(name, pair), found


def _amounts(delivery: Delivery, catalogue: Catalogue) -> Iterator[Finding]:
    """numeric, not_negative, size, delivered once, known."""
    for name, amount in delivery.amounts.items():
        if name not in catalogue.data_point:
            yield Finding("NT-2006", Severity.NOTE, name, "", {"data_point": name[:64]})
        elif name in delivery.twice:
            yield Finding("NT-2007", Severity.ERROR, name, "", {"data_point": name})
        else:
            yield from _amount(name, amount, catalogue)


def _amount(name: str, amount: Amount, catalogue: Catalogue) -> Iterator[Finding]:
    scale = catalogue.data_point[name].scale
    if isinstance(amount, Unreadable):
        decimals = {"data_point": name, "text": amount.text, "decimals": str(scale)}
        yield Finding("NT-2002", Severity.ERROR, name, "", decimals)
    elif isinstance(amount, int):
        said = {"data_point": name, "value": scales.natural(amount, scale)}
        if amount < 0 and not catalogue.data_point[name].negative:
            yield Finding("NT-2003", Severity.ERROR, name, "", said)
        if abs(amount) >= LARGEST:
            yield Finding("NT-2005", Severity.ERROR, name, "", said)


def _profile(attributes: Mapping[str, str], catalogue: Catalogue) -> Iterator[Finding]:
    for attribute, value in peer_groups.place(attributes, catalogue).unknown:
        said = {"attribute": attribute, "value": value[:64], "known": ", ".join(catalogue.attribute[attribute].value)}
        yield Finding("NT-2008", Severity.NOTE, "", "", said)


def _figure(amounts: Amounts, name: str, catalogue: Catalogue, stopped: set[str]) -> tuple[Figure, list[Finding]]:
    """One figure's verdict: required, at_most (of a share), and what its parts say."""
    figure = catalogue.key_figure[name]
    parts = figure.parts
    if stopped.intersection(parts):
        return Figure(name, Absence.REFUSED), []
    findings = [
        Finding("NT-2001", Severity.NOTE, part, name, {"data_point": part, "key_figure": name})
        for part in parts
        if part not in amounts
    ]
    result = compute(amounts, name, catalogue)
    if isinstance(result, Pair):
        fault = _pair_fault(result, name, catalogue)
        return (Figure(name, Absence.REFUSED), [fault]) if fault else (Figure(name, result), findings)
    if result is Absence.UNDEFINED:
        counted = numerator(amounts, name, catalogue)
        if counted and figure.kind == "share":
            return Figure(name, Absence.REFUSED), [_too_much(name, counted, 0, catalogue)]
        if counted:
            findings.append(Finding("NT-2009", Severity.NOTE, "", name, {"key_figure": name}))
    elif any(isinstance(amounts.get(part), int) for part in parts):
        findings.append(Finding("NT-2010", Severity.NOTE, "", name, {"key_figure": name}))
    return Figure(name, result), findings


def _pair_fault(pair: Pair, name: str, catalogue: Catalogue) -> Finding | None:
    if abs(pair.numerator) >= LARGEST or abs(pair.denominator) >= LARGEST:
        return Finding("NT-2005", Severity.ERROR, "", name, {"data_point": name, "value": "≥ 2^53"})
    if catalogue.key_figure[name].kind == "share" and pair.numerator > pair.denominator:
        return _too_much(name, pair.numerator, pair.denominator, catalogue)
    return None


def _too_much(name: str, numerator: int, denominator: int, catalogue: Catalogue) -> Finding:
    scale = catalogue.scale(name)
    parts = {"numerator": scales.natural(numerator, scale), "denominator": scales.natural(denominator, scale)}
    return Finding("NT-2004", Severity.ERROR, "", name, {"key_figure": name} | parts)
