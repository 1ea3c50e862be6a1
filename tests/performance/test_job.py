"""The job, the bare loop and the peers' dense state agree with a recompute: what `make bench` holds everybody against."""

from pathlib import Path

import numpy as np
import pytest

from services.catalogue import definitions
from tests.performance import catalogue, in_process, lean, loop, raw_limit, raw_pair, watching
from tests.performance.job import Job
from tests.performance.peers import dense

JOB = Job(units=130, periods=2, figures=5, groups=3, again=1)
Newest = dict[bytes, tuple[bytes, int]]


def test_b1_has_every_pair_once_and_a_tenth_again() -> None:
    pairs = [tuple(pair) for pair in JOB.order[: JOB.b1].tolist()]
    assert (len(pairs), len(set(pairs)), JOB.j5) == (286, 260, 546)
    assert JOB.revisions[: JOB.b1].max() >= 2
    assert sorted(JOB.revisions[: JOB.b1].tolist()).count(1) == 260


@pytest.mark.parametrize("at_once", [7, 1000])
def test_the_bare_loop_gives_what_a_recompute_gives_and_again_from_its_log(tmp_path: Path, at_once: int) -> None:
    engine, reader, newest = raw_limit.RawLimit(tmp_path, loop.Steps()), lean.Reader(), {}
    values = [value for _, value, _ in JOB.events(0, JOB.j5)]
    for first in range(0, len(values), at_once):
        newest |= {key: (v, 0) for key, v in engine.apply(*reader.read(values[first : first + at_once]), reader)}
        engine.commit({0: first})
    expected = JOB.outcome(JOB.j5)
    assert watching.lean_seen(newest) == JOB.j5
    assert watching.difference(watching.lean_cells(newest), expected) == ""

    again = raw_limit.RawLimit(tmp_path, loop.Steps())
    assert again.rebuild()[0] == JOB.j5
    assert engine.state is not None
    assert again.state is not None
    assert np.array_equal(again.state.ratios, engine.state.ratios)


def test_the_bare_loop_in_two_processes_gives_what_a_recompute_gives(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    first, sent = raw_pair.Passing(tmp_path / "first"), lean.Reader()
    second, passed, newest = raw_limit.RawLimit(tmp_path / "second", loop.Steps()), raw_pair.Passed(), Newest()
    values, waiting = [value for _, value, _ in JOB.events(0, JOB.b1)], list[bytes]()
    for n, at in enumerate(range(0, len(values), 50)):
        waiting += [value for _, value in first.apply(*sent.read(values[at : at + 50]), sent)]
        first.commit({0: at})
        if n % 2:  # of two micro-batches, one
            newest |= {key: (v, 0) for key, v in second.apply(*passed.read(waiting), passed)}
            second.commit({0: n})
            waiting.clear()
    assert not waiting
    assert watching.lean_seen(newest) == JOB.b1
    assert watching.difference(watching.lean_cells(newest), JOB.outcome(JOB.b1)) == ""


def test_the_peers_dense_state_gives_what_a_recompute_gives() -> None:
    groups: dict[str, dense.Group] = {}
    for _, value, _ in JOB.events(0, JOB.b1):
        groups.setdefault(dense.cell(value), dense.Group(dense.figures(value))).take([value])
    newest = {cell.encode(): (group.output(), 0) for cell, group in groups.items()}
    assert watching.lean_seen(newest) == JOB.b1
    assert watching.difference(watching.lean_cells(newest), JOB.outcome(JOB.b1)) == ""


def test_ours_gives_what_a_recompute_gives() -> None:
    with in_process.ours(JOB) as ours:
        ours.assess(ours.records(0, JOB.b1, row=False))
        ours.publish(ours.observed())
        newest: Newest = {a.key.encode(): (a.value or b"", 0) for a in ours.benchmark.outbox(in_process.UPDATED)}
    assert watching.our_seen(newest) == JOB.b1
    assert watching.difference(watching.our_cells(newest), JOB.outcome(JOB.b1)) == ""


def test_a_wrong_result_is_told() -> None:
    expected = JOB.outcome(JOB.b1)
    key = next(iter(expected))
    whole, quantiles = expected[key]
    assert watching.difference({}, expected) == f"{key.decode()} is not there"
    assert watching.difference(expected | {key: (whole + 1, quantiles)}, expected).endswith("counts or sums")
    assert watching.difference(expected | {key: (whole, quantiles * 1.001)}, expected).endswith("quantiles")


def test_the_catalogue_of_the_job_is_sound(tmp_path: Path) -> None:
    for path in catalogue.write(JOB, tmp_path).split(":"):
        assert len(definitions.load(Path(path)).key_figure) == JOB.figures
