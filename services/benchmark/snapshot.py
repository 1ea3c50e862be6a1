"""A period's state as arrays and back: names in a JSON head, numbers as they are, nothing that could run.

Of units without a record there is no column in the matrices, and numbers are as narrow as all of them allow: what is registered
outlasts every series, and most figures fit four bytes.
"""

import json
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.benchmark.batch import NOT_REPORTED, Batch, Registration
from services.benchmark.state import PeriodState

Whole = NDArray[np.int64]
Arrays = Mapping[str, NDArray[Any]]
H = TypeVar("H", bound=Hashable)


def pack(state: PeriodState) -> Arrays:
    """The whole state. Every record seen is kept, so that a duplicate is still known after a restart."""
    view = state.freeze()
    places, (groups, registered) = numbered(state.groups, state.registered_groups)
    organisations, (theirs,) = numbered(state.organisations)
    head = {
        "figures": state.figures,
        "vintage": state.vintage,
        "method_version": state.method_version,
        "unit_ids": state.unit_ids,
        "organisations": organisations,
        "places": places,
        "holders": view.holder_names,
    }
    there = np.flatnonzero(np.array(state.revisions))
    return {
        "head": text(head),
        "there": there,
        "organisations": np.array(theirs, dtype=np.int64),
        "groups": np.array(groups, dtype=np.int64),
        "registered": np.array(registered, dtype=np.int64),
        "revisions": np.array(state.revisions, dtype=np.int64),
        "versions": np.array(state.versions, dtype=np.int64),
        "revisions_behind": pairs(state.revisions_behind),
        "versions_behind": pairs(state.versions_behind),
        "numerators": _narrow(view.numerators[:, there]),
        "denominators": _narrow(view.denominators[:, there]),
        "absences": view.absences[:, there],
        "holders": view.holders,
        "reported": view.reported,
    }


def unpack(arrays: Arrays, figures: Sequence[str]) -> PeriodState:
    """The state that was packed, its rows in the order of the catalogue's figures, which may have grown since.

    Raises ValueError where the catalogue lacks a figure the state has.
    """
    head, state = read(arrays["head"]), PeriodState(figures)
    units, there = head["unit_ids"], arrays["there"]
    places = [tuple(place) for place in head["places"]]
    organisations = named(head["organisations"], arrays["organisations"])
    wide = len(head["figures"]), len(units)
    numerators, denominators = np.zeros((2, *wide), dtype=np.int64)
    absences = np.full(wide, NOT_REPORTED, dtype=np.uint8)
    for whole, kept in ((numerators, "numerators"), (denominators, "denominators"), (absences, "absences")):
        whole[:, there] = arrays[kept]
    batch = Batch(
        method_version=head["method_version"],
        key_figures=head["figures"],
        unit_ids=units,
        organisations=organisations,
        holders=named([*head["holders"], ""], arrays["holders"]),  # -1: none
        groups=named(places, arrays["groups"]),
        revisions=arrays["revisions"].tolist(),
        withdrawn=(~arrays["reported"]).tolist(),
        numerators=numerators,
        denominators=denominators,
        absences=absences,
    )
    registered = named(places, arrays["registered"])
    state.restore(batch, [*map(Registration, units, organisations, arrays["versions"].tolist(), registered)])
    state.vintage = head["vintage"]
    state.revisions_behind, state.versions_behind = (
        {*zip(*arrays[name].T.tolist(), strict=True)} for name in ("revisions_behind", "versions_behind")
    )
    return state


def text(head: Mapping[str, Any]) -> NDArray[np.uint8]:
    """A JSON head, to stand among arrays."""
    return np.frombuffer(json.dumps(head).encode(), dtype=np.uint8)


def read(head: NDArray[np.uint8]) -> dict[str, Any]:
    """What a head says."""
    said: dict[str, Any] = json.loads(head.tobytes())
    return said


def numbered(*columns: Sequence[H]) -> tuple[list[H], list[list[int]]]:
    """What stands in columns, each once, and which of it stands where: units share places and organisations by the hundred."""
    numbers: dict[H, int] = {}
    found = [[numbers.setdefault(one, len(numbers)) for one in column] for column in columns]
    return [*numbers], found


def named(names: Sequence[H], numbers: NDArray[np.integer]) -> list[H]:
    """What stands where, again, by its number."""
    return [names[n] for n in numbers.tolist()]


def pairs(numbers: Collection[tuple[int, int]]) -> NDArray[np.integer]:
    """Pairs of whole numbers, (n, 2), in any order."""
    flat = np.fromiter(chain.from_iterable(numbers), np.int64, 2 * len(numbers))
    return _narrow(flat.reshape(len(numbers), 2))


def _narrow(numbers: Whole) -> NDArray[np.integer]:
    """Numbers in four bytes each, if all of them fit."""
    narrow = numbers.astype(np.int32)
    return narrow if (narrow == numbers).all() else numbers
