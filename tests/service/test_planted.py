"""Every fault planted in a small invented sector is found by the rules, each by its code, and clean figures are left alone."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.cli import export, simulate, tables
from services.cli.talk import Talk
from services.validate import assessing, received, wire
from services.validate.history import History


def test_every_planted_fault_is_found_and_clean_figures_are_left_alone(tmp_path: Path) -> None:
    simulate.write("dk-almen", 70, 2, 1, tmp_path, Talk(quiet=True))
    faults = tables.Faults()
    units = {u.unit_id: u for u in tables.read_units(tmp_path / "units.csv", faults)}
    catalogue = definitions.of("dk-almen", "2025")
    submissions = tables.read_submissions(tmp_path / "submissions.csv", "dk-almen", catalogue, faults)
    assert faults.found == []

    events = []
    for number, submission in enumerate(submissions, start=1):
        unit = units[submission.unit_id]
        receipt = pb.Receipt(receipt_id=str(number), sequence=number, revision=submission.revision, outcome=1)
        profile = pb.Profile(unit_id=unit.unit_id, holder_id=unit.organisation_id, attributes=unit.attributes)
        events.append(pb.SubmissionReceived(submission=submission, receipt=receipt, profile=profile))
    history = History([])
    judge = partial(assessing.assess, catalogue_year=None, history=history)
    taken = assessing.take_in(
        received.of(events),
        np.arange(len(events)),
        set(),
        history,
        judge,
        lambda month: pytest.fail("there is no earlier batch"),
    )
    assert len(taken.alone) == len(events)
    assessed = [wire.assessed(one.item) for one in taken.alone]
    export.write(tmp_path / "assessments.csv", export.ASSESSMENTS, export.assessments(assessed))

    simulate.score(
        tmp_path, tmp_path / "assessments.csv", Talk(quiet=True)
    )  # raises Stop where anything is not as it should be
