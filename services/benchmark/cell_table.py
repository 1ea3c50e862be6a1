"""Where in a row of 53 numbers what stands of one figure of a peer group: what cell_columns reads and kernels write."""

import itertools
from collections.abc import Iterator

from services.benchmark.batch import WITHDRAWN
from services.benchmark.statistics import QUANTILES

Q = len(QUANTILES)
NOT_THERE = -1  # coverage of an interval that is not there


def _places(*widths: int) -> Iterator[slice]:
    for first, last in itertools.pairwise(itertools.accumulate(widths, initial=0)):
        yield slice(first, last)


UNITS, HOLDERS, AWAITED, SUPPRESSION = range(4)
*_, ABSENCES, SUMS, STATISTICS, LOWERS, UPPERS, COVERAGES = _places(4, WITHDRAWN, 4, 1 + Q, 2 * Q, 2 * Q, 2 * Q)
