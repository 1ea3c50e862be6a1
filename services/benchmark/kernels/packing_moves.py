"""Standings that moved as protobuf packs them: the columns of MovedFigures, field after field, by their numbers."""

import numpy as np
from numpy.typing import NDArray

from services.benchmark.kernels.orders import FLAGS, LINE, Flags, Whole
from services.benchmark.kernels.walks import GAP, HAS_GAP, MID_RANK, POSITION, QUARTILE, UNITS
from services.field_kernels import Bytes, put_head, put_low_bytes, size_of
from services.kernels import kernel, within

STEPS, PLACES, AMOUNTS = 6, 3, 3  # how many there are of each, a standing
BEFORE, AFTER, SAID, PARTS, PART_GAPS, PRICED, PRICED_E4 = range(6, 13)  # fields of MovedFigures
THERE, SIDE_PLACES, QUARTILES, SIDE_AMOUNTS = range(1, 5)  # fields of MovedStandings
SIDE = 1 + 4 * PLACES + 1 + 8 * AMOUNTS  # bytes of a standing before or after
MOST = 2 * SIDE + STEPS * (4 * 4 + 8) + 1 + 16  # bytes a standing takes at most
BEYOND = 15 * 12  # and what precedes the columns, and the steps


@within
def _side(out: Bytes, at: int, field: int, there: Flags, placed: Whole, own: Whole) -> int:
    """Write the standings of K key figures at one vintage; where there is none, that alone."""
    many, is_any = len(there), there.any()
    sizes = (many, 4 * PLACES * many, many, 8 * AMOUNTS * many)
    whole = 1 + size_of(sizes[0]) + sizes[0]  # a tag has one byte
    if is_any:
        for size in sizes[1:]:
            whole += 1 + size_of(size) + size
    at = put_head(out, put_head(out, at, field, whole), THERE, many)
    for k in range(many):
        out[at + k] = there[k] + (there[k] and placed[k, HAS_GAP] > 0)
    at += many
    if not is_any:
        return at
    at = put_head(out, at, SIDE_PLACES, sizes[1])
    for k in range(many):
        for which in (POSITION, UNITS, MID_RANK):
            at = put_low_bytes(out, at, placed[k, which] * there[k], 4)
    at = put_head(out, at, QUARTILES, many)
    for k in range(many):
        out[at + k] = placed[k, QUARTILE] * there[k]
    at = put_head(out, at + many, SIDE_AMOUNTS, sizes[3])
    for k in range(many):
        for value in (placed[k, GAP], own[k, 0], own[k, 1]):
            at = put_low_bytes(out, at, value * there[k], 8)
    return at


@within
def _parts(out: Bytes, at: int, parts: NDArray[np.int64]) -> int:
    """Write what steps contributed, those that contributed anything to any of K standings."""
    many, steps, said = len(parts), np.empty(STEPS, np.int64), 0
    met = np.zeros(STEPS, np.int64)
    for k in range(many):
        for step in range(STEPS):
            for which in range(5):
                met[step] |= parts[k, step, which]
    for step in range(STEPS):
        if met[step]:
            steps[said] = step
            said += 1
    if not said:
        return at
    at = put_head(out, at, SAID, said)
    for step in steps[:said]:
        out[at] = step + 1
        at += 1
    at = put_head(out, at, PARTS, 16 * said * many)
    for k in range(many):
        for step in steps[:said]:
            for which in (0, 1, 2, 4):  # its gap travels beside them
                at = put_low_bytes(out, at, parts[k, step, which], 4)
    at = put_head(out, at, PART_GAPS, 8 * said * many)
    for k in range(many):
        for step in steps[:said]:
            at = put_low_bytes(out, at, parts[k, step, 3], 8)
    return at


@within
def _priced(out: Bytes, at: int, known: Bytes, per_year: Whole, per_dwelling: Whole) -> int:
    """Write the gaps of K standings that are priced; nothing where none is."""
    if not known.any():
        return at
    at = put_head(out, at, PRICED, len(known))
    out[at : at + len(known)] = known
    at = put_head(out, at + len(known), PRICED_E4, 16 * len(known))
    for k in range(len(known)):
        for value in (per_year[k], per_dwelling[k]):
            at = put_low_bytes(out, at, value, 8)
    return at


@kernel(
    f"void({LINE}, {FLAGS}, int64[:, :], int64[:, :], {FLAGS}, int64[:, :], int64[:, :], int64[:, :, :],"
    f" uint8[::1], {LINE}, {LINE}, uint8[::1], {LINE})"
)
def pack(
    starts: Whole,
    was: Flags,
    placed_before: Whole,
    own_before: Whole,
    is_there: Flags,
    placed_after: Whole,
    own_after: Whole,
    parts: NDArray[np.int64],
    priced: Bytes,
    per_year_e4: Whole,
    per_dwelling_month_e4: Whole,
    out: Bytes,
    ends: Whole,
) -> None:
    """Write the fields 6 to 12 of U units, one unit after another; `ends`: where each ends.

    starts       (U + 1,) where each unit's standings begin; the rest as moves.Moves has it
    out          N x MOST + U x BEYOND at least
    """
    at = 0
    for u in range(len(ends)):
        a, b = starts[u], starts[u + 1]
        at = _side(out, at, BEFORE, was[a:b], placed_before[a:b], own_before[a:b])
        at = _side(out, at, AFTER, is_there[a:b], placed_after[a:b], own_after[a:b])
        at = _parts(out, at, parts[a:b])
        at = _priced(out, at, priced[a:b], per_year_e4[a:b], per_dwelling_month_e4[a:b])
        ends[u] = at
