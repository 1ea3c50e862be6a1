"""What is remembered from batch to batch holds while the records of each partition follow one another."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from services.validate import memory
from services.validate.account import Accepted
from services.validate.memory import Memory
from services.validate.packed import Packed
from tests.service.delivery import Delivered

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


def records(*places: tuple[int, int]) -> list[Delivered]:
    return [Delivered("submission-received", partition, offset, b"", b"") for partition, offset in places]


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        (records((0, 2)), ["b"]),
        (records((0, 2), (0, 3), (1, 8)), ["b"]),
        (records((0, 3)), ["a", "b"]),  # another instance may have assessed what is between
        (records((0, 1)), ["a", "b"]),  # it comes again
        (records((0, 2), (1, 9)), ["a", "b"]),
        (records((0, 2), (2, 0)), ["a", "b"]),  # from a partition that was somebody else's
    ],
)
def test_units_are_read_once_unless_something_may_have_come_between(later: list[Delivered], asked: list[str]) -> None:
    remembered, database = Memory(), Asked()
    remembered.history(records((0, 0), (0, 1), (1, 7)), NOW, ["a"], [], database)
    assert database.units == ["a"]
    remembered.history(later, NOW, ["a", "b"], [], database)
    assert database.units == asked


def test_units_of_others_are_read_every_time_and_their_newest_revision_holds() -> None:
    remembered, database = Memory(), Asked()
    remembered.history(records((0, 0)), NOW, ["a"], ["b"], database)
    database.revision = 2
    history = remembered.history(records((0, 1)), NOW, ["a"], ["b"], database)
    assert database.units == ["b"]
    assert [history.before("uk-tsm", unit, "2025").amounts for unit in "ab"] == [{"RP01": 1}, {"RP01": 2}]  # type: ignore[union-attr]


def test_what_may_not_have_become_durable_is_read_again() -> None:
    remembered, database = Memory(), Asked()
    remembered.history(records((0, 0)), NOW, ["a"], [], database)
    remembered.forget()
    remembered.history(records((0, 1)), NOW, ["a"], [], database)
    assert database.units == ["a"]


def test_no_more_is_remembered_than_has_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 2)
    remembered, database = Memory(), Asked()
    for offset, units in enumerate((["a", "b"], ["a", "c"], ["a"])):
        remembered.history(records((0, offset)), NOW, units, [], database)
    assert database.units == ["a"]


@pytest.mark.parametrize(("minutes", "asked"), [(10, []), (11, ["a"])])
def test_what_is_remembered_is_read_again_some_time(minutes: int, asked: list[str]) -> None:
    remembered, database = Memory(), Asked()
    remembered.history(records((0, 0)), NOW, ["a"], [], database)
    database.units = []
    remembered.history(records((0, 1)), NOW + timedelta(minutes=minutes), ["a"], [], database)
    assert database.units == asked
