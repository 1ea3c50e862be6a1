"""A statement made once and run by the driver itself: what SQLAlchemy does for each call costs ten times as much."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

Clause = sa.sql.ClauseElement


@dataclass(frozen=True)
class _Made:
    """The text for one kind of database. `names` are the parameters in order; None where the driver takes them by name."""

    text: str
    names: list[str] | None
    constants: dict[str, Any]


class Statement:
    """A statement with named parameters, values as the driver takes and gives them.

    made    the statement, or what makes it for a connection's kind of database ("sqlite", "postgresql")
    An error is the driver's own; `Database.begin` and `Database.read` let it out as SQLAlchemy's.
    """

    def __init__(self, made: Clause | Callable[[str], Clause]) -> None:
        self._clause = made
        self._texts: dict[str, _Made] = {}

    def run(self, connection: sa.Connection, **values: Any) -> int:
        """Run it; how many rows it changed."""
        return int(self._cursor(connection, values).rowcount)

    def rows(self, connection: sa.Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Run it; the rows it gives."""
        return list(self._cursor(connection, values).fetchall())

    def many(self, connection: sa.Connection, rows: Iterable[Mapping[str, Any]]) -> int:
        """Run it once a row; how many rows all of them changed."""
        made = self._for(connection)
        names, constants = made.names, made.constants
        whole = [{**constants, **row} for row in rows] if constants else list(rows)
        cursor = _driver(connection).cursor()
        cursor.executemany(made.text, [tuple(map(row.__getitem__, names)) for row in whole] if names else whole)
        return int(cursor.rowcount)

    def many_in_order(self, connection: sa.Connection, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Run it once a row of values, whose parameters are named in order."""
        made = self._for(connection)
        if made.names != list(names) or made.constants:
            self.many(connection, [dict(zip(names, row, strict=True)) for row in rows])
        else:
            _driver(connection).cursor().executemany(made.text, rows)

    def _cursor(self, connection: sa.Connection, values: dict[str, Any]) -> Any:
        made = self._for(connection)
        whole = made.constants | values if made.constants else values
        return _driver(connection).execute(
            made.text, whole if made.names is None else tuple(map(whole.__getitem__, made.names))
        )

    def _for(self, connection: sa.Connection) -> _Made:
        kind = connection.dialect.name
        made = self._texts.get(kind)
        if made is None:
            clause = self._clause(kind) if callable(self._clause) else self._clause
            compiled: Any = clause.compile(dialect=connection.dialect)
            constants = {name: value for name, value in compiled.params.items() if value is not None}
            names = list(compiled.positiontup) if compiled.positional else None
            made = self._texts[kind] = _Made(compiled.string, names, constants)
        return made


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.dbapi_connection
