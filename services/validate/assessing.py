"""One submission at a time: which catalogue, which past, what stands of it, and what it moves in later months."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.catalogue.quartiles import Frozen
from services.validate import periods, rules, store, wire
from services.validate.finding import Finding, Severity
from services.validate.history import History, Merged, predecessors
from services.validate.periods import Kind, Period

NO_RULES = f"envelope+rules-{rules.VERSION}"  # the rule set of what is refused before a catalogue is found


@dataclass(frozen=True)
class Taken:
    """What came of a batch of submissions.

    fresh     (receipt, rule set) -> assessment, of those not assessed before
    kept      what of them stands
    records   what goes to the benchmarks: one each, and of months also those made anew
    """

    fresh: dict[tuple[str, str], wire.Assessed]
    kept: list[store.Accepted]
    records: list[wire.Assessed]


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
    merged = Merged(receipt.organisation_id, predecessors(event.profile.attributes))
    around = history.around(*place, period, merged)
    previous = history.before(*place, period.name, merged) if period.kind is Kind.YEAR else None
    frozen = frozen.judging(submission.scheme, period.name) if frozen else None
    assessment = rules.assess(wire.delivery(event, period), catalogue, previous, frozen, around)
    rule_set, revision = rules.rule_set(catalogue, frozen), receipt.revision + around.revision
    return wire.Assessed(event, assessment, period.name, rule_set, catalogue, revision)


def take_in(
    events: Sequence[pb.SubmissionReceived],
    done: Container[tuple[str, str]],
    history: History,
    judge: Callable[[pb.SubmissionReceived], wire.Assessed],
    stored: Callable[[str], bytes],
) -> Taken:
    """Assess submissions one after another, each against what stands once those before it do.

    done    receipts that were assessed before, each with its rule set: nothing comes of them again
    judge   assesses one submission
    stored  a month's submission of an earlier batch, by its receipt
    """
    taken = Taken({}, [], [])
    for event in events:
        item = judge(event)
        identity = (event.receipt.receipt_id, item.rule_set)
        if identity in done or identity in taken.fresh:
            continue
        taken.fresh[identity] = item
        if not item.assessment.refused:
            kept = accepted(item)
            taken.kept.append(kept)
            taken.records.extend(_records(item, kept, history, lambda other: judge(_sent(other, taken, stored))))
    return taken


def _records(
    item: wire.Assessed, kept: store.Accepted, history: History, again: Callable[[store.Accepted], wire.Assessed]
) -> list[wire.Assessed]:
    """Let a submission stand; every record it makes, or makes anew.

    A month is in the windows of the eleven after it: those that were sent are assessed again. A month's revision that arrives
    after a newer one makes no record.
    """
    newest = history.add(kept)
    if not item.monthly:
        return [item]
    later = history.later(kept.scheme, kept.unit_id, kept.period) if newest else []
    return [*([item] if newest else []), *map(again, later)]


def _sent(month: store.Accepted, taken: Taken, stored: Callable[[str], bytes]) -> pb.SubmissionReceived:
    """A month's submission: of this batch, or as it was kept."""
    here = taken.fresh.get((month.receipt_id, month.rule_set))
    return here.event if here else pb.SubmissionReceived.FromString(stored(month.receipt_id))


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
        organisation_id=receipt.organisation_id,
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
