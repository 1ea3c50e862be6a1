"""The accounting periods around one: a gap is told, an overlap holds what would be counted twice. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from services.validate.confirming import SHORTEST_REASON
from services.validate.finding import Finding, Severity
from services.validate.periods import Kind, Period

PERIOD = "period"  # what a confirmation of an overlap names
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Account:
    """An accepted account of a year or a part of one, both days inside."""

    unit_id: str
    first: date
    last: date


@dataclass(frozen=True)
class Around:
    """What of a unit's other periods a submission is read with, beside the year before.

    findings   gaps and overlaps
    months     of a month's submission: each of the eleven months before it that was sent -> what was accepted of it
    revision   of a month's submission: the sum of the newest revisions of those months
    """

    findings: tuple[Finding, ...] = ()
    months: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    revision: int = 0


def found(period: Period, own: Iterable[Account], merged: Iterable[Account]) -> Iterator[Finding]:
    """What stands around an account: gaps and overlaps of the unit's own, and of the units it was merged from.

    own      the unit's accounts of other reporting years
    merged   those of its predecessors, of every year
    """
    if period.kind is Kind.MONTH:
        return
    accounts = sorted(own, key=lambda a: (a.first, a.last))
    apart = [a for a in accounts if not _overlap(period, a)]
    before = [a for a in apart if a.last < period.first]
    after = [a for a in apart if a.first > period.last]
    if before and len(before) + len(after) == len(accounts):
        yield from _gap(max(a.last for a in before) + DAY, period.first - DAY)
    if after and len(before) + len(after) == len(accounts):
        yield from _gap(period.last + DAY, min(a.first for a in after) - DAY)
    for code, some in (("NT-2106", accounts), ("NT-2107", sorted(merged, key=lambda a: (a.unit_id, a.first, a.last)))):
        for account in some:
            if _overlap(period, account):
                yield Finding(code, Severity.CONFIRM, parameters=_days(period) | _other(account))


def answered(findings: Iterable[Finding], confirmations: Mapping[str, str]) -> list[Finding]:
    """The findings, each overlap with the reason its period was confirmed by."""
    reason = confirmations.get(PERIOD, "").strip()
    if len(reason) < SHORTEST_REASON:
        return list(findings)
    return [
        replace(f, parameters=dict(f.parameters) | {"reason": reason}) if f.severity is Severity.CONFIRM else f
        for f in findings
    ]


def left(confirmations: Mapping[str, str], findings: Sequence[Finding]) -> Mapping[str, str]:
    """The confirmations that no overlap has used."""
    if any("reason" in f.parameters for f in findings):
        return {what: reason for what, reason in confirmations.items() if what != PERIOD}
    return confirmations


def _overlap(period: Period, account: Account) -> bool:
    return account.first <= period.last and account.last >= period.first


def _gap(first: date, last: date) -> Iterator[Finding]:
    if first <= last:
        said = {"start": first.isoformat(), "end": last.isoformat(), "days": str((last - first).days + 1)}
        yield Finding("NT-2105", Severity.NOTE, parameters=said)


def _days(period: Period) -> dict[str, str]:
    return {"start": period.first.isoformat(), "end": period.last.isoformat()}


def _other(account: Account) -> dict[str, str]:
    return {"other_start": account.first.isoformat(), "other_end": account.last.isoformat(), "unit": account.unit_id}
