"""The verdicts on many submissions as the bytes of the contract, written for all of them at once. Pure.

The same bytes that protobuf writes for the figures of SubmissionAssessed (tests/unit/validate/test_verdict_bytes.py holds it to
that): for each key figure the field's tag, a length, and the fields of a FigureVerdict in order of their numbers, those at their
default left out. Everything is written into cells of fixed width; a mask of equal shape then takes out what no figure needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIGURES, KEY_FIGURE, VERDICT, ABSENCE = 0x32, 0x0A, 0x10, 0x18  # field number << 3 | wire type
NUMERATOR, DENOMINATOR, RAW, FACTORS = 0x20, 0x28, 0x30, 0x3A
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
        names = [name.encode() for name in key_figures]
        self.fits = max(map(len, names)) <= LONGEST_NAME
        widest = max(map(len, names))
        self._cells = np.dtype([
            ("head", np.uint8, 2), ("tag", np.uint8, 2), ("name", np.uint8, widest), ("verdict", np.uint8, 2),
            ("absence", np.uint8, 2), ("above", np.uint8), ("numerator", "<u8"), ("below", np.uint8),
            ("denominator", "<u8"), ("as_sent", np.uint8), ("raw", "<u8"), ("factors", np.uint8, FACTOR_BYTES),
        ])  # fmt: skip
        self._template, self._mask = np.zeros(len(names), self._cells), np.zeros(len(names), self._cells)
        for n, name in enumerate(names):
            self._template["name"][n, : len(name)] = [*name]
            self._mask["name"][n, : len(name)] = 1
            self._template["tag"][n] = [KEY_FIGURE, len(name)]
        for part, tag in (("above", NUMERATOR), ("below", DENOMINATOR), ("as_sent", RAW)):
            self._template[part] = tag
        for part, tag in (("head", FIGURES), ("verdict", VERDICT), ("absence", ABSENCE)):
            self._template[part][:, 0] = tag
        for part in ("head", "tag", "verdict"):
            self._mask[part] = 1
        self._least = np.array([2 + len(name) + 2 for name in names])

    def written(self, verdicts: Verdicts) -> list[bytes]:
        """The figures of each submission, in order, as they stand in its message."""
        count = len(verdicts.verdict)
        cells, mask = np.tile(self._template, (count, 1)), np.tile(self._mask, (count, 1))
        length = self._least + 2 * (verdicts.absence != 0)
        cells["verdict"][..., 1], cells["absence"][..., 1] = verdicts.verdict, verdicts.absence
        mask["absence"][...] = (verdicts.absence != 0)[..., None]
        for tag, part, values, there in (
            ("above", "numerator", verdicts.numerator, verdicts.paired),
            ("below", "denominator", verdicts.denominator, verdicts.paired),
            ("as_sent", "raw", verdicts.raw, verdicts.multiplied),
        ):
            cells[part], sizes = varints(np.where(there, values, 0))
            sizes = np.where(there, sizes, 0)
            mask[tag], mask[part] = there, _THERE[sizes]
            length = length + sizes + there
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
