"""What became of every figure of many submissions, as rows: as screened, then as the rules put them back. Pure."""

from dataclasses import dataclass

import numpy as np

from services.kernels import kernel
from services.validate import wire
from services.validate.compiled import Bytes, Flags, Whole
from services.validate.screen import LACKS, NOTHING, OPEN, STANDS, UNDEFINED, Screened

PAIR, MISSING = wire.ACCEPTED, wire.ABSENT
LACKING, DOUBTFUL = 1, 2  # there are figures of which a part is missing, figures that are the rules' to judge


@dataclass
class Judged:
    """U x F: what became of every figure.

    stands      it goes to the benchmarks
    paired      its pair is said: it stands or is held
    multiplied  and its raw numerator with the factors
    """

    verdict: Bytes
    absence: Bytes
    stands: Flags
    paired: Flags
    multiplied: Flags
    numerators: Whole
    denominators: Whole
    raw: Whole


def in_order(seen: Screened, factors: Whole, multiplies: Flags) -> tuple[Judged, Bytes]:
    """Every figure as it is where the rules need not be asked; and U: what is left, LACKING, DOUBTFUL or both.

    factors, multiplies   U: which row is each one's; rows of F: the figure's numerator is multiplied by factors
    """
    shape = seen.state.shape
    verdict, absence = np.empty(shape, dtype=np.uint8), np.empty(shape, dtype=np.uint8)
    stands, paired, multiplied = (np.empty(shape, dtype=np.bool_) for _ in range(3))
    left = np.empty(shape[0], dtype=np.uint8)
    _settle(seen.state, factors, multiplies, PAIR, MISSING, verdict, absence, stands, paired, multiplied, left)
    figures = Judged(verdict, absence, stands, paired, multiplied, seen.numerators, seen.denominators, seen.raw)
    return figures, left


@kernel("void(u1[:,::1], i8[::1], b1[:,::1], i8, i8, u1[:,::1], u1[:,::1], b1[:,::1], b1[:,::1], b1[:,::1], u1[::1])")
def _settle(
    state: Bytes,
    factors: Whole,
    multiplies: Flags,
    pair: int,
    missing: int,
    verdict: Bytes,
    absence: Bytes,
    stands: Flags,
    paired: Flags,
    multiplied: Flags,
    left: Bytes,
) -> None:
    """`in_order` of U x F states. `pair`, `missing`: verdicts of a figure with a pair and without."""
    for u in range(len(state)):
        left[u] = 0
        for f in range(state.shape[1]):
            there = state[u, f] == STANDS
            stands[u, f] = paired[u, f] = there
            verdict[u, f] = pair if there else missing
            absence[u, f] = UNDEFINED if state[u, f] == NOTHING else 0
            multiplied[u, f] = there and multiplies[factors[u], f]
            if state[u, f] == LACKS:
                left[u] |= LACKING
            elif state[u, f] == OPEN:
                left[u] |= DOUBTFUL
