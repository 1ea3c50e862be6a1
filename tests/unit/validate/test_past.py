"""Accounts in columns say what the history says of each unit by itself, whatever came together, alone, again or too late."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.validate import periods, year_accounts
from services.validate.account import Accepted
from services.validate.history import History, Span
from services.validate.numbered import Numbered
from services.validate.packed import NONE, Packed
from services.validate.past import past
from services.validate.periods import Period
from services.validate.year_accounts import Place, Stands

SCHEME, UNITS = "s", ["a", "b", "c"]
LISTS = ("x", "y"), ("x", "y", "z")
DAYS = (
    *((f"{year}-01-01", f"{year}-12-31") for year in range(2021, 2025)),
    *(
        ("2025-01-02", "2026-01-01"),
        ("2022-07-01", "2023-06-30"),
        ("2023-01-01", "2023-06-30"),
        ("2024-02-01", "2024-02-29"),
    ),
)
ACCOUNT = st.tuples(
    st.integers(0, len(UNITS) - 1), st.sampled_from(DAYS), st.integers(1, 4), st.booleans(), st.sampled_from(LISTS)
)
TOGETHER = st.tuples(st.just("together"), st.lists(ACCOUNT, min_size=1, max_size=3, unique_by=lambda one: one[0]))
ALONE = st.tuples(st.sampled_from(["alone", "withdrawn", "numbered anew"]), st.lists(ACCOUNT, min_size=1, max_size=1))
STEPS = st.lists(TOGETHER | ALONE, max_size=12)


def accepted(unit: int, days: tuple[str, str], revision: int, anything: bool, names: Sequence[str]) -> Accepted:
    period = periods.read(*days)
    assert isinstance(period, Period)
    amounts = Packed.of({name: revision + n for n, name in enumerate(names)} if anything else {}, names)
    place = UNITS[unit], SCHEME, period.name, f"r{revision}", "o", period.kind.value, *days
    return Accepted(*place, revision, False, amounts)


def put_together(history: History, known: Numbered[str], some: Sequence[Any]) -> dict[int, bool]:
    """As screening does: those of a whole year that overlap nothing by column, the others by themselves. Which are the newest."""
    newest = {}
    for days in dict.fromkeys(one[1] for one in some):
        mine, period = [accepted(*one) for one in some if one[1] == days], periods.read(*days)
        assert isinstance(period, Period)
        units = np.array([known[one.unit_id.encode()] for one in mine])
        if mine[0].kind != "year":
            newest |= {n: history.add(one) for n, one in zip(units.tolist(), mine, strict=True)}
            continue
        years = history.years(SCHEME, known)
        found = past(history, years, SCHEME, Span.of(period), period, units)
        for k, one in enumerate(mine):
            if not years.here[units[k]] or found.overlaps[k]:
                newest[units.item(k)] = history.add(one)
            else:
                newest[units.item(k)] = bool(years.put(Place(one.period, *days), units[k : k + 1], stands(one))[0])
    return newest


def stands(one: Accepted) -> Stands:
    amounts = one.amounts.column()[np.newaxis]
    senders = np.array([one.receipt_id], dtype=object), np.array([one.organisation_id], dtype=object)
    return Stands(np.array([one.revision]), *senders, one.amounts.names, amounts, np.array([bool(one.amounts)]))


def both(steps: Sequence[tuple[str, list[Any]]]) -> tuple[History, Numbered[str], History]:
    """A history with columns, what its units are numbers in, and one without."""
    columns, plain, known = History(), History(), Numbered[str](bytes.decode)
    for kind, some in steps:
        if kind == "together":
            newest = put_together(columns, known, some)
            for one in some:
                assert newest[known[UNITS[one[0]].encode()]] is plain.add(accepted(*one))
            continue
        if kind == "numbered anew":
            known = Numbered(bytes.decode)
            known[b"somebody"]
        one = accepted(*some[0])._replace(withdrawn=kind == "withdrawn")
        assert columns.add(one) is plain.add(one)
    return columns, known, plain


OTHER_DAYS = [("together", [(0, DAYS[2], 1, True, LISTS[0])]), ("together", [(0, DAYS[5], 2, True, LISTS[0])])]


@settings(max_examples=300, deadline=None)
@given(steps=STEPS, order=st.permutations(range(len(DAYS))))
@example(steps=OTHER_DAYS, order=range(len(DAYS)))
def test_columns_say_what_the_history_says(steps: list[Any], order: Sequence[int]) -> None:
    columns, known, plain = both(steps)
    assert len(columns) == len(plain)
    for days in (DAYS[n] for n in order):
        period = periods.read(*days)
        assert isinstance(period, Period)
        if period.kind is not periods.Kind.YEAR:
            continue
        units = np.array([known[name.encode()] for name in UNITS])
        found = past(columns, columns.years(SCHEME, known), SCHEME, Span.of(period), period, units)
        for n, name in enumerate(UNITS):
            gaps, before = plain.beside(SCHEME, name, Span.of(period), period)
            assert bool(found.overlaps[n]) is (gaps is None)
            if gaps is not None:
                assert (found.gaps.get(n, ()), said(found.before(n))) == (gaps, said(before))
    for name in UNITS:
        mine, theirs = (sorted(map(said, of._accounts(SCHEME, name)), key=str) for of in (columns, plain))
        assert mine == theirs
    assert len(columns) == len(plain)


def said(one: Accepted | None) -> object:
    return one and (*one[:10], dict(one.amounts), one.amounts.content and one.amounts.names)


def test_more_periods_than_have_room_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(year_accounts, "MOST_PLACES", 1)
    history, known = History(), Numbered[str](bytes.decode)
    for year, days in enumerate(DAYS[:4]):
        put_together(history, known, [(unit, days, year + 1, True, LISTS[0]) for unit in range(3)])
    assert len(history) == 12
    assert {one.revision for one in history._accounts(SCHEME, "b")} == {1, 2, 3, 4}


def test_amounts_that_do_not_stand_are_none() -> None:
    history, known = History(), Numbered[str](bytes.decode)
    period = periods.read(*DAYS[1])
    assert isinstance(period, Period)
    units, years = np.array([known[b"a"]]), history.years(SCHEME, known)
    past(history, years, SCHEME, Span.of(period), period, units)
    senders = np.array(["r"], dtype=object), np.array(["o"], dtype=object)
    one = Stands(np.array([1]), *senders, LISTS[0], np.array([[7, NONE]]), np.array([True]))
    years.put(Place("2022", *DAYS[1]), units, one)
    (account,) = history._accounts(SCHEME, "a")
    assert dict(account.amounts) == {"x": 7}
