"""Lejemålsenheder from tenancies: the weights of the account form, and days counted by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import tenancy_units
from services.catalogue.tenancy_units import DaySums, Tenancy

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


@pytest.mark.parametrize(
    ("kind", "area", "fifths"),
    [
        ("dwelling", 0, 5),
        ("dwelling", 9500, 5),
        ("business", 100, 5),
        ("business", 6000, 5),
        ("business", 6001, 10),
        ("institution", 30000, 25),
        ("garage", 0, 1),
        ("carport", 0, 1),
        ("side_let", 0, 1),
    ],
)
def test_what_a_tenancy_weighs(kind: str, area: int, fifths: int) -> None:
    assert tenancy_units.fifths(Tenancy(kind, area, FIRST, LAST)) == fifths


def test_a_business_without_an_area_has_no_weight() -> None:
    with pytest.raises(ValueError, match="by its area"):
        tenancy_units.fifths(Tenancy("business", 0, FIRST, LAST))


def test_days_are_counted_inside_the_period() -> None:
    """A dwelling all year: 366 days. One from 1 July: 184. A shop of 61 m² until 31 January: 31. A garage since 2020: 366.
    Fifths: 5·366 + 5·184 + 10·31 + 366 = 3426, so 685.2 tenancy-unit days; dwelling-days 550."""
    tenancies = [
        Tenancy("dwelling", 0, FIRST, LAST),
        Tenancy("dwelling", 0, date(2024, 7, 1), date(2025, 6, 30)),
        Tenancy("business", 6100, date(2020, 1, 1), date(2024, 1, 31)),
        Tenancy("garage", 0, date(2020, 1, 1), date(2030, 1, 1)),
        Tenancy("dwelling", 0, date(2025, 1, 1), date(2025, 12, 31)),
    ]
    sums = tenancy_units.day_sums(tenancies, FIRST, LAST)
    assert (sums, sums.tenancy_unit_tenths) == (DaySums(3426, 550), 6852)


TENANCIES = st.builds(
    Tenancy,
    st.sampled_from(["dwelling", "business", "garage"]),
    st.integers(1, 10**7),
    st.dates(date(2023, 1, 1), date(2025, 12, 31)),
    st.dates(date(2023, 1, 1), date(2025, 12, 31)),
)


@given(st.lists(TENANCIES, max_size=5))
def test_any_list_is_what_a_count_day_by_day_gives(tenancies: list[Tenancy]) -> None:
    counted = DaySums(0, 0)
    for day in (FIRST + timedelta(days=n) for n in range(366)):
        there = [t for t in tenancies if t.first <= day <= t.last]
        fifths = sum(map(tenancy_units.fifths, there))
        dwellings = sum(t.kind == "dwelling" for t in there)
        counted = DaySums(counted.fifth_days + fifths, counted.dwelling_days + dwellings)
    assert tenancy_units.day_sums(tenancies, FIRST, LAST) == counted
