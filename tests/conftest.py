"""What holds for every test: definitions of one's own end with the module that brought them."""

from collections.abc import Iterator

import pytest

from services.catalogue import definitions


@pytest.fixture(scope="module", autouse=True)
def _own_definitions_end() -> Iterator[None]:
    before = dict(definitions._brought)
    yield
    definitions._brought.clear()
    definitions._brought.update(before)
    definitions.of.cache_clear()
