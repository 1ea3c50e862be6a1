"""The rules a submission is held against. Pure: all findings at once, a fault stops the figures that rest on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from services.catalogue import amounts as scales
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.validate.key_figures import LARGEST, Absence, Amount, Amounts, Pair, Unreadable, compute, numerator

VERSION = "1"  # of the rules in this file: a change that can change a verdict gets the next number


class Severity(IntEnum):
    """How much a finding weighs; the numbers of the contract."""

    ERROR = 1
    CONFIRM = 2
    NOTE = 3


@dataclass(frozen=True)
class Finding:
    """A rule's verdict. `data_point` and `key_figure` are empty where it concerns the submission."""

    code: str
    severity: Severity
    data_point: str = ""
    key_figure: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """What was delivered, as rules look at it. `twice` names data points that were listed more than once."""

    amounts: Amounts
    attributes: Mapping[str, str]
    twice: Sequence[str] = ()
    withdraw: bool = False


@dataclass(frozen=True)
class Figure:
    """What became of one key figure: a pair when accepted, else the absence."""

    key_figure: str
    result: Pair | Absence


@dataclass(frozen=True)
class Assessment:
    """Every verdict and finding on one submission. No figures: refused as a whole."""

    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]
    refused: bool = False
    withdrawn: bool = False


def rule_set(catalogue: Catalogue) -> str:
    """Names catalogue and rules: the same submission and rule set give the same assessment."""
    return f"{catalogue.version}+rules-{VERSION}"


def refuse(*findings: Finding) -> Assessment:
    """An assessment of a submission that cannot be looked into: identity, period or envelope."""
    return Assessment((), findings, refused=True)


def assess(delivery: Delivery, catalogue: Catalogue) -> Assessment:
    """Hold a submission against every rule of its catalogue."""
    if delivery.withdraw:
        gone = tuple(Figure(name, Absence.WITHDRAWN) for name in catalogue.key_figures)
        return Assessment(gone, (), withdrawn=True)
    findings = [*_amounts(delivery, catalogue), *_profile(delivery.attributes, catalogue)]
    stopped = {f.data_point for f in findings if f.severity is Severity.ERROR}
    figures = []
    for name in catalogue.key_figures:
        figure, said = _figure(delivery.amounts, name, catalogue, stopped)
        figures.append(figure)
        findings += said
    return Assessment(tuple(figures), tuple(findings))


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
