"""What a mail carries beyond the payload that every channel has: places, kroner, and what marks the sender's own file.

Under `mail` in the payload of a delivery by mail:
awaited   somebody sits and waits for it: the answer to a file just sent
figures   of each standing that is told: sentences, place as its picture needs it, kroner a year; until it is known to whom,
          `places` alone
file      of a file that is to be corrected: receipt id -> findings of its assessment, as the contract has them, in base64
landing   the same of where a unit landed, in an answer to what was sent
items     in place of figures, where several messages are told in one
"""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from noegletal.v1 import assessment_pb2, benchmark_pb2, submission_pb2

STOPPED = (assessment_pb2.VERDICT_REFUSED, assessment_pb2.VERDICT_HELD)
MOST_FINDINGS = 500  # of one receipt that are kept for its file


def answer(event: assessment_pb2.SubmissionAssessed) -> dict[str, Any]:
    """What a mail carries of what became of a submission."""
    by_file = event.receipt.door == submission_pb2.DOOR_FILE
    refused = event.verdict == assessment_pb2.SUBMISSION_VERDICT_REFUSED
    wrong = by_file and (refused or any(f.verdict in STOPPED for f in event.figures))
    findings = sorted(event.findings, key=lambda f: f.severity)[:MOST_FINDINGS]
    packed = [b64encode(f.SerializeToString(deterministic=True)).decode() for f in findings]
    return {"awaited": by_file} | ({"file": {event.receipt.receipt_id: packed}} if wrong else {})


def moved(events: Iterable[benchmark_pb2.StandingChanged]) -> dict[str, Any]:
    """What a mail carries of standings that moved: their places."""
    return {"places": {place_of(e.unit_id, one.key_figure): _place(one) for e in events for one in e.explanations}}


def place_of(unit_id: str, key_figure: str) -> str:
    """The name a unit's place in a key figure goes by."""
    return f"{unit_id}/{key_figure}"


def _place(moved: benchmark_pb2.Explanation) -> dict[str, int] | None:
    """A place as its picture needs it; None where there is none any more."""
    after, same_group = moved.after, moved.HasField("before") and not moved.peer_group_before
    drawn = {
        "units": after.units,
        "position": after.position,
        "before": moved.before.position if same_group else 0,
        "lower": after.band_lower_percent,
        "upper": after.band_upper_percent,
    }
    return drawn if moved.HasField("after") else None
