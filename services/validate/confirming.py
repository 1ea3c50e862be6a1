"""Figures in doubt: held until their sender stands by them with a reason, which then travels with the value. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from services.catalogue.definitions import Catalogue
from services.validate.finding import Finding, Severity

SHORTEST_REASON = 10  # characters; "ok" tells a reader nothing


def answered(findings: Sequence[Finding], confirmations: Mapping[str, str]) -> list[Finding]:
    """The findings of one figure, each doubt with the reason it was confirmed by: of the figure, or of its data point.

    A note holds nothing, but may be answered too: the reason then travels with it.
    """
    return [
        replace(f, parameters=dict(f.parameters) | {"reason": reason}) if (reason := _reason(f, confirmations)) else f
        for f in findings
    ]


def in_doubt(findings: Sequence[Finding]) -> bool:
    """Whether a doubt is left that nobody stands by."""
    return any(f.severity is Severity.CONFIRM and "reason" not in f.parameters for f in findings)


def unused(findings: Sequence[Finding], confirmations: Mapping[str, str], catalogue: Catalogue) -> Iterator[Finding]:
    """Confirmations that say too little, and those of what nobody doubted."""
    doubts = [f for f in findings if f.severity is Severity.CONFIRM or "reason" in f.parameters]
    doubted = {what for f in doubts for what in (f.data_point, f.key_figure) if what}
    for what, reason in confirmations.items():
        place = (what if what in catalogue.data_point else "", what if what in catalogue.key_figure else "")
        if len(reason.strip()) < SHORTEST_REASON:
            said = {"what": what[:64], "least": str(SHORTEST_REASON)}
            yield Finding("NT-2019", Severity.NOTE, *place, said)
        elif what not in doubted:
            yield Finding("NT-2020", Severity.NOTE, *place, {"what": what[:64]})


def _reason(finding: Finding, confirmations: Mapping[str, str]) -> str:
    if finding.severity is Severity.ERROR:
        return ""
    reasons = (confirmations.get(what, "").strip() for what in (finding.key_figure, finding.data_point) if what)
    return next((reason for reason in reasons if len(reason) >= SHORTEST_REASON), "")
