"""A period's state as bytes and back: a JSON head and NumPy arrays, nothing that could run."""

import io
import json
from collections.abc import Sequence

import numpy as np

from services.benchmark.state import Batch, PeriodState, Registration

FORMAT = 2


def pack(state: PeriodState) -> bytes:
    """The whole state. Every record seen is kept, so that a duplicate is still known after a restart."""
    head = {
        "format": FORMAT,
        "figures": state.figures,
        "vintage": state.vintage,
        "method_version": state.method_version,
        "unit_ids": state.unit_ids,
        "organisations": state.organisations,
        "groups": state.groups,
        "revisions": state.revisions,
        "versions": state.versions,
        "registered_groups": state.registered_groups,
        "holders": list(state.holder_numbers),
        "revisions_behind": sorted(state.revisions_behind),
        "versions_behind": sorted(state.versions_behind),
    }
    view, buffer = state.freeze(), io.BytesIO()
    np.savez(
        buffer,
        head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
        numerators=view.numerators,
        denominators=view.denominators,
        absences=view.absences,
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
        holders = head["holders"]
        state.restore(
            Batch(
                method_version=head["method_version"],
                key_figures=head["figures"],
                unit_ids=head["unit_ids"],
                organisations=head["organisations"],
                holders=[holders[n] if n >= 0 else "" for n in arrays["holders"]],
                groups=[tuple(g) for g in head["groups"]],
                revisions=head["revisions"],
                withdrawn=[not r for r in arrays["reported"]],
                numerators=arrays["numerators"],
                denominators=arrays["denominators"],
                absences=arrays["absences"],
            ),
            [
                Registration(u, o, v, tuple(g))
                for u, o, v, g in zip(
                    head["unit_ids"], head["organisations"], head["versions"], head["registered_groups"], strict=True
                )
            ],
        )
        state.vintage = head["vintage"]
        state.revisions_behind = {(column, revision) for column, revision in head["revisions_behind"]}
        state.versions_behind = {(column, version) for column, version in head["versions_behind"]}
    return state
