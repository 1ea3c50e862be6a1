"""Work that the cores of the machine share: kernels that go on beside others. Pure."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import pairwise

import numpy as np

from services.benchmark.statistics import Whole

CORES = os.cpu_count() or 1
_others = ThreadPoolExecutor(max(1, CORES - 1), "cores")  # a thread begins when it is first needed


def share(work: Callable[[slice], None], ends: Whole, much: int) -> None:
    """Have work done on n items: a part of about the same weight by each core, all of it here where that is little.

    ends   (n,) rising: what the items up to and with each weigh; together, `much` or more is shared
    What is raised in one part is raised here.
    """
    whole = int(ends[-1]) if len(ends) else 0
    if whole < max(much, 1):
        work(slice(0, len(ends)))
        return
    within = np.searchsorted(ends, [whole * n // CORES for n in range(1, CORES)]).tolist()
    mine, *parts = [slice(a, b) for a, b in pairwise([0, *within, len(ends)]) if a < b]
    begun = [_others.submit(work, part) for part in parts]
    try:
        work(mine)
    finally:
        wait(begun)
    for one in begun:
        one.result()
