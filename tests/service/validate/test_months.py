"""Months through the real service: rolling twelve, corrections that move later months, any order to the same newest records."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.cli import run
from services.validate.app import Settings, create_app
from services.validate.key_figures import Absence
from tests.builders import a_submission_received
from tests.service.delivery import Bench

CATALOGUE = definitions.of("dk-almen", "2023")
LAST_DAY = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
YEAR = [f"2023-{month:02}" for month in range(1, 13)]


def _made(path: Path) -> Bench:
    return Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{path}")))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = _made(tmp_path / "v.db")
    yield made
    made.close()


def _month(month: str, revision: int = 1, withdraw: bool = False, **amounts: int) -> pb.SubmissionReceived:
    year, number = int(month[:4]), int(month[5:])
    last = LAST_DAY[number - 1] + (number == 2 and year % 4 == 0)
    submission = pb.Submission(
        submission_id=f"{month}-{revision}",
        organisation_id="7",
        unit_id="7-12",
        scheme="dk-almen",
        period_start=f"{month}-01",
        period_end=f"{month}-{last}",
        revision=revision,
        withdraw=withdraw,
    )
    usual = {"opgaver_vvs": 3, "opgaver_el": 2, "opgaver_toemrer": 1, "boliger": 7000, "ledige": 1}
    for name, value in (usual | amounts).items():
        submission.amounts.add(data_point=name, value=value)
    return a_submission_received(submission, sequence=number * 10 + revision)


Record = tuple[int, bool, tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def _newest(bench: Bench) -> dict[str, Record]:
    """Period -> the record with the highest revision, as a benchmark takes it in."""
    newest: dict[str, Record] = {}
    for announced in bench.outbox("observations-accepted"):
        batch: Any = announced.message
        n, d = (np.frombuffer(m, dtype="<i8").reshape(40, -1) for m in (batch.numerators, batch.denominators))
        absent = np.frombuffer(batch.absences, dtype="u1").reshape(40, -1)
        for column, revision in enumerate(batch.revisions):
            rows = (tuple(matrix[:, column].tolist()) for matrix in (n, d, absent))
            record = (revision, bool(batch.withdrawn[column]), *rows)
            held = newest.get(batch.period)
            assert held is None or held[0] != revision or held == record, "two records of one revision"
            if held is None or held[0] < revision:
                newest[batch.period] = record  # type: ignore[assignment]
    return newest


def _pair(record: Record, figure: str) -> tuple[int, int] | str:
    row = CATALOGUE.key_figures.index(figure)
    return Absence(record[4][row]).name if record[4][row] else (record[2][row], record[3][row])


def test_the_twelfth_month_has_the_first_rolling_figure(bench: Bench) -> None:
    for month in YEAR:
        bench.deliver("submission-received", [_month(month, boliger=7000 + int(month[5:]))])
    newest = _newest(bench)
    assert {_pair(newest[m], "DRI-HVK") for m in YEAR[:-1]} == {"ABSENT"}
    # 12 · 6 jobs; the mean of 70.01 to 70.12 dwellings is 70.065: half to even, 70.06
    assert _pair(newest["2023-12"], "DRI-HVK") == (7200, 7006)
    assert {_pair(newest[m], "UDL-LED") for m in YEAR[:2]} == {(100, 7001), (100, 7002)}  # the month's own
    assert {_pair(newest[m], "OEK-114") for m in YEAR} == {"NOT_REQUIRED"}
    said: Any = bench.outbox("submission-assessed")[3].message
    missing = {f.parameters["months"] for f in said.findings if f.code == "NT-2037" and f.key_figure == "DRI-HVK"}
    assert said.period == "2023-04"
    assert missing == {"2022-05, 2022-06, 2022-07, 2022-08, 2022-09, 2022-10, 2022-11, 2022-12"}


def test_stocks_are_the_last_months_and_heat_is_corrected_over_the_window(bench: Bench) -> None:
    """2023: 2223 to October as printed, 308 and 436 assumed, so 2967; normal 3009. 0.3 + 0.7 · 3009 / 2967."""
    for number, month in enumerate(YEAR, 1):
        more = {"varmeforbrug": 50000, "opvarmet_areal": 450000, "restancer": 1000000 * number, "konto_201": 37500000}
        bench.deliver("submission-received", [_month(month, **more)])
    record = _newest(bench)["2023-12"]
    assert _pair(record, "UDL-RES") == (12000000, 450000000)  # December's arrears over the rent of twelve months
    assert _pair(record, "ENE-VAR") == (60594540, 450000)  # 60,000,000 · 1.009909…
    said: Any = bench.outbox("submission-assessed")[-1].message
    heat = next(f for f in said.figures if f.key_figure == "ENE-VAR")
    factor = said.factors[heat.factor_index[0]]
    assert (heat.raw_numerator, factor.kind, factor.assumed) == (60000000, "degree_days", True)
    assert factor.basis["months"] == "2023-01/2023-12"
    assert heat.numerator == round(heat.raw_numerator * factor.numerator / factor.denominator)


def test_a_correction_moves_every_later_month_of_its_window(bench: Bench) -> None:
    bench.deliver("submission-received", [_month(m) for m in [*YEAR, "2024-01"]])
    before = _newest(bench)
    bench.deliver("submission-received", [_month("2023-02", 2, opgaver_vvs=13)])
    after = _newest(bench)
    assert {m for m in after if after[m] != before[m]} == {*YEAR[1:], "2024-01"}
    assert (_pair(before["2023-12"], "DRI-HVK"), _pair(after["2023-12"], "DRI-HVK")) == ((7200, 7000), (8200, 7000))
    assert (before["2023-12"][0], after["2023-12"][0]) == (12, 13)  # the sum of the window's revisions
    assert len(bench.outbox("submission-assessed")) == 14  # a later month is not announced as assessed again


def test_a_month_taken_back_leaves_a_hole_in_every_window(bench: Bench) -> None:
    bench.deliver("submission-received", [_month(m) for m in YEAR])
    bench.deliver("submission-received", [_month("2023-05", 2, withdraw=True)])
    newest = _newest(bench)
    assert _pair(newest["2023-12"], "DRI-HVK") == "ABSENT"
    assert newest["2023-05"][1]
    bench.deliver("submission-received", [_month("2023-05", 3)])
    assert _pair(_newest(bench)["2023-12"], "DRI-HVK") == (7200, 7000)


def test_a_fault_in_a_month_leaves_a_hole_in_what_rests_on_it_alone(bench: Bench) -> None:
    usual = {"reparationer": 10, "reparationer_til_tiden": 9}
    for month in YEAR:
        more = usual | ({"reparationer_til_tiden": 11} if month == "2023-03" else {})
        bench.deliver("submission-received", [_month(month, **more)])
    record = _newest(bench)["2023-12"]
    assert (_pair(record, "DRI-TID"), _pair(record, "DRI-HVK")) == ("ABSENT", (7200, 7000))


def test_an_older_revision_that_arrives_late_moves_nothing(bench: Bench) -> None:
    bench.deliver("submission-received", [_month(m, 2 if m == "2023-02" else 1) for m in YEAR])
    before = _newest(bench)
    bench.deliver("submission-received", [_month("2023-02", 1, opgaver_vvs=99)])
    assert _newest(bench) == before


HISTORY: list[pb.SubmissionReceived] = [
    *(_month(m, opgaver_vvs=int(m[5:]), boliger=7000 + 3 * int(m[5:])) for m in [*YEAR, "2024-01", "2024-02"]),
    _month("2023-02", 2, opgaver_vvs=40),
    _month("2023-06", 2, withdraw=True),
    _month("2023-06", 3, opgaver_el=9),
    _month("2024-01", 2, ledige=-1),
    _month("2023-12", 2, boliger=0),
]


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Record]]:
    made = _made(tmp_path_factory.mktemp("v") / "v.db")
    made.deliver("submission-received", HISTORY)
    yield _newest(made)
    made.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=12)
@given(order=st.permutations(HISTORY), sizes=st.lists(st.integers(1, 5), min_size=1), repeat=st.booleans())
def test_any_order_batching_and_repeats_end_in_the_same_newest_records(
    tmp_path_factory: pytest.TempPathFactory,
    in_order: dict[str, Record],
    order: Sequence[pb.SubmissionReceived],
    sizes: list[int],
    repeat: bool,
) -> None:
    bench = _made(tmp_path_factory.mktemp("v") / "v.db")
    left = list(order)
    while left:
        size = sizes[len(left) % len(sizes)]
        batch, left = left[:size], left[size:]
        bench.deliver("submission-received", batch)
        if repeat:
            bench.deliver("submission-received", batch)
    assert _newest(bench) == in_order
    ids = [a.id for a in bench.outbox("observations-accepted")]
    assert len(set(ids)) == len(ids)
    bench.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=5)
@given(order=st.permutations(HISTORY))
def test_the_records_of_a_run_can_be_counted_from_its_assessments(
    tmp_path_factory: pytest.TempPathFactory, order: Sequence[pb.SubmissionReceived]
) -> None:
    bench = _made(tmp_path_factory.mktemp("v") / "v.db")
    for sequence, event in enumerate(order, 1):
        sent = pb.SubmissionReceived()
        sent.CopyFrom(event)
        sent.receipt.sequence = sequence
        bench.deliver("submission-received", [sent])
    said: list[out.SubmissionAssessed] = [a.message for a in bench.outbox("submission-assessed")]  # type: ignore[misc]
    made: dict[str, int] = {}
    for announced in bench.outbox("observations-accepted"):
        batch: Any = announced.message
        made[batch.period] = made.get(batch.period, 0) + len(batch.unit_ids)
    assert run.records(said) == made
    bench.close()
