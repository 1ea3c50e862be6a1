"""validate: submission-received in, submission-assessed and observations-accepted out."""

from collections.abc import Sequence
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import codes, quartiles
from services.chassis.config import ConfigurationError, ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service, run_forever
from services.validate import store, wire
from services.validate.assessing import assess, take
from services.validate.history import History, predecessors


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
        history = History(store.standing(tx.connection, _concerned(events)))
        arrived: dict[str, pb.SubmissionReceived] = {}
        fresh: dict[tuple[str, str], wire.Assessed] = {}
        kept: list[store.Accepted] = []
        records: list[wire.Assessed] = []

        def again(receipt_id: str) -> wire.Assessed:
            sent = arrived.get(receipt_id)
            if sent is None:
                sent = pb.SubmissionReceived.FromString(store.event(tx.connection, receipt_id))
            return assess(sent, settings.catalogue_year, history, frozen)

        for event in events:
            item = assess(event.message, settings.catalogue_year, history, frozen)
            identity = (event.message.receipt.receipt_id, item.rule_set)
            if identity not in done and identity not in fresh:
                arrived[identity[0]], fresh[identity] = event.message, item
                accepted, made = take(item, history, again)
                kept += [accepted] if accepted else []
                records += made
        store.keep(tx, fresh, kept)
        for (receipt_id, rule_set), item in fresh.items():
            unit, cause = item.event.submission.unit_id, deterministic_id("assessed", receipt_id, rule_set)
            tx.announce(wire.assessed(item), key=unit, id=cause)
        for batch in wire.observations(records):
            tx.announce(batch, key=f"{batch.scheme}/{batch.period}", id=deterministic_id(*wire.cause(batch)))

    return service


def _frozen(path: Path) -> quartiles.Frozen:
    try:
        return quartiles.load(path)
    except (quartiles.FencesError, OSError) as error:
        raise ConfigurationError(f"NT-9001 settings: NOEGLETAL_FENCES: {error}") from None


def _concerned(events: Sequence[Event[pb.SubmissionReceived]]) -> set[str]:
    """The units whose past is needed: those that sent, and those they were merged from."""
    units = {e.message.submission.unit_id for e in events}
    return units.union(*(predecessors(e.message.profile.attributes) for e in events))


if __name__ == "__main__":
    run_forever(create_app, Settings)
