"""What receivers' answers mean."""

from datetime import UTC, datetime

import pytest

from services.notify.answers import Attempt, judged, retry_after

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Attempt(True, "HTTP 200")),
        (204, {"webhook-delivery": "abort-message"}, Attempt(True, "HTTP 204")),
        (200, {"webhook-delivery": "disable"}, Attempt(True, "HTTP 200", gone=True)),
        (301, {"location": "https://example.org"}, Attempt(False, "HTTP 301")),
        (304, {}, Attempt(False, "HTTP 304")),
        (400, {}, Attempt(False, "HTTP 400")),
        (410, {}, Attempt(False, "HTTP 410", gone=True)),
        (429, {"retry-after": "30"}, Attempt(False, "HTTP 429", throttle=True, retry_after=30)),
        (502, {}, Attempt(False, "HTTP 502", throttle=True)),
        (504, {"retry-after": "never"}, Attempt(False, "HTTP 504", throttle=True)),
        (500, {"retry-after": "30"}, Attempt(False, "HTTP 500")),
        (500, {"webhook-delivery": " Abort-Message "}, Attempt(False, "HTTP 500", abort=True)),
    ],
)
def test_answers(status: int, headers: dict[str, str], expected: Attempt) -> None:
    assert judged(status, headers, NOW) == expected


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("9" * 400, 999_999_999),
        ("Tue, 24 Nov 2026 12:01:30 GMT", 90),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 24 Nov 2026 13:01:30 +0100", 90),
        ("", None),
        ("-5", None),
        ("1e9", None),
        ("٣", None),
        ("Tue, 99 Nov 2026 12:01:30 GMT", None),
        ("Tue, 24 Nov 99999 12:01:30 GMT", None),
    ],
)
def test_retry_after(asked: str, seconds: float | None) -> None:
    assert retry_after(asked, NOW) == seconds
