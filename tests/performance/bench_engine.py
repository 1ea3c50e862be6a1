"""`make bench-engine`: what an event costs the engine beside its full recompute, at 7,000 units × 40 figures × 5 ladder levels.

1. explanation   one unit's standing of one figure between two vintages, against recomputing both vintages' cells from the records
2. apply         one submission into the state, against building the state anew from every record
3. publication   the groups one submission touches, all their figures: cells with intervals, quarters, who is told; against every
                 group of the period; of a unit that corrects, and of one that joins, by which every figure's count is another
4. intervals     the same cells with ranks that are known, against working every rank out

One process, no Kafka, no database. Processor time, as machines are shared; read the ratios.
"""

import random
import statistics
import time
from collections.abc import Callable

import numpy as np

from services.benchmark import cells, interval_ranks, moves, publication
from services.benchmark.batch import Batch, Registration
from services.benchmark.cell_columns import GroupCells
from services.benchmark.explanation import Comparison
from services.benchmark.priced import Prices
from services.benchmark.publication import Shown
from services.benchmark.standing import Reading
from services.benchmark.state import PeriodState
from services.benchmark.view import View

UNITS, FIGURES, ROUNDS, REPORTED = 7000, 40, 5, 6500
NAMES = tuple(f"F{n:02}" for n in range(FIGURES))
READINGS = (Reading(True, "lower"),) * FIGURES
TYPES, BANDS, REGIONS = 3, 3, 5


def main() -> None:
    """Run every part and print ratios."""
    print(f"{UNITS:,} units × {FIGURES} figures × 5 ladder levels, {REPORTED:,} reported; medians of {ROUNDS} rounds\n")
    rng = random.Random(1)
    records = _batch(rng, range(REPORTED), 1)
    state = PeriodState(NAMES)
    state.apply(records)
    state.register([Registration(u, u, 1, _groups(int(u[1:]))) for u in (f"u{n:05}" for n in range(UNITS))])
    before = state.freeze()
    groups = sorted(before.membership)
    apply = _median(lambda n: _timed(lambda: state.apply(_batch(rng, [n], 10 + n))))
    rebuild = _median(lambda _: _timed(lambda: PeriodState(NAMES).apply(records)))
    _row("apply: one submission", apply, rebuild, "the state anew")

    after = state.freeze()
    explain = _median(lambda n: _timed(lambda: Comparison(before, after, n, "all", "all", READINGS[n]).explain(n)))
    both = _timed(lambda: [_cells(view, groups) for view in (before, after)])
    _row("explanation: one unit, one figure", explain, 2 * rebuild + both, "two vintages anew")

    published = Shown(before, READINGS, groups)
    published.quarters  # noqa: B018  # as it is kept from the publication before
    everything = _median(lambda _: _timed(lambda: _everything(state.freeze(), groups)))
    corrected = statistics.median(_publication(state, published, rng, n) for n in range(ROUNDS))
    _row("publication: a correction", corrected, everything, "every group")
    joined = statistics.median(_publication(state, published, rng, REPORTED + n) for n in range(ROUNDS))
    _row("publication: one that joins, all counts new", joined, everything, "every group")

    known = _median(lambda _: _timed(lambda: _cells(after, ["all"])))
    unknown = _median(lambda _: _timed(lambda: _forgotten(lambda: _cells(after, ["all"]))))
    _row("intervals: cells of everybody, ranks known", known, unknown, "every rank anew")
    nothing = tuple(Reading(True, "lower", UNITS) for _ in NAMES)
    without = _median(lambda _: _timed(lambda: _cells(after, ["all"], nothing)))
    _row("cells of everybody, nothing shown", without, known, "with quantiles and intervals")


def _publication(state: PeriodState, published: Shown, rng: random.Random, unit: int) -> float:
    state.clear_changes()
    state.apply(_batch(rng, [unit], 100))
    kept: dict[str, GroupCells] = {}

    def publish() -> None:
        view = state.freeze()
        touched = sorted(state.touched)
        later = published.after(view, sorted(view.membership), touched, sorted(state.submitted))
        list(publication.updates(kept, later, touched, READINGS))
        moves.moves(published, later, sorted(state.submitted), READINGS, Prices({}, ()))

    return _timed(publish)


def _everything(view: View, groups: list[str]) -> None:
    shown = Shown(view, READINGS, groups)
    list(publication.updates({}, shown, groups, READINGS))
    shown.quarters  # noqa: B018


def _cells(view: View, groups: list[str], readings: tuple[Reading, ...] = READINGS) -> None:
    for group in groups:
        cells.of_group(view, group, readings)


def _forgotten(work: Callable[[], None]) -> None:
    interval_ranks.forget()
    work()


def _batch(rng: random.Random, units: range | list[int], revision: int) -> Batch:
    """Observations; a tenth lack a figure, so that its count differs from other figures'. Ladder: all, type, region, type and
    band, type and band and region.
    """
    shape = (FIGURES, len(units))
    draw = np.random.default_rng(rng.randrange(2**32))
    absent = draw.random(shape) < np.linspace(0, 0.1, FIGURES)[:, None]
    ids = [f"u{unit:05}" for unit in units]
    return Batch(
        method_version="bench",
        key_figures=NAMES,
        unit_ids=ids,
        organisations=ids,
        holders=[f"h{unit % 500}" for unit in units],
        groups=[_groups(unit) for unit in units],
        revisions=[revision] * len(units),
        withdrawn=[False] * len(units),
        numerators=np.where(absent, 0, draw.integers(10_000, 10_000_000, shape)),
        denominators=np.where(absent, 0, draw.integers(1_000, 1_000_000, shape)),
        absences=absent.astype(np.uint8),
    )


def _groups(unit: int) -> tuple[str, ...]:
    kind, band, region = f"type={unit % TYPES}", f"band={unit // 3 % BANDS}", f"region={unit // 9 % REGIONS}"
    return ("all", kind, region, f"{kind};{band}", f"{kind};{band};{region}")


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _median(measure: Callable[[int], float]) -> float:
    return statistics.median(measure(n) for n in range(ROUNDS))


def _row(what: str, ours: float, other: float, beside: str) -> None:
    print(f"{what:<46} {ours * 1e3:9.2f} ms   {other / ours:8.1f} × as fast as {beside} ({other * 1e3:.0f} ms)")


if __name__ == "__main__":
    main()
