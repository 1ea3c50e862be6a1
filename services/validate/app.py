"""validate: submission-received in, submission-assessed and observations-accepted out."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb
from noegletal.v1.assessment_pb2 import SubmissionAssessed

from services.catalogue import codes, definitions, quartiles
from services.chassis.config import ConfigurationError, ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction, deterministic_id
from services.chassis.service import Service, run_forever
from services.validate import dense_wire, store, wire
from services.validate.assessing import assess, take_in
from services.validate.history import predecessors
from services.validate.memory import Memory
from services.validate.screening import Screener


class Settings(ServiceSettings):
    """`catalogue` adds definitions of the user's own, `catalogue_year` forces one year's on every period; `fences` is a file of
    frozen quartiles.
    """

    catalogue: definitions.Files = ""
    catalogue_year: int | None = None
    fences: Path | None = None


def create_app(settings: Settings) -> Service:
    """The validate service, not started."""
    definitions.bring(settings.catalogue)
    service = Service("validate", settings, tables=store.metadata, words=codes.words)
    frozen = _frozen(settings.fences) if settings.fences else None
    screener, memory, lists = Screener(settings.catalogue_year, frozen), Memory(), store.Lists()
    service.on_rollback(memory.forget)

    @service.batches("submission-received")
    def on_submission_received(events: Sequence[Event[pb.SubmissionReceived]], tx: Transaction) -> None:
        sent = [e.message for e in events if _readable(e, tx)]
        sequences = [message.receipt.sequence for message in sent]
        done = store.known(tx, sequences)
        read = partial(store.standing_of, tx.connection)
        history = memory.history(events, tx.now, *_concerned(sent), read)
        judge = partial(assess, catalogue_year=settings.catalogue_year, history=history, frozen=frozen)
        taken = take_in(sent, done, history, judge, partial(store.event, tx.connection), screener)
        store.keep(tx, lists, sequences, taken.fresh, taken.kept)
        for (receipt_id, rule_set), item in taken.fresh.items():
            cause = deterministic_id("assessed", receipt_id, rule_set)
            tx.announce_raw(SubmissionAssessed, item.said(), key=item.unit_id, id=cause)
        for batch in dense_wire.observations(taken.records):
            tx.announce(batch, key=f"{batch.scheme}/{batch.period}", id=deterministic_id(*dense_wire.cause(batch)))

    return service


def _frozen(path: Path) -> quartiles.Frozen:
    try:
        return quartiles.load(path)
    except (quartiles.FencesError, OSError) as error:
        raise ConfigurationError(f"NT-9001 settings: NOEGLETAL_FENCES: {error}") from None


def _readable(event: Event[pb.SubmissionReceived], tx: Transaction) -> bool:
    if event.message.HasField("row") and not wire.sound(event.message.row):
        tx.reject(event, "inconsistent")
        return False
    return True


def _concerned(sent: Sequence[pb.SubmissionReceived]) -> tuple[set[str], set[str]]:
    """The units whose past is needed: those that sent, and those they were merged from."""
    merged = set[str]().union(*(predecessors(message.profile.attributes) for message in sent))
    return {message.submission.unit_id for message in sent}, merged


if __name__ == "__main__":
    run_forever(create_app, Settings)
