"""The state is a function of the records, however they are batched."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark.state import PeriodState
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
