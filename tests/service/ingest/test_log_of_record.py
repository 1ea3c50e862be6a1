"""The log of record: a line that was changed, removed or moved is found."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from services.ingest import store
from tests.service.delivery import Bench
from tests.service.ingest.conftest import submission

LOG = store.submission_log


@pytest.fixture
def five_lines(bench: Bench) -> Bench:
    sent = [submission(submission_id=f"s{n}", unit_id="L1" if n % 2 else "L9") for n in range(5)]
    bench.deliver("submissions", sent[:2], topic="submissions-org-a")
    bench.deliver("submissions", sent[2:], topic="submissions-org-a")
    return bench


def _after(bench: Bench, tamper: Callable[[sa.Connection], object]) -> int | None:
    with bench.service.database.begin() as connection:
        tamper(connection)
    return bench.service.database.read(store.first_broken_line)


def test_an_untouched_log_is_sound(five_lines: Bench) -> None:
    assert five_lines.service.database.read(store.first_broken_line) is None


@pytest.mark.parametrize("column", sorted(c.name for c in LOG.c if c.name != "sequence"))
def test_a_changed_line_is_found_whatever_was_changed(five_lines: Bench, column: str) -> None:
    kind = LOG.c[column].type
    other: Any = b"other" if isinstance(kind, sa.LargeBinary) else "other" if isinstance(kind, sa.Text) else 99

    found = _after(five_lines, lambda c: c.execute(sa.update(LOG).where(LOG.c.sequence == 3).values({column: other})))

    assert found == 3


@pytest.mark.parametrize("sequence", [1, 3])
def test_a_removed_line_is_found(five_lines: Bench, sequence: int) -> None:
    assert _after(five_lines, lambda c: c.execute(sa.delete(LOG).where(LOG.c.sequence == sequence))) == sequence


def test_a_removed_line_is_found_even_if_the_rest_moves_up(five_lines: Bench) -> None:
    def remove(connection: sa.Connection) -> None:
        connection.execute(sa.delete(LOG).where(LOG.c.sequence == 2))
        for sequence in (3, 4, 5):
            connection.execute(sa.update(LOG).where(LOG.c.sequence == sequence).values(sequence=sequence - 1))

    assert _after(five_lines, remove) == 2


def test_two_lines_that_changed_places_are_found(five_lines: Bench) -> None:
    def swap(connection: sa.Connection) -> None:
        for before, after in ((2, 99), (4, 2), (99, 4)):
            connection.execute(sa.update(LOG).where(LOG.c.sequence == before).values(sequence=after))

    assert _after(five_lines, swap) == 2


def test_the_profiles_of_a_unit_are_kept_in_all_their_versions(bench: Bench) -> None:
    versions = sa.select(store.profile.c.version).where(store.profile.c.unit_id == "L1")
    assert bench.service.database.read(lambda c: c.execute(versions).scalars().all()) == [1]
