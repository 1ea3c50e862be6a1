"""Twins: the units most like a unit by their registered profiles, of the same type, however they perform.

Gower's distance: the mean over attributes of min(1, |difference| / scale) for measures and 0 or 1 for categories, counted in
millionths, each rounded down. An attribute that either unit lacks counts as wholly different. A scale is the interquartile range
of a closed year's register, frozen (`kinship`): a newcomer, however odd, changes the sets it enters or leaves and no other.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from services.benchmark.statistics import Q1, Q3, QUARTILE_TIER, quantile
from services.catalogue import peer_groups
from services.catalogue.vocabulary import Catalogue

TWINS, WHOLE = 30, 10**6
MEASURES = ("dwellings", "built_year")  # what of a profile is a number; others are ignored
LARGEST = 10**9


@dataclass(frozen=True)
class Kin:
    """What of a unit's registered profile says whom it is like.

    kind        value of the attribute that twins share; empty: unknown, so it has no twins and is nobody's
    values      attribute -> canonical value; measures are absent where they are not a number
    """

    unit_id: str
    organisation_id: str
    kind: str
    categories: Mapping[str, str]
    measures: Mapping[str, Fraction]


@dataclass(frozen=True)
class Scales:
    """The scales of a register: measure -> interquartile range, above 0. Others are not used.

    year   the closed year they are frozen from; empty while they follow the register
    """

    year: str
    measures: Mapping[str, Fraction]


@dataclass(frozen=True)
class Twin:
    """One twin: `parts` says per attribute how far apart, in millionths; their sum over their number is the distance."""

    unit_id: str
    organisation_id: str
    parts: Mapping[str, int]

    @property
    def apart(self) -> int:
        """The sum of the parts: twins of one unit are ordered by it."""
        return sum(self.parts.values())

    @property
    def distance_e6(self) -> int:
        """0 alike, 1,000,000 wholly different; rounded down."""
        return self.apart // max(len(self.parts), 1)

    def share_e4(self, attribute: str) -> int:
        """How much of the distance one attribute makes, in 1/10,000, rounded down; 0 where there is no distance."""
        return 10**4 * self.parts[attribute] // self.apart if self.apart else 0


def matched_on(catalogue: Catalogue) -> str:
    """The attribute that twins share: the first the ladder splits by. Empty where it splits by none."""
    return next((step[0] for step in catalogue.ladder if step), "")


def kin(unit_id: str, organisation_id: str, attributes: Mapping[str, str], catalogue: Catalogue) -> Kin:
    """A unit's profile as twins see it: attributes of the ladder by their canonical values, and the measures."""
    values = peer_groups.place(attributes, catalogue).values
    on_the_ladder = dict.fromkeys(a for step in catalogue.ladder for a in step)
    shared = matched_on(catalogue)
    categories = {a: values[a] for a in on_the_ladder if a in values and a != shared}
    numbers = {name: _number(attributes.get(name, "")) for name in MEASURES}
    return Kin(
        unit_id,
        organisation_id,
        values.get(shared, ""),
        categories,
        {name: number for name, number in numbers.items() if number is not None},
    )


def scales(year: str, register: Iterable[Kin]) -> Scales:
    """The scales a register gives: type 8 quartiles of each measure that enough units have and that varies."""
    known: dict[str, list[Fraction]] = {name: [] for name in MEASURES}
    for one in register:
        for name, value in one.measures.items():
            known[name].append(value)
    found = {}
    for name, values in known.items():
        ordered = [value.as_integer_ratio() for value in sorted(values)]
        if len(ordered) >= QUARTILE_TIER.units:
            spread = Fraction(*quantile(ordered, Q3)) - Fraction(*quantile(ordered, Q1))
            if spread > 0:
                found[name] = spread
    return Scales(year, found)


class TwinSets:
    """Whom each unit is most like, worked out when asked for and kept until a unit enters or leaves the set."""

    def __init__(self, frozen: Scales, categories: Iterable[str]) -> None:
        self.scales, self._categories = frozen, tuple(categories)
        self.units: dict[str, Kin] = {}
        self._kinds: dict[str, set[str]] = {}
        self._sets: dict[str, tuple[Twin, ...]] = {}

    def change(self, unit: Kin) -> frozenset[str]:
        """A unit is registered, or its profile changes. Returns the units, of those asked for, whose sets it enters or leaves, or
        in which it moves; its own set begins anew.
        """
        before = self.units.get(unit.unit_id)
        if before == unit:
            return frozenset()
        if before is not None:
            self._kinds[before.kind].discard(before.unit_id)
        self.units[unit.unit_id] = unit
        self._kinds.setdefault(unit.kind, set()).add(unit.unit_id)
        touched = {
            other for other, twins in self._sets.items() if other != unit.unit_id and self._concerns(other, unit)
        }
        for other in touched | {unit.unit_id}:
            self._sets.pop(other, None)
        return frozenset(touched)

    def of(self, unit_id: str) -> tuple[Twin, ...]:
        """The thirty nearest, or all there are of its type, nearest first; equally near by unit id. None for an unknown type.

        Raises KeyError for a unit that is not registered.
        """
        if unit_id not in self._sets:
            own = self.units[unit_id]
            others = (self.units[other] for other in self._kinds[own.kind] if other != unit_id) if own.kind else ()
            apart = ((sum(self.parts(own, other).values()), other.unit_id) for other in others)
            self._sets[unit_id] = tuple(self._twin(own, self.units[u]) for _, u in heapq.nsmallest(TWINS, apart))
        return self._sets[unit_id]

    def parts(self, a: Kin, b: Kin) -> dict[str, int]:
        """How far apart two units are by each attribute, in millionths."""
        parts = {name: _unlike(a.categories.get(name), b.categories.get(name)) for name in self._categories}
        for name, scale in self.scales.measures.items():
            parts[name] = _apart(a.measures.get(name), b.measures.get(name), scale)
        return parts

    def _twin(self, own: Kin, other: Kin) -> Twin:
        return Twin(other.unit_id, other.organisation_id, self.parts(own, other))

    def _concerns(self, other: str, unit: Kin) -> bool:
        """Whether a unit, as it now is, was in another's set or comes into it."""
        twins, own = self._sets[other], self.units[other]
        if any(twin.unit_id == unit.unit_id for twin in twins):
            return True
        if not own.kind or own.kind != unit.kind:
            return False
        nearness = sum(self.parts(own, unit).values()), unit.unit_id
        return len(twins) < TWINS or nearness < (twins[-1].apart, twins[-1].unit_id)


def _unlike(mine: str | None, theirs: str | None) -> int:
    return 0 if mine is not None and mine == theirs else WHOLE


def _apart(mine: Fraction | None, theirs: Fraction | None, scale: Fraction) -> int:
    if mine is None or theirs is None:
        return WHOLE
    apart = abs(mine - theirs)
    return min(WHOLE, WHOLE * apart.numerator * scale.denominator // (apart.denominator * scale.numerator))


def _number(text: str) -> Fraction | None:
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return Fraction(value) if value.is_finite() and abs(value) < LARGEST else None
