"""Nobody waits long in a test."""

from datetime import timedelta

import pytest

from services.notify import gathering


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers to a file come together within moments."""
    monkeypatch.setattr(gathering, "TOGETHER", timedelta(seconds=0.05))
