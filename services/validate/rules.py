"""The rules a submission is held against. Pure: all findings at once, a fault stops the figures that rest on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.catalogue import amounts as scales
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.quartiles import Frozen
from services.validate import confirming, doubts
from services.validate.doubts import Previous
from services.validate.fences import Peers
from services.validate.finding import Finding, Severity
from services.validate.key_figures import LARGEST, Absence, Amount, Amounts, Pair, Unreadable, compute, numerator

VERSION = "3"  # of the rules in this file: a change that can change a verdict gets the next number


@dataclass(frozen=True)
class Delivery:
    """What was delivered, as rules look at it.

    twice           data points that were listed more than once
    confirmations   key figure or data point -> why the sender stands by it
    """

    amounts: Amounts
    attributes: Mapping[str, str]
    twice: Sequence[str] = ()
    withdraw: bool = False
    confirmations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """What became of one key figure: a pair when accepted, else the absence. `held` is the pair that waits for a reason."""

    key_figure: str
    result: Pair | Absence
    held: Pair | None = None


@dataclass(frozen=True)
class Assessment:
    """Every verdict and finding on one submission. No figures: refused as a whole."""

    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    refused: bool = False
    withdrawn: bool = False


def rule_set(catalogue: Catalogue, frozen: Frozen | None = None) -> str:
    """Names catalogue, rules and the fences that judge: the same submission and rule set give the same assessment."""
    return f"{catalogue.version}+rules-{VERSION}" + (f"+{frozen.name}" if frozen else "")


def refuse(*findings: Finding) -> Assessment:
    """An assessment of a submission that cannot be looked into: identity, period or envelope."""
    return Assessment((), findings, refused=True)


def assess(
    delivery: Delivery, catalogue: Catalogue, previous: Previous | None = None, frozen: Frozen | None = None
) -> Assessment:
    """Hold a submission against every rule of its catalogue, its unit's accepted period before, and its peers of a closed one."""
    if delivery.withdraw:
        gone = tuple(Figure(name, Absence.WITHDRAWN) for name in catalogue.key_figures)
        return Assessment(gone, (), withdrawn=True)
    findings = [*_amounts(delivery, catalogue), *_profile(delivery.attributes, catalogue)]
    wrong = {f.data_point for f in findings if f.severity is Severity.ERROR}
    contradictions = [f for f in doubts.of_amounts(delivery.amounts, catalogue) if f.data_point not in wrong]
    findings += contradictions
    stopped = wrong.union(*(_concerned(f.data_point, catalogue) for f in contradictions))
    peers = Peers(frozen, peer_groups.place(delivery.attributes, catalogue).groups) if frozen else None
    figures = []
    for name in catalogue.key_figures:
        figure, said = _figure(delivery.amounts, name, catalogue, stopped)
        if isinstance(figure.result, Pair):
            figure, doubted = _doubted(figure.result, name, delivery, catalogue, previous, peers)
            said += doubted
        figures.append(figure)
        findings += said
    findings += confirming.unused(findings, delivery.confirmations, catalogue)
    return Assessment(tuple(figures), tuple(sorted(findings, key=lambda f: f.severity)))  # what stops a figure first


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
