"""The distinct records a vintage is made of, read off the ledger. Needs no state."""

from collections.abc import Iterator
from typing import Any

from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import observations_pb2 as dense

from services.benchmark import store, wire


def of(connection: Any, scheme: str, period: str, vintage: int) -> list[api.Record]:
    """The first `vintage` distinct records, in the order they were counted."""
    seen: set[tuple[str, int, str]] = set()
    found: list[api.Record] = []
    for record in _all(connection, scheme, period, vintage):
        if len(found) == vintage:
            break
        identity = (record.unit_id, record.revision, record.method_version)
        if identity not in seen:
            seen.add(identity)
            found.append(record)
    return found


def _all(connection: Any, scheme: str, period: str, vintage: int) -> Iterator[api.Record]:
    for entry in store.entries(connection, scheme, period, 0, vintage):
        if entry.kind == "observations":
            message = dense.ObservationsAccepted.FromString(entry.content)
            method = wire.batch(message).method_version
            receipts = [*message.receipt_ids, *[""] * len(message.unit_ids)]
            columns = zip(message.unit_ids, message.revisions, receipts, strict=False)
            for unit_id, revision, receipt_id in columns:
                yield api.Record(unit_id=unit_id, receipt_id=receipt_id, revision=revision, method_version=method)
        else:
            for line in store.registered(connection, scheme, entry.first_position - 1, entry.last_position):
                yield api.Record(unit_id=line.unit_id, revision=line.version)
