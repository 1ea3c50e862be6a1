"""Pathway: grouped by period and group in its Rust engine, a stateful reducer that takes all new submissions of a commit at once."""

import pathway as pw

from tests.performance.options import options
from tests.performance.peers import dense

COMMIT_MS = 100
groups: dict[str, dense.Group] = {}  # the one worker's dense states; the reducer's own state is what is emitted


@pw.reducers.stateful_many
def taken(state: bytes | None, rows: list) -> bytes | None:
    """Take a commit's submissions of one period's group in; its output."""
    (cell, first), _ = rows[0]
    group = groups.get(cell) or groups.setdefault(cell, dense.Group(dense.figures(first)))
    group.take([value for (_, value), count in rows if count > 0])
    return group.output()


@pw.udf(deterministic=True)
def cell(value: bytes) -> str:
    """Which period's group a submission belongs to."""
    return dense.cell(value)


@pw.udf(deterministic=True)
def encoded(text: str) -> bytes:
    """A key as bytes."""
    return text.encode()


def main() -> None:
    """Run until killed."""
    told = options()
    settings = {
        "bootstrap.servers": told.bootstrap,
        "group.id": f"pathway-{told.folder.name}",
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "max.partition.fetch.bytes": "8388608",
    }
    received = pw.io.kafka.read(
        settings, topic=told.topic, format="raw", autocommit_duration_ms=COMMIT_MS, autogenerate_key=True
    )
    keyed = received.select(cell=cell(pw.this.data), value=pw.this.data)
    outputs = keyed.groupby(keyed.cell).reduce(keyed.cell, value=taken(keyed.cell, keyed.value))
    sent = outputs.select(key=encoded(pw.this.cell), value=pw.this.value)
    pw.io.kafka.write(
        sent, {"bootstrap.servers": told.bootstrap}, told.out, format="raw", key=sent.key, value=sent.value
    )
    pw.run(monitoring_level=pw.MonitoringLevel.NONE)


if __name__ == "__main__":
    main()
