"""Definitions of one scheme and year, read from TOML and refused with every fault at once."""

import functools
import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent


class CatalogueError(Exception):
    """A catalogue file cannot be used. `faults` has every one of them, each with its place in the file."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path.name}: " + "; ".join(faults))
        self.path, self.faults = path, faults


class UnknownDefinitions(LookupError):
    """There are no definitions for a scheme, or none for a year of it. `known` has what there is."""

    def __init__(self, scheme: str, period: str, known: list[str]) -> None:
        super().__init__(f"{scheme}/{period}")
        self.scheme, self.period, self.known = scheme, period, known


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Entry):
    """Words in both languages."""

    da: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def of(self, language: str) -> str:
        """The words in a language: da, else en."""
        return self.da if language == "da" else self.en


class DataPoint(_Entry):
    """One thing a unit reports. An amount is a whole number of 10^-scale of the unit."""

    text: Text
    unit: Text
    scale: int = Field(ge=0, le=6)


class Show(_Entry):
    """How a ratio is shown: times the factor, with so many decimals, in this unit."""

    unit: Text
    factor: int = Field(gt=0)
    decimals: int = Field(ge=0, le=6)

    @property
    def ratio_decimals(self) -> int:
        """Decimals of the ratio itself that are published: a share in % with one decimal has three."""
        return self.decimals + len(str(self.factor)) - 1


class Example(_Entry):
    """A worked example: amounts in natural units, and the ratio times the factor they give."""

    amounts: Mapping[str, Decimal]
    gives: Decimal


class KeyFigure(_Entry):
    """A ratio: the sum of its numerator's data points over the sum of its denominator's."""

    status: Literal["in_development", "preview", "published", "archived"]
    kind: Literal["share", "rate"]  # of a share, the numerator is part of the denominator
    name: Text
    finding: Text
    why: Text
    how: Text
    numerator: tuple[str, ...] = Field(min_length=1)
    denominator: tuple[str, ...] = Field(min_length=1)
    show: Show
    better: Literal["higher", "lower", "none"]  # for display; never for validation
    publicity: Literal["public", "members", "confidential"]
    source: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    reviewed: date
    example: Example


class Value(_Entry):
    """One value of an attribute and the spellings other years and systems use for it."""

    name: Text
    synonyms: tuple[str, ...] = ()


class Attribute(_Entry):
    """One attribute of a profile. A unit that carries a `no_profile` token has no profile at all."""

    name: Text
    value: Mapping[str, Value] = Field(min_length=1)
    no_profile: tuple[str, ...] = ()


class Catalogue(_Entry):
    """Every definition of one scheme and year. Order in the file is the order everywhere."""

    scheme: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    year: int
    title: Text
    source: str = Field(min_length=1)
    period: Literal["year"]
    missing: Mapping[str, Literal["blank", "not_required", "excluded"]]  # token -> reason
    ladder: tuple[tuple[str, ...], ...] = Field(min_length=1)  # wide to narrow; an empty step is everybody
    attribute: Mapping[str, Attribute]
    data_point: Mapping[str, DataPoint]
    key_figure: Mapping[str, KeyFigure] = Field(min_length=1)
    digest: str = ""  # sha256 of the file

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def version(self) -> str:
        """Names the definitions down to the byte: the same version gives the same figures."""
        return f"{self.scheme}/{self.year}#{self.digest[:12]}"

    @functools.cached_property
    def key_figures(self) -> tuple[str, ...]:
        """Ids of the key figures in catalogue order."""
        return tuple(self.key_figure)

    def scale(self, key_figure: str) -> int:
        """Decimals both sums of a key figure are counted in: the finest of its data points."""
        figure = self.key_figure[key_figure]
        return max(self.data_point[d].scale for d in (*figure.numerator, *figure.denominator))


def load(path: Path) -> Catalogue:
    """Read one catalogue file. Raises CatalogueError with every fault in it."""
    raw = path.read_bytes()
    try:
        content = tomllib.loads(raw.decode(), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(path, [f"is not TOML: {error}"]) from None
    try:
        catalogue = Catalogue(**content | {"digest": hashlib.sha256(raw).hexdigest()})
    except ValidationError as error:
        raise CatalogueError(path, [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]) from None
    faults = _inconsistencies(catalogue)
    if faults:
        raise CatalogueError(path, faults)
    return catalogue


@functools.cache
def of(scheme: str, period: str, catalogue_year: int | None = None) -> Catalogue:
    """The definitions of a scheme for a reporting period, or those of another year where one is forced.

    Raises UnknownDefinitions with the years there are.
    """
    year = str(catalogue_year or period[:4])
    path = FOLDER / scheme / f"{year}.toml"
    if scheme not in schemes() or not path.exists():
        raise UnknownDefinitions(scheme, year, years(scheme) if scheme in schemes() else schemes())
    return load(path)


def schemes() -> list[str]:
    """The schemes there are definitions for."""
    return sorted(p.parent.name for p in FOLDER.glob("*/[0-9][0-9][0-9][0-9].toml") if p.parent.name[0].isalpha())


def years(scheme: str) -> list[str]:
    """The years of a scheme there are definitions for."""
    return sorted(p.stem for p in (FOLDER / scheme).glob("[0-9][0-9][0-9][0-9].toml"))


def _inconsistencies(catalogue: Catalogue) -> list[str]:
    """What the shape alone does not show: references into nothing, doubtful spellings, examples that do not compute."""
    faults = []
    for step in catalogue.ladder:
        faults += [f"ladder: {name} is no attribute" for name in step if name not in catalogue.attribute]
    if () not in catalogue.ladder:
        faults.append("ladder: no step [] for everybody")
    for name, attribute in catalogue.attribute.items():
        spelled = [*attribute.no_profile, *(s for v, value in attribute.value.items() for s in (v, *value.synonyms))]
        folded = [fold(s) for s in spelled]
        faults += [
            f"attribute.{name}: {s!r} is spelled twice"
            for s, f in zip(spelled, folded, strict=True)
            if folded.count(f) > 1
        ]
    used = set()
    for name, figure in catalogue.key_figure.items():
        parts = (*figure.numerator, *figure.denominator)
        unknown = [p for p in parts if p not in catalogue.data_point]
        used |= set(parts)
        faults += [f"key_figure.{name}: {p} is no data point" for p in unknown]
        faults += [] if unknown else _example(name, figure)
    return faults + [f"data_point.{name}: no key figure uses it" for name in catalogue.data_point if name not in used]


def _example(name: str, figure: KeyFigure) -> list[str]:
    """The worked example must compute to the digits it shows."""
    amounts: Mapping[str, Any] = figure.example.amounts
    missing = [p for p in (*figure.numerator, *figure.denominator) if p not in amounts]
    if missing:
        return [f"key_figure.{name}.example: {p} is missing" for p in missing]
    denominator = sum(amounts[p] for p in figure.denominator)
    computed = Decimal(sum(amounts[p] for p in figure.numerator)) / denominator * figure.show.factor
    if round(computed, figure.show.decimals) != figure.example.gives:
        return [f"key_figure.{name}.example: gives {round(computed, figure.show.decimals)}, not {figure.example.gives}"]
    return []


def fold(spelling: str) -> str:
    """A spelling without what people vary: case, spaces, separators between digits, dashes.

    >>> fold(">40,000") == fold("> 40000")
    True
    """
    return "".join(c for c in spelling.casefold().replace("–", "-").replace("—", "-") if c not in " ,.\u00a0")
