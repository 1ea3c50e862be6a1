"""validate: submission-received in, submission-assessed and observations-accepted out."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from noegletal.v1.assessment_pb2 import SubmissionAssessed

from services.catalogue import codes, definitions, quartiles
from services.chassis.config import ConfigurationError, ServiceSettings
from services.chassis.event import Events
from services.chassis.outbox import Transaction, deterministic_id, ids_together
from services.chassis.running import run_forever
from services.chassis.service import Service
from services.validate import dense_wire, received, store, wire
from services.validate.assessing import assess, take_in
from services.validate.compiled import Whole
from services.validate.memory import Memory
from services.validate.received import Arrived
from services.validate.screening import Screener

MANY = 2000  # submissions: where so many wait, the next batch is as good as here


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
    definitions.read_all()
    service = Service("validate", settings, tables=store.metadata, words=codes.words)
    frozen = _frozen(settings.fences) if settings.fences else None
    screener, memory, lists = Screener(settings.catalogue_year, frozen), Memory(), store.Lists()
    service.on_rollback(memory.forget)

    @service.batches("submission-received", at_once=received.Reader())
    def on_submission_received(events: Events[Any], tx: Transaction) -> None:
        sent = events.contents
        numbers = _sound(sent, events, tx)
        sequences = sent.sequences[numbers]
        done = store.known(tx, sequences)
        history = memory.history(tx.now, *_concerned(sent, numbers), partial(store.standing_of, tx.connection))
        judge = partial(assess, catalogue_year=settings.catalogue_year, history=history, frozen=frozen)
        taken = take_in(sent, numbers, done, history, judge, partial(store.event, tx.connection), screener)
        assessed, content, ends = taken.assessed()
        store.keep(tx, lists, sequences, taken)
        for batch in dense_wire.observations(sent, taken.together, taken.records()):
            batch.more_follow = tx.waiting >= MANY
            tx.announce(batch, key=f"{batch.scheme}/{batch.period}", id=deterministic_id(*dense_wire.cause(batch)))
        keys = [sent.known.units.raw[n] for n in taken.units(assessed)]
        causes = zip(taken.receipt_ids(assessed), taken.places(assessed), strict=True)
        ids = ids_together("assessed", [f"{receipt_id}/{rule_set}" for receipt_id, (*_, rule_set) in causes])
        tx.announce_run(SubmissionAssessed, keys, content, ends, ids)

    return service


def _frozen(path: Path) -> quartiles.Frozen:
    try:
        return quartiles.load(path)
    except (quartiles.FencesError, OSError) as error:
        raise ConfigurationError(f"NT-9001 settings: NOEGLETAL_FENCES: {error}") from None


def _sound(sent: Arrived, events: Events[Any], tx: Transaction) -> Whole:
    """Numbers of those that can be assessed."""
    unsound = {n for n, message in sent.messages.items() if message.HasField("row") and not wire.sound(message.row)}
    for n, event in zip(events.messages, events if unsound else (), strict=False):
        if n in unsound:
            tx.reject(event, "inconsistent")
    return np.array([n for n in events.messages if n not in unsound], dtype=np.int64)


def _concerned(sent: Arrived, numbers: Whole) -> tuple[set[str], set[str]]:
    """The units whose past is needed: those that sent, and those they were merged from."""
    said, merging = sent.known.units.said, sent.known.profiles.merging
    profiles = set(sent.profiles[numbers].tolist()) if merging else set()
    merged = set[str]().union(*(merging[n] for n in profiles.intersection(merging)))
    return {said[n] for n in sent.units[numbers].tolist()}, merged


if __name__ == "__main__":
    run_forever(create_app, Settings)
