"""How far ratios are from the nearest quartile that is shown of their cell."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.orders import LINE, Whole
from services.kernels import kernel

E9, WIDEST = 10**9, 2.0**62


@kernel(f"void(double[::1], {LINE}, {LINE}, double[:, :, ::1], {LINE})")
def nearest_e9(
    ratios: NDArray[np.float64], groups: Whole, rows: Whole, quartiles: NDArray[np.float64], near: Whole
) -> None:
    """Say of N ratios how far each is, in 1/1,000,000,000; -1 where no quartile is shown, or it does not fit.

    groups, rows   of the cells
    quartiles      groups x rows x 3; not a number where one is not shown
    From the floats nearest to the exact values: it is held against a tolerance, which is coarse.
    """
    for n in range(len(ratios)):
        far = np.inf
        for quartile in quartiles[groups[n], rows[n]]:
            apart = abs(ratios[n] - quartile)
            far = min(far, apart)
        far *= E9
        near[n] = np.int64(np.rint(far)) if far < WIDEST else -1
