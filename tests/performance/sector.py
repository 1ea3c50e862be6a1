"""`make sector`: 1,000 invented departments over three years through the real pipeline, scored, and held against the oracle.

Some 200,000 amounts in some 3,000 submissions. Minutes long; prints what each step took.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.e2e import almen
from tests.e2e.test_simulated import noegletal

UNITS, YEARS, SECONDS = 1000, 3, 1800


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
    return 0


if __name__ == "__main__":
    sys.exit(main())
