"""How far a service has read, kept in its own database: the truth about what is done."""

from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from services.chassis.database import WIDE_INTEGER, upserting
from services.chassis.statement import Statement

metadata = sa.MetaData()
consumer_offset = sa.Table(
    "consumer_offset",
    metadata,
    sa.Column("topic", sa.Text, primary_key=True),
    sa.Column("partition", sa.Integer, primary_key=True),
    sa.Column("next_offset", WIDE_INTEGER, nullable=False),
)

_HERE = (consumer_offset.c.topic == sa.bindparam("at")) & (consumer_offset.c.partition == sa.bindparam("number"))
_READ = Statement(sa.select(consumer_offset))
_MOVE = sa.update(consumer_offset).where(_HERE).values(next_offset=sa.bindparam("following"))
_RESET = Statement(_MOVE)
_ADVANCE = Statement(_MOVE.where(consumer_offset.c.next_offset == sa.bindparam("expected")))
_BEGIN = Statement(lambda kind: upserting(kind, consumer_offset).on_conflict_do_nothing())

Partition = tuple[str, int]


class Fenced(Exception):
    """Another instance has moved one of these partitions on; what was being done is rolled back."""

    def __init__(self, partitions: Collection[Partition]) -> None:
        super().__init__(", ".join(f"{topic}/{number}" for topic, number in partitions))
        self.topic = next(topic for topic, _ in partitions)


def everything(connection: sa.Connection) -> dict[Partition, int]:
    """The next offset of every partition that was read before, by whatever instance."""
    return {(topic, number): following for topic, number, following in _READ.rows(connection)}


def read(connection: sa.Connection, partitions: Iterable[Partition]) -> dict[Partition, int]:
    """The next offset of each of some partitions that was read before; one never read is absent."""
    wanted = set(partitions)
    return {partition: following for partition, following in everything(connection).items() if partition in wanted}


def advance(
    connection: sa.Connection, following: Mapping[Partition, int], expected: Mapping[Partition, int | None]
) -> None:
    """Move partitions on by compare-and-set. `expected` is absent or None for one that was never read.

    Raises Fenced when the stored offset of one is not the expected one.
    """
    begun = [
        {"topic": topic, "partition": number, "next_offset": after}
        for (topic, number), after in following.items()
        if expected.get((topic, number)) is None
    ]
    moved = [
        {"at": topic, "number": number, "expected": before, "following": after}
        for (topic, number), after in following.items()
        if (before := expected.get((topic, number))) is not None
    ]
    changed = _BEGIN.many(connection, begun) if begun else 0
    changed += _ADVANCE.many(connection, moved) if moved else 0
    if changed != len(following):
        raise Fenced(following)


def reset(connection: sa.Connection, offsets: Mapping[Partition, int]) -> None:
    """Forget what was read of partitions whose log began anew; they are read from the given offsets."""
    for (topic, number), following in offsets.items():
        _RESET.run(connection, at=topic, number=number, following=following)
