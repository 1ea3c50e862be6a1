"""All series of a period as bytes and back: NumPy's arrays of each one's snapshot side by side, and a head of their own."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.benchmark import snapshot
from services.benchmark.batch import Registration
from services.benchmark.series import PeriodSeries

FORMAT = 4


def pack(series: PeriodSeries) -> bytes:
    """Every series whole."""
    registrations = series.registrations.values()  # of every unit that was seen
    places, (groups,) = snapshot.numbered([r.groups for r in registrations])
    organisations, (theirs,) = snapshot.numbered([r.organisation_id for r in registrations])
    unit_ids = [*series.registrations]
    number = {unit_id: n for n, unit_id in enumerate(unit_ids)}
    head = {
        "format": FORMAT,
        "vintage": series.vintage,
        "methods": [*series.states],
        "unit_ids": unit_ids,
        "organisations": organisations,
        "places": places,
    }
    arrays: dict[str, NDArray[Any]] = {
        "head": snapshot.text(head),
        "groups": np.array(groups, dtype=np.int64),
        "organisations": np.array(theirs, dtype=np.int64),
        "versions": np.array([r.version for r in registrations], dtype=np.int64),
        "seen": snapshot.pairs([(number[unit_id], version) for unit_id, version in series.seen]),
    }
    for n, state in enumerate(series.states.values()):
        arrays |= {f"{n}.{name}": array for name, array in snapshot.pack(state).items()}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpack(packed: bytes, figures: Sequence[str]) -> PeriodSeries:
    """The series that were packed. Raises ValueError as `snapshot.unpack` does, and for bytes of another format."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as file:
        head = snapshot.read(file["head"])
        if head["format"] != FORMAT:
            raise ValueError(f"snapshot format {head['format']} is not {FORMAT}")
        arrays = {name: file[name] for name in file.files}
    series = PeriodSeries(figures)
    series.vintage, series.states = head["vintage"], {}
    for n, method in enumerate(head["methods"]):
        own = {name.removeprefix(f"{n}."): array for name, array in arrays.items() if name.startswith(f"{n}.")}
        series.states[method] = snapshot.unpack(own, figures)
    unit_ids, places = head["unit_ids"], [tuple(place) for place in head["places"]]
    organisations = snapshot.named(head["organisations"], arrays["organisations"])
    groups = snapshot.named(places, arrays["groups"])
    held = map(Registration, unit_ids, organisations, arrays["versions"].tolist(), groups)
    series.registrations = dict(zip(unit_ids, held, strict=True))
    series.seen = {(unit_ids[n], version) for n, version in arrays["seen"].tolist()}
    return series
