"""What makes a figure comparable: prices of one year, a normal year's weather. Pure and exact.

A numerator is multiplied by exact fractions and rounded once, half to even; the denominator stays as it was delivered, so that
sums over units keep their weights. Whoever has the raw numerator and the factors gets the published one.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import gcd

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.catalogue.numerals import rounded
from services.validate.finding import Finding, Severity
from services.validate.key_figures import Pair
from services.validate.periods import Period


@dataclass(frozen=True)
class Factor:
    """What a numerator is multiplied by, as a fraction in lowest terms, and what it rests on.

    kind      price, degree_days or annualise
    table     factor table and version, down to the byte; empty where it follows from the calendar
    basis     name -> what was used: months, station, method, share
    assumed   it rests on a value that nobody has published
    """

    kind: str
    table: str
    numerator: int
    denominator: int
    basis: tuple[tuple[str, str], ...]
    assumed: bool = False


@dataclass(frozen=True)
class Lacking:
    """Why there is no factor: a code, how much it weighs, and its parameters beside the key figure's name."""

    code: str
    severity: Severity
    parameters: tuple[tuple[str, str], ...]

    def of(self, key_figure: str) -> Finding:
        """The finding on a figure that needs it."""
        return Finding(self.code, self.severity, "", key_figure, {"key_figure": key_figure} | dict(self.parameters))


Factors = Mapping[str, Factor | Lacking]  # kind -> factor, for one period and profile


def factors(period: Period, attributes: Mapping[str, str], catalogue: Catalogue) -> Factors:
    """Every factor of a period and profile that the catalogue has a table for."""
    return _factors(period, named(attributes, catalogue), catalogue)


def normalised(raw: Pair, chosen: Sequence[Factor]) -> Pair:
    """A pair whose numerator was multiplied by factors, exactly, and rounded once.

    >>> normalised(Pair(1000, 7), [Factor("price", "", 1183, 1170, ())])
    Pair(numerator=1011, denominator=7)
    """
    above, below = raw.numerator, 1
    for factor in chosen:
        above, below = above * factor.numerator, below * factor.denominator
    return Pair(rounded(above, below), raw.denominator)


def price(period: Period, catalogue: Catalogue) -> Factor | Lacking:
    """To the prices of the reporting year: its mean index over the mean index of the account's own months.

    A month that the account touches counts as a whole one. An account of the calendar year has factor 1, whatever the index.
    """
    table = catalogue.factors.price
    assert table is not None
    base = tuple(f"{period.year}-{month:02}" for month in range(1, 13))
    basis = (("months", _span(period.months)), ("base", period.year))
    if period.months == base:
        return Factor("price", table.name, 1, 1, basis)
    needed = sorted({*base, *period.months})
    lacking = _lacking("price", table.table, needed, table.at)
    if lacking:
        return lacking
    above = sum(table.at[m] for m in base) * len(period.months)
    below = sum(table.at[m] for m in period.months) * len(base)
    return _factor("price", table.name, above, below, basis, assumed=not table.guessed.isdisjoint(needed))


def degree_days(period: Period, method: str, use: str, catalogue: Catalogue) -> Factor | Lacking:
    """To a normal year's weather: g + (1 − g) · GD_normal / GD, both over the months of the period (HB2021, bilag 4).

    method   how the sender's profile says degree days are counted; empty: it does not say
    use      the building's use; g is the per cent of its heat that does not follow the weather
    """
    table, shares = catalogue.factors.degree_days, catalogue.factors.weather_independent
    assert table is not None
    assert shares is not None
    if method and method != table.method:
        methods = (("method", method), ("table", table.table), ("table_method", table.method))
        return Lacking("NT-2031", Severity.ERROR, methods)
    if use not in shares.shares:
        return Lacking("NT-2032", Severity.NOTE, (("use", use), ("known", ", ".join(shares.shares))))
    if not period.whole_months:
        said = (("start", period.first.isoformat()), ("end", period.last.isoformat()))
        return Lacking("NT-2033", Severity.NOTE, said)
    lacking = _lacking("degree_days", table.table, period.months, table.at)
    if lacking:
        return lacking
    normal = sum(table.normal.values[int(m[5:]) - 1] for m in period.months)
    there = sum(table.at[m] for m in period.months)
    if there == 0:
        return _none("degree_days", table.table, period.months)
    g = shares.shares[use]
    basis = (
        ("months", _span(period.months)),
        ("station", table.station),
        ("method", table.method),
        ("normal", str(normal)),
        ("degree_days", str(there)),
        ("use", use),
        ("weather_independent_pct", str(g)),
        ("shares", shares.name),
    )
    guessed = "normal" in table.assumed or not table.guessed.isdisjoint(period.months)
    assumed = guessed or bool(shares.assumed)
    return _factor("degree_days", table.name, g * there + (100 - g) * normal, 100 * there, basis, assumed=assumed)


def annualise(period: Period) -> Factor:
    """From the days of a part of a year to all of its days, 365 or 366 as the reporting year has."""
    basis = (("days", str(period.days)), ("days_of_year", str(period.days_of_year)))
    return _factor("annualise", "", period.days_of_year, period.days, basis)


@functools.lru_cache(maxsize=4096)
def _factors(period: Period, named: tuple[str, str], catalogue: Catalogue) -> Factors:
    found: dict[str, Factor | Lacking] = {}
    if catalogue.factors.price is not None:
        found["price"] = price(period, catalogue)
    if catalogue.factors.degree_days is not None and catalogue.factors.weather_independent is not None:
        method, use = named
        found["degree_days"] = degree_days(period, method, use, catalogue)
    return found


def named(attributes: Mapping[str, str], catalogue: Catalogue) -> tuple[str, str]:
    """A profile's degree-day method and building use, in the catalogue's spelling where it knows them: what factors ask of it."""
    pins = catalogue.normalisation
    known = peer_groups.place(attributes, catalogue).values
    method = use = ""
    if pins.degree_days is not None and pins.degree_days.attribute:
        name = pins.degree_days.attribute
        method = known.get(name, attributes.get(name, "").strip()[:64])
    if pins.weather_independent is not None:
        name = pins.weather_independent.attribute
        use = known.get(name, attributes.get(name, "").strip()[:64]) or pins.weather_independent.default
    return method, use


def _factor(
    kind: str, table: str, above: int, below: int, basis: tuple[tuple[str, str], ...], assumed: bool = False
) -> Factor:
    shared = gcd(above, below)
    return Factor(kind, table, above // shared, below // shared, basis, assumed)


def _lacking(kind: str, table: str, needed: Iterable[str], there: Mapping[str, int]) -> Lacking | None:
    missing = [month for month in needed if month not in there]
    return _none(kind, table, missing) if missing else None


def _none(kind: str, table: str, months: Sequence[str]) -> Lacking:
    return Lacking("NT-2030", Severity.NOTE, (("kind", kind), ("table", table), ("months", ", ".join(months))))


def _span(months: Sequence[str]) -> str:
    return f"{months[0]}/{months[-1]}"
