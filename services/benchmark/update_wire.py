"""What a publication says of peer groups as it travels: benchmark-updated, the numbers of all groups packed at once."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import release_wire
from services.benchmark.disclosure import rounding
from services.benchmark.kernels import packing
from services.benchmark.publication import Updated
from services.benchmark.released import Shown
from services.benchmark.view import View
from services.fields import field, number

EVENT = pb.BenchmarkUpdated


@dataclass(frozen=True)
class Update:
    """The event with every figure of a group."""

    KIND: ClassVar = pb.BenchmarkUpdated
    peer_group: str
    vintage: int
    method_version: str
    content: bytes

    def message(self) -> pb.BenchmarkUpdated:
        """To be read."""
        return pb.BenchmarkUpdated.FromString(self.content)


def updates(scheme: str, period: str, view: View, updated: Sequence[Updated]) -> list[Update]:
    """The events of some groups, which are at the vintage of a view."""
    groups, figures = [one.cells for one in updated], len(view.figures)
    changed, is_released = (np.zeros((len(groups), figures), dtype=np.bool_) for _ in range(2))
    for n, one in enumerate(updated):
        changed[n, list(one.changed)] = True
        if any(one.cells.columns.releases):
            is_released[n] = [release is not None for release in one.cells.columns.releases]
    tables = np.empty((len(groups), figures, packing.COVERAGES + packing.ENDS), dtype=np.int64)
    for table, group in zip(tables, groups, strict=True):
        table[:] = group.columns.table
    out, ends = np.empty(len(groups) * (figures * packing.MOST + packing.BEYOND), dtype=np.uint8), [0] * len(groups)
    if groups:
        places = np.empty(len(groups), dtype=np.int64)
        packing.pack(tables, changed, is_released, out, places)
        ends = places.tolist()
    packed, names, made, start = out[: ends[-1] if ends else 0].tobytes(), _names(view.figures), [], 0
    place = EVENT(scheme=scheme, period=period).SerializeToString(deterministic=True)
    point = EVENT(vintage=view.vintage, method_version=view.method_version).SerializeToString(deterministic=True)
    for group, end in zip(groups, ends, strict=True):
        name = field(EVENT.PEER_GROUP_FIELD_NUMBER, group.group.encode())
        counts = (
            number(EVENT.REPORTED_FIELD_NUMBER, group.reported),
            number(EVENT.EXPECTED_FIELD_NUMBER, group.expected),
        )
        content = b"".join((place, name, point, *counts, names, packed[start:end], _releases(group.columns.releases)))
        made.append(Update(group.group, view.vintage, view.method_version, content))
        start = end
    return made


@functools.lru_cache(maxsize=64)
def _names(figures: tuple[str, ...]) -> bytes:
    """The key figures."""
    return pb.BenchmarkUpdated(key_figures=figures).SerializeToString(deterministic=True)


def _releases(releases: Sequence[Shown | None]) -> bytes:
    """Which releases a group's protected figures show; nothing where none does."""
    if not any(releases):
        return b""
    return pb.BenchmarkUpdated(
        release_numbers=[one.number if one else 0 for one in releases],
        release_kinds=[release_wire.kind_number(one.kind) if one else 0 for one in releases],  # type: ignore[misc]
        rounding_bases=[rounding.text(one.numbers.base) if one else "" for one in releases],
    ).SerializeToString(deterministic=True)
