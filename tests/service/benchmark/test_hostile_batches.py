"""Batches that cannot be reckoned with are set aside; the period goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from noegletal.v1 import observations_pb2 as dense

from services.benchmark.app import Settings, create_app
from tests.builders import observations
from tests.service.delivery import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/b.db")))
    made.deliver("observations-accepted", [_twelve(1)])
    yield made
    made.close()


def _twelve(revision: int, pair: tuple[int, int] | None = None) -> dense.ObservationsAccepted:
    return observations({f"u{i:02}": [pair or (70 + i, 100)] * 8 for i in range(12)}, revision=revision)


def _twice(message: dense.ObservationsAccepted) -> None:
    message.key_figures[1] = message.key_figures[0]


def _unknown(message: dense.ObservationsAccepted) -> None:
    message.key_figures[1] = "XX99"


def _no_such_holder(message: dense.ObservationsAccepted) -> None:
    message.holder_index[3] = 99


def _group_left_over(message: dense.ObservationsAccepted) -> None:
    message.peer_group_index.append(0)


def _torn(message: dense.ObservationsAccepted) -> None:
    message.numerators = message.numerators[:-3]


@pytest.mark.parametrize("pair", [(1, 0), (0, 0), (5, -100), (2**53, 1), (-(2**53), 1), (1, 2**53), (-(2**63), 1)])
def test_a_number_that_cannot_be_reckoned_with(bench: Bench, pair: tuple[int, int]) -> None:
    _set_aside(bench, _twelve(2, pair))


@pytest.mark.parametrize("pair", [(2**53 - 1, 1), (-(2**53) + 1, 2**53 - 1), (0, 1)])
def test_the_largest_numbers_there_may_be(bench: Bench, pair: tuple[int, int]) -> None:
    assert bench.deliver("observations-accepted", [_twelve(2, pair)]).reasons == {}


def _without_a_known_reason(message: dense.ObservationsAccepted) -> None:
    message.absences = b"\x0a" + message.absences[1:]


@pytest.mark.parametrize("spoil", [_twice, _unknown, _no_such_holder, _group_left_over, _torn, _without_a_known_reason])
def test_parts_that_do_not_fit_together(bench: Bench, spoil: Callable[[dense.ObservationsAccepted], None]) -> None:
    message = _twelve(2)
    spoil(message)
    _set_aside(bench, message)


def test_a_revision_nobody_gave(bench: Bench) -> None:
    _set_aside(bench, _twelve(0))


def _set_aside(bench: Bench, message: dense.ObservationsAccepted) -> None:
    """The batch is a dead letter, nothing of it counts, and the next one is published."""
    for caught_up in (False, True):
        applied = bench.deliver("observations-accepted", [message], caught_up=caught_up)
        assert list(applied.reasons.values()) == ["inconsistent"]
    bench.deliver("observations-accepted", [_twelve(3)])
    newest = [a.message for a in bench.outbox("benchmark-updated") if a.message.peer_group == "all"][-1]  # type: ignore[union-attr]
    assert newest.vintage == 24  # type: ignore[union-attr]
