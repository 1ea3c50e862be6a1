"""Instances of validate that take partitions from each other, or fail, say what one says that remembers nothing."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.chassis import group, messaging, offsets
from services.chassis.event import Event
from services.chassis.outbox import Transaction
from services.chassis.records import Records
from services.chassis.service import Service
from services.validate import store
from services.validate.app import Settings, create_app
from tests.service.delivery import Bench, Delivered
from tests.unit.validate.sectors import BASES, SCHEME, fill

PATIENT = settings(deadline=None, max_examples=6, phases=[Phase.explicit, Phase.reuse, Phase.generate])
TOPIC, PARTITIONS, UNITS = "submission-received", 2, ("u0", "u1")
ACCOUNT = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(UNITS),
        "year": st.sampled_from((2023, 2024)),
        "like": st.sampled_from((2023, 2024)),
        "withdraw": st.sampled_from((False, False, True)),
        "merged": st.sampled_from(("", "", "", "u0", "u1")),
    }
)
BATCH = st.fixed_dictionaries(
    {
        "accounts": st.lists(ACCOUNT, min_size=1, max_size=3),
        "instance": st.integers(0, 1),
        "fails": st.sampled_from(("not", "not", "once", "for good")),
        "given": st.booleans(),
        "marked": st.booleans(),
    }
)


class Lost(Exception):
    """The transaction fails at its end."""


def submission(number: int, unit: str, year: int, like: int, withdraw: bool, merged: str) -> pb.SubmissionReceived:
    """A year's account, its amounts those of another year where asked: told apart from a year that was not."""
    sent = pb.Submission(submission_id=f"s{number}", unit_id=unit, scheme=SCHEME, withdraw=withdraw)
    sent.period_start, sent.period_end = f"{year}-01-01", f"{year}-12-31"
    receipt = pb.Receipt(
        receipt_id=f"r{number}", organisation_id="o", revision=number + 1, outcome=pb.RECEIPT_OUTCOME_ACCEPTED
    )
    profile = pb.Profile(unit_id=unit, organisation_id="o", holder_id="h")
    profile.attributes["merged_from"] = merged
    event = pb.SubmissionReceived(submission=sent, receipt=receipt, profile=profile)
    amounts = [(name, int(column[int(unit[1:])])) for name, column in BASES[like].items()]
    fill(event, amounts, as_row=True)
    return event


def in_partitions(batches: Sequence[Any]) -> list[list[Delivered]]:
    """Each unit in its partition, a gap in the offsets where a transaction's mark is."""
    following, number, found = [0] * PARTITIONS, 0, list[list[Delivered]]()
    for batch in batches:
        found.append([])
        for account in batch["accounts"]:
            event, partition = submission(number, **account), int(account["unit"][1:]) % PARTITIONS
            place = TOPIC, partition, following[partition]
            found[-1].append(Delivered(*place, account["unit"].encode(), event.SerializeToString()))
            following[partition], number = following[partition] + 1 + batch["marked"], number + 1
    return found


class Member:
    """A group that has no say: which partitions are whose, the test says."""

    def __init__(self) -> None:
        self.lost = set[offsets.Partition]()

    def extents(self, partitions: Iterable[offsets.Partition]) -> dict[offsets.Partition, group.Extent]:
        """Nothing is known of them."""
        return {}

    def begin(self, positions: Mapping[offsets.Partition, int], _extents: object) -> None:
        """They are delivered by hand."""

    def waiting(self, partition: offsets.Partition, offset: int) -> int:
        """Nothing."""
        return 0


class Instance(Bench):
    """One that reads on by the chassis' own rules."""

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.consumer = service._consumer
        self.consumer._member = Member()  # type: ignore[assignment]
        self.given()

    def given(self) -> None:
        """All partitions are this instance's from now on."""
        self.consumer._owned = {(TOPIC, number) for number in range(PARTITIONS)}
        self.consumer._go_on()

    def reads(self, records: Sequence[Delivered], handler: messaging.Handler | None = None) -> None:
        """A batch of them; begun anew where another instance has moved on unnoticed."""
        entry, own = self.service.handlers[TOPIC]
        while not self.consumer._settle([messaging.Part.of(entry, handler or own, Records.of(records))]):
            pass


def lose(bench: Bench, records: Sequence[Delivered]) -> None:
    """A batch whose transaction fails when everything is assessed."""
    entry, handler = bench.service.handlers[TOPIC]

    def work(tx: Transaction) -> None:
        events, _ = messaging.said(Records.of(records), entry)
        handler(events, tx)
        raise Lost

    with pytest.raises(Lost):
        bench.service.transact(work, cause="batch")


def set_aside(events: Sequence[Event[Any]], tx: Transaction) -> None:
    """What the consumer does with records that fail for good."""
    for event in events:
        tx.reject(event, "bug")


def told(bench: Bench) -> object:
    """Everything that was announced, and everything that is kept."""
    stands = bench.service.database.read(lambda c: store.standing_of(c, UNITS))
    kept = sorted(([*one[:10], dict(one.amounts)] for one in stands), key=str)
    return [(a.topic, a.key, a.id, a.value) for a in bench.outbox()], kept


def account(**said: Any) -> dict[str, Any]:
    """u0's of 2023, but for what is said."""
    return {"unit": "u0", "year": 2023, "like": 2023, "withdraw": False, "merged": ""} | said


def batch(instance: int, *accounts: dict[str, Any], fails: str = "not", given: bool = False) -> dict[str, Any]:
    """A batch of an instance. `given`: it was given the partitions before, else it learns from its offsets alone."""
    return {"accounts": accounts, "instance": instance, "fails": fails, "given": given, "marked": False}


GONE, LIKE_BEFORE = account(withdraw=True), account(year=2024)


@PATIENT
@given(st.lists(BATCH, min_size=2, max_size=7))
@example([batch(0, account()), batch(1, GONE), batch(0, LIKE_BEFORE)])
@example([batch(0, account()), batch(1, GONE, given=True), batch(0, LIKE_BEFORE, given=True)])
@example([batch(0, account()), batch(0, GONE, fails="for good"), batch(0, LIKE_BEFORE)])
@example([batch(0, account()), batch(0, GONE, fails="once"), batch(0, LIKE_BEFORE)])
@example(
    [
        batch(0, account(unit="u1")),
        batch(1, account()),
        batch(1, GONE),
        batch(0, LIKE_BEFORE | {"unit": "u1", "merged": "u0"}),
    ]
)
@example(
    [
        batch(0, account(unit="u1", year=2024)),
        batch(0, account(unit="u1", year=2024, merged="u0")),
        batch(1, account()),
        batch(0, LIKE_BEFORE | {"unit": "u1", "merged": "u0"}),
    ]
)
def test_whoever_assesses_a_batch_says_the_same(batches: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as name:
        alone, *several = (_bench(Path(name), database) for database in ("alone", "shared", "shared"))
        for batch, records in zip(batches, in_partitions(batches), strict=True):
            bench = several[batch["instance"]]
            for forget in alone.service._rollbacks:
                forget()
            if batch["given"]:
                bench.given()
            if batch["fails"] != "not":
                lose(bench, records)
            for one in (alone, bench):
                one.reads(records, set_aside if batch["fails"] == "for good" else None)
        assert told(several[0]) == told(alone)
        for bench in (alone, *several):
            bench.close()


def _bench(folder: Path, name: str) -> Instance:
    return Instance(create_app(Settings(kafka="unused", database=f"sqlite:///{folder}/{name}.db")))
