"""Submissions in, observations out, as a process of its own: the pure functions of validate without its database or Kafka.

`python -m services.validate.recompute [--definitions FILE] [--catalogue FILES] [--catalogue-year YEAR]` reads SubmissionReceived
messages from standard input, in the order of the log of record, and writes an ObservationsAccepted for each that gives
observations to standard output, every message behind its length.
"""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from google.protobuf import proto
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.validate import wire
from services.validate.app import accepted, assess
from services.validate.history import History


def observations(
    events: Iterable[pb.SubmissionReceived], catalogue_year: int | None
) -> Iterator[dense.ObservationsAccepted]:
    """What the submissions give, each by itself, held against what was accepted of those before it."""
    history = History(())
    for event in events:
        item = assess(event, catalogue_year, history)
        if not item.assessment.refused:
            history.add(accepted(item))
        yield from wire.observations([item])


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
    said = parser.parse_args()
    definitions.bring(said.catalogue)
    if said.definitions:
        definitions.instead(said.definitions)
    out = io.BytesIO()
    for batch in observations(received(io.BytesIO(sys.stdin.buffer.read())), said.catalogue_year):
        proto.serialize_length_prefixed(batch, out)
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
