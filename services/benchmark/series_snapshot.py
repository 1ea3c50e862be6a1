"""All series of a period as bytes and back: a JSON head, and each series' own snapshot."""

import io
import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from services.benchmark import snapshot
from services.benchmark.batch import Registration
from services.benchmark.series import PeriodSeries

FORMAT = 3


def pack(series: PeriodSeries) -> bytes:
    """Every series whole."""
    registrations = series.registrations.values()
    places, (groups,) = snapshot.numbered([r.groups for r in registrations])
    held = [(r.unit_id, r.organisation_id, r.version, n) for r, n in zip(registrations, groups, strict=True)]
    head = {
        "format": FORMAT,
        "vintage": series.vintage,
        "methods": list(series.states),
        "places": places,
        "registrations": held,
        "seen": sorted(series.seen),
    }
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {f"state{n}": _bytes(snapshot.pack(s)) for n, s in enumerate(series.states.values())}
    np.savez(buffer, head=_bytes(json.dumps(head).encode()), **arrays)
    return buffer.getvalue()


def unpack(packed: bytes, figures: Sequence[str]) -> PeriodSeries:
    """The series that were packed. Raises ValueError as `snapshot.unpack` does, and for bytes of another format."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        head = json.loads(arrays["head"].tobytes())
        if head["format"] != FORMAT:
            raise ValueError(f"snapshot format {head['format']} is not {FORMAT}")
        series = PeriodSeries(figures)
        series.states = {
            method: snapshot.unpack(arrays[f"state{n}"].tobytes(), figures) for n, method in enumerate(head["methods"])
        }
    series.vintage = head["vintage"]
    places = [tuple(place) for place in head["places"]]
    for unit_id, organisation_id, version, number in head["registrations"]:
        series.registrations[unit_id] = Registration(unit_id, organisation_id, version, places[number])
    series.seen = {(unit_id, version) for unit_id, version in head["seen"]}
    return series


def _bytes(content: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.frombuffer(content, dtype=np.uint8)
