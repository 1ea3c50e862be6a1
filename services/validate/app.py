"""validate: submission-received in, submission-assessed and observations-accepted out."""

from collections.abc import Sequence
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import codes, definitions, quartiles
from services.chassis.config import ConfigurationError, ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service, run_forever
from services.validate import periods, rules, store, wire
from services.validate.finding import Finding, Severity
from services.validate.history import History

NO_RULES = f"envelope+rules-{rules.VERSION}"  # the rule set of what is refused before a catalogue is found


class Settings(ServiceSettings):
    """`catalogue_year` forces one year's definitions on every period; `fences` is a file of frozen quartiles."""

    catalogue_year: int | None = None
    fences: Path | None = None


def create_app(settings: Settings) -> Service:
    """The validate service, not started."""
    service = Service("validate", settings, tables=store.metadata, words=codes.words)
    frozen = _frozen(settings.fences) if settings.fences else None

    @service.batches("submission-received")
    def on_submission_received(events: Sequence[Event[pb.SubmissionReceived]], tx: Transaction) -> None:
        done = store.known(tx, [e.message.receipt.receipt_id for e in events])
        history = History(store.standing(tx.connection, {e.message.submission.unit_id for e in events}))
        fresh: dict[tuple[str, str], wire.Assessed] = {}
        for event in events:
            item = assess(event.message, settings.catalogue_year, history, frozen)
            identity = (event.message.receipt.receipt_id, item.rule_set)
            if identity not in done and identity not in fresh:
                fresh[identity] = item
                if not item.assessment.refused:
                    history.add(accepted(item))
        store.keep(tx, fresh, [accepted(item) for item in fresh.values() if not item.assessment.refused])
        for (receipt_id, rule_set), item in fresh.items():
            unit, cause = item.event.submission.unit_id, deterministic_id("assessed", receipt_id, rule_set)
            tx.announce(wire.assessed(item), key=unit, id=cause)
        for batch in wire.observations(fresh.values()):
            cause = deterministic_id("observations", batch.method_version, *batch.receipt_ids)
            tx.announce(batch, key=f"{batch.scheme}/{batch.period}", id=cause)

    return service


def _frozen(path: Path) -> quartiles.Frozen:
    try:
        return quartiles.load(path)
    except (quartiles.FencesError, OSError) as error:
        raise ConfigurationError(f"NT-9001 settings: NOEGLETAL_FENCES: {error}") from None


def accepted(item: wire.Assessed) -> store.Accepted:
    """What of a submission stands, to keep."""
    receipt, sent = item.event.receipt, item.event.submission
    return store.Accepted(
        receipt_id=receipt.receipt_id,
        rule_set=item.rule_set,
        scheme=sent.scheme,
        unit_id=sent.unit_id,
        period=item.period,
        revision=receipt.revision,
        amounts=item.assessment.amounts,
    )


def assess(
    event: pb.SubmissionReceived, catalogue_year: int | None, history: History, frozen: quartiles.Frozen | None = None
) -> wire.Assessed:
    """One submission against its catalogue and the unit's past; refused where ingest, its period or its scheme says so."""
    submission, receipt = event.submission, event.receipt
    read = periods.read(submission.period_start, submission.period_end)
    if isinstance(read, Finding) or receipt.outcome != pb.RECEIPT_OUTCOME_ACCEPTED:
        fault = read if isinstance(read, Finding) else _refused(event)
        name = "" if isinstance(read, Finding) else read.name
        return wire.Assessed(event, rules.refuse(fault), name, NO_RULES, None)
    try:
        catalogue = definitions.of(submission.scheme, read.year, catalogue_year)
    except definitions.UnknownDefinitions as unknown:
        known = {"scheme": submission.scheme, "period": read.year, "known": ", ".join(unknown.known)}
        missing = periods.fault(read, None) or Finding("NT-2103", Severity.ERROR, parameters=known)
        return wire.Assessed(event, rules.refuse(missing), read.name, NO_RULES, None)
    wrong = periods.fault(read, catalogue)
    if wrong is not None:
        return wire.Assessed(event, rules.refuse(wrong), read.name, rules.rule_set(catalogue), None)
    previous = history.before(submission.scheme, submission.unit_id, read.name)
    frozen = frozen.judging(submission.scheme, read.name) if frozen else None
    assessment = rules.assess(wire.delivery(event, read), catalogue, previous, frozen)
    return wire.Assessed(event, assessment, read.name, rules.rule_set(catalogue, frozen), catalogue)


def _refused(event: pb.SubmissionReceived) -> Finding:
    """What ingest refused, as a finding."""
    submission, receipt = event.submission, event.receipt
    said = {"submission": submission.submission_id, "unit": submission.unit_id, "revision": str(submission.revision)}
    return Finding(receipt.code, Severity.ERROR, parameters=said | dict(receipt.parameters))


if __name__ == "__main__":
    run_forever(create_app, Settings)
