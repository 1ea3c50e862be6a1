"""DuckDB: the latest of every unit and period in a table, groups that changed recomputed per micro-batch in one query."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from tests.performance import lean, loop

RECOMPUTE = """
WITH changed AS (SELECT DISTINCT period, grp FROM batch),
long AS (
  SELECT period, grp, unnest(range({figures})) AS f, unnest(n) AS n, unnest(d) AS d
  FROM latest SEMI JOIN changed USING (period, grp)
),
cells AS (
  SELECT period, grp, f, count(*) AS k, sum(n)::BIGINT AS sn, sum(d)::BIGINT AS sd, list_sort(list(n::DOUBLE / d)) AS l
  FROM long GROUP BY period, grp, f
)
SELECT period, grp, k, sn, sd, {quantiles} FROM cells ORDER BY period, grp, f
"""


class Database:
    """The table and what it gives."""

    def __init__(self, folder: Path) -> None:
        self.connection = duckdb.connect(str(folder / "latest.duckdb"))
        self.connection.execute("CREATE TABLE latest (period BIGINT, grp BIGINT, unit BIGINT, n BIGINT[], d BIGINT[])")
        self.connection.execute("CREATE TABLE following (part BIGINT PRIMARY KEY, next BIGINT)")
        self.seen: dict[tuple[int, int], int] = {}

    def apply(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> Iterable[tuple[bytes, bytes]]:
        """One micro-batch, within a transaction that `commit` ends."""
        figures = amounts.shape[1] // 2
        for cell in map(tuple, numbers[:, 1:3].tolist()):
            self.seen[cell] = self.seen.get(cell, 0) + 1
        pairs = numbers[:, 0] * 100 + numbers[:, 1]
        last = len(pairs) - 1 - np.unique(pairs[::-1], return_index=True)[1]
        numbers, amounts = numbers[last], amounts[last]
        batch = pa.table(
            {
                "period": numbers[:, 1].copy(),
                "grp": numbers[:, 2].copy(),
                "unit": numbers[:, 0].copy(),
                "n": _lists(amounts[:, :figures]),
                "d": _lists(amounts[:, figures:]),
            }
        )
        run = self.connection.execute
        self.connection.register("batch", batch)
        run("BEGIN")
        run("DELETE FROM latest USING batch WHERE latest.period = batch.period AND latest.unit = batch.unit")
        run("INSERT INTO latest SELECT * FROM batch")
        quantiles = ", ".join(
            f"l[greatest(1, least(k, ((3 * k + 1) * {c} + 20) // 60))] + (((3 * k + 1) * {c} + 20) % 60) / 60.0 * "
            f"(l[greatest(1, least(k, ((3 * k + 1) * {c} + 20) // 60 + 1))] - l[greatest(1, least(k, ((3 * k + 1) * {c} + 20) // 60))]) AS q{c}"
            for c in lean.TWENTIETHS
        )
        found = run(RECOMPUTE.format(figures=figures, quantiles=quantiles)).fetchnumpy()
        columns = {name: np.asarray(column).reshape(-1, figures) for name, column in found.items()}
        for row in range(len(columns["period"])):
            cell = (int(columns["period"][row, 0]), int(columns["grp"][row, 0]))
            sums = np.stack([columns["sn"][row], columns["sd"][row]])
            statistics = np.stack([columns[f"q{c}"][row] for c in lean.TWENTIETHS])
            yield reader.key(*cell), lean.packed(self.seen[cell], columns["k"][row], sums, statistics)

    def commit(self, offsets: dict[int, int]) -> None:
        """On disk before anything is emitted."""
        self.connection.executemany("INSERT OR REPLACE INTO following VALUES (?, ?)", list(offsets.items()))
        self.connection.execute("COMMIT")


def _lists(matrix: np.ndarray) -> pa.Array:
    flat = pa.array(np.ascontiguousarray(matrix).ravel())
    offsets = pa.array(np.arange(0, matrix.size + 1, matrix.shape[1], dtype=np.int32))
    return pa.ListArray.from_arrays(offsets, flat)


if __name__ == "__main__":
    options = loop.options()
    loop.run(Database(options.folder), options, loop.Steps())
