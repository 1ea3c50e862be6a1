"""The verdicts on many submissions as the bytes of the contract, written for all of them at once. Pure.

The same bytes that protobuf writes for the figures of SubmissionAssessed (tests/unit/validate/test_verdict_bytes.py holds it to
that): for each key figure the field's tag, a length, and the fields of a FigureVerdict in order of their numbers, those at their
default left out. Everything is written into cells of fixed width; a mask of equal shape then takes out what no figure needs.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEY_FIGURE, FACTORS = 0x0A, 0x3A  # field number << 3 | wire type
TAGS = {"head": 0x32, "verdict": 0x10, "absence": 0x18, "above": 0x20, "below": 0x28, "as_sent": 0x30}
LONGEST_NAME = 64  # a longer one would need a second byte of length
FACTOR_BYTES = 4  # tag, length, and one byte for each of at most two factors


Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]

_SIZES = np.array([max(1, -(-bits // 7)) for bits in range(65)])  # bytes that so many bits take
_GOES_ON = np.array([sum(0x80 << 8 * k for k in range(n - 1)) for n in range(9)], dtype=np.uint64)
_THERE = np.array([sum(1 << 8 * k for k in range(n)) for n in range(9)], dtype=np.uint64)


@dataclass(frozen=True)
class Verdicts:
    """U submissions x F key figures.

    verdict, absence   numbers of the contract
    paired             numerator and denominator are said
    multiplied         the numerator has factors, so the raw one is said
    factors            U x F x FACTOR_BYTES: tag, length and places of each figure's factors, read where multiplied
    factor_bytes       U x F: how many of these
    """

    verdict: Bytes
    absence: Bytes
    paired: Flags
    numerator: Whole
    denominator: Whole
    multiplied: Flags
    raw: Whole
    factors: Bytes
    factor_bytes: Bytes


class Layout:
    """Where what of a key figure stands. Names of more than LONGEST_NAME bytes have no place in it."""

    def __init__(self, key_figures: Sequence[str]) -> None:
        self._names = [name.encode() for name in key_figures]
        self.fits = max(map(len, self._names)) <= LONGEST_NAME
        self._least = np.array([2 + len(name) + 2 for name in self._names])
        self._laid_out = functools.cache(self._lay_out)

    def _lay_out(self, absent: bool, multiplied: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        """F cells and what of them is always there; those for what no figure has are left out."""
        widest = max(map(len, self._names))
        cells: list[Any] = [
            ("head", np.uint8, 2),
            ("tag", np.uint8, 2),
            ("name", np.uint8, widest),
            ("verdict", np.uint8, 2),
        ]
        cells += [("absence", np.uint8, 2)] if absent else []
        cells += [("above", np.uint8), ("numerator", "<u8"), ("below", np.uint8), ("denominator", "<u8")]
        cells += [("as_sent", np.uint8), ("raw", "<u8"), ("factors", np.uint8, FACTOR_BYTES)] if multiplied else []
        template, mask = np.zeros((2, len(self._names)), np.dtype(cells))
        for n, name in enumerate(self._names):
            template["name"][n, : len(name)] = [*name]
            mask["name"][n, : len(name)] = 1
            template["tag"][n] = [KEY_FIGURE, len(name)]
        there = {part for part, *_ in cells}
        for part, tag in TAGS.items():
            if part in there:
                template[part][(..., 0) if template[part].ndim == 2 else ...] = tag
        for part in ("head", "tag", "verdict"):
            mask[part] = 1
        return template, mask

    def written(self, verdicts: Verdicts) -> list[bytes]:
        """The figures of each submission, in order, as they stand in its message."""
        absent, multiplied = verdicts.absence != 0, bool(verdicts.multiplied.any())
        some = bool(absent.any())
        template, fixed = self._laid_out(some, multiplied)
        cells, mask = (np.tile(one, (len(absent), 1)) for one in (template, fixed))
        length = self._least + 2 * absent
        cells["verdict"][..., 1] = verdicts.verdict
        if some:
            cells["absence"][..., 1] = verdicts.absence
            mask["absence"] = absent[..., None]
        numbers = [("above", "numerator", verdicts.numerator, verdicts.paired)]
        numbers += [("below", "denominator", verdicts.denominator, verdicts.paired)]
        numbers += [("as_sent", "raw", verdicts.raw, verdicts.multiplied)] if multiplied else []
        for tag, part, values, there in numbers:
            cells[part], sizes = varints(np.where(there, values, 0))
            sizes = np.where(there, sizes, 0)
            mask[tag], mask[part] = there, _THERE[sizes]
            length = length + sizes + there
        if multiplied:
            sizes = np.where(verdicts.multiplied, verdicts.factor_bytes, 0)
            cells["factors"] = verdicts.factors
            mask["factors"] = sizes[..., None] > np.arange(FACTOR_BYTES)
            length = length + sizes
        cells["head"][..., 1] = length
        whole = cells.view(np.uint8).reshape(-1)[mask.view(np.bool_).reshape(-1)].tobytes()
        ends = np.cumsum((length + 2).sum(axis=1)).tolist()
        return [whole[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


def varints(values: Whole) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """Signed whole numbers below 2^55 as the contract packs them, eight bytes wide, and how many of the eight count.

    >>> packed, sizes = varints(np.array([0, -1, 150]))
    >>> packed.astype("<u8").tobytes()[16:18].hex(), sizes.tolist()
    ('ac02', [1, 1, 2])
    """
    left = ((values << 1) ^ (values >> 63)).astype(np.uint64)
    sizes = _SIZES[np.frexp(left.astype(np.float64))[1]]
    for half, low, high in ((4, 0x0FFFFFFF, 0xFFFFFFF0000000), (2, 0x3FFF00003FFF, 0xFFFC0000FFFC000),
                            (1, 0x7F007F007F007F, 0x3F803F803F803F80)):  # fmt: skip
        left = (left & np.uint64(low)) | ((left & np.uint64(high)) << np.uint64(half))
    return left | _GOES_ON[sizes], sizes
