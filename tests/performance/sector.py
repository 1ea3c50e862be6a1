"""`make sector`: 1,000 invented departments over three years through the real pipeline, scored, and held against the oracle;
then once more in three waves with a release of every year after each, and every released cell held against the rules naively.

Some 200,000 amounts in some 3,000 submissions. Minutes long; prints what each step took.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from noegletal.v1 import release_pb2 as release
from noegletal.v1 import release_service_pb2 as release_api

from services.catalogue import definitions
from services.cli import export, tables
from services.cli.assessments import Assessments
from services.cli.run import drained
from tests.e2e import almen, releases
from tests.e2e.installed import client, installed
from tests.e2e.test_simulated import noegletal

UNITS, YEARS, SECONDS = 1000, 3, 1800
SCHEME = "dk-almen"


def main() -> int:
    """Simulate, run, score, recompute."""
    with tempfile.TemporaryDirectory(prefix="noegletal-sector-") as name:
        folder = Path(name)
        out = folder / "out"
        files = ["--units", str(folder / "units.csv"), "--submissions", str(folder / "submissions.csv")]
        steps = {
            "simulate": ["simulate", "--units", str(UNITS), "--years", str(YEARS), "--out", str(folder)],
            "run": ["run", "--scheme", "dk-almen", *files, "--export", str(out), "--exact"],
            "score": ["simulate", "--out", str(folder), "--score", str(out / "assessments.csv")],
        }
        for step, arguments in steps.items():
            began = time.perf_counter()
            done = noegletal(*arguments, seconds=SECONDS)
            print(done.stdout + done.stderr + f"{step}: {time.perf_counter() - began:.1f} s\n", flush=True)
            if done.returncode:
                return done.returncode
        began = time.perf_counter()
        sector = almen.Sector(folder, out)
        cells, standings = almen.check_benchmarks(sector), almen.check_standings(sector, every=500)
        print(f"the oracle: {cells} cells and {standings} standings are the same, {time.perf_counter() - began:.1f} s")
        asyncio.run(released(folder))
    return 0


async def released(folder: Path) -> None:
    """Send the sector in waves, release every year after each, and audit all that went out."""
    began = time.perf_counter()
    folders, years = releases.waves(folder, folder), definitions.years(SCHEME)[-YEARS:]
    made: dict[str, list[release.ReleaseDecided]] = {year: [] for year in years}
    units = tables.read_units(folder / "units.csv", tables.Faults())
    sent: dict[str, str] = {}  # submission -> receipt
    async with installed() as everything, client(everything) as asked, Assessments(everything.kafka.bootstrap) as read:
        await asked.register(SCHEME, units)
        for number, wave in enumerate(folders):
            newest = definitions.of(SCHEME, years[-1])
            submissions = tables.read_submissions(wave / "submissions.csv", SCHEME, newest, tables.Faults())
            owners = {u.unit_id: u.organisation_id for u in units}
            fresh = [s for s in submissions if s.submission_id not in sent]
            for one in fresh:
                one.organisation_id = owners[one.unit_id]
            answers = await asked.submit(fresh)
            sent |= {s.submission_id: a.receipt.receipt_id for s, a in zip(fresh, answers, strict=True)}
            assessed = await read.wait_for(list(sent.values()))
            await drained(asked, SCHEME, assessed, registered=len(units), released=dict.fromkeys(years, number))
            export.write(wave / "assessments.csv", export.ASSESSMENTS, export.assessments(assessed))
            for year in years:
                request = release_api.MakeReleaseRequest(scheme=SCHEME, period=year)
                made[year].append((await asked.call(asked.releases.MakeRelease, request, SECONDS)).release)
            print(f"wave {number + 1}: {len(fresh)} submissions, {years} released, {time.perf_counter() - began:.1f} s")
        shown = [releases.check_shown(made[y], await asked.cells(SCHEME, y)) for y in years]
    began = time.perf_counter()
    passed = releases.check(folders, made)
    print(
        f"the naive audit: {passed} released cells, {sum(shown)} shown at last, all pass, {time.perf_counter() - began:.1f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
