"""validate: submission-received in, submission-assessed and observations-accepted out."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from noegletal.v1.assessment_pb2 import SubmissionAssessed

from services.catalogue import codes, definitions, quartiles
from services.chassis.config import ConfigurationError, ServiceSettings
from services.chassis.event import Event
from services.chassis.outbox import Transaction, deterministic_id, deterministic_ids
from services.chassis.running import run_forever
from services.chassis.service import Service
from services.validate import dense_wire, received, store, wire
from services.validate.assessing import assess, take_in
from services.validate.memory import Memory
from services.validate.received import Received
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

    @service.batches("submission-received", at_once=received.at_once)
    def on_submission_received(events: Sequence[Event[Any]], tx: Transaction) -> None:
        read = [event.message if isinstance(event.message, Received) else _received(event, tx) for event in events]
        sent = [*filter(None, read)]
        sequences = [one.sequence for one in sent]
        done = store.known(tx, sequences)
        history = memory.history(tx.now, *_concerned(sent), partial(store.standing_of, tx.connection))
        judge = partial(assess, catalogue_year=settings.catalogue_year, history=history, frozen=frozen)
        taken = take_in(sent, done, history, judge, partial(store.event, tx.connection), screener)
        store.keep(tx, lists, sequences, taken.fresh, taken.kept)
        units, said = [item.unit_id for item in taken.fresh.values()], [item.said for item in taken.fresh.values()]
        tx.announce_all(SubmissionAssessed, units, said, deterministic_ids("assessed", taken.fresh))
        for batch in dense_wire.observations(taken.records):
            tx.announce(batch, key=f"{batch.scheme}/{batch.period}", id=deterministic_id(*dense_wire.cause(batch)))

    return service


def _frozen(path: Path) -> quartiles.Frozen:
    try:
        return quartiles.load(path)
    except (quartiles.FencesError, OSError) as error:
        raise ConfigurationError(f"NT-9001 settings: NOEGLETAL_FENCES: {error}") from None


def _received(event: Event[Any], tx: Transaction) -> Received | None:
    message = event.message
    if message.HasField("row") and not wire.sound(message.row):
        tx.reject(event, "inconsistent")
        return None
    return received.of(message)


def _concerned(sent: Sequence[Received]) -> tuple[set[str], set[str]]:
    """The units whose past is needed: those that sent, and those they were merged from."""
    merged = set[str]().union(*(profile.predecessors for profile in {one.profile for one in sent}))
    return {one.unit_id for one in sent}, merged


if __name__ == "__main__":
    run_forever(create_app, Settings)
