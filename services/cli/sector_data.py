"""The sector of the demo: 360 English landlords and what they published."""

from dataclasses import dataclass
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.cli import tables
from services.cli.tables import Faults, UnitRow

FOLDER = Path(__file__).with_name("sector") / "uk-tsm-2024"
SCHEME, PERIOD = "uk-tsm", "2024"


@dataclass(frozen=True)
class Sector:
    """Units, and one submission each by unit id."""

    units: list[UnitRow]
    submissions: dict[str, pb.Submission]


def load() -> Sector:
    """Read the sector that ships with the product."""
    faults = Faults()
    units = tables.read_units(FOLDER / "units.csv", faults)
    submissions = tables.read_submissions(FOLDER / "submissions.csv", SCHEME, definitions.of(SCHEME, PERIOD), faults)
    faults.stop()
    organisations = {u.unit_id: u.organisation_id for u in units}
    for submission in submissions:
        submission.organisation_id = organisations[submission.unit_id]
    return Sector(units, {s.unit_id: s for s in submissions})


def revised(submission: pb.Submission, name: str, **changes: int) -> pb.Submission:
    """The next revision of a submission, with amounts changed: data point with _ for the point -> value."""
    copy = pb.Submission()
    copy.CopyFrom(submission)
    copy.submission_id, copy.revision = f"demo:{submission.unit_id}:{name}", 0
    for amount in copy.amounts:
        change = changes.get(amount.data_point.replace(".", "_"))
        if change is not None:
            amount.value = change
    return copy
