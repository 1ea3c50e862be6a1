"""One submission at a time: which catalogue, which past, what stands of it, and what it moves in later months."""

from collections.abc import Callable

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.catalogue.quartiles import Frozen
from services.validate import periods, rules, store, wire
from services.validate.finding import Finding, Severity
from services.validate.history import History, predecessors
from services.validate.periods import Kind, Period

NO_RULES = f"envelope+rules-{rules.VERSION}"  # the rule set of what is refused before a catalogue is found


def assess(
    event: pb.SubmissionReceived, catalogue_year: int | None, history: History, frozen: Frozen | None = None
) -> wire.Assessed:
    """One submission against its catalogue and the unit's past; refused where ingest, its period or its scheme says so."""
    submission, receipt = event.submission, event.receipt
    period = periods.read(submission.period_start, submission.period_end)
    if isinstance(period, Finding):
        refused = rules.refuse(period if receipt.outcome == pb.RECEIPT_OUTCOME_ACCEPTED else _refused(event))
        return wire.Assessed(event, refused, "", NO_RULES, None)
    if receipt.outcome != pb.RECEIPT_OUTCOME_ACCEPTED:
        return wire.Assessed(event, rules.refuse(_refused(event)), period.name, NO_RULES, None)
    try:
        catalogue = definitions.of(submission.scheme, period.year, catalogue_year)
    except definitions.UnknownDefinitions as unknown:
        known = {"scheme": submission.scheme, "period": period.year, "known": ", ".join(unknown.known)}
        fault = periods.fault(period, None) or Finding("NT-2103", Severity.ERROR, parameters=known)
        return wire.Assessed(event, rules.refuse(fault), period.name, NO_RULES, None)
    wrong = periods.fault(period, catalogue)
    if wrong is not None:
        return wire.Assessed(event, rules.refuse(wrong), period.name, rules.rule_set(catalogue), None)
    place = (submission.scheme, submission.unit_id)
    merged_from = predecessors(event.profile.attributes)
    around = history.around(*place, period, merged_from)
    previous = history.before(*place, period.name, merged_from) if period.kind is Kind.YEAR else None
    frozen = frozen.judging(submission.scheme, period.name) if frozen else None
    assessment = rules.assess(wire.delivery(event, period), catalogue, previous, frozen, around)
    rule_set, revision = rules.rule_set(catalogue, frozen), receipt.revision + around.revision
    return wire.Assessed(event, assessment, period.name, rule_set, catalogue, revision)


def take(
    item: wire.Assessed, history: History, again: Callable[[str], wire.Assessed]
) -> tuple[store.Accepted | None, list[wire.Assessed]]:
    """Let a submission stand: what to keep of it, and every record it makes, or makes anew.

    A month is in the windows of the eleven after it: those that were sent are assessed again, which `again` does by receipt. A
    month's revision that arrives after a newer one makes no record.
    """
    if item.assessment.refused:
        return None, []
    kept = accepted(item)
    newest = history.add(kept)
    if not item.monthly:
        return kept, [item]
    later = history.later(kept.scheme, kept.unit_id, kept.period) if newest else []
    return kept, [*([item] if newest else []), *(again(month.receipt_id) for month in later)]


def accepted(item: wire.Assessed) -> store.Accepted:
    """What of a submission stands, to keep; of a month also the submission, since later corrections read it again."""
    receipt, sent = item.event.receipt, item.event.submission
    period = periods.read(sent.period_start, sent.period_end)
    assert isinstance(period, Period)
    kept = item.event.SerializeToString(deterministic=True) if item.monthly else None
    return store.Accepted(
        receipt_id=receipt.receipt_id,
        rule_set=item.rule_set,
        scheme=sent.scheme,
        unit_id=sent.unit_id,
        period=item.period,
        kind=period.kind.value,
        period_start=sent.period_start,
        period_end=sent.period_end,
        revision=receipt.revision,
        withdrawn=item.assessment.withdrawn,
        amounts=item.assessment.amounts,
        event=kept,
    )


def _refused(event: pb.SubmissionReceived) -> Finding:
    """What ingest refused, as a finding."""
    submission, receipt = event.submission, event.receipt
    said = {"submission": submission.submission_id, "unit": submission.unit_id, "revision": str(submission.revision)}
    return Finding(receipt.code, Severity.ERROR, parameters=said | dict(receipt.parameters))
