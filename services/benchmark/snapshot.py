"""A period's state as bytes and back: a JSON head and NumPy arrays, nothing that could run.

Of units without a record there is no column in the arrays, and numbers are as narrow as all of them allow: what is registered
outlasts every series, and most figures fit four bytes.
"""

import io
import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.benchmark.batch import NOT_REPORTED, Batch, Registration
from services.benchmark.state import PeriodState

FORMAT = 3
Whole = NDArray[np.int64]


def pack(state: PeriodState) -> bytes:
    """The whole state. Every record seen is kept, so that a duplicate is still known after a restart."""
    view, buffer = state.freeze(), io.BytesIO()
    places, (groups, registered) = numbered(state.groups, state.registered_groups)
    head = {
        "format": FORMAT,
        "figures": state.figures,
        "vintage": state.vintage,
        "method_version": state.method_version,
        "unit_ids": state.unit_ids,
        "organisations": state.organisations,
        "places": places,
        "groups": groups,
        "revisions": state.revisions,
        "versions": state.versions,
        "registered_groups": registered,
        "holders": view.holder_names,
        "revisions_behind": sorted(state.revisions_behind),
        "versions_behind": sorted(state.versions_behind),
    }
    there = np.flatnonzero(np.array(state.revisions))
    np.savez(
        buffer,
        head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
        there=there,
        numerators=_narrow(view.numerators[:, there]),
        denominators=_narrow(view.denominators[:, there]),
        absences=view.absences[:, there],
        holders=view.holders,
        reported=view.reported,
    )
    return buffer.getvalue()


def unpack(packed: bytes, figures: Sequence[str]) -> PeriodState:
    """The state that was packed, its rows in the order of the catalogue's figures, which may have grown since.

    Raises ValueError for bytes of another format, and where the catalogue lacks a figure the state has.
    """
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        head = json.loads(arrays["head"].tobytes())
        if head["format"] != FORMAT:
            raise ValueError(f"snapshot format {head['format']} is not {FORMAT}")
        state = PeriodState(figures)
        places = [tuple(place) for place in head["places"]]
        holders, there = head["holders"], arrays["there"]
        wide = len(head["figures"]), len(head["unit_ids"])
        numerators, denominators = np.zeros((2, *wide), dtype=np.int64)
        absences = np.full(wide, NOT_REPORTED, dtype=np.uint8)
        for whole, kept in ((numerators, "numerators"), (denominators, "denominators"), (absences, "absences")):
            whole[:, there] = arrays[kept]
        state.restore(
            Batch(
                method_version=head["method_version"],
                key_figures=head["figures"],
                unit_ids=head["unit_ids"],
                organisations=head["organisations"],
                holders=[holders[n] if n >= 0 else "" for n in arrays["holders"]],
                groups=[places[n] for n in head["groups"]],
                revisions=head["revisions"],
                withdrawn=[not r for r in arrays["reported"]],
                numerators=numerators,
                denominators=denominators,
                absences=absences,
            ),
            [
                Registration(u, o, v, places[n])
                for u, o, v, n in zip(
                    head["unit_ids"], head["organisations"], head["versions"], head["registered_groups"], strict=True
                )
            ],
        )
        state.vintage = head["vintage"]
        state.revisions_behind = {(column, revision) for column, revision in head["revisions_behind"]}
        state.versions_behind = {(column, version) for column, version in head["versions_behind"]}
    return state


def numbered(*columns: Sequence[tuple[str, ...]]) -> tuple[list[tuple[str, ...]], list[list[int]]]:
    """Places, each once, and which of them stands where: units share them by the hundred."""
    numbers: dict[tuple[str, ...], int] = {}
    found = [[numbers.setdefault(groups, len(numbers)) for groups in column] for column in columns]
    return [*numbers], found


def _narrow(numbers: Whole) -> NDArray[np.integer]:
    """Numbers in four bytes each, if all of them fit."""
    narrow = numbers.astype(np.int32)
    return narrow if (narrow == numbers).all() else numbers
