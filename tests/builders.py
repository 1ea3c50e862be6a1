"""Messages for tests, with sensible defaults; say only what the test is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
from google.protobuf.message import Message
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import submission_pb2 as pb

from services.chassis.outbox import shared_headers
from services.chassis.outgoing import Headers

FIGURES = ("BS03", "BS05", "RP01", "RP02_1", "RP02_2", "NM01_1", "CH01_1_LCRA", "TP01_LCRA")
PROFILE = {"org_type": "LARP", "size_band": "<5,000", "region": "London"}
GROUPS = ("all", "org_type=LARP", "size_band=<5,000", "region=London", "org_type=LARP;size_band=<5,000")


def a_submission(
    unit: str = "00AA", *, submission_id: str = "", organisation: str = "", revision: int = 0, **changes: object
) -> pb.Submission:
    """One unit's figures for 2023/24. `changes`: figure with _n or _d -> value, or None to leave it out."""
    submission = pb.Submission(
        submission_id=submission_id or f"sub-{unit}-{revision}",
        organisation_id=organisation or unit,
        unit_id=unit,
        scheme="uk-tsm",
        period_start="2023-04-01",
        period_end="2024-03-31",
        revision=revision,
    )
    for figure in FIGURES:
        for part, usual in (("numerator", 90), ("denominator", 100)):
            value = changes.get(f"{figure}_{part[0]}", usual)
            if value is not None:
                submission.amounts.add(data_point=f"{figure}.{part}", value=value)  # type: ignore[arg-type]
    return submission


def a_submission_received(
    submission: pb.Submission | None = None, *, sequence: int = 1, **attributes: str
) -> pb.SubmissionReceived:
    """The same, through ingest."""
    submission = submission or a_submission()
    receipt = pb.Receipt(
        receipt_id=f"receipt-{submission.submission_id}",
        submission_id=submission.submission_id,
        organisation_id=submission.organisation_id,
        sequence=sequence,
        revision=submission.revision or 1,
        outcome=pb.RECEIPT_OUTCOME_ACCEPTED,
        door=pb.DOOR_GRPC,
    )
    profile = a_profile(submission.unit_id, organisation=submission.organisation_id, **attributes)
    profile.scheme = submission.scheme
    return pb.SubmissionReceived(submission=submission, receipt=receipt, profile=profile)


def a_profile(
    unit: str = "00AA", *, organisation: str = "", holder: str = "", version: int = 1, **attributes: str
) -> pb.Profile:
    """A unit as registered. `attributes` replace the usual ones; an empty one stands for none."""
    return pb.Profile(
        unit_id=unit,
        organisation_id=organisation or unit,
        holder_id=holder or organisation or unit,
        attributes={name: value for name, value in (PROFILE | attributes).items() if value},
        version=version,
        scheme="uk-tsm",
    )


def observations(
    units: Mapping[str, Sequence[tuple[int, int] | int]],
    *,
    revision: int = 1,
    groups: Mapping[str, Sequence[str]] | None = None,
    holders: Mapping[str, str] | None = None,
    withdrawn: Sequence[str] = (),
    figures: Sequence[str] = FIGURES,
) -> dense.ObservationsAccepted:
    """A dense batch: unit -> one pair per figure, or the number of an absence."""
    names = list(units)
    known: dict[str, int] = {}
    places = [[known.setdefault(g, len(known)) for g in (groups or {}).get(u, GROUPS)] for u in names]
    owners = {u: (holders or {}).get(u, u) for u in names}
    rows = list(zip(*units.values(), strict=True))
    return dense.ObservationsAccepted(
        scheme="uk-tsm",
        period="2024",
        method_version="test",
        key_figures=figures,
        unit_ids=names,
        organisations=names,
        organisation_index=range(len(names)),
        holders=sorted(set(owners.values())),
        holder_index=[sorted(set(owners.values())).index(owners[u]) for u in names],
        peer_groups=list(known),
        peer_group_count=[len(p) for p in places],
        peer_group_index=[g for p in places for g in p],
        revisions=[revision] * len(names),
        withdrawn=bytes(u in withdrawn for u in names),
        numerators=np.array(
            [[v[0] if isinstance(v, tuple) else 0 for v in row] for row in rows], dtype="<i8"
        ).tobytes(),
        denominators=np.array(
            [[v[1] if isinstance(v, tuple) else 0 for v in row] for row in rows], dtype="<i8"
        ).tobytes(),
        absences=bytes(0 if isinstance(v, tuple) else v for row in rows for v in row),
        receipt_ids=[f"receipt-{u}-{revision}" for u in names],
    )


def cloud_event(message: type[Message], *, id: str, source: str, time: datetime, subject: str) -> Headers:
    """Headers of an event, as a service's outbox gives them."""
    own = [("ce_id", id.encode()), ("ce_subject", subject.encode())]
    return [*shared_headers(message, source=source, time=time), *own]
