"""An invented sector: departments and their years, drawn as whole columns. Nobody's figures; made for trying and testing. Pure.

Every column has one entry per department. A department keeps its own level from year to year. Floats draw the figures; what
is written is whole numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.catalogue import amounts as scales
from services.catalogue.definitions import Catalogue
from services.cli.invented_levels import (
    BUILT,
    DWELLINGS,
    EFFICIENT,
    FIRST_YEAR,
    GROWTH,
    LARGEST,
    LEVELS,
    MODES,
    REGIONS,
    SMALLEST,
    TYPES,
    WATER_SETTLED_TOGETHER,
    Level,
)

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
FARTHEST = 3.0  # standard deviations; the invented have no wilder outliers than these
RENT = {"family": "konto_2011", "youth": "konto_2012", "elderly": "konto_2013"}
AT_ONE_ORGANISATION = 8  # departments, on average
BEGINS = {
    1: 0.92,
    7: 0.04,
    10: 0.02,
    4: 0.02,
}  # first month of the accounting year, and how many organisations begin then; assumed


@dataclass(frozen=True)
class Departments:
    """Every unit of the sector.

    attributes   name -> value of each
    begins       month in which each one's accounting year begins
    own          data point -> what sets a department apart, in standard deviations
    settled      whose water is settled collectively
    """

    unit_ids: list[str]
    organisations: list[str]
    attributes: dict[str, list[str]]
    begins: list[int]
    dwellings: Floats
    own: dict[str, Floats]
    settled: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.unit_ids)


def departments(count: int, rng: np.random.Generator) -> Departments:
    """Draw the units; an organisation has some eight of them in one region and one accounting year."""
    organisation = np.sort(rng.integers(0, max(1, count // AT_ONE_ORGANISATION), count))
    owners = int(organisation[-1]) + 1
    middle, spread = DWELLINGS
    dwellings = np.round(np.clip(middle * np.exp(spread * _normal(rng, count)), SMALLEST, LARGEST))
    bands = np.array(["1-49", "50-149", "150+"])[np.searchsorted([50, 150], dwellings, side="right")]
    chosen = {
        "type": _choice(rng, TYPES, count),
        "size_band": bands,
        "region": _choice(rng, REGIONS, owners)[organisation],
    }
    chosen |= {"built": _choice(rng, BUILT, count), "survey_mode": _choice(rng, MODES, owners)[organisation]}
    chosen["dwellings"] = dwellings.astype(np.int64).astype(
        np.str_
    )  # no attribute of the scheme: twins are measured by it
    begins = rng.choice(list(BEGINS), owners, p=list(BEGINS.values()))
    first = np.searchsorted(organisation, organisation)
    return Departments(
        [
            f"{o + 1:04d}-{n + 1:03d}"
            for o, n in zip(organisation.tolist(), (np.arange(count) - first).tolist(), strict=True)
        ],
        [f"{o + 1:04d}" for o in organisation.tolist()],
        {name: values.tolist() for name, values in chosen.items()},
        begins[organisation].tolist(),
        dwellings,
        {name: _normal(rng, count) for name in [*LEVELS, "effektiv_udgift"]}
        | {"some": rng.random((len(LEVELS), count))},
        rng.random(count) < WATER_SETTLED_TOGETHER,
    )


def year(units: Departments, catalogue: Catalogue, rng: np.random.Generator) -> dict[str, Whole]:
    """One year's amounts of every unit in the data points' scales; parts, sums and wholes agree."""
    drawn: dict[str, Floats] = {"dwellings": units.dwellings}
    for number, (name, level) in enumerate(LEVELS.items()):
        drawn[name] = _column(name, level, number, units, catalogue, drawn, rng)
    kinds = np.array(units.attributes["type"])
    drawn |= {name: np.where(kinds == kind, drawn["konto_201"], 0) for kind, name in RENT.items()}
    for name, point in catalogue.data_point.items():
        if point.sum_of:
            drawn[name] = np.sum([drawn[part] for part in point.sum_of], axis=0)
    part, between, yearly = EFFICIENT
    saved = part * np.exp(between * units.own["effektiv_udgift"] + yearly * _normal(rng, len(units)))
    drawn["effektiv_udgift"] = np.round(drawn["udgift_7_konti"] * (1 - np.clip(saved, 0, 0.75)))
    return {
        name: np.round(drawn[name] * 10**point.scale).astype(np.int64)
        for name, point in catalogue.data_point.items()
        if name in drawn
    }


def texts(amounts: Mapping[str, Whole], units: Departments, catalogue: Catalogue) -> dict[str, list[Any]]:
    """The same as a sender writes them: whole numbers, decimals only where there are some, a token where it does not apply."""
    found: dict[str, list[Any]] = {}
    for name, column in amounts.items():
        scale = catalogue.data_point[name].scale
        if (column % 10**scale == 0).all():
            found[name] = (column // 10**scale).tolist()
        else:
            found[name] = [scales.natural(value, scale) for value in column.tolist()]
    token = next(word for word, reason in catalogue.missing.items() if reason == "not_required")
    found["konto_107"] = [
        v if there else token for v, there in zip(found["konto_107"], units.settled.tolist(), strict=True)
    ]
    return found


def _column(
    name: str,
    level: Level,
    number: int,
    units: Departments,
    catalogue: Catalogue,
    drawn: Mapping[str, Floats],
    rng: np.random.Generator,
) -> Floats:
    """One data point of every unit, in natural units."""
    per, count = drawn[level.per], len(units)
    farthest = FARTHEST * float(np.hypot(level.between, level.yearly))
    apart = np.clip(level.between * units.own[name] + level.yearly * rng.standard_normal(count), -farthest, farthest)
    if level.kind == "part":
        odds = level.middle / (1 - level.middle) * np.exp(apart)
        return rng.binomial(per.astype(np.int64), odds / (1 + odds)).astype(np.float64)
    mean = per * level.middle * np.exp(apart) * _factors(level, units)
    if level.kind == "count":
        return rng.poisson(mean).astype(np.float64)
    if level.kind == "average":
        return np.round(mean, min(2, catalogue.data_point[name].scale))
    if level.grows:
        mean = mean * GROWTH ** (catalogue.year - FIRST_YEAR)
    if level.some < 1:  # its middle is the mean of those that have any
        mean = np.where(_have(level, number, units), mean * np.exp(-(level.between**2 + level.yearly**2) / 2), 0)
    whole = catalogue.data_point[name].at_most
    return np.minimum(np.round(mean), drawn[whole]) if whole in drawn else np.round(mean)


def _have(level: Level, number: int, units: Departments) -> NDArray[np.bool_]:
    """Who has any: rare things the more likely the larger the department, common ones anybody."""
    chance = np.full(len(units), level.some)
    if level.some < 0.1:
        chance = np.minimum(level.some * units.dwellings / units.dwellings.mean(), 1)
    return np.asarray(units.own["some"][number] < chance)


def _factors(level: Level, units: Departments) -> Floats:
    product = np.ones(len(units))
    for attribute, factors in level.by.items():
        product *= np.array([factors.get(value, 1.0) for value in units.attributes[attribute]])
    return product


def _normal(rng: np.random.Generator, count: int) -> Floats:
    return np.clip(rng.standard_normal(count), -FARTHEST, FARTHEST)


def _choice(rng: np.random.Generator, parts: Mapping[str, float], count: int) -> NDArray[np.str_]:
    return rng.choice(list(parts), count, p=list(parts.values()))
