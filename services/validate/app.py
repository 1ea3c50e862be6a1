"""validate: submission-received in, submission-assessed and observations-accepted out."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import codes, quartiles
from services.chassis.config import ConfigurationError, ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service, run_forever
from services.validate import store, wire
from services.validate.assessing import assess, take_in
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
        judge = partial(assess, catalogue_year=settings.catalogue_year, history=history, frozen=frozen)
        taken = take_in([e.message for e in events], done, history, judge, partial(store.event, tx.connection))
        store.keep(tx, taken.fresh, taken.kept)
        for (receipt_id, rule_set), item in taken.fresh.items():
            unit, cause = item.event.submission.unit_id, deterministic_id("assessed", receipt_id, rule_set)
            tx.announce(wire.assessed(item), key=unit, id=cause)
        for batch in wire.observations(taken.records):
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
