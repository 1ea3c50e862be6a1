"""Ids that are nobody's: what may have been meant, only where one thing is likely, and never at a price."""

import time

import pytest

from services.ingest.near import Units
from tests.unit.ingest.forms import read_csv

DEPARTMENTS = Units(("012", "112", "0130", "afd-1", "afd-22", "H/4567", "B10", "BIO"))


@pytest.mark.parametrize(
    ("unit", "meant"),
    [
        ("O12", "012"),
        ("12", "012"),
        ("Afd. 1", "afd-1"),
        ("afd-1x", "afd-1"),
        ("adf-22", "afd-22"),
        ("afd-2", ""),  # afd-22 and afd-1 are one slip away both
        ("0013", ""),
        ("0103", "0130"),
        ("H4567", "H/4567"),
        ("b1o", ""),
        ("", ""),
        ("x" * 65, ""),
        ("boligerne", ""),
    ],
)
def test_one_slip_of_the_hand(unit: str, meant: str) -> None:
    assert DEPARTMENTS.meant(unit) == meant


def test_thousands_of_units_cost_a_suggestion_nothing() -> None:
    """Fifty suggestions of the longest ids among 8,000 took half a minute by comparing each with each."""
    front = "afd-" * 14
    units = {f"{front}{i:08d}": "org-a" for i in range(8000)}
    rows = "".join(f"{front}X{i:07d};1\n" for i in range(60))
    began = time.process_time()
    found = read_csv(f"unit_id;konto_114\n{rows}", units=units)
    assert time.process_time() - began < 5
    assert [f.code for f in found.findings] == ["NT-1117"] * 60
    assert found.findings[7].parameters["suggestion"] == f"{front}00000007"
    assert found.findings[59].parameters["suggestion"] == ""
