"""Held figures through the real service: released by a revision with a reason, whatever the batching and the repeats."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import submission_pb2 as pb

from services.validate.app import Settings, create_app
from tests.builders import a_submission_received
from tests.service.delivery import Bench


def _made(path: Path) -> Bench:
    return Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{path}")))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = _made(tmp_path / "v.db")
    yield made
    made.close()


def _cleaning(year: int, oere: int, revision: int = 1, reason: str = "", unit: str = "7-12") -> pb.SubmissionReceived:
    submission = pb.Submission(
        submission_id=f"{unit}-{year}-{revision}",
        organisation_id="7",
        unit_id=unit,
        scheme="dk-almen",
        period_start=f"{year}-01-01",
        period_end=f"{year}-12-31",
        revision=revision,
    )
    submission.amounts.add(data_point="konto_114", value=oere)
    submission.amounts.add(data_point="bruttoareal", value=500000)
    if reason:
        submission.confirmations.add(what="OEK-114", reason=reason)
    return a_submission_received(submission)


def _verdicts(bench: Bench) -> list[out.FigureVerdict]:
    said = [a.message for a in bench.outbox("submission-assessed")]
    return [next(f for f in one.figures if f.key_figure == "OEK-114") for one in said]  # type: ignore[union-attr]


def _absences(bench: Bench) -> list[int]:
    batches = [a.message for a in bench.outbox("observations-accepted")]
    return [b.absences[list(b.key_figures).index("OEK-114")] for b in batches]  # type: ignore[union-attr]


def test_a_tenfold_amount_is_held_and_let_go_by_a_reason(bench: Bench) -> None:
    for event in (
        _cleaning(2023, 12_000_000),
        _cleaning(2024, 120_000_000),
        _cleaning(2024, 120_000_000, 2, "Ny kontrakt med vinduespolering."),
    ):
        bench.deliver("submission-received", [event])
    first, held, stands = _verdicts(bench)
    assert [first.verdict, held.verdict, stands.verdict] == [
        out.VERDICT_ACCEPTED,
        out.VERDICT_HELD,
        out.VERDICT_ACCEPTED,
    ]
    assert (held.numerator, held.denominator, held.absence) == (120_000_000, 500_000, out.ABSENCE_HELD)
    assert _absences(bench) == [0, out.ABSENCE_HELD, 0]


def test_what_is_held_is_nobodys_past(bench: Bench) -> None:
    events = [_cleaning(2023, 42_000_000), _cleaning(2024, 4_200_000), _cleaning(2025, 43_000_000)]
    bench.deliver("submission-received", events)
    assert [v.verdict for v in _verdicts(bench)] == [out.VERDICT_ACCEPTED, out.VERDICT_HELD, out.VERDICT_ACCEPTED]


def test_a_period_that_comes_late_changes_no_verdict(bench: Bench) -> None:
    bench.deliver("submission-received", [_cleaning(2024, 120_000_000)])
    bench.deliver("submission-received", [_cleaning(2023, 12_000_000)])
    assert [v.verdict for v in _verdicts(bench)] == [out.VERDICT_ACCEPTED, out.VERDICT_ACCEPTED]


EVENTS = [
    _cleaning(year, oere, revision, reason, unit)
    for unit in ("7-12", "7-13")
    for year, oere, revision, reason in (
        (2023, 42_000_000, 1, ""),
        (2024, 420_000_000, 1, ""),
        (2024, 42_000_000, 2, ""),
        (2024, 42_000_000, 3, "Fast aftale til samme pris."),
        (2025, 80_000_000, 1, ""),
    )
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 4), min_size=1), st.booleans())
def test_any_batching_and_repeats_give_the_same_assessments(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], repeat: bool
) -> None:
    whole, parts = (_made(tmp_path_factory.mktemp("v") / "v.db") for _ in range(2))
    whole.deliver("submission-received", EVENTS)
    left = list(EVENTS)
    while left:
        size = sizes[len(left) % len(sizes)]
        batch, left = left[:size], left[size:]
        parts.deliver("submission-received", batch)
        if repeat:
            parts.deliver("submission-received", batch)
    assert [a.value for a in parts.outbox("submission-assessed")] == [
        a.value for a in whole.outbox("submission-assessed")
    ]
    whole.close()
    parts.close()
