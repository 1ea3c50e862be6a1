"""One cell computed plainly, in fractions and loops: a second opinion on what benchmark published. Pure, exact."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TypeVar

from noegletal.v1 import observations_pb2 as dense

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue, KeyFigure

T = TypeVar("T")
STATISTICS = "statistics-1"  # what is computed here; benchmark names it in its method version
WITHDRAWN, ABSENT = 9, 1
TIERS = {"pooled": (6, 5), "median": (6, 5), "q1": (11, 8), "q3": (11, 8), "p10": (29, 10), "p90": (29, 10)}
PROBABILITY = {
    "p10": Fraction(1, 10),
    "q1": Fraction(1, 4),
    "median": Fraction(1, 2),
    "q3": Fraction(3, 4),
    "p90": Fraction(9, 10),
}


@dataclass(frozen=True)
class Observed:
    """One submission's observation of one figure: a pair, or the number of an absence."""

    unit_id: str
    holder: str
    revision: int
    withdrawn: bool
    groups: tuple[str, ...]
    result: tuple[int, int] | int


@dataclass(frozen=True)
class Release:
    """The observations of one figure that a release counts, and the base its numbers are rounded to."""

    records: Sequence[Observed]
    base: Fraction


def observed(batch: dense.ObservationsAccepted, figure: str) -> Observed:
    """One figure of a batch of one unit."""
    row = list(batch.key_figures).index(figure)
    absence = batch.absences[row]
    pair = tuple(struct.unpack_from("<q", matrix, 8 * row)[0] for matrix in (batch.numerators, batch.denominators))
    return Observed(
        batch.unit_ids[0],
        batch.holders[batch.holder_index[0]],
        batch.revisions[0],
        bool(batch.withdrawn[0]),
        tuple(batch.peer_groups[n] for n in batch.peer_group_index),
        absence or (pair[0], pair[1]),
    )


def cell(
    records: Iterable[Observed],
    profiles: Iterable[tuple[str, int, Mapping[str, str]]],
    group: str,
    key_figure: str,
    catalogue: Catalogue,
    release: Release | None = None,
) -> dict[str, object]:
    """A cell as gRPC names its fields; a statistic below its tier is None, a sum that is withheld "".

    profiles   (unit, version, attributes) of the registrations that count
    release    what a figure that is not public shows; None where it shows nothing
    """
    standing = _highest((r.unit_id, r.revision, r) for r in records)
    registered = {
        unit: peer_groups.place(attributes, catalogue).groups
        for unit, attributes in _highest((unit, version, attributes) for unit, version, attributes in profiles).items()
    }
    members = [r for r in standing.values() if not r.withdrawn and group in r.groups]
    waiting = [u for u, g in registered.items() if group in g and (u not in standing or standing[u].withdrawn)]
    pairs = [(r, r.result) for r in members if isinstance(r.result, tuple)]
    lacking = [r.result for r in members if isinstance(r.result, int)]
    lacking += [WITHDRAWN if u in standing else ABSENT for u in waiting]
    counts = {
        "units": len(pairs),
        "holders": len({r.holder for r, _ in pairs}),
        "reported": len(members),
        "expected": len(members) + len(waiting),
        "absences": {kind: lacking.count(kind) for kind in sorted(set(lacking))},
    }
    figure = catalogue.key_figure[key_figure]
    if figure.publicity != "public":
        return counts | {"absences": {}} | _released(release, group, figure)
    return counts | _numbers([pair for _, pair in pairs], counts["holders"], figure)


def _released(release: Release | None, group: str, figure: KeyFigure) -> dict[str, object]:
    """What a release shows of a cell: whole multiples of its base, halves to even; nothing without one."""
    told: dict[str, object] = dict.fromkeys(("pooled", *PROBABILITY))
    told |= {"numerator_sum": "", "denominator_sum": "", "units": 0, "holders": 0}
    if release is None:
        return told | {"suppression": "NOT_RELEASED"}
    standing = _highest((r.unit_id, r.revision, r) for r in release.records).values()
    inside = [r for r in standing if not r.withdrawn and group in r.groups and isinstance(r.result, tuple)]
    pairs = [r.result for r in inside if isinstance(r.result, tuple)]
    units, holders = len(inside), len({r.holder for r in inside})

    def rounded(value: Fraction) -> float:
        return float(round(value / release.base) * release.base)

    if figure.mean_meaningful:
        told["pooled"] = rounded(Fraction(sum(n for n, _ in pairs), sum(d for _, d in pairs)))
    for name, p in PROBABILITY.items():
        if units >= TIERS[name][0] and holders >= TIERS[name][1]:
            told[name] = rounded(_quantile(sorted(Fraction(*pair) for pair in pairs), p))
    return told | {"suppression": "", "units": units, "holders": holders}


def _highest(numbered: Iterable[tuple[str, int, T]]) -> dict[str, T]:
    """Unit -> what comes with its highest number."""
    found: dict[str, tuple[int, T]] = {}
    for unit, number, content in numbered:
        if unit not in found or number > found[unit][0]:
            found[unit] = (number, content)
    return {unit: content for unit, (_, content) in found.items()}


def _numbers(pairs: Sequence[tuple[int, int]], holders: object, figure: KeyFigure) -> dict[str, object]:
    """Sums and statistics, each rounded once from the exact value."""
    assert isinstance(holders, int)

    def shown(name: str) -> bool:
        units, owners = TIERS[name]
        return len(pairs) >= max(units, figure.min_units or 0) and holders >= owners

    numerator, denominator = sum(n for n, _ in pairs), sum(d for _, d in pairs)
    told: dict[str, object] = dict.fromkeys(("pooled", *PROBABILITY))
    told["suppression"] = "" if shown("median") else "TOO_FEW"
    told["numerator_sum"], told["denominator_sum"] = (str(numerator), str(denominator)) if shown("median") else ("", "")
    if shown("pooled") and figure.mean_meaningful:
        told["pooled"] = float(Fraction(numerator, denominator))
    for name, p in PROBABILITY.items():
        if shown(name):
            told[name] = float(_quantile(sorted(Fraction(*pair) for pair in pairs), p))
    return told


def _quantile(ordered: Sequence[Fraction], p: Fraction) -> Fraction:
    """Hyndman and Fan's type 8, by its definition: a = b = 1/3."""
    third, n = Fraction(1, 3), len(ordered)
    at = n * p + third + p * (1 - 2 * third)
    j = floor(at)
    low, high = (ordered[min(max(rank, 1), n) - 1] for rank in (j, j + 1))
    return (1 - (at - j)) * low + (at - j) * high
