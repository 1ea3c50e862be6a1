"""The state is a function of the records, however they are batched."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import state
from services.benchmark.state import PeriodState
from services.benchmark.view import View
from tests.unit.benchmark import histories
from tests.unit.benchmark.histories import FIGURES


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_records_come_to_the_same_in_whatever_batches(seed: int) -> None:
    """Several of one unit in a batch, known ones and late ones among them."""
    rng = random.Random(seed)
    records = [r for r in histories.history(seed, length=120) if r[0] != "registration"]
    records += rng.sample(records, len(records) // 3)
    one, some = PeriodState(FIGURES), PeriodState(FIGURES)
    histories.apply(one, records)
    counted = 0
    while records:
        size = rng.randrange(1, 40)
        counted += some.apply(histories.batch(records[:size]))
        records = records[size:]
    a, b = one.freeze(), some.freeze()
    assert counted == a.vintage == b.vintage
    assert (a.unit_ids, a.revisions, a.groups, a.organisations) == (b.unit_ids, b.revisions, b.groups, b.organisations)
    assert [a.holder_names[n] for n in a.holders] == [b.holder_names[n] for n in b.holders]
    for name in ("numerators", "denominators", "absences", "reported"):
        assert (getattr(a, name) == getattr(b, name)).all()
    for group in a.membership.keys() | b.membership.keys():
        assert (a.inside(group) == b.inside(group)).all()
    assert one.submitted == some.submitted
    assert some.touched <= one.touched  # where a unit passed through within a batch, nothing changed
    assert some.touched >= {g for groups in a.groups for g in groups}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_what_records_say_is_the_same_whenever_it_is_asked_for(seed: int) -> None:
    """One state is looked at after every batch; the other now and then, and takes over by itself what has waited for long."""
    rng = random.Random(seed)
    records = histories.history(seed, length=200)
    records += rng.sample(records, len(records) // 3)
    often, seldom = PeriodState(FIGURES), PeriodState(FIGURES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "FEW", rng.choice((0, 10, 1000)))
        while records:
            some, records = records[: (size := rng.randrange(1, 20))], records[size:]
            for one in (often, seldom):
                told = [r for r in some if r[0] == "observation"]
                one.apply(histories.batch(told))
                histories.apply(one, [r for r in some if r[0] == "registration"])
                assert one.touched == often.touched
                assert one.submitted == often.submitted
            _assert_same(often.freeze(), seldom.freeze() if rng.random() < 0.1 or not records else None)
            if rng.random() < 0.1:
                often.clear_changes()
                seldom.clear_changes()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_a_vintage_within_a_batch_is_what_its_first_records_come_to(seed: int) -> None:
    rng = random.Random(seed)
    records = [r for r in histories.history(seed, length=60) if r[0] != "registration"]
    records += rng.sample(records, len(records) // 3)
    until = rng.randrange(1, 60)
    whole, naive = PeriodState(FIGURES), PeriodState(FIGURES)
    whole.apply(histories.batch(records), until=until)
    for record in records:
        if naive.vintage < until:
            naive.apply(histories.batch([record]))
    _assert_same(whole.freeze(), naive.freeze())


def _assert_same(a: View, b: View | None) -> None:
    if b is None:
        return
    assert (a.vintage, a.unit_ids, a.revisions) == (b.vintage, b.unit_ids, b.revisions)
    assert (a.groups, a.organisations) == (b.groups, b.organisations)
    holders, others = ([["", *view.holder_names][n + 1] for n in view.holders] for view in (a, b))
    assert holders == others
    for name in ("numerators", "denominators", "absences", "reported"):
        assert (getattr(a, name) == getattr(b, name)).all()
    for mine, theirs in ((a.membership, b.membership), (a.registered, b.registered)):
        for group in mine.keys() | theirs.keys():
            nobody = np.zeros(len(a.unit_ids), dtype=np.bool_)
            assert (mine.get(group, nobody) == theirs.get(group, nobody)).all()
