"""`make bench`: ours beside the bare loop and the peers a user would pick, on one real Kafka, in one run. Read ratios.

PARTS="raw ours-two pathway" chooses; QUICK=1 is small and within five minutes; RUNS=3 how often the quick ones run;
WRITE=1 writes tests/performance/results.md and its picture.
"""

import importlib
import json
import os
import sys
import time

from rich.console import Console

from tests.performance import report, the_job
from tests.performance.children import ROOT
from tests.performance.job import sized
from tests.performance.the_job import Plan

OTHERS = {  # part -> the module that measures it
    "ours-four": "ours_four",
    "latency": "latency",
    "rebuild": "rebuild",
    "growth": "growth",
    "replicas": "replicas",
    "steps": "steps",
}
QUICK_SECONDS = 200  # after which no more is begun: what then runs may take a minute and a half


def main() -> int:
    """Measure what was asked for; print and, if asked, write. What stands behind the command is no way to ask."""
    if sys.argv[1:]:
        print(__doc__)
        return 0 if sys.argv[1] in ("-h", "--help") else 2
    quick, write = bool(os.environ.get("QUICK")), bool(os.environ.get("WRITE"))
    asked = os.environ.get("PARTS", "").split() or [*the_job.NAMES, *OTHERS]
    unknown = [part for part in asked if part not in the_job.NAMES and part not in OTHERS]
    if unknown:
        print(f"no part {', '.join(unknown)}; there are: {' '.join([*the_job.NAMES, *OTHERS])}", file=sys.stderr)
        return 2
    console, began = Console(width=None if sys.stdout.isatty() else 180, highlight=False), time.monotonic()
    plan = Plan(quick, int(os.environ.get("RUNS") or (1 if quick else 3)), 10.0 if quick else 180.0)
    job, facts, sections = sized(quick=quick), report.machine(), []
    size = (
        f"Job: {job.units:,} units × {job.periods} periods × {job.figures} figures in {job.groups} groups; "
        f"B1 {job.b1:,} submissions, J5 {job.j5:,}; seed {job.seed}."
    )
    console.print("\n".join([size, *facts, ""]))
    names = [name for name in the_job.NAMES if name in asked]
    if names:
        sections += the_job.measure(plan, names, console)
        report.shown(sections, console)
    for part in [part for part in OTHERS if part in asked]:
        if quick and plan.runs == 1 and time.monotonic() - began > QUICK_SECONDS:
            console.print(f"{part}: left out, to stay within five minutes; ask for it by PARTS")
            continue
        console.print(f"  {part}…", style="dim")
        try:
            found = importlib.import_module(f"tests.performance.{OTHERS[part]}").measure(plan, console)
        except Exception as error:  # noqa: BLE001 - a part that fails is told; the others are measured all the same
            console.print(f"{part} failed: {type(error).__name__}: {error}")
            continue
        sections += found
        report.shown(found, console)
    _kept(sections)
    if write:
        console.print(f"written: {report.written(sections, facts, size, quick=quick).relative_to(ROOT)}")
    console.print(f"{time.monotonic() - began:.0f} s")
    return 0


def _kept(sections: list[report.Section]) -> None:
    """Everything as JSON beside other outputs, for whoever compares runs."""
    folder = ROOT / "out"
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps([vars(s) for s in sections], indent=1, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
