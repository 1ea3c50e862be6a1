"""How far a service has read, kept in its own database: the truth about what is done."""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER

metadata = sa.MetaData()
consumer_offset = sa.Table(
    "consumer_offset",
    metadata,
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("next_offset", WIDE_INTEGER, nullable=False),
)

# made once: with a record a transaction, making them costs more than running them
_HERE = (consumer_offset.c.topic == sa.bindparam("at")) & (consumer_offset.c.partition == sa.bindparam("number"))
_READ = sa.select(consumer_offset)
_MOVE = sa.update(consumer_offset).where(_HERE).values(next_offset=sa.bindparam("following"))
_ADVANCE = _MOVE.where(consumer_offset.c.next_offset == sa.bindparam("expected"))

Partition = tuple[str, int]


class Fenced(Exception):
    """Another instance has moved this partition on; what was being done is rolled back."""


def read(connection: sa.Connection, partitions: Iterable[Partition]) -> dict[Partition, int]:
    """The next offset of each partition that was read before; one never read is absent."""
    wanted = set(partitions)
    rows = connection.execute(_READ).all()
    return {(r.topic, r.partition): r.next_offset for r in rows if (r.topic, r.partition) in wanted}


def advance(connection: sa.Connection, partition: Partition, *, expected: int | None, following: int) -> None:
    """Move a partition on by compare-and-set. `expected` is None where it was never read.

    Raises Fenced when the stored offset is not the expected one.
    """
    topic, number = partition
    if expected is None:
        try:
            connection.execute(consumer_offset.insert().values(topic=topic, partition=number, next_offset=following))
        except sa.exc.IntegrityError as error:
            raise Fenced(f"{topic}/{number}") from error
        return
    moved = connection.execute(_ADVANCE, {"at": topic, "number": number, "expected": expected, "following": following})
    if moved.rowcount != 1:
        raise Fenced(f"{topic}/{number}")


def reset(connection: sa.Connection, offsets: Mapping[Partition, int]) -> None:
    """Forget what was read of partitions whose log began anew; they are read from the given offsets."""
    for (topic, number), following in offsets.items():
        connection.execute(_MOVE, {"at": topic, "number": number, "following": following})
