"""What holds for every test: definitions of one's own end with the module that brought them, and who runs beside whom.

`make test` runs two workers. Tests of one file stay together, since they share what is costly to start; tests that run the whole
platform take turns, since each of them needs the machine.
"""

import signal
from collections.abc import Iterator

import pytest

from services.catalogue import definitions

PLATFORM = ("tests/e2e/", "tests/faults/")


def pytest_configure() -> None:
    """Let Ctrl-C reach what tests start: whoever runs in the background ignores it, and hands that down."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before the workers read who stays together
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests stay together."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group("platform" if file.startswith(PLATFORM) else file))


@pytest.fixture(scope="module", autouse=True)
def _own_definitions_end() -> Iterator[None]:
    before = dict(definitions._brought)
    yield
    definitions._brought.clear()
    definitions._brought.update(before)
    definitions.of.cache_clear()
