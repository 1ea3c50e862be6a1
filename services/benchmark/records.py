"""What a vintage is made of, and what was ever published, read off the ledger. Needs no state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from noegletal.v1 import benchmark_service_pb2 as api

from services.benchmark import batch_bytes, replay, store, wire
from services.benchmark.period import Period
from services.benchmark.series import NONE


def of(connection: Any, scheme: str, period: str, vintage: int) -> list[api.Record]:
    """The distinct records that a vintage counts, in the order they were counted. A release counts and is none."""
    seen: set[tuple[str, int, str]] = set()
    found: list[api.Record] = []
    left = vintage
    for record in _all(connection, scheme, period, vintage):
        if not left:
            break
        identity = (record.unit_id, record.revision, record.method_version)
        if not record.unit_id:
            left -= 1
        elif identity not in seen:
            seen.add(identity)
            found.append(record)
            left -= 1
    return found


@dataclass(frozen=True)
class Published:
    """One publication of a period, with the groups and the method versions it may have told of: not all of them, perhaps."""

    scheme: str
    period: str
    vintage: int
    groups: Sequence[str]
    methods: Sequence[str]


def publications(connection: Any, period: Period) -> list[Published]:
    """Every publication of a period, the newest first."""
    now = period.view()
    groups = {*now.membership, *now.registered}
    for attributes in {line.attributes for line in store.registered(connection, period.scheme)}:
        groups.update(replay.groups_of(attributes, period.catalogue))
    known = (sorted(groups), (*period.state.methods, NONE))
    vintages = store.publications(connection, period.scheme, period.name)
    return [Published(period.scheme, period.name, vintage, *known) for vintage in vintages]


def _all(connection: Any, scheme: str, period: str, vintage: int) -> Iterator[api.Record]:
    """Every record, repeats too; an empty one for a release."""
    for entry in store.entries(connection, scheme, period, 0, vintage):
        if entry.kind == "observations":
            sent = batch_bytes.read(entry.content)
            message, method = sent.rest, wire.batch(sent).method_version
            receipts = [*message.receipt_ids, *[""] * len(message.unit_ids)]
            columns = zip(message.unit_ids, message.revisions, receipts, strict=False)
            for unit_id, revision, receipt_id in columns:
                yield api.Record(unit_id=unit_id, receipt_id=receipt_id, revision=revision, method_version=method)
        elif entry.kind == "release":
            yield api.Record()
        else:
            for line in store.registered(connection, scheme, entry.first_position - 1, entry.last_position):
                yield api.Record(unit_id=line.unit_id, revision=line.version)
