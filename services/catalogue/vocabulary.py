"""The closed vocabulary of a catalogue file: what can be said of a scheme's data points, key figures and attributes."""

import functools
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


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

    amounts: Mapping[str, Annotated[Decimal, Field(max_digits=18)]]
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

    @property
    def parts(self) -> tuple[str, ...]:
        """Its data points, the numerator's first."""
        return (*self.numerator, *self.denominator)


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

    @functools.cached_property
    def _scales(self) -> dict[str, int]:
        return {
            name: max(self.data_point[part].scale for part in figure.parts) for name, figure in self.key_figure.items()
        }

    def scale(self, key_figure: str) -> int:
        """Decimals both sums of a key figure are counted in: the finest of its data points."""
        return self._scales[key_figure]


def fold(spelling: str) -> str:
    """A spelling without what people vary: case, spaces, separators between digits, dashes.

    >>> fold(">40,000") == fold("> 40000")
    True
    """
    return "".join(c for c in spelling.casefold().replace("–", "-").replace("—", "-") if c not in " ,.\u00a0")
