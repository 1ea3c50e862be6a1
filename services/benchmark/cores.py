"""Work that the cores of the machine share: kernels that go on beside others. Pure."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from services.benchmark.statistics import Whole

CORES = os.cpu_count() or 1


def share(work: Callable[[slice], None], ends: Whole, much: int) -> None:
    """Have work done on n items: a part of about the same weight by each core, all of it here where that is little.

    ends   (n,) rising: what the items up to and with each weigh; together, `much` or more is shared
    What is raised in one part is raised here.
    """
    whole = int(ends[-1]) if len(ends) else 0
    if whole < much:
        work(slice(0, len(ends)))
        return
    within = np.searchsorted(ends, [whole * n // CORES for n in range(1, CORES)]).tolist()
    parts = [slice(a, b) for a, b in pairwise([0, *within, len(ends)]) if a < b]
    with ThreadPoolExecutor(CORES) as threads:
        for _ in threads.map(work, parts):
            pass
