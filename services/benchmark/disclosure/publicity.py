"""Publicity classes and closed periods: rules D11 and D13."""

import re
from datetime import date
from typing import Literal

Publicity = Literal["public", "members", "confidential"]
MOST_CLASSIFICATIONS = 4  # of a confidential figure: each further one is more equations for the audit (D5b)


def protected(publicity: Publicity) -> bool:
    """Whether a figure goes out by releases alone. Public figures are already in public accounts."""
    return publicity != "public"


def classifications(publicity: Publicity, ladder: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The steps of the ladder a figure is released for, wide to narrow: all, or the first four of a confidential one."""
    return ladder[:MOST_CLASSIFICATIONS] if publicity == "confidential" else ladder


def closed(period: str, today: date) -> bool:
    """Whether a reporting period is over, so that its figures are realised: `2024`, `2024-Q2`, `2024-06` (D11).

    Raises ValueError for a name that is none of these.

    >>> closed("2024", date(2024, 12, 31)), closed("2024", date(2025, 1, 1)), closed("2024-Q2", date(2024, 7, 1))
    (False, True, True)
    """
    named = re.fullmatch(r"(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?", period)
    if named is None:
        raise ValueError(f"{period} names no period")
    year, quarter, month = named.groups()
    last = 3 * int(quarter) if quarter else int(month or 12)
    return today >= date(int(year) + last // 12, last % 12 + 1, 1)
