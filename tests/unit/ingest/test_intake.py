"""What becomes of a submission at the door, as tables."""

import pytest

from services.ingest import intake
from services.ingest.intake import Fault, Outcome, decide, first_fault, shown

IDS = {"organisation_id": "org-a", "submission_id": "a:1/2024.v1", "unit_id": "dept/12-3.a", "scheme": "uk-tsm"}
DATES = {"period_start": "2024-02-29", "period_end": "2025-02-28"}
FAULT = Fault("unit_id", "x", "da", "en")


@pytest.mark.parametrize(
    ("fault", "asked", "known", "outcome", "revision"),
    [
        (None, 0, (False, 0, True), Outcome.ACCEPTED, 1),
        (None, 0, (False, 4, True), Outcome.ACCEPTED, 5),
        (None, 9, (False, 4, True), Outcome.ACCEPTED, 9),
        (None, 4, (False, 4, True), Outcome.STALE, 0),
        (None, 3, (False, 4, True), Outcome.STALE, 0),
        (None, 0, (False, 0, False), Outcome.UNKNOWN_UNIT, 0),
        (None, 3, (False, 4, False), Outcome.UNKNOWN_UNIT, 0),
        (None, 0, (True, 4, True), Outcome.CONFLICT, 0),
        (FAULT, 0, (True, 4, False), Outcome.MALFORMED, 0),
    ],
)
def test_decide(
    fault: Fault | None, asked: int, known: tuple[bool, int, bool], outcome: Outcome, revision: int
) -> None:
    other_content, newest, registered = known

    decision = decide(fault, asked, other_content=other_content, newest_revision=newest, registered=registered)

    assert (decision.outcome, decision.revision) == (outcome, revision)
    assert bool(decision.code) is (outcome is not Outcome.ACCEPTED)


def test_every_refusal_has_a_code_of_its_own() -> None:
    assert len(set(intake.CODE.values())) == len(Outcome) - 1


def test_a_submission_that_keeps_the_contract_has_no_fault() -> None:
    assert first_fault(IDS, DATES, {"comment": "Ændret i maj\n\tse bilag"}.items(), {"amounts": 2000}) is None
    assert first_fault(IDS | {"unit_id": "dlq"}, DATES, (), {}) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation_id", ""),
        ("organisation_id", "dlq"),
        ("organisation_id", "org/a"),
        ("submission_id", ""),
        ("submission_id", "a b"),
        ("submission_id", "x" * 129),
        ("submission_id", "a\x00"),
        ("submission_id", "a\n"),
        ("unit_id", "ål"),
        ("unit_id", "x" * 65),
        ("scheme", "UK"),
        ("period_start", "20240401"),
        ("period_start", "2024-13-01"),
        ("period_end", "2023-02-29"),
        ("period_end", "2024-03-31T00:00"),
        ("period_end", "٢٠٢٤-03-31"),
        ("comment", "x" * 2001),
        ("comment", "\u202eabc"),
        ("source_system", "a\x07"),
        ("amounts", 2001),
        ("confirmations", 2001),
        ("revision", 1_000_001),
        ("bytes", 1024 * 1024 + 1),
    ],
)
def test_the_field_that_breaks_the_contract_is_named(field: str, value: str | int) -> None:
    ids, dates = dict(IDS), dict(DATES)
    texts: dict[str, str] = {}
    counts: dict[str, int] = {}
    for group in (ids, dates):
        if field in group:
            group[field] = str(value)
    if field in ("comment", "source_system"):
        texts[field] = str(value)
    if isinstance(value, int):
        counts[field] = value

    fault = first_fault(ids, dates, texts.items(), counts)

    assert fault is not None
    assert fault.field == field
    assert len(fault.value) <= 40
    assert intake.readable(fault.value)


def test_counts_are_looked_at_before_any_text() -> None:
    def texts() -> object:
        raise AssertionError("texts were read")
        yield

    fault = first_fault(IDS, DATES, texts(), {"amounts": 2001})  # type: ignore[arg-type]

    assert fault is not None


@pytest.mark.parametrize(("value", "most", "expected"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a\x00b", 9, "a�b")])
def test_what_is_shown_of_a_refused_value_is_short_and_no_identifier(value: str, most: int, expected: str) -> None:
    assert shown(value, most) == expected


@pytest.mark.parametrize(
    ("start", "end", "counted"),
    [
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2023-02-01", "2023-02-29", "2023"),  # no day of the calendar: refused elsewhere
        ("2024-12-01", "2024-12-31", "2024-12"),
        ("2024-12-02", "2024-12-31", "2024"),
        ("2023-12-01", "2024-12-31", "2024"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("0000-13-01", "0000-13-31", "0000"),
        ("soon", "later", "late"),
        ("", "", ""),
    ],
)
def test_what_revisions_are_counted_by(start: str, end: str, counted: str) -> None:
    assert intake.place(start, end) == counted
