"""What profiles say to the catalogue of one scheme and reporting year, by the profiles' numbers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from services.validate.compiled import Flags, Whole
from services.validate.numbered import Numbered
from services.validate.profile import Profile

UNMET = -1


@dataclass(frozen=True)
class Place:
    """What a profile says.

    attributes   those that the catalogue or its factors look at
    merged       it names units that became this one
    unknown      something in it is to be told
    named        what factors ask of it
    fences       number of the fences of its groups
    """

    groups: tuple[str, ...]
    attributes: Mapping[str, str]
    merged: bool
    unknown: bool
    named: tuple[str, str]
    fences: int


@dataclass(frozen=True)
class Kinds:
    """U submissions, each by its kind of place: numbers of groups, of factors and of fences; its profile is to be told of."""

    kinds: Whole
    groups: Whole
    factors: Whole
    fences: Whole
    unknown: Flags

    def chosen(self, which: Whole) -> "Kinds":
        """Some of them."""
        parts = (getattr(self, name)[which] for name in ("kinds", "groups", "factors", "fences", "unknown"))
        return Kinds(*parts)


class Placed:
    """Places with their factors, each kind once.

    known     what profiles are numbers in
    kinds     by number: a place, and the number of its factors
    groups    by number: the peer groups of places
    """

    def __init__(self, known: Numbered[Profile | None]) -> None:
        self.known = known
        self.kinds: list[tuple[Place, int]] = []
        self.groups: list[tuple[str, ...]] = []
        self._grouped: dict[tuple[str, ...], int] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        self._of = np.empty(0, dtype=np.int64)  # kind by profile
        self._alike: dict[int, int] = {}  # kind by the mapping of attributes
        self._columns: tuple[Whole, ...] | None = None

    def unmet(self, profiles: Whole) -> list[int]:
        """Of these profiles, those that say what no other said before."""
        if len(self._of) < len(self.known.said):
            more = np.full(len(self.known.said) - len(self._of) + 64, UNMET, dtype=np.int64)
            self._of = np.concatenate([self._of, more])
        found = set[int](profiles[self._of[profiles] == UNMET].tolist())
        for number in found:
            self._of[number] = self._alike.get(id(self._attributes(number)), UNMET)
        return [number for number in found if self._of[number] == UNMET]

    def met(self, profile: int, place: Place, factors: int) -> None:
        """What a profile says."""
        key = id(place), factors  # a place is kept with its kind
        if key not in self._numbers:
            self._numbers[key] = len(self.kinds)
            self.kinds.append((place, factors))
            if place.groups not in self._grouped:
                self._grouped[place.groups] = len(self.groups)
                self.groups.append(place.groups)
            self._columns = None
        self._of[profile] = self._alike[id(self._attributes(profile))] = self._numbers[key]

    def _attributes(self, profile: int) -> Mapping[str, str]:
        said = self.known.said[profile]
        assert said is not None
        return said.attributes

    def chosen(self, profiles: Whole) -> tuple[Kinds, Flags]:
        """What these profiles say; and U: whether a profile names units that became the one."""
        if self._columns is None:
            said = [
                (self._grouped[place.groups], factors, place.fences, place.unknown, place.merged)
                for place, factors in self.kinds
            ]
            self._columns = tuple(np.array(column, dtype=np.int64) for column in zip(*said, strict=True))
        kinds = self._of[profiles]
        groups, factors, fences, unknown, merged = (column[kinds] for column in self._columns)
        return Kinds(kinds, groups, factors, fences, unknown != 0), merged != 0
