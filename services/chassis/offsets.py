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

Partition = tuple[str, int]


class Fenced(Exception):
    """Another instance has moved this partition on; what was being done is rolled back."""


def read(connection: sa.Connection, partitions: Iterable[Partition]) -> dict[Partition, int]:
    """The next offset of each partition that was read before; one never read is absent."""
    wanted = set(partitions)
    rows = connection.execute(sa.select(consumer_offset)).all()
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
    key = (consumer_offset.c.topic == topic) & (consumer_offset.c.partition == number)
    moved = connection.execute(
        sa.update(consumer_offset)
        .where(key & (consumer_offset.c.next_offset == expected))
        .values(next_offset=following)
    )
    if moved.rowcount != 1:
        raise Fenced(f"{topic}/{number}")


def reset(connection: sa.Connection, offsets: Mapping[Partition, int]) -> None:
    """Forget what was read of partitions whose log began anew; they are read from the given offsets."""
    for (topic, number), following in offsets.items():
        key = (consumer_offset.c.topic == topic) & (consumer_offset.c.partition == number)
        connection.execute(sa.update(consumer_offset).where(key).values(next_offset=following))
