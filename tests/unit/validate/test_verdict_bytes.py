"""Bytes written by columns are those that protobuf writes of the same message."""

import numpy as np
import pytest
from google.protobuf import timestamp_pb2
from hypothesis import given
from hypothesis import strategies as st
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import submission_pb2 as pb

from services.pieces import between
from services.validate import wire
from services.validate.finding import Finding, Severity
from services.validate.normalisation import Factor
from services.validate.verdict_bytes import LONGEST_NAME, Layout, Verdicts, told_factors

EDGES = [0, 1, -1, 63, 64, -64, -65, 2**13, 2**20 - 1, -(2**27), 2**34, 2**48 - 1, 2**48, 2**53 - 1, -(2**53) + 1]
WHOLE = st.one_of(st.sampled_from(EDGES), st.integers(-(2**53) + 1, 2**53 - 1))
FIGURE = st.tuples(
    st.integers(1, 4),
    st.integers(0, 9),
    st.none() | st.tuples(WHOLE, WHOLE, st.none() | WHOLE, st.sampled_from([(0,), (3,), (3, 0), (2, 3)])),
)
NAMES = ("OEK-106", "Ærø-1", "X" * LONGEST_NAME)


@given(st.lists(st.tuples(FIGURE, FIGURE, FIGURE), min_size=1, max_size=5))
def test_figures_byte_by_byte(
    rows: list[tuple[tuple[int, int, tuple[int, int, int | None, tuple[int, ...]] | None], ...]],
) -> None:
    expected, tell = [], []
    shape = len(rows), len(NAMES)
    verdict, absence = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    numbers = np.zeros((3, *shape), np.int64)
    paired, multiplied = np.zeros(shape, bool), np.zeros(shape, bool)
    order = np.full((*shape, 2), -1)
    for n, row in enumerate(rows):
        message, told = out.SubmissionAssessed(), list[int]()
        for f, (name, (verdict[n, f], absence[n, f], pair)) in enumerate(zip(NAMES, row, strict=True)):
            figure = message.figures.add(key_figure=name, verdict=int(verdict[n, f]), absence=int(absence[n, f]))
            if pair is not None:
                figure.numerator, figure.denominator = numbers[0, n, f], numbers[1, n, f] = pair[:2]
                paired[n, f] = True
            if pair is not None and pair[2] is not None:
                figure.raw_numerator = numbers[2, n, f] = pair[2]
                told += [factor for factor in pair[3] if factor not in told]
                figure.factor_index.extend(told.index(factor) for factor in pair[3])
                multiplied[n, f], order[n, f, : len(pair[3])] = True, pair[3]
        expected.append(message.SerializeToString(deterministic=True))
        tell.append(told)
    verdicts = Verdicts(verdict, absence, paired, numbers[0], numbers[1], multiplied, numbers[2], np.arange(len(rows)))
    content, ends, which = Layout(NAMES).written(verdicts, order)
    assert [content[a:b].tobytes() for a, b in between(ends).tolist()] == expected
    assert [told_factors(number) for number in which.tolist()] == tell


def test_a_name_that_is_too_long_has_no_place() -> None:
    assert Layout(NAMES).fits
    assert not Layout([*NAMES, "X" * (LONGEST_NAME + 1)]).fits


@pytest.mark.parametrize("unit", ["", "7-12", "Å" * 40, "x" * 20_000])
@pytest.mark.parametrize("parameters", [{}, {"b": "2", "a": "1" * 300}])
def test_pieces_of_a_message_are_the_message(unit: str, parameters: dict[str, str]) -> None:
    receipt = pb.Receipt(receipt_id="r", sha256=bytes(range(32)), sequence=7, parameters=parameters)
    receipt.received_at.CopyFrom(timestamp_pb2.Timestamp(seconds=1, nanos=5))
    finding = Finding("NT-2010", Severity.NOTE, "", "OEK-107", {"key_figure": "OEK-107", "a": "b"})
    factor = Factor("price", "t/1", 3, 2, (("months", "x"), ("base", "2024")), assumed=True)
    pieces = (
        out.SubmissionAssessed(receipt=receipt, unit_id=unit).SerializeToString(deterministic=True)
        + wire.behind_receipt("dk-almen", "2024")
        + wire.finding(finding)
        + wire.ending("rules", [factor])
    )
    message = out.SubmissionAssessed(receipt=receipt, unit_id=unit, scheme="dk-almen", period="2024", rule_set="rules")
    message.verdict = out.SUBMISSION_VERDICT_ACCEPTED
    message.findings.add(
        code="NT-2010", severity="SEVERITY_NOTE", key_figure="OEK-107", parameters=dict(finding.parameters)
    )
    message.factors.add(kind="price", table="t/1", numerator=3, denominator=2, basis=dict(factor.basis), assumed=True)
    assert pieces == message.SerializeToString(deterministic=True)
