"""What a catalogue file can hold against a number: ranges, changes, fences; what each weighs and where it comes from."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from services.catalogue.entry import Entry

Weight = Literal[
    "confirm", "note"
]  # a doubt that holds the figure until a reason comes; or one that is said and holds nothing


class Beside(Entry):
    """Between `range[0]` and `range[1]` times another data point, both in natural units, both ends inside."""

    data_point: str
    range: tuple[Decimal, Decimal]
    severity: Weight = "confirm"
    source: str = Field(min_length=1)


class Bounds(Entry):
    """A range in the unit a key figure is shown in, both ends inside. `source` is "assumed" where nobody published one."""

    range: tuple[Decimal, Decimal]
    source: str = Field(min_length=1)


class Soft(Bounds):
    """A range outside which a figure is unlikely, yet can be right."""

    severity: Weight = "confirm"


class Change(Entry):
    """The largest change from the period before, in per cent of it, that needs no reason."""

    pct: int = Field(gt=0)
    severity: Weight = "confirm"
    source: str = Field(min_length=1)


class Fences(Entry):
    """How far out is far: k times the way from the median to the quartile of that side, beyond the quartile.

    k       a whole number or a half, so that a comparison is exact in whole numbers
    of      values: q1 - k(M - q1) and q3 + k(q3 - M); logarithms, for costs: q1(q1/M)^k and q3(q3/M)^k
    units   a group of fewer has no fences, since its own quartiles are uncertain: a wider one of the unit's judges
    """

    k: Decimal = Field(gt=0, le=10, multiple_of=0.5)
    of: Literal["values", "logarithms"]
    units: int = Field(default=40, ge=1)
    severity: Weight = "confirm"
    source: str = Field(min_length=1)


class Base(Entry):
    """The smallest sum of the denominator, in natural units, that a figure says something from."""

    least: Decimal = Field(gt=0)
    severity: Weight = "confirm"
    source: str = Field(min_length=1)


class Past(Entry):
    """How much a unit's own past weighs: an order of magnitude, the same again, a denominator that moved, a sign that turned."""

    magnitude: Weight = "confirm"
    copied: Weight = "confirm"
    moved: Weight = "confirm"
    sign: Weight = "confirm"
