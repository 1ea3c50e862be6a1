"""An explanation as a sentence, in Danish and English. It speaks of ranks alone unless the gap is asked for.

Every number on the way is rounded as it is written, and causes are the differences: what is written adds up.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Literal, Protocol

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue, KeyFigure
from services.catalogue.numerals import rounded, signed, written

E4, E9 = 10**4, 10**9

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")


class Measure(IntEnum):
    """What a sentence speaks of; the numbers of the contract."""

    POSITION = 1
    PERCENTILE = 2
    QUARTILE = 3
    GAP = 4


class Place(Protocol):
    """A unit's place in a cell: percentile in 1/10,000, gap to the median in 1/1,000,000,000; quartile 0 or no gap: not shown."""

    @property
    def position(self) -> int: ...
    @property
    def units(self) -> int: ...
    @property
    def percentile_e4(self) -> int: ...
    @property
    def quartile(self) -> int: ...
    @property
    def gap_e9(self) -> int | None: ...


class Cause(Protocol):
    """What a step, by its number in the contract, contributed, and how many units it concerns."""

    @property
    def step(self) -> int: ...
    @property
    def position(self) -> int: ...
    @property
    def percentile_e4(self) -> int: ...
    @property
    def quartile(self) -> int: ...
    @property
    def gap_e9(self) -> int: ...
    @property
    def units(self) -> int: ...


class Change(Protocol):
    """A unit's place before and after, with the causes between; none where it was or is not in the cell."""

    @property
    def group_after(self) -> str: ...
    @property
    def before(self) -> Place | None: ...
    @property
    def after(self) -> Place | None: ...
    @property
    def parts(self) -> Sequence[Cause]: ...


PLACES: Mapping[Language, Mapping[Measure, str]] = {
    "da": {
        Measure.POSITION: "{name}: nr. {before} → {after} af {units}",
        Measure.PERCENTILE: "{name}: percentil {before} → {after}",
        Measure.QUARTILE: "{name}: kvartil {before} → {after}",
        Measure.GAP: "{name}: afstand til medianen {before} → {after} {unit}",
    },
    "en": {
        Measure.POSITION: "{name}: rank {before} → {after} of {units}",
        Measure.PERCENTILE: "{name}: percentile {before} → {after}",
        Measure.QUARTILE: "{name}: quartile {before} → {after}",
        Measure.GAP: "{name}: gap to the median {before} → {after} {unit}",
    },
}
UNSAID: Mapping[Language, Mapping[Measure, str]] = {
    "da": {
        Measure.QUARTILE: "{name}: for få enheder til en kvartil",
        Measure.GAP: "{name}: for få enheder til en median",
    },
    "en": {Measure.QUARTILE: "{name}: too few units for a quartile", Measure.GAP: "{name}: too few units for a median"},
}
JOINED = {"da": "{name}: nr. {after} af {units}, ny i {group}", "en": "{name}: rank {after} of {units}, new in {group}"}
GONE = {"da": "{name}: ikke længere i {group}", "en": "{name}: no longer in {group}"}
UNCHANGED = {"da": "ingen ændring", "en": "no change"}
STEPS: Mapping[Language, Mapping[int, str]] = {  # by the numbers of the contract
    "da": {
        1: "ændret metode {change}",
        2: "egne tal {change}",
        3: "andres rettelser {change}",
        4: "{units} nye {change}",
        5: "{units} udgåede {change}",
        6: "skift af gruppe {change}",
    },
    "en": {
        1: "method changed {change}",
        2: "own figure {change}",
        3: "peers' corrections {change}",
        4: "{units} joined {change}",
        5: "{units} left {change}",
        6: "moved group {change}",
    },
}
POINTS: Mapping[Language, str] = {"da": "procentpoint", "en": "percentage points"}


def sentence(
    explanation: Change,
    figure: KeyFigure,
    catalogue: Catalogue,
    language: Language,
    measure: Measure = Measure.POSITION,
) -> str:
    """The change of a unit's place and its causes, which add up to it. Causes that concern nobody are left out."""
    before, after = explanation.before, explanation.after
    name = figure.name.of(language)
    if before is None or after is None:
        group = peer_groups.words(explanation.group_after, catalogue, language)
        if after is None:
            return GONE[language].format(name=name, group=group) + "."
        place = {"after": written(after.position, 0, language), "units": written(after.units, 0, language)}
        return JOINED[language].format(name=name, group=group, **place) + "."
    ends = _value(before, measure), _value(after, measure)
    if None in ends:
        return UNSAID[language][measure].format(name=name) + "."
    decimals, values = _rounded([end or 0 for end in ends], explanation.parts, figure, measure)
    said = PLACES[language][measure].format(
        name=name,
        before=_end(values[0], decimals, language, measure),
        after=_end(values[-1], decimals, language, measure),
        units=written(after.units, 0, language),
        unit=change_unit(figure, language),
    )
    steps = zip(explanation.parts, (y - x for x, y in pairwise(values)), strict=True)
    causes = [
        STEPS[language][part.step].format(
            change=signed(change, decimals, language), units=written(part.units, 0, language)
        )
        for part, change in steps
        if part.units or change
    ]
    return f"{said}: {', '.join(causes) or UNCHANGED[language]}."


def change_unit(figure: KeyFigure, language: Language) -> str:
    """The unit a difference of the figure is written in: of shares in per cent, points."""
    unit = figure.show.unit.of(language)
    return POINTS[language] if unit == "%" else unit


def _value(standing: Place, measure: Measure) -> int | None:
    """The standing's number, in the scale of the parts; None where it is not said."""
    if measure is Measure.PERCENTILE:
        return standing.percentile_e4
    if measure is Measure.QUARTILE:
        return standing.quartile or None
    return standing.gap_e9 if measure is Measure.GAP else standing.position


PART: Mapping[Measure, Callable[[Cause], int]] = {
    Measure.POSITION: lambda part: part.position,
    Measure.PERCENTILE: lambda part: part.percentile_e4,
    Measure.QUARTILE: lambda part: part.quartile,
    Measure.GAP: lambda part: part.gap_e9,
}


def _rounded(ends: Sequence[int], parts: Sequence[Cause], figure: KeyFigure, measure: Measure) -> tuple[int, list[int]]:
    """How many decimals are written, and the numbers on the way as written, in 10^-decimals; without parts the ends alone."""
    read = PART[measure]
    way = [ends[0]]
    for part in parts:
        way.append(way[-1] + read(part))
    decimals, scale, factor = {
        Measure.PERCENTILE: (1, E4, 1),
        Measure.GAP: (figure.show.decimals, E9, figure.show.factor),
    }.get(measure, (0, 1, 1))
    return decimals, [rounded(value * factor * 10**decimals, scale) for value in way]


def _end(value: int, decimals: int, language: Language, measure: Measure) -> str:
    return signed(value, decimals, language) if measure is Measure.GAP else written(value, decimals, language)
