"""Runs of bytes put together from pieces are what joining them one by one gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services import pieces

MANY = 8
CONTENT = st.binary(max_size=12)
TOGETHER = st.lists(st.tuples(st.sets(st.integers(0, MANY - 1)), st.lists(CONTENT, min_size=1, max_size=3)), max_size=3)


@given(together=TOGETHER, alone=st.dictionaries(st.integers(0, MANY - 1), CONTENT), data=st.data())
def test_joined(together: list[tuple[set[int], list[bytes]]], alone: dict[int, bytes], data: st.DataObject) -> None:
    expected, parts = dict(alone), []
    for those, contents in together:
        numbers = np.array(sorted(those - expected.keys()), dtype=np.int64)
        which = [
            np.array([data.draw(st.integers(0, len(contents) - 1)) for _ in numbers], dtype=np.int64) for _ in "ab"
        ]
        parts.append(
            (
                numbers,
                [pieces.chosen(contents, which[0]), pieces.same(b"-", len(numbers)), pieces.chosen(contents, which[1])],
            )
        )
        for number, first, last in zip(numbers.tolist(), *which, strict=True):
            expected[number] = contents[first] + b"-" + contents[last]

    found = pieces.joined(MANY, parts, alone)

    assert found.numbers.tolist() == sorted(expected)
    spans = pieces.between(np.array(found.ends, dtype=np.int64)).tolist()
    assert [found.content[begin:end] for begin, end in spans] == [expected[n] for n in sorted(expected)]


@given(st.lists(st.none() | st.binary(min_size=3, max_size=3)))
def test_rows_are_zero_where_there_is_no_piece(contents: list[bytes | None]) -> None:
    there = [content or b"" for content in contents]
    piece, spans = pieces.chosen([b"", *there], np.arange(1, len(there) + 1))
    assert pieces.rows(piece, spans, 3).tobytes() == b"".join(content or bytes(3) for content in contents)
