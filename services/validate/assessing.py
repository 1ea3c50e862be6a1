"""One submission at a time: which catalogue, which past, what stands of it, and what it moves in later months."""

import functools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.catalogue.quartiles import Frozen
from services.validate import periods, rules, wire
from services.validate.account import Accepted
from services.validate.dense_wire import Clear
from services.validate.finding import Finding, Severity
from services.validate.history import History, Merged, predecessors
from services.validate.packed import Packed
from services.validate.periods import Kind, Period
from services.validate.received import Received

Item = wire.Assessed | Clear
NO_RULES = f"envelope+rules-{rules.VERSION}"  # the rule set of what is refused before a catalogue is found


@dataclass(frozen=True)
class Taken:
    """What came of a batch of submissions, in the order in which they arrived.

    fresh     (receipt, rule set) -> assessment, of those not assessed before
    kept      what of them stands; not of a revision that arrived after a newer one
    records   what goes to the benchmarks: one each, and of months also those made anew
    """

    fresh: dict[tuple[str, str], Item]
    kept: list[Accepted]
    records: list[Item]


def unscreened(sent: Sequence[Received], _history: History) -> Sequence[Clear | None]:
    """Nothing is said of many at once."""
    return [None] * len(sent)


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
    sent: Sequence[Received],
    done: Collection[tuple[str, str]],
    history: History,
    judge: Callable[[pb.SubmissionReceived], wire.Assessed],
    stored: Callable[[Accepted], bytes],
    screen: Callable[[Sequence[Received], History], Sequence[Clear | None]] = unscreened,
) -> Taken:
    """Assess submissions, each against what stands once those of its unit that came before it do.

    done    receipts that were assessed before, each with its rule set: nothing comes of them again
    judge   assesses one submission
    stored  a month's submission of an earlier batch
    screen  says of many at once what `judge` would say of each, where that can be said
    """
    met, fresh = set(done), list[tuple[tuple[str, str], Item] | None]([None] * len(sent))
    records: list[Sequence[Item]] = [()] * len(sent)
    kept: list[Accepted] = []

    @functools.cache
    def here() -> dict[str, pb.SubmissionReceived]:
        """Months alone ask for it."""
        return {one.receipt_id: one.whole() for one in sent}

    def again(month: Accepted) -> wire.Assessed:
        return judge(here().get(month.receipt_id) or pb.SubmissionReceived.FromString(stored(month)))

    for numbers in rounds(sent):
        screened = screen([sent[n] for n in numbers], history)
        for number, clear in zip(numbers, screened, strict=True):
            item = clear or judge(sent[number].whole())
            identity = item.receipt_id, item.rule_set
            if identity in met:
                continue
            met.add(identity)
            fresh[number] = identity, item
            if clear is not None:
                one, records[number] = clear.kept, (clear,)
                newest = history.add(one)
            elif item.refused:
                continue
            else:
                assert isinstance(item, wire.Assessed)
                one = accepted(item)
                newest = history.add(one)
                records[number] = _records(item, one, newest, history, again)
            if newest:
                kept.append(one)
    return Taken(dict(filter(None, fresh)), kept, [*chain.from_iterable(records)])


def rounds(sent: Sequence[Received]) -> list[list[int]]:
    """Numbers of submissions that may be assessed together: in a round, none is of a unit that another is of or looks at.

    Those that share a unit keep their order from round to round.
    """
    found: list[list[int]] = []
    passed: dict[str, int] = {}
    for number, one in enumerate(sent):
        unit, merged = one.unit_id, one.profile.predecessors
        turn = max(passed.get(some, 0) for some in (unit, *merged)) if merged else passed.get(unit, 0)
        passed[unit] = turn + 1
        if merged:
            passed.update(dict.fromkeys(merged, turn + 1))
        if turn == len(found):
            found.append([])
        found[turn].append(number)
    return found


def _records(
    item: wire.Assessed, kept: Accepted, newest: bool, history: History, again: Callable[[Accepted], wire.Assessed]
) -> list[Item]:
    """Every record that a submission makes, or makes anew, now that it stands where it is the newest of its place.

    A month is in the windows of the eleven after it: those that were sent are assessed again. A month's revision that arrives
    after a newer one makes no record.
    """
    if not item.monthly:
        return [item]
    later = history.later(kept.scheme, kept.unit_id, kept.period) if newest else []
    return [*([item] if newest else []), *map(again, later)]


def accepted(item: wire.Assessed) -> Accepted:
    """What of a submission stands, to keep; of a month also the submission, since later corrections read it again."""
    receipt, sent = item.event.receipt, item.event.submission
    period = periods.read(sent.period_start, sent.period_end)
    assert isinstance(period, Period)
    assert item.catalogue is not None
    return Accepted(
        unit_id=sent.unit_id,
        scheme=sent.scheme,
        period=item.period,
        receipt_id=receipt.receipt_id,
        organisation_id=receipt.organisation_id,
        kind=period.kind.value,
        period_start=str(period.first),
        period_end=str(period.last),
        revision=receipt.revision,
        withdrawn=item.assessment.withdrawn,
        amounts=Packed.of(item.assessment.amounts, tuple(item.catalogue.data_point)),
        event=item.event.SerializeToString(deterministic=True) if item.monthly else None,
    )


def _refused(event: pb.SubmissionReceived) -> Finding:
    """What ingest refused, as a finding."""
    submission, receipt = event.submission, event.receipt
    said = {"submission": submission.submission_id, "unit": submission.unit_id, "revision": str(submission.revision)}
    return Finding(receipt.code, Severity.ERROR, parameters=said | dict(receipt.parameters))
