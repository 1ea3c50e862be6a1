"""The scales twins are measured by follow from the ledger: whoever asks first, and whenever, has the same; earlier ones too."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from noegletal.v1 import submission_pb2 as submission

from services.benchmark.app import Settings, create_app
from services.benchmark.book import Book
from services.benchmark.kinship import FEWEST, NOT_FROZEN, Kinship
from services.benchmark.twins import Scales, Twin
from tests.builders import a_profile, observations
from tests.service.delivery import Bench


class Asker:
    """Somebody who asks whom u000 is like, with a memory of their own."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._book, self._kinship = bench, Book(2024, 10**6), Kinship()

    def ask(self, period: str = "2024", vintage: int = 0) -> tuple[int, Scales, tuple[Twin, ...]]:
        """Vintage, scales and twins; now, or at a vintage."""

        def look(connection: Any) -> tuple[int, Scales, tuple[Twin, ...]]:
            self._book.forget()
            self._book.load(connection)
            found = self._book.periods["uk-tsm", period]
            at = vintage or found.state.vintage
            sets = self._kinship.sets(connection, found, at)
            return at, sets.scales, sets.of("u000")

        return self._bench.service.database.read(look)


def _bench(folder: Path) -> Bench:
    database = f"sqlite:///{folder}/b.db"
    return Bench(create_app(Settings(kafka="unused", database=database, catalogue_year=2024)))


def _register(bench: Bench, first: int, last: int, *, version: int = 1, step: int = 10) -> None:
    profiles = [a_profile(f"u{n:03}", version=version, dwellings=str(1000 + step * n)) for n in range(first, last)]
    bench.deliver("unit-registered", [submission.UnitRegistered(profile=profile) for profile in profiles])


def _begin(bench: Bench, year: str) -> None:
    message = observations({"u000": [(1, 2)] * 8})
    message.period = year
    bench.deliver("observations-accepted", [message])


def test_scales_follow_from_the_ledger_alone(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    early, kept = Asker(bench), []
    _register(bench, 0, 20)
    _begin(bench, "2024")
    kept.append(early.ask())
    _register(bench, 20, 30, step=50)
    kept.append(early.ask())
    assert [scales.year for _, scales, _ in kept] == [NOT_FROZEN, NOT_FROZEN]
    assert kept[0][1] != kept[1][1]  # they follow the register while it is small
    for first in (30, 50, 51):
        _register(bench, first, first + 1 if first > 30 else 50, step=700 if first > 30 else 10)
        kept.append(early.ask())
    _register(bench, 1, 2, version=3, step=9000)
    _register(bench, 1, 2, version=2, step=40)  # overtaken on its way
    kept.append(early.ask())
    frozen = kept[2][1]
    assert frozen.year == "2023"
    assert [scales for _, scales, _ in kept[2:]] == [frozen] * 4
    assert kept[-1][2][-1].unit_id != "u001"  # 10,000 dwellings: version 3 holds

    late = Asker(bench)
    assert [late.ask(vintage=vintage) for vintage, _, _ in kept] == kept
    assert late.ask() == kept[-1]

    _begin(bench, "2025")
    _begin(bench, "2025-01")
    _register(bench, 60, 80, step=1)
    assert late.ask() == Asker(bench).ask()
    assert late.ask()[1] == frozen
    of_2025 = late.ask("2025")[1]
    assert (of_2025.year, of_2025.measures == frozen.measures) == ("2024", False)
    assert late.ask("2025-01")[1] == of_2025


def test_a_large_register_is_frozen_as_it_was_when_the_year_began(tmp_path: Path) -> None:
    bench = _bench(tmp_path)
    _register(bench, 0, 2 * FEWEST + 1)
    _begin(bench, "2023")
    _begin(bench, "2024")
    _register(bench, 100, 150, step=500)
    # 63 values, 10 apart: the quartiles of type 8 are (63 + 1/3) / 2 = 31 2/3 places apart.
    assert Asker(bench).ask()[1] == Scales("2023", {"dwellings": Fraction(950, 3)})
    assert Asker(bench).ask("2023")[1].year == "2022"
