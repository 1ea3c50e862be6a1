"""Submissions in, observations out, as a process of its own: the pure functions of validate without its database or Kafka.

`python -m services.validate.recompute [--definitions FILE] [--catalogue FILES] [--catalogue-year YEAR] [--fences FILE]` reads
SubmissionReceived messages from standard input, in the order of the log of record, and writes an ObservationsAccepted for
each that gives observations to standard output, every message behind its length.
"""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from google.protobuf import proto
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions, quartiles
from services.validate import dense_wire, wire
from services.validate.account import Accepted
from services.validate.assessing import assess, take_in
from services.validate.history import History
from services.validate.received import of


def observations(
    events: Iterable[pb.SubmissionReceived], catalogue_year: int | None, frozen: quartiles.Frozen | None = None
) -> Iterator[dense.ObservationsAccepted]:
    """What the submissions give, each by itself, held against what was accepted of those before it."""
    history = History(())
    months: dict[str, bytes] = {}

    def judge(event: pb.SubmissionReceived) -> wire.Assessed:
        return assess(event, catalogue_year, history, frozen)

    def stored(month: Accepted) -> bytes:
        return months[month.receipt_id]

    for event in events:
        sent = of([event])
        taken = take_in(sent, np.arange(1), (), history, judge, stored)
        standing = (one.kept for one in taken.alone if one.kept is not None)
        months.update({kept.receipt_id: kept.event for kept in standing if kept.event is not None})
        yield from dense_wire.observations(sent, taken.together, taken.records())


def received(stream: io.BytesIO) -> Iterator[pb.SubmissionReceived]:
    """Messages, each behind its length."""
    while (event := proto.parse_length_prefixed(pb.SubmissionReceived, stream)) is not None:
        yield event


def main() -> None:
    """Read, assess, write."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "--definitions", type=Path, help="This file instead of the installed one of its scheme and year."
    )
    parser.add_argument("--catalogue", default="", help="Definitions of the user's own.")
    parser.add_argument("--catalogue-year", type=int, default=None)
    parser.add_argument("--fences", type=Path, help="Frozen quartiles that the submissions were held against.")
    said = parser.parse_args()
    definitions.bring(said.catalogue)
    if said.definitions:
        definitions.instead(said.definitions)
    out = io.BytesIO()
    frozen = quartiles.load(said.fences) if said.fences else None
    for batch in observations(received(io.BytesIO(sys.stdin.buffer.read())), said.catalogue_year, frozen):
        proto.serialize_length_prefixed(batch, out)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
