"""A small invented sector reports, corrects and withdraws in three waves; after each its closed years are released.

Every cell that went out is held against the rules naively, from the files alone.
"""

from functools import partial
from pathlib import Path

import numpy as np
from noegletal.v1 import assessment_pb2
from noegletal.v1 import release_pb2 as release
from noegletal.v1 import release_service_pb2 as release_api
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.cli import export, simulate, tables
from services.cli.talk import Talk
from services.validate import assessing, dense_wire, received, wire
from services.validate.history import History
from tests.e2e import releases
from tests.service.benchmark.releases import Running

SCHEME, UNITS, YEARS = "dk-almen", 80, ("2024", "2025")


async def test_every_released_cell_passes_the_naive_audit(tmp_path: Path) -> None:
    simulate.write(SCHEME, UNITS, len(YEARS), 1, tmp_path / "sector", Talk(quiet=True))
    folders = releases.waves(tmp_path / "sector", tmp_path)
    validate = _Validate(tmp_path / "sector")
    running = await Running(tmp_path, catalogue="", catalogue_year=None).start()
    await running.service.database.in_thread(partial(running.bench.deliver, "unit-registered", validate.registered()))
    made: dict[str, list[release.ReleaseDecided]] = {year: [] for year in YEARS}
    try:
        await _released(running, validate, folders, made)
    finally:
        await running.stop()


async def _released(
    running: Running, validate: "_Validate", folders: list[Path], made: dict[str, list[release.ReleaseDecided]]
) -> None:
    for folder in folders:
        for batch in validate.take_in(folder):
            await running.service.database.in_thread(partial(running.bench.deliver, "observations-accepted", [batch]))
        for year in YEARS:
            made[year].append(await running.make(scheme=SCHEME, period=year))

    assert releases.check(folders, made) > 100
    request = release_api.AuditReleasesRequest(scheme=SCHEME, period=YEARS[-1])
    answer = await running.releases.AuditReleases(request, **running.operator)
    assert [one.equal for one in answer.releases] == [True] * 3


class _Validate:
    """What validate makes of files that grow."""

    def __init__(self, sector: Path) -> None:
        self._units = {u.unit_id: u for u in tables.read_units(sector / "units.csv", tables.Faults())}
        self._events: dict[str, pb.SubmissionReceived] = {}
        self._assessed: list[assessment_pb2.SubmissionAssessed] = []
        self._history = History([])
        self._judge = partial(assessing.assess, catalogue_year=None, history=self._history)

    def registered(self) -> list[pb.UnitRegistered]:
        """Every unit is expected from the beginning."""
        return [pb.UnitRegistered(profile=self._profile(unit)) for unit in self._units.values()]

    def take_in(self, folder: Path) -> list[object]:
        """The batches that what is new in a folder makes; assessments.csv is written beside."""
        newest = definitions.of(SCHEME, YEARS[-1])
        read = tables.read_submissions(folder / "submissions.csv", SCHEME, newest, tables.Faults())
        fresh = []
        for submission in (s for s in read if s.submission_id not in self._events):
            unit, number = self._units[submission.unit_id], len(self._events) + 1
            receipt = pb.Receipt(receipt_id=submission.submission_id, sequence=number, revision=submission.revision)
            receipt.outcome, receipt.organisation_id = pb.RECEIPT_OUTCOME_ACCEPTED, unit.organisation_id
            event = pb.SubmissionReceived(submission=submission, receipt=receipt, profile=self._profile(unit))
            self._events[submission.submission_id] = event
            fresh.append(event)
        taken = assessing.take_in(
            received.of(fresh),
            np.arange(len(fresh)),
            set(),
            self._history,
            self._judge,
            lambda id: self._events[id].SerializeToString(),
        )
        self._assessed += [wire.assessed(one.item) for one in taken.alone]
        export.write(folder / "assessments.csv", export.ASSESSMENTS, export.assessments(self._assessed))
        return list(dense_wire.observations(taken.sent, taken.together, taken.records()))

    def _profile(self, unit: tables.UnitRow) -> pb.Profile:
        holder, organisation = unit.holder_id or unit.organisation_id, unit.organisation_id
        known = {"unit_id": unit.unit_id, "scheme": SCHEME, "holder_id": holder, "organisation_id": organisation}
        return pb.Profile(**known, version=1, attributes=unit.attributes)
