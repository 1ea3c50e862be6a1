"""pandas: the latest of every unit and period in one frame, and everything recomputed per micro-batch."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from tests.performance import lean, loop

IDS = ["unit", "period", "group", "revision"]
TENTHS = lean.TWENTIETHS / 20


class Frame:
    """The frame and what it gives."""

    def __init__(self) -> None:
        self.latest: pd.DataFrame | None = None
        self.seen: dict[tuple[int, int], int] = {}

    def apply(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> Iterable[tuple[bytes, bytes]]:
        """One micro-batch: newer rows replace older ones, then every group anew."""
        figures = amounts.shape[1] // 2
        batch = pd.concat([pd.DataFrame(numbers, columns=IDS), pd.DataFrame(amounts)], axis=1)
        both = batch if self.latest is None else pd.concat([self.latest, batch], ignore_index=True)
        self.latest = both.drop_duplicates(["unit", "period"], keep="last", ignore_index=True)
        for cell, count in batch.groupby(["period", "group"]).size().items():
            self.seen[cell] = self.seen.get(cell, 0) + int(count)
        grouped = self.latest.groupby(["period", "group"])
        counts, sums = grouped.size(), grouped[list(range(2 * figures))].sum()
        pairs = self.latest[list(range(2 * figures))].to_numpy()
        ratios = pairs[:, :figures] / pairs[:, figures:]
        for (period, group), rows in grouped.indices.items():
            n = np.full(figures, counts.loc[period, group])
            quantiles = np.quantile(ratios[rows], TENTHS, axis=0, method="median_unbiased")
            total = sums.loc[(period, group)].to_numpy()
            yield reader.key(period, group), lean.packed(self.seen[period, group], n, total, quantiles)

    def commit(self, offsets: dict[int, int]) -> None:
        """Nothing: a frame is in memory."""


if __name__ == "__main__":
    loop.run(Frame(), loop.options(), loop.Steps())
