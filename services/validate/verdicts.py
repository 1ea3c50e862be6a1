"""One key figure of a submission: what it is computed from, made comparable, weighed, and what became of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from services.catalogue import amounts as scales
from services.catalogue.definitions import Catalogue
from services.validate import comparing, confirming, doubts, rolling
from services.validate.comparing import Compared
from services.validate.doubts import Previous
from services.validate.fences import Peers
from services.validate.finding import Finding, Severity
from services.validate.key_figures import LARGEST, Absence, Amounts, Pair, compute, numerator
from services.validate.periods import Period
from services.validate.rolling import Basis


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


class Figure(NamedTuple):
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
class Case:
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


def verdict(name: str, case: Case) -> tuple[Figure, list[Finding]]:
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
    figure, said = Figure(name, compared.result, compared=compared), [*said, *compared.findings]
    shown = compared.provisional or compared.result
    if not isinstance(shown, Pair):
        return figure, said
    delivery = case.delivery if basis is case.own else replace(case.delivery, amounts=basis.amounts)
    doubted, doubt = _doubted(shown, compared.raw, name, delivery, case)
    if case.overlaps and isinstance(doubted.result, Pair) and comparing.counts_days(definition, catalogue):
        doubted = Figure(name, Absence.HELD, shown)
    if compared.provisional is None or not isinstance(doubted.result, Pair):
        figure = Figure(name, doubted.result, doubted.held, compared)
    return figure, [*said, *doubt]


def _doubted(pair: Pair, raw: Pair, name: str, delivery: Delivery, case: Case) -> tuple[Figure, list[Finding]]:
    """A figure that could stand: refused outside its hard range, held where a doubt is left. `raw`: as it was delivered."""
    found = doubts.of_figure(pair, raw, name, delivery.amounts, case.catalogue, case.previous, case.peers)
    found = confirming.answered(found, delivery.confirmations)
    if any(f.severity is Severity.ERROR for f in found):
        return Figure(name, Absence.REFUSED), found
    if confirming.in_doubt(found):
        return Figure(name, Absence.HELD, pair), found
    return Figure(name, pair), found


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
