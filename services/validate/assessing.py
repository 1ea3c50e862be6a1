"""One submission at a time: which catalogue, which past, what stands of it, and what it moves in later months."""

import functools
from collections.abc import Callable, Collection, Mapping

import numpy as np
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.catalogue.quartiles import Frozen
from services.validate import periods, rules, wire
from services.validate.account import Accepted
from services.validate.clear import Clear
from services.validate.compiled import Whole
from services.validate.finding import Finding, Severity
from services.validate.history import History, Merged
from services.validate.numbered import Numbered
from services.validate.packed import Packed
from services.validate.periods import Kind, Period
from services.validate.profile import predecessors
from services.validate.received import Arrived
from services.validate.taken import Alone, Taken

NO_RULES = f"envelope+rules-{rules.VERSION}"  # the rule set of what is refused before a catalogue is found


def unscreened(_sent: Arrived, _numbers: Whole, _history: History) -> list[Clear]:
    """Nothing is said of many at once."""
    return []


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
    sent: Arrived,
    numbers: Whole,
    done: Collection[tuple[str, str]],
    history: History,
    judge: Callable[[pb.SubmissionReceived], wire.Assessed],
    stored: Callable[[Accepted], bytes],
    screen: Callable[[Arrived, Whole, History], list[Clear]] = unscreened,
) -> Taken:
    """Assess submissions, by their numbers, each against what stands once those of its unit that came before it do.

    done    receipts that were assessed before, each with its rule set: nothing comes of them again
    judge   assesses one submission
    stored  a month's submission of an earlier batch
    screen  says of many at once what `judge` would say of each, where that can be said
    """
    taken, met = Taken(sent, [], []), set(done)
    receipt_ids: list[str] = sent.receipt_ids[numbers].tolist()
    all_fresh = not met and len(set(receipt_ids)) == len(receipt_ids)

    @functools.cache
    def here() -> dict[str, int]:
        """Months alone ask for it."""
        return dict(zip(receipt_ids, numbers.tolist(), strict=True))

    def again(month: Accepted) -> wire.Assessed:
        number = here().get(month.receipt_id)
        return judge(pb.SubmissionReceived.FromString(stored(month)) if number is None else sent[number])

    for some in rounds(sent, numbers):
        left = np.zeros(len(sent), dtype=np.bool_)
        left[some] = True
        for clear in screen(sent, some, history):
            left[clear.numbers] = False
            fresh = clear if all_fresh else _fresh(clear, sent, met)
            taken.together.append(fresh.put(sent, history))
        for number in left.nonzero()[0].tolist():
            item = judge(sent[number])
            identity = item.receipt_id, item.rule_set
            if identity not in met:
                met.add(identity)
                taken.alone.append(_taken(number, item, history, again))
    return taken


def _fresh(clear: Clear, sent: Arrived, met: set[tuple[str, str]]) -> Clear:
    """Those that were not assessed before; they have been now."""
    again, rule_set = [], clear.place[2]
    for n, number in enumerate(clear.numbers.tolist()):
        identity = sent.receipt_ids[number], rule_set
        if identity in met:
            again.append(n)
        met.add(identity)
    return clear.without(again) if again else clear


def _taken(number: int, item: wire.Assessed, history: History, again: Callable[[Accepted], wire.Assessed]) -> Alone:
    if item.refused:
        return Alone(number, item, None, ())
    kept = accepted(item)
    newest = history.add(kept)
    return Alone(number, item, kept if newest else None, _records(item, kept, newest, history, again))


def rounds(sent: Arrived, numbers: Whole) -> list[Whole]:
    """Numbers of submissions that may be assessed together: in a round, none is of a unit that another is of or looks at.

    Those that share a unit keep their order from round to round.
    """
    units, profiles = sent.units[numbers], sent.profiles[numbers]
    merging = sent.known.profiles.merging
    if merging and np.isin(profiles, [*merging]).any():
        turns = _looking_on(units, profiles, merging, sent.known.units)
        return [numbers[turns == turn] for turn in range(turns.max() + 1)]
    if len(set(units.tolist())) == len(units):
        return [numbers] if len(numbers) else []
    return _by_account(units, sent.accounts[numbers], numbers)


def _by_account(units: Whole, accounts: Whole, numbers: Whole) -> list[Whole]:
    """Rounds of one account each, as few as always taking the account of which most are their units' next gives.

    Those of one account are screened together, and each time has its price.
    """
    order = np.argsort(units, kind="stable")
    behind = np.full(len(units), -1, dtype=np.int64)  # the next of the same unit
    behind[order[:-1]] = np.where(units[order[1:]] == units[order[:-1]], order[1:], -1)
    ready = np.ones(len(units), dtype=np.bool_)
    ready[behind[behind >= 0]] = False
    _, firsts, kinds = np.unique(accounts, return_index=True, return_inverse=True)
    kinds = np.argsort(np.argsort(firsts))[kinds]  # in order of arrival, whatever was met before
    found = list[Whole]()
    while ready.any():
        some = (ready & (kinds == np.bincount(kinds[ready]).argmax())).nonzero()[0]
        ready[some] = False
        following = behind[some]
        ready[following[following >= 0]] = True
        found.append(numbers[some])
    return found


def _looking_on(units: Whole, profiles: Whole, merging: Mapping[int, tuple[str, ...]], known: Numbered[str]) -> Whole:
    """The same where profiles name units that became the one: each waits for those of theirs."""
    turns, passed = list[int](), dict[str, int]()
    for unit, profile in zip(units.tolist(), profiles.tolist(), strict=True):
        mine = known.said[unit], *merging.get(profile, ())
        turns.append(max(passed.get(some, 0) for some in mine))
        passed |= dict.fromkeys(mine, turns[-1] + 1)
    return np.array(turns, dtype=np.int64)


def _records(
    item: wire.Assessed, kept: Accepted, newest: bool, history: History, again: Callable[[Accepted], wire.Assessed]
) -> list[wire.Assessed]:
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
