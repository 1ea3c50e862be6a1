"""The closed vocabulary of a catalogue file: what can be said of a scheme's data points, key figures and attributes."""

import functools
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from services.catalogue.bounds import Base, Beside, Bounds, Change, Fences, Past, Soft
from services.catalogue.entry import Entry, Text
from services.catalogue.factor_tables import Factors, Normalisation


class DataPoint(Entry):
    """One thing a unit reports. An amount is a whole number of 10^-scale of the unit.

    nature     flow: grows with the days it covers; stock: as it stands on the last day; average: over the period's days;
               count: events or answers, a flow that is whole
    days_of    the amount is the sum over every day of the period of this other, average, data point: exact where it is not
    sum_of     it is the sum of these data points wherever all of them are delivered
    at_most    it is a part of this data point, so never larger
    beside     between so many and so many times another data point of the same unit
    """

    text: Text
    unit: Text
    scale: int = Field(ge=0, le=6)
    guidance: Text | None = None
    source: str = ""
    account: str = ""  # line of the account plan; empty: not from the accounts
    nature: Literal["flow", "stock", "average", "count"] = "flow"
    negative: bool = False  # may be below 0: an income, a correction
    days_of: str = ""
    sum_of: tuple[str, ...] = ()
    at_most: str = ""
    beside: Beside | None = None


class Comparable(Text):
    """How far units can be compared by a figure, and what hinders it."""

    level: Literal["high", "medium", "low"]


class Show(Entry):
    """How a ratio is shown: times the factor, with so many decimals, in this unit."""

    unit: Text
    factor: int = Field(gt=0)
    decimals: int = Field(ge=0, le=6)

    @property
    def ratio_decimals(self) -> int:
        """Decimals of the ratio itself that are published: a share in % with one decimal has three."""
        return self.decimals + len(str(self.factor)) - 1


class Example(Entry):
    """A worked example: amounts in natural units, and the ratio times the factor they give."""

    amounts: Mapping[str, Annotated[Decimal, Field(max_digits=18)]]
    gives: Decimal


class KeyFigure(Entry):
    """A ratio: its numerator's data points, less those of `less`, over the sum of its denominator's.

    hard, soft   outside hard it is refused, outside soft held for a reason; in the unit it is shown in
    fences       of units like it: far outside the quartiles of a closed period it is held; only where such are frozen
    base         a smaller denominator and one answer more or less moves it
    past         how much the doubts of a unit's own past weigh, which a figure with a soft range has
    tolerance    a smaller change, in the unit it is shown in, is never announced
    normalise    what makes it comparable, beside its denominator: prices of one month, a normal year's weather, a whole year
    min_units    fewer units than this and no quantile is shown, whatever the tiers allow
    """

    status: Literal["in_development", "preview", "published", "archived"]
    kind: Literal["share", "rate"]  # of a share, the numerator is part of the denominator
    name: Text
    finding: Text
    why: Text | None = None
    how: Text
    numerator: tuple[str, ...] = Field(min_length=1)
    less: tuple[str, ...] = ()
    denominator: tuple[str, ...] = Field(min_length=1)
    show: Show
    better: Literal["higher", "lower", "none"]  # for display; never for validation
    publicity: Literal["public", "members", "confidential"]
    source: str = Field(min_length=1)
    owner: str = ""
    reviewed: date | None = None
    example: Example
    hard: Bounds | None = None
    soft: Soft | None = None
    change: Change | None = None
    fences: Fences | None = None
    base: Base | None = None
    past: Past = Past()
    tolerance: Decimal | None = Field(default=None, gt=0)
    priced: bool = False  # a gap to the median is also told in kr.
    period: Literal["year", "quarter", "month", "rolling12"] = "year"
    normalise: tuple[Literal["price", "degree_days", "annualise"], ...] = ()
    min_units: int | None = Field(default=None, ge=1)
    mean_meaningful: bool = True
    comparable: Comparable | None = None

    @functools.cached_property
    def parts(self) -> tuple[str, ...]:
        """Its data points, the numerator's first."""
        return (*self.numerator, *self.less, *self.denominator)

    @property
    def assumed(self) -> tuple[str, ...]:
        """Which of its bounds nobody published: they stand for a careful guess."""
        names = ("hard", "soft", "change", "fences", "base")
        bounds = {name: getattr(self, name) for name in names}
        return tuple(name for name, bound in bounds.items() if bound and bound.source == "assumed")


class Value(Entry):
    """One value of an attribute and the spellings other years and systems use for it."""

    name: Text
    synonyms: tuple[str, ...] = ()


class Attribute(Entry):
    """One attribute of a profile. A unit that carries a `no_profile` token has no profile at all."""

    name: Text
    value: Mapping[str, Value] = Field(min_length=1)
    no_profile: tuple[str, ...] = ()


class Nationally(Entry):
    """Units of these values of an attribute are too few to be split by another: they skip the steps that name it."""

    attribute: str
    values: tuple[str, ...] = Field(min_length=1)
    skip: str


class Catalogue(Entry):
    """Every definition of one scheme and year. Order in the file is the order everywhere.

    part_years, months   accounts shorter than a year, and single months, are taken beside whole years
    edition     raised by a correction of the file, so that its figures are known to be newer than those before it
    dwellings   the data point that counts a unit's dwellings: a priced gap is also told per dwelling and month
    """

    scheme: str = Field(pattern=r"^[a-z0-9-]{1,32}$")
    year: int
    edition: int = Field(default=1, ge=1)
    title: Text
    source: str = Field(min_length=1)
    period: Literal["year"]
    part_years: bool = False
    months: bool = False
    missing: Mapping[str, Literal["blank", "not_required", "excluded"]]  # token -> reason
    ladder: tuple[tuple[str, ...], ...] = Field(min_length=1)  # wide to narrow; an empty step is everybody
    nationally: Nationally | None = None
    normalisation: Normalisation = Normalisation()
    dwellings: str = ""
    releases: tuple[Literal["provisional", "revised", "final"], ...] = Field(  # the calendar of protected figures
        default=("provisional", "revised", "final"), min_length=1
    )
    attribute: Mapping[str, Attribute]
    data_point: Mapping[str, DataPoint]
    key_figure: Mapping[str, KeyFigure] = Field(min_length=1)
    digest: str = ""  # sha256 of the file
    factors: Factors = Field(default=Factors(), exclude=True)  # the tables that normalisation names

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def version(self) -> str:
        """Names the definitions and their factor tables down to the byte: the same version gives the same figures."""
        edition = f".{self.edition}" if self.edition > 1 else ""
        own = f"{self.scheme}/{self.year}{edition}#{self.digest[:12]}"
        return "+".join([own, *(t.name for t in self.factors.tables)])

    @functools.cached_property
    def key_figures(self) -> tuple[str, ...]:
        """Ids of the key figures in catalogue order."""
        return tuple(self.key_figure)

    @functools.cached_property
    def day_sums(self) -> dict[str, str]:
        """Data points that are the sum over every day -> the average they give."""
        return {name: point.days_of for name, point in self.data_point.items() if point.days_of}

    @functools.cached_property
    def monthly_parts(self) -> tuple[str, ...]:
        """What the figures that a month's submission is looked at for rest on."""
        return tuple(dict.fromkeys(p for f in self.key_figure.values() if f.period != "year" for p in f.parts))

    @functools.cached_property
    def rolling_parts(self) -> tuple[str, ...]:
        """What the figures over twelve months rest on."""
        figures = [f for f in self.key_figure.values() if f.period in ("rolling12", "quarter")]
        return tuple(dict.fromkeys(part for figure in figures for part in figure.parts))

    @functools.cached_property
    def _scales(self) -> dict[str, int]:
        return {
            name: max(self.data_point[part].scale for part in figure.parts) for name, figure in self.key_figure.items()
        }

    def scale(self, key_figure: str) -> int:
        """Decimals both sums of a key figure are counted in: the finest of its data points."""
        return self._scales[key_figure]


@functools.lru_cache(maxsize=4096)  # the same few spellings come with every unit
def fold(spelling: str) -> str:
    """A spelling without what people vary: case, spaces, separators between digits, dashes.

    >>> fold(">40,000") == fold("> 40000")
    True
    """
    return "".join(c for c in spelling.casefold().replace("–", "-").replace("—", "-") if c not in " ,.\u00a0")
