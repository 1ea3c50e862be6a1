"""Years, parts of years and merged departments through the real service and its database."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import submission_pb2 as pb

from services.validate.app import Settings, create_app
from tests.builders import a_submission_received
from tests.service.delivery import Bench, examples


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/v.db")))
    yield made
    made.close()


def _account(
    start: str, end: str, oere: int, unit: str = "7-12", revision: int = 1, reason: str = "", **profile: str
) -> pb.SubmissionReceived:
    submission = pb.Submission(
        submission_id=f"{unit}-{end}-{revision}",
        organisation_id="7",
        unit_id=unit,
        scheme="dk-almen",
        period_start=start,
        period_end=end,
        revision=revision,
    )
    jobs = {"opgaver_vvs": oere // 1000000, "opgaver_el": 0, "opgaver_toemrer": 0, "boliger": 7000}
    for name, value in ({"konto_114": oere, "bruttoareal": 500000} | jobs).items():
        submission.amounts.add(data_point=name, value=value)
    if reason:
        submission.confirmations.add(what="period", reason=reason)
    return a_submission_received(submission, **profile)


def _last(bench: Bench, figure: str = "OEK-114") -> tuple[out.FigureVerdict, set[str], int]:
    """The newest verdict of a figure, the codes told with it, and its absence in the newest record."""
    said: Any = bench.outbox("submission-assessed")[-1].message
    record: Any = bench.outbox("observations-accepted")[-1].message
    verdict = next(f for f in said.figures if f.key_figure == figure)
    return verdict, {f.code for f in said.findings}, record.absences[list(record.key_figures).index(figure)]


def test_an_account_that_overlaps_is_held_until_its_period_is_confirmed(bench: Bench) -> None:
    bench.deliver("submission-received", [_account("2023-07-01", "2024-06-30", 42000000)])
    bench.deliver("submission-received", [_account("2024-07-01", "2025-06-30", 43000000)])
    assert _last(bench)[0].verdict == out.VERDICT_ACCEPTED
    moved = _account("2025-01-01", "2025-12-31", 43000000, revision=2)  # the same place: replaces, does not overlap
    bench.deliver("submission-received", [moved])
    assert "NT-2106" not in _last(bench)[1]
    bench.deliver("submission-received", [_account("2024-01-01", "2024-12-31", 42000000, revision=2)])
    assert _last(bench)[0].verdict == out.VERDICT_ACCEPTED
    bench.deliver("submission-received", [_account("2022-07-01", "2024-01-01", 1)])  # too long to stand
    overlapping = _account("2024-07-01", "2025-06-30", 44000000, revision=3)
    bench.deliver("submission-received", [overlapping])
    verdict, codes, absence = _last(bench)
    assert (verdict.verdict, absence, "NT-2106" in codes) == (out.VERDICT_HELD, out.ABSENCE_HELD, True)
    assert verdict.numerator > 44000000  # moved to the prices of 2025
    confirmed = _account("2024-07-01", "2025-06-30", 44000000, revision=4, reason="Året er lagt om til juli.")
    bench.deliver("submission-received", [confirmed])
    assert _last(bench)[0].verdict == out.VERDICT_ACCEPTED


def test_a_gap_is_told_and_holds_nothing(bench: Bench) -> None:
    bench.deliver("submission-received", [_account("2022-07-01", "2023-06-30", 42000000)])
    bench.deliver("submission-received", [_account("2024-01-01", "2024-12-31", 43000000)])
    verdict, codes, _ = _last(bench)
    assert (verdict.verdict, "NT-2105" in codes) == (out.VERDICT_ACCEPTED, True)


def test_a_part_of_a_year_is_said_with_its_factor_and_stays_out_of_the_records(bench: Bench) -> None:
    bench.deliver("submission-received", [_account("2024-07-01", "2024-12-31", 35000000)])
    verdict, codes, absence = _last(bench, "DRI-HVK")
    assert (verdict.verdict, verdict.absence, absence) == (out.VERDICT_MISSING, out.ABSENCE_EXCLUDED, 5)
    assert (verdict.provisional, verdict.raw_numerator, verdict.numerator) == (True, 3500, 6962)
    said: Any = bench.outbox("submission-assessed")[-1].message
    (factor,) = [said.factors[i] for i in verdict.factor_index]
    assert (factor.kind, dict(factor.basis)) == ("annualise", {"days": "184", "days_of_year": "366"})
    assert {"NT-2035", "NT-2036"} <= codes


def test_a_merged_department_is_held_against_the_sum_of_its_predecessors(bench: Bench) -> None:
    for unit in ("7-1", "7-2"):
        bench.deliver("submission-received", [_account("2023-01-01", "2023-12-31", 21000000, unit)])
    grown = _account("2024-01-01", "2024-12-31", 60000000, "7-3", merged_from="7-1;7-2")
    bench.deliver("submission-received", [grown])
    said: Any = bench.outbox("submission-assessed")[-1].message
    (moved,) = [f for f in said.findings if f.code == "NT-2018" and f.key_figure == "OEK-114"]
    assert (moved.parameters["before"], moved.parameters["value"]) == ("10000", "5000")  # two areas of 5,000 became one


def test_a_merged_department_beside_its_predecessor_counts_twice(bench: Bench) -> None:
    bench.deliver("submission-received", [_account("2024-01-01", "2024-12-31", 21000000, "7-1")])
    bench.deliver("submission-received", [_account("2024-01-01", "2024-12-31", 42000000, "7-3", merged_from="7-1;7-2")])
    verdict, codes, absence = _last(bench)
    assert (verdict.verdict, "NT-2107" in codes, absence) == (out.VERDICT_HELD, True, out.ABSENCE_HELD)


def test_every_pair_can_be_recomputed_from_its_raw_numerator_and_factors(bench: Bench) -> None:
    bench.deliver("submission-received", [_account("2023-10-01", "2024-09-30", 42345678)])
    verdict, _, _ = _last(bench)
    said: Any = bench.outbox("submission-assessed")[-1].message
    exact = verdict.raw_numerator
    for index in verdict.factor_index:
        factor = said.factors[index]
        assert factor.table.startswith("nettoprisindeks/2024-07#")
        assert factor.table in said.rule_set
        quotient, rest = divmod(exact * factor.numerator, factor.denominator)
        exact = quotient + (2 * rest > factor.denominator)
    assert (verdict.raw_numerator, verdict.numerator) == (42345678, exact)


EXAMPLES = examples("submission-received")


@pytest.mark.parametrize(
    ("name", "figure", "pair", "codes"),
    [
        ("shifted-year", "OEK-114", (42212823, 500000), set()),  # 42,000,000 · 14281 / 14209
        ("shifted-year", "OEK-109", (18091210, 7270), set()),  # 266,082 tenths of days / 366 days
        ("part-year", "DRI-HVK", (6962, 7000), {"NT-2035"}),  # 35 jobs · 366 / 184 days
        ("part-year", "OEK-114", None, {"NT-2036"}),
        ("part-year", "OEK-401", (309255454, 7000), set()),  # 3,101,000.00 · (14281 / 12) / (7160 / 6)
        ("month", "UDL-LED", (100, 7000), set()),
        ("month", "DRI-HVK", None, {"NT-2037"}),
        ("month", "OEK-114", None, set()),
        ("heat", "ENE-VAR", (62194258, 450000), set()),  # 630,000 kWh · (0.3 + 0.7 · 3009 / 3065)
        ("degree-days-of-another-method", "ENE-VAR", None, {"NT-2031"}),
        ("average-contradicts-its-days", "OEK-109", None, set()),
    ],
)
def test_what_comes_of_each_example(
    bench: Bench, name: str, figure: str, pair: tuple[int, int] | None, codes: set[str]
) -> None:
    bench.deliver("submission-received", [EXAMPLES[name]])
    said: Any = bench.outbox("submission-assessed")[0].message
    verdict = next(f for f in said.figures if f.key_figure == figure)
    found = (verdict.numerator, verdict.denominator) if verdict.HasField("numerator") else None
    assert found == pair
    record: Any = bench.outbox("observations-accepted")[0].message
    place = 8 * list(record.key_figures).index(figure)
    counted = tuple(struct.unpack_from("<q", matrix, place)[0] for matrix in (record.numerators, record.denominators))
    assert counted == (pair if pair and not verdict.provisional else (0, 0))  # benchmarks count the comparable pair
    assert {f.code for f in said.findings if f.key_figure == figure and f.code != "NT-2001"} == codes


@pytest.mark.parametrize(
    ("name", "code"), [("longer-than-a-year", "NT-2104"), ("average-contradicts-its-days", "NT-2034")]
)
def test_what_each_defect_is_told(bench: Bench, name: str, code: str) -> None:
    bench.deliver("submission-received", [EXAMPLES[name]])
    said: Any = bench.outbox("submission-assessed")[0].message
    assert code in {f.code for f in said.findings}
