"""Runs of bytes put together from pieces are what joining them one by one gives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services import fields, pieces

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


@given(st.dictionaries(st.integers(0, MANY - 1), CONTENT), st.dictionaries(st.integers(0, MANY - 1), CONTENT))
def test_what_was_joined_with_some_replaced(before: dict[int, bytes], alone: dict[int, bytes]) -> None:
    found = pieces.replaced(MANY, pieces.joined(MANY, [], before), alone)

    expected = before | alone
    assert found.numbers.tolist() == sorted(expected)
    assert [found.of(number) for number in range(MANY)] == [expected.get(number) for number in range(MANY)]


@given(st.integers(1, 2**29 - 1), st.lists(st.sampled_from((0, 1, 127, 128, 2**14, 2**31, 2**62, 2**63 - 1))))
def test_numbers_and_heads_are_the_fields_written_one_by_one(field: int, values: list[int]) -> None:
    column = np.array(values, dtype=np.int64)
    assert _each(pieces.numbers(field, column)) == [fields.number(field, value) for value in values]
    assert _each(pieces.heads(field, column)) == [fields.head(field, value) if value else b"" for value in values]


def _each(piece: pieces.Piece) -> list[bytes]:
    content, spans = piece
    return [content[begin:end].tobytes() for begin, end in spans.tolist()]


@given(st.lists(st.none() | st.binary(min_size=3, max_size=3)))
def test_rows_are_zero_where_there_is_no_piece(contents: list[bytes | None]) -> None:
    there = [content or b"" for content in contents]
    piece, spans = pieces.chosen([b"", *there], np.arange(1, len(there) + 1))
    assert pieces.rows(piece, spans, 3).tobytes() == b"".join(content or bytes(3) for content in contents)
