"""Two series side by side: columns in one order, and one series as the other's method has it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.benchmark.batch import NOT_REPORTED, Batch
from services.benchmark.view import View


def aligned(a: View, b: View) -> View:
    """`a` with its columns in the order of `b`'s; units that only `a` knows stand behind them."""
    if a.method_version == b.method_version:
        return a
    ids = [*b.unit_ids, *(unit for unit in a.unit_ids if b.column(unit) is None)]
    found = [a.column(unit) for unit in ids]
    source = np.array([len(a.unit_ids) if column is None else column for column in found], dtype=np.int64)
    return replace(
        a,
        index=dict(zip(ids, range(len(ids)), strict=True)),
        unit_ids=ids,
        organisations=["" if c is None else a.organisations[c] for c in found],
        groups=[() if c is None else a.groups[c] for c in found],
        revisions=[0 if c is None else a.revisions[c] for c in found],
        **_columns(a, source),
    )


def reassessed(a: View, again: View) -> View:
    """`a`, each unit whose very revision was assessed by another method as it came out there; the others as they were.

    The columns of `again` agree with `a`'s. Holders are not told apart: between two ends nobody is shown a standing.
    """
    taken = np.array(again.revisions, dtype=np.int64) > 0
    groups = [g if t else old for g, old, t in zip(again.groups, a.groups, taken, strict=True)]
    return replace(
        a,
        groups=groups,
        numerators=np.where(taken, again.numerators, a.numerators),
        denominators=np.where(taken, again.denominators, a.denominators),
        absences=np.where(taken, again.absences, a.absences),
        reported=np.where(taken, again.reported, a.reported),
        membership={
            g: np.where(taken, _inside(again.membership, g, len(taken)), _inside(a.membership, g, len(taken)))
            for g in {*a.membership, *again.membership}
        },
    )


def same_revisions(batch: Batch, a: View) -> Batch:
    """The records of a batch that are the very revisions a view holds."""
    known = (a.column(unit) for unit in batch.unit_ids)
    held = [0 if column is None else a.revisions[column] for column in known]
    columns = [n for n, revision in enumerate(batch.revisions) if revision == held[n]]
    return batch.only(columns)


def known(batch: Batch, figures: Sequence[str]) -> Batch:
    """A batch without the figures that the catalogue at hand has no more: nothing says how they are read."""
    rows = [row for row, name in enumerate(batch.key_figures) if name in figures]
    if len(rows) == len(batch.key_figures):
        return batch
    return replace(
        batch,
        key_figures=[batch.key_figures[row] for row in rows],
        numerators=batch.numerators[rows],
        denominators=batch.denominators[rows],
        absences=batch.absences[rows],
    )


def resubmitted(a: View, b: View) -> list[int]:
    """Columns of units whose revision in `b` is a later one than in `a`; columns of both agree."""
    before = [*a.revisions, *[0] * len(b.revisions)]
    return [column for column, revision in enumerate(b.revisions) if revision > before[column]]


def _columns(a: View, source: NDArray[np.int64]) -> dict[str, Any]:
    """Columns of a view picked by number; the number behind the last stands for a unit that is not there."""

    def picked(values: NDArray[np.generic], fill: int) -> NDArray[np.generic]:
        edge = [(0, 0)] * (values.ndim - 1) + [(0, 1)]
        return np.pad(values, edge, constant_values=fill).take(source, axis=-1)  # row by row, as a view is laid out

    def places(groups: Mapping[str, NDArray[np.bool_]]) -> dict[str, NDArray[np.generic]]:
        return {group: picked(inside, 0) for group, inside in groups.items()}

    return {
        "numerators": picked(a.numerators, 0),
        "denominators": picked(a.denominators, 0),
        "absences": picked(a.absences, NOT_REPORTED),
        "holders": picked(a.holders, -1),
        "reported": picked(a.reported, 0),
        "membership": places(a.membership),
        "registered": places(a.registered),
    }


def _inside(membership: Mapping[str, NDArray[np.bool_]], group: str, width: int) -> NDArray[np.bool_]:
    return membership[group] if group in membership else np.zeros(width, dtype=np.bool_)
