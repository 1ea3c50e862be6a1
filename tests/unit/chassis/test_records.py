"""Records in columns say what each would by itself, also when some are chosen."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.headers import packed, unpacked
from services.chassis.records import Record, Records
from services.column import Column

BYTES = st.none() | st.binary(max_size=6)
RECORDS = st.lists(
    st.builds(
        Record,
        topic=st.sampled_from("abc"),
        partition=st.integers(0, 2),
        offset=st.integers(0, 2**62),
        key=BYTES,
        value=BYTES,
        headers=st.lists(st.tuples(st.text(max_size=4), BYTES), max_size=4),
    ),
    max_size=9,
)


@given(records=RECORDS, data=st.data())
def test_each_and_some(records: Sequence[Record], data: st.DataObject) -> None:
    columns = Records.of(records)
    assert Records.of(columns) is columns
    assert [*columns] == [*records]
    assert [*columns.where] == [record[:3] for record in records]
    which = [data.draw(st.booleans()) for _ in records]
    chosen = columns.chosen(np.array(which, dtype=np.bool_))
    assert [*chosen] == [record for record, wanted in zip(records, which, strict=True) if wanted]
    middle = len(records) // 2
    assert [*columns[:middle], *columns[middle:]] == [*records]


@given(records=RECORDS)
def test_runs_of_a_partition(records: Sequence[Record]) -> None:
    expected = list[list[object]]()
    for record in records:
        if expected and expected[-1][0] == record[:2]:
            expected[-1][2] = record.offset
        else:
            expected.append([record[:2], record.offset, record.offset])
    assert [[*run] for run in Records.of(records).runs] == expected


@given(values=st.lists(st.binary(max_size=5)), data=st.data())
def test_a_column_is_its_values(values: Sequence[bytes], data: st.DataObject) -> None:
    column = Column.of(values)
    assert ([*column], [column[n] for n in range(-len(values), len(values))]) == ([*values], [*values, *values])
    which = [data.draw(st.booleans()) for _ in values]
    assert [*column.chosen(np.array(which, dtype=np.bool_))] == [
        v for v, wanted in zip(values, which, strict=True) if wanted
    ]


def test_headers_with_a_name_that_is_no_text_cost_no_record() -> None:
    assert unpacked(packed([("a", b""), ("\udcff", b"x")])) == ()
    assert unpacked(packed([("å", None), ("å", b"x")])) == [("å", None), ("å", b"x")]
