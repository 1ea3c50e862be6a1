"""What is remembered from batch to batch: what is asked of the database again, and when."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from services.validate import memory
from services.validate.account import Accepted
from services.validate.memory import Memory
from services.validate.packed import Packed

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Asked:
    """A database that notes which units it is asked of."""

    def __init__(self) -> None:
        self.units: list[str] = []
        self.revision = 1

    def __call__(self, units: Iterable[str]) -> list[Accepted]:
        self.units = sorted(units)
        year = "year", "2024-01-01", "2024-12-31", self.revision, False
        return [
            Accepted(unit, "uk-tsm", "2024", "r", "7", *year, Packed.of({"RP01": self.revision}, ["RP01"]))
            for unit in self.units
        ]


def test_units_are_read_once() -> None:
    remembered, database = Memory(), Asked()
    for units, asked in ((["a"], ["a"]), (["a", "b"], ["b"]), (["a"], [])):
        remembered.history(NOW, units, [], database)
        assert database.units == asked


def test_units_of_others_are_read_every_time_and_their_newest_revision_holds() -> None:
    remembered, database = Memory(), Asked()
    remembered.history(NOW, ["a"], ["b"], database)
    database.revision = 2
    history = remembered.history(NOW, ["a"], ["b"], database)
    assert database.units == ["b"]
    assert [history.before("uk-tsm", unit, "2025").amounts for unit in "ab"] == [{"RP01": 1}, {"RP01": 2}]  # type: ignore[union-attr]


def test_what_may_not_have_become_durable_is_read_again() -> None:
    remembered, database = Memory(), Asked()
    remembered.history(NOW, ["a"], [], database)
    remembered.forget()
    remembered.history(NOW, ["a"], [], database)
    assert database.units == ["a"]


def test_no_more_is_remembered_than_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 2)
    remembered, database = Memory(), Asked()
    for units in (["a", "b"], ["a", "c"], ["a"]):
        remembered.history(NOW, units, [], database)
    assert database.units == ["a"]


@pytest.mark.parametrize(("minutes", "asked"), [(10, []), (11, ["a"])])
def test_what_is_remembered_is_read_again_some_time(minutes: int, asked: list[str]) -> None:
    remembered, database = Memory(), Asked()
    remembered.history(NOW, ["a"], [], database)
    database.units = []
    remembered.history(NOW + timedelta(minutes=minutes), ["a"], [], database)
    assert database.units == asked
