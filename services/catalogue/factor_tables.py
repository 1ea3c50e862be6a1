"""Factor tables: prices, weather and shares that make figures comparable. Data files with a source and a version each.

A table is never changed: what is found out later is a new version, and so a new method version of every figure it touches.
Values are whole numbers. A value that nobody published says `source = "assumed"`.
"""

import functools
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FOLDER = Path(__file__).parent / "factors"
ASSUMED = "assumed"
Share = Annotated[int, Field(ge=0, le=100)]
ADVICE = {
    "extra_forbidden": "is no word of a factor table; remove it or correct its spelling",
    "missing": "is missing; add it",
    "int_from_float": "is no whole number; a table counts in whole numbers of its scale",
}
NAME = r"^[a-z0-9][a-z0-9-]{0,40}$"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Months(_Entry):
    """Values of consecutive months of one year, from `first` on. An empty source: the table's own."""

    year: int = Field(ge=1900, le=2999)
    first: int = Field(default=1, ge=1, le=12)
    values: tuple[int, ...] = Field(min_length=1, max_length=12)
    source: str = ""
    method: str = ""  # of degree days: how they were counted


class _Table(_Entry):
    """What every table says of itself. `digest` is the sha256 of its file."""

    table: str = Field(pattern=NAME)
    version: str = Field(pattern=NAME)
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    scope: str = Field(min_length=1)
    digest: str = ""

    @property
    def name(self) -> str:
        """Names the table down to the byte."""
        return f"{self.table}/{self.version}#{self.digest[:8]}"

    @property
    def assumed(self) -> list[str]:
        """What in it nobody published."""
        return [self.table] if self.source == ASSUMED else []

    def faults(self) -> Iterable[str]:
        """What does not fit together."""
        return ()


class _Series(_Table):
    months: tuple[Months, ...] = Field(min_length=1)

    @functools.cached_property
    def at(self) -> dict[str, int]:
        """Month, such as 2024-06 -> value."""
        return {month: value for m in self.months for month, value in _dated(m)}

    @functools.cached_property
    def guessed(self) -> frozenset[str]:
        """The months whose value nobody published."""
        return frozenset(month for m in self.months if (m.source or self.source) == ASSUMED for month, _ in _dated(m))

    @property
    def assumed(self) -> list[str]:
        """What in it nobody published."""
        return sorted(self.guessed)

    def faults(self) -> Iterable[str]:
        """Months told twice or beyond December, values that cannot be."""
        told = [month for m in self.months for month, _ in _dated(m)]
        for m in self.months:
            if m.first + len(m.values) > 13:
                yield f"months: {m.year} runs beyond December; put the rest under {m.year + 1}"
        yield from (f"months: {month} is told {told.count(month)} times; keep one" for month in sorted(_twice(told)))
        yield from (f"months: {month} is below 0" for month, value in self.at.items() if value < 0)


class PriceIndex(_Series):
    """A price index by month, in 10^-scale of a point."""

    kind: Literal["price"]
    scale: int = Field(ge=0, le=4)

    def faults(self) -> Iterable[str]:
        """As of every series; and an index is above 0, or nothing could be divided by it."""
        yield from super().faults()
        yield from (f"months: {month} is 0; an index is above 0" for month, value in self.at.items() if value == 0)


class Normal(_Entry):
    """The months of a normal year, from January, and how they were counted."""

    method: str = Field(min_length=1)
    source: str = Field(min_length=1)
    values: tuple[int, ...] = Field(min_length=12, max_length=12)


class DegreeDays(_Series):
    """Degree days of a station by month, with the normal year they belong to."""

    kind: Literal["degree_days"]
    station: str = Field(min_length=1)
    normal: Normal

    @property
    def method(self) -> str:
        """How degree days are counted in it."""
        return self.normal.method

    @property
    def assumed(self) -> list[str]:
        """What in it nobody published."""
        return [*super().assumed, *(["normal"] if self.normal.source == ASSUMED else [])]

    def faults(self) -> Iterable[str]:
        """As of every series; and all of it must be counted by one method."""
        yield from super().faults()
        yield from (
            f"months: {m.year} is counted by {m.method or 'nothing named'}, the normal year by {self.method}; "
            "degree days of two methods never stand together"
            for m in self.months
            if m.method != self.method
        )
        if min(self.normal.values) < 0:
            yield "normal: a month is below 0"


class WeatherIndependent(_Table):
    """Per cent of heat that does not follow the weather, by the use of a building."""

    kind: Literal["weather_independent"]
    shares: Mapping[str, Share] = Field(min_length=1)


class Factors(_Entry):
    """The tables a catalogue year is computed by."""

    price: PriceIndex | None = None
    degree_days: DegreeDays | None = None
    weather_independent: WeatherIndependent | None = None

    @property
    def tables(self) -> list[PriceIndex | DegreeDays | WeatherIndependent]:
        """Those there are."""
        return [t for t in (self.price, self.degree_days, self.weather_independent) if t is not None]


class Pin(_Entry):
    """One version of a factor table."""

    table: str = Field(min_length=1)
    version: str = Field(min_length=1)


class PricePin(Pin):
    """Which price index. `base` is what prices are moved to: the months of the reporting year."""

    base: Literal["reporting_year"]


class DegreeDayPin(Pin):
    """Which degree days. `attribute` of a profile, where it is there, must name the table's method."""

    attribute: str = ""


class SharePin(Pin):
    """Which weather-independent shares. `attribute` of a profile says the building's use; without it, `default`."""

    attribute: str = Field(min_length=1)
    default: str = Field(min_length=1)


class Normalisation(_Entry):
    """The factor tables a year's figures are computed by."""

    price: PricePin | None = None
    degree_days: DegreeDayPin | None = None
    weather_independent: SharePin | None = None


KINDS: Mapping[str, type[PriceIndex] | type[DegreeDays] | type[WeatherIndependent]] = {
    "price": PriceIndex,
    "degree_days": DegreeDays,
    "weather_independent": WeatherIndependent,
}


def files() -> list[Path]:
    """Every table of the product."""
    return sorted(FOLDER.glob("*/*.toml"))


@functools.cache
def read(path: Path) -> tuple[PriceIndex | DegreeDays | WeatherIndependent | None, tuple[str, ...]]:
    """One table, and everything that is wrong with its file. No table where its shape is wrong."""
    try:
        raw = path.read_bytes()
        content: dict[str, Any] = tomllib.loads(raw.decode())
    except OSError as error:
        return None, (f"cannot be read: {error.strerror}",)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (f"is not TOML: {error}",)
    model = KINDS.get(str(content.get("kind", "")))
    if model is None:
        return None, (f"kind: cannot be that; write {', '.join(KINDS)}",)
    try:
        table = model.model_validate(content | {"digest": hashlib.sha256(raw).hexdigest()})
    except ValidationError as error:
        return None, tuple(f"{'.'.join(map(str, e['loc']))}: {ADVICE.get(e['type'], e['msg'])}" for e in error.errors())
    faults = list(table.faults())
    if (table.table, table.version) != (path.parent.name, path.stem):
        faults.append(
            f"table, version: stand in {path.parent.name}/{path.stem}, but say otherwise; correct one of them"
        )
    return table, tuple(faults)


def pinned(pins: Any) -> tuple[dict[str, Any], list[str]]:
    """The tables that a catalogue's normalisation names, by kind, and what is wrong with them or the naming."""
    found: dict[str, Any] = {}
    faults: list[str] = []
    for kind, pin in pins.items() if isinstance(pins, dict) else ():
        if kind not in KINDS or not isinstance(pin, dict):
            continue  # its shape is told elsewhere
        name, version = str(pin.get("table", "")), str(pin.get("version", ""))
        path = FOLDER / name / f"{version}.toml"
        if path not in files():
            known = ", ".join(f"{p.parent.name}/{p.stem}" for p in files())
            faults.append(f"normalisation.{kind}: there is no factor table {name}/{version}; there is {known}")
            continue
        table, wrong = read(path)
        faults += [f"normalisation.{kind}: {name}/{version}: {fault}" for fault in wrong]
        if table is not None and table.kind != kind:
            faults.append(f"normalisation.{kind}: {name}/{version} is a table of {table.kind}")
        elif table is not None:
            found[kind] = table
    return found, faults


def _dated(m: Months) -> list[tuple[str, int]]:
    return [(f"{m.year}-{month:02}", value) for month, value in enumerate(m.values, m.first)]


def _twice(words: list[str]) -> set[str]:
    return {word for word in words if words.count(word) > 1}
