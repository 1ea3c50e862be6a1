"""What benchmark keeps: the ledger of batches, the registry, snapshots, and which vintages were published."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from services.benchmark import head_store
from services.benchmark.head_store import Move
from services.chassis.database import WIDE_INTEGER, insert, upserting
from services.chassis.outbox import Transaction
from services.chassis.statement import Statement

metadata = head_store.metadata
ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("vintage", WIDE_INTEGER, primary_key=True),  # after this entry
    sa.Column(
        "kind", sa.Text, nullable=False
    ),  # observations: content is the batch; registrations: a range of the registry; release: content is the event
    sa.Column("content", sa.LargeBinary),
    sa.Column("first_position", WIDE_INTEGER),
    sa.Column("last_position", WIDE_INTEGER),
)
registry = sa.Table(
    "registry",
    metadata,
    sa.Column("position", WIDE_INTEGER, primary_key=True, autoincrement=True),
    sa.Column("scheme", sa.Text, nullable=False),
    sa.Column("unit_id", sa.Text, nullable=False),
    sa.Column("version", WIDE_INTEGER, nullable=False),
    sa.Column("organisation_id", sa.Text, nullable=False),
    sa.Column("attributes", sa.Text, nullable=False),  # JSON, as sent
    sa.UniqueConstraint("scheme", "unit_id", "version"),
    sqlite_autoincrement=True,
)
snapshot = sa.Table(
    "snapshot",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("vintage", WIDE_INTEGER, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
publication = sa.Table(
    "publication",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("vintage", WIDE_INTEGER, primary_key=True),
    sa.Column("published_at", sa.Text, nullable=False),  # ISO 8601, UTC
)
last_move = sa.Table(
    "last_move",
    metadata,
    sa.Column("scheme", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("unit_id", sa.Text, primary_key=True),
    sa.Column("vintage_before", WIDE_INTEGER, nullable=False),
)


class Registered(NamedTuple):
    """One line of the registry."""

    position: int
    unit_id: str
    version: int
    organisation_id: str
    attributes: str


def periods(connection: sa.Connection) -> list[tuple[str, str]]:
    """Every scheme and period there is a ledger of."""
    rows = connection.execute(
        sa.select(ledger.c.scheme, ledger.c.period).distinct().order_by(ledger.c.scheme, ledger.c.period)
    )
    return [(r.scheme, r.period) for r in rows]


class Entry(NamedTuple):
    """A batch for a period's ledger, and where it leads."""

    move: Move
    content: bytes


def append_observations(tx: Transaction, entries: Sequence[Entry]) -> None:
    """Add batches to their periods' ledgers. Raises Fenced."""
    nothing = {"first_position": None, "last_position": None}
    head_store.move_on(tx, [entry.move for entry in entries])
    rows = [_place(entry.move) | {"kind": "observations", "content": entry.content} | nothing for entry in entries]
    insert(tx.connection, ledger, rows)


def append_registrations(tx: Transaction, move: Move, positions: tuple[int, int]) -> None:
    """Add a range of the registry to a period's ledger. Raises Fenced."""
    row = _place(move) | {"kind": "registrations", "first_position": positions[0], "last_position": positions[1]}
    head_store.move_on(tx, [move])
    tx.connection.execute(ledger.insert(), row)


def append_release(tx: Transaction, move: Move, content: bytes) -> None:
    """Add a release to a period's ledger. Raises Fenced."""
    head_store.move_on(tx, [move])
    tx.connection.execute(ledger.insert(), _place(move) | {"kind": "release", "content": content})


def _place(move: Move) -> dict[str, Any]:
    return {"scheme": move.scheme, "period": move.period, "vintage": move.vintage}


def releases(connection: sa.Connection, scheme: str, period: str, until: int | None = None) -> list[bytes]:
    """A period's releases as the ledger keeps them, in order; those up to a vintage if one is given."""
    chosen = (ledger.c.scheme == scheme) & (ledger.c.period == period) & (ledger.c.kind == "release")
    if until is not None:
        chosen &= ledger.c.vintage <= until
    found = connection.execute(sa.select(ledger.c.content).where(chosen).order_by(ledger.c.vintage))
    return [bytes(content) for content in found.scalars()]


def register(tx: Transaction, scheme: str, profiles: Sequence[dict[str, Any]]) -> list[Registered]:
    """Add profiles that are not in the registry yet; returns their lines."""
    fresh = {(p["unit_id"], p["version"]): p | {"scheme": scheme} for p in profiles}
    same = (registry.c.scheme == scheme) & registry.c.unit_id.in_({unit_id for unit_id, _ in fresh})
    found = tx.connection.execute(sa.select(registry.c.unit_id, registry.c.version).where(same))
    known = {(r.unit_id, r.version) for r in found}
    rows = [row for identity, row in fresh.items() if identity not in known]
    last = tx.connection.execute(sa.select(sa.func.max(registry.c.position))).scalar() or 0
    if rows:
        tx.connection.execute(registry.insert(), rows)
    return registered(tx.connection, scheme, after=last)


def registered(connection: sa.Connection, scheme: str, after: int = 0, until: int | None = None) -> list[Registered]:
    """Lines of the registry of a scheme, in order."""
    last = registry_end(connection) if until is None else until
    return [*map(Registered._make, _REGISTERED.rows(connection, of=scheme, after=after, last=last))]


_REGISTERED = Statement(
    sa.select(*(registry.c[name] for name in Registered._fields))
    .where(registry.c.scheme == sa.bindparam("of"))
    .where(registry.c.position > sa.bindparam("after"), registry.c.position <= sa.bindparam("last"))
    .order_by(registry.c.position)
)


def registry_end(connection: sa.Connection) -> int:
    """The registry's last position; 0 where it is empty."""
    ((last,),) = _REGISTRY_END.rows(connection)
    return int(last or 0)


_REGISTRY_END = Statement(sa.select(sa.func.max(registry.c.position)))


def registered_until(connection: sa.Connection) -> dict[tuple[str, str], int]:
    """The registry's last position that each period's ledger has; nothing of one that has none."""
    chosen = sa.select(ledger.c.scheme, ledger.c.period, sa.func.max(ledger.c.last_position))
    rows = connection.execute(chosen.where(ledger.c.kind == "registrations").group_by(ledger.c.scheme, ledger.c.period))
    return {(scheme, period): int(last) for scheme, period, last in rows}


def newest_snapshot(connection: sa.Connection, scheme: str, period: str, at_most: int | None) -> bytes | None:
    """The newest snapshot, or the newest that is not beyond a vintage."""
    chosen = sa.select(snapshot.c.content).where((snapshot.c.scheme == scheme) & (snapshot.c.period == period))
    if at_most is not None:
        chosen = chosen.where(snapshot.c.vintage <= at_most)
    found = connection.execute(chosen.order_by(snapshot.c.vintage.desc()).limit(1)).scalar()
    return bytes(found) if found is not None else None


def keep_snapshot(tx: Transaction, scheme: str, period: str, vintage: int, content: bytes) -> None:
    """Keep a snapshot; earlier ones stay for questions about the past."""
    _KEEP_SNAPSHOT.run(tx.connection, scheme=scheme, period=period, vintage=vintage, content=content)


# SQLAlchemy would remember the first statement it ran, with what it kept.
_KEEP_SNAPSHOT = Statement(sa.insert(snapshot))


def entries(
    connection: sa.Connection, scheme: str, period: str, after: int, until: int | None = None
) -> list[sa.Row[Any]]:
    """Entries of a period's ledger that lead beyond a vintage, in order; if asked, none that begins at `until` or later."""
    chosen = (ledger.c.scheme == scheme) & (ledger.c.period == period) & (ledger.c.vintage > after)
    if until is not None:
        if until <= after:
            return []
        reaching = chosen & (ledger.c.vintage >= until)
        last = connection.execute(sa.select(sa.func.min(ledger.c.vintage)).where(reaching)).scalar()
        chosen = chosen & (ledger.c.vintage <= last) if last is not None else chosen
    return list(connection.execute(sa.select(ledger).where(chosen).order_by(ledger.c.vintage)).all())


def keep_publication(tx: Transaction, move: Move) -> None:
    """Note that a ledger's newest vintage was published, and when. Raises Fenced where it is not the newest, or was already."""
    head_store.move_on(tx, [move])
    if _KEEP_PUBLICATION.run(tx.connection, **_place(move), published_at=_instant(tx.now)) != 1:
        raise head_store.fenced([move])


_KEEP_PUBLICATION = Statement(lambda kind: upserting(kind, publication).on_conflict_do_nothing())


def publications(connection: sa.Connection, scheme: str, period: str) -> list[int]:
    """Every vintage that was published, the newest first."""
    same = (publication.c.scheme == scheme) & (publication.c.period == period)
    chosen = sa.select(publication.c.vintage).where(same).order_by(publication.c.vintage.desc())
    return list(connection.execute(chosen).scalars())


def published(connection: sa.Connection, scheme: str, period: str, at: datetime | None = None) -> int:
    """The newest vintage published, or the newest at a time; 0 where there is none."""
    chosen = sa.select(sa.func.max(publication.c.vintage)).where(
        (publication.c.scheme == scheme) & (publication.c.period == period)
    )
    if at is not None:
        chosen = chosen.where(publication.c.published_at <= _instant(at))
    return int(connection.execute(chosen).scalar() or 0)


def published_before(connection: sa.Connection, scheme: str, period: str, vintage: int) -> int:
    """The newest vintage published before another; 0 where there is none."""
    same = (publication.c.scheme == scheme) & (publication.c.period == period) & (publication.c.vintage < vintage)
    return int(connection.execute(sa.select(sa.func.max(publication.c.vintage)).where(same)).scalar() or 0)


def keep_moves(tx: Transaction, scheme: str, period: str, unit_ids: Sequence[str], vintage_before: int) -> None:
    """Note from which vintage on the standings of units last moved."""
    names = ("scheme", "period", "unit_id", "vintage_before")
    if unit_ids:
        _KEEP_MOVES.many_in_order(tx.connection, names, [(scheme, period, u, vintage_before) for u in unit_ids])


def _keeping_moves(kind: str) -> sa.sql.ClauseElement:
    put = upserting(kind, last_move)
    newest = {"vintage_before": put.excluded.vintage_before}
    return put.on_conflict_do_update(index_elements=last_move.primary_key, set_=newest)


_KEEP_MOVES = Statement(_keeping_moves)


def before_last_move(connection: sa.Connection, scheme: str, period: str, unit_id: str) -> int:
    """The vintage before a unit's standing last moved; 0 where it never did."""
    chosen = (last_move.c.scheme == scheme) & (last_move.c.period == period) & (last_move.c.unit_id == unit_id)
    return int(connection.execute(sa.select(last_move.c.vintage_before).where(chosen)).scalar() or 0)


def register_until(connection: sa.Connection, scheme: str, period: str, vintage: int) -> int:
    """The position in the registry up to which a period's ledger has taken registrations in at a vintage; 0 for none."""
    position = 0
    for entry in entries(connection, scheme, period, 0, vintage):
        if entry.kind == "registrations":
            lines = registered(connection, scheme, entry.first_position - 1, entry.last_position)
            counted = lines[: len(lines) - max(0, entry.vintage - vintage)]
            position = counted[-1].position if counted else position
    return position


def opened(connection: sa.Connection, scheme: str, year: str) -> int:
    """The position the registry had reached when a year's first record came: of the year, or of a month in it."""
    first = sa.select(ledger.c.period, sa.func.min(ledger.c.vintage).label("vintage"))
    chosen = (ledger.c.scheme == scheme) & ledger.c.period.startswith(year, autoescape=True)
    begun = first.where(chosen).group_by(ledger.c.period).subquery()
    same = (ledger.c.period == begun.c.period) & (ledger.c.vintage == begun.c.vintage)
    positions = sa.select(ledger.c.last_position).join(begun, same).where(ledger.c.scheme == scheme)
    return min((position or 0 for position in connection.execute(positions).scalars()), default=0)


def _instant(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds")
