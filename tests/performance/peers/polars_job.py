"""polars: the latest of every unit and period in one frame, and everything recomputed per micro-batch in one lazy query."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from tests.performance import lean, loop

IDS = ["unit", "period", "group", "revision"]


class Frame:
    """The frame and what it gives."""

    def __init__(self) -> None:
        self.latest: pl.DataFrame | None = None
        self.seen: dict[tuple[int, int], int] = {}

    def apply(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> Iterable[tuple[bytes, bytes]]:
        """One micro-batch: newer rows replace older ones, then every group anew."""
        figures = amounts.shape[1] // 2
        names = [f"{part}{f}" for part in "nd" for f in range(figures)]
        batch = pl.DataFrame(np.concatenate([numbers, amounts], axis=1), schema=[*IDS, *names])
        both = batch if self.latest is None else pl.concat([self.latest, batch])
        self.latest = both.unique(["unit", "period"], keep="last", maintain_order=False)
        for period, group, count in batch.group_by("period", "group").len().iter_rows():
            self.seen[period, group] = self.seen.get((period, group), 0) + count
        ratios = [(pl.col(f"n{f}") / pl.col(f"d{f}")).sort().alias(f"r{f}") for f in range(figures)]
        n = pl.col("len").cast(pl.Int64)
        grouped = self.latest.lazy().group_by("period", "group").agg(pl.len(), pl.col(names).sum(), *ratios)
        shown = [
            _quantile(pl.col(f"r{f}"), n, int(c)).alias(f"q{c}_{f}") for c in lean.TWENTIETHS for f in range(figures)
        ]
        result = grouped.select("period", "group", n, *names, *shown).collect()
        whole = result.select("period", "group", "len", *names).to_numpy()
        statistics = result.select([s.meta.output_name() for s in shown]).to_numpy()
        for row, values in zip(whole, statistics, strict=True):
            period, group, count = row[:3].tolist()
            output = lean.packed(
                self.seen[period, group],
                np.full(figures, count),
                row[3:],
                values.reshape(len(lean.TWENTIETHS), figures),
            )
            yield reader.key(period, group), output

    def commit(self, offsets: dict[int, int]) -> None:
        """Nothing: a frame is in memory."""


def _quantile(ordered: pl.Expr, n: pl.Expr, twentieth: int) -> pl.Expr:
    at = (3 * n + 1) * twentieth + 20
    rank, weight = at // 60, (at % 60) / 60
    low, high = (ordered.list.get(pl.min_horizontal(r.clip(1), n) - 1) for r in (rank, rank + 1))
    return low + weight * (high - low)


if __name__ == "__main__":
    loop.run(Frame(), loop.options(), loop.Steps())
