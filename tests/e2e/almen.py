"""A run on an invented sector, held against the oracle: everything recomputed from the files alone, naively and exactly.

Which figures stand is taken from assessments.csv; their amounts, normalisation, peer groups, statistics and standings are not.
"""

import csv
import functools
import tomllib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from tests import oracle

CATALOGUE = Path(__file__).resolve().parents[2] / "services" / "catalogue"
LADDER = ((), ("type",), ("region",), ("type", "region"), ("type", "size_band"), ("type", "size_band", "region"))
LADDER += (("type", "size_band", "region", "built"),)
NATIONAL = {"youth", "elderly"}
STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")
CLASSES = ("public", "members", "confidential")
REFUSED_AS_A_WHOLE = {"NT-2103", "NT-2104"}


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of one file."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _toml(place: str) -> dict[str, Any]:
    return tomllib.loads((CATALOGUE / place).read_text(encoding="utf-8"), parse_float=Fraction)


def _months(table: str) -> dict[str, int]:
    """Month -> value of a factor table."""
    found = {}
    for line in _toml(f"factors/{table}.toml")["months"]:
        for n, value in enumerate(line["values"], start=line.get("first", 1)):
            found[f"{line['year']}-{n:02}"] = value
    return found


PRICES, DEGREE_DAYS = _months("nettoprisindeks/2024-07"), _months("graddage-aarhus/2023-11")
NORMAL = _toml("factors/graddage-aarhus/2023-11.toml")["normal"]["values"]
HOT_WATER = Fraction(_toml("factors/vejruafhaengig-andel/2021.toml")["shares"]["dwelling"], 100)


class Sector:
    """The files of a sector and of a run on it."""

    def __init__(self, sector: Path, out: Path) -> None:
        self.units = {u["unit_id"]: u for u in rows(sector / "units.csv")}
        self.catalogues = {y: _toml(f"dk-almen/{y}.toml") for y in ("2023", "2024", "2025")}
        self._out = out
        self.sent: dict[tuple[str, str], dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
        self.dates: dict[tuple[str, str, int], tuple[str, str]] = {}
        self.withdrawn = set()
        for row in rows(sector / "submissions.csv"):
            place = row["unit_id"], _period(row["period_start"], row["period_end"])
            revision = int(row["revision"])
            self.sent[place][revision][row["data_point"]] = row["value"]
            self.dates[(*place, revision)] = row["period_start"], row["period_end"]
            if row["withdraw"]:
                self.withdrawn.add((*place, revision))
        self.refused, self.absent = set(), set()
        for row in rows(out / "assessments.csv"):
            if row["code"] in REFUSED_AS_A_WHOLE:
                self.refused.add((row["unit_id"], row["period"]))
            if row["kind"] == "absence":
                self.absent.add((row["unit_id"], row["period"], row["key_figure"]))

    @functools.cached_property
    def benchmarks(self) -> list[dict[str, str]]:
        """What the run said of cells."""
        return rows(self._out / "benchmarks.csv")

    @functools.cached_property
    def standings(self) -> list[dict[str, str]]:
        """What the run said of units."""
        return rows(self._out / "standings.csv")

    def history(self, period: str, publicity: Collection[str] = CLASSES) -> list[tuple[str, str, int, Any]]:
        """Every registration and every record of a period; only the newest revision's figures of some classes are worked out."""
        found: list[tuple[str, str, int, Any]] = [("registration", u, 1, self._groups(u)) for u in self.units]
        for (unit, name), revisions in self.sent.items():
            if name == period and (unit, name) not in self.refused:
                for revision in revisions:
                    newest = revision == max(revisions)
                    content = {
                        "holder": self.units[unit]["organisation_id"],
                        "groups": self._groups(unit),
                        "withdrawn": (unit, name, revision) in self.withdrawn,
                        "figures": dict(self._figures(unit, name, revision, publicity)) if newest else {},
                    }
                    found.append(("observation", unit, revision, content))
        return found

    def _groups(self, unit: str) -> tuple[str, ...]:
        """By the ladder; youth and elderly homes are compared nationally, a value nobody knows gives no group."""
        profile = {k: v for k, v in self.units[unit].items() if v}
        known = self.catalogues["2025"]["attribute"]
        profile = {k: v for k, v in profile.items() if k in known and v in known[k]["value"]}
        national = profile.get("type") in NATIONAL
        steps = [s for s in LADDER if all(a in profile for a in s) and not (national and "region" in s)]
        return tuple(";".join(f"{a}={profile[a]}" for a in step) or "all" for step in steps)

    def _figures(
        self, unit: str, period: str, revision: int, publicity: Collection[str]
    ) -> Iterator[tuple[str, tuple[int, int]]]:
        catalogue, texts = self.catalogues[period[:4]], self.sent[unit, period][revision]
        for name, figure in catalogue["key_figure"].items():
            if figure["publicity"] in publicity and (unit, period, name) not in self.absent:
                scale = 10 ** self.scale(period, name)
                value = {p: Fraction(texts[p]) * scale for p in self.parts(period, name)}
                numerator = sum(value[p] for p in figure["numerator"]) - sum(value[p] for p in figure.get("less", ()))
                factor = _factor(figure.get("normalise", ()), *self.dates[unit, period, revision])
                yield name, (round(numerator * factor), int(sum(value[p] for p in figure["denominator"])))

    def parts(self, period: str, name: str) -> list[str]:
        """The data points of a figure."""
        figure = self.catalogues[period[:4]]["key_figure"][name]
        return [*figure["numerator"], *figure.get("less", ()), *figure["denominator"]]

    def scale(self, period: str, name: str) -> int:
        """Decimals its sums are counted in."""
        points = self.catalogues[period[:4]]["data_point"]
        return max(points[p]["scale"] for p in self.parts(period, name))


def _period(start: str, end: str) -> str:
    """The year in which it ends; of a month, the month."""
    return end[:7] if start[:7] == end[:7] else end[:4]


def _factor(kinds: list[str], start: str, end: str) -> Fraction:
    """Prices to the mean of the reporting year, heat to a normal year's weather: over the months of the account."""
    first, last = (int(day[:4]) * 12 + int(day[5:7]) - 1 for day in (start, end))
    months = [f"{n // 12}-{n % 12 + 1:02}" for n in range(first, last + 1)]
    factor = Fraction(1)
    if "price" in kinds:
        year = [PRICES[f"{end[:4]}-{n:02}"] for n in range(1, 13)]
        factor *= Fraction(sum(year), 12) / Fraction(sum(PRICES[m] for m in months), len(months))
    if "degree_days" in kinds:
        normal, there = sum(NORMAL[int(m[5:]) - 1] for m in months), sum(DEGREE_DAYS[m] for m in months)
        factor *= HOT_WATER + (1 - HOT_WATER) * Fraction(normal, there)
    return factor


def check_benchmarks(sector: Sector) -> int:
    """Every cell of the export is the oracle's, none more and none less. Returns how many there are."""
    expected = {}
    for period in sorted({row["period"] for row in sector.benchmarks}):
        history = sector.history(period)
        vintage = str(oracle.holding(history)[2])
        for group, some in _by_group(history).items():
            for name in sector.catalogues[period[:4]]["key_figure"]:
                expected[period, name, group] = _cell(sector, period, name, group, some) | {"vintage": vintage}
    found = {(r["period"], r["key_figure"], r["group"]): r for r in sector.benchmarks}
    assert set(found) == {place for place, cell in expected.items() if cell["expected"] != "0"}
    for place, row in found.items():
        assert row == expected[place], place
    return len(found)


def _cell(sector: Sector, period: str, name: str, group: str, history: list[Any]) -> dict[str, str]:
    naive, natural = oracle.cell(history, group, name), 10 ** sector.scale(period, name)
    figure = sector.catalogues[period[:4]]["key_figure"][name]
    public, enough = figure["publicity"] == "public", naive["units"] >= figure.get("min_units", 0)
    if not figure.get("mean_meaningful", True):
        naive["pooled"] = None
    open_to_all = {n: v for n, v in naive.items() if public and enough and v is not None}
    counts = (naive["units"], naive["holders"]) if public else (0, 0)  # a protected cell says nothing live
    too_few = not enough or naive["numerator_sum"] is None
    return {
        **{"scheme": "dk-almen", "key_figure": name, "period": period, "group": group},
        **dict(zip(("units", "organisations"), map(str, counts), strict=True)),
        **{"expected": str(oracle.expected(history, group))},
        **{n: _natural(open_to_all.get(n), natural) for n in ("numerator_sum", "denominator_sum")},
        **{n: repr(open_to_all[n]) if n in open_to_all else "" for n in STATISTICS},
        "suppressed": "not_released" if not public else "too_few" if too_few else "",
    }


def check_standings(sector: Sector, every: int) -> int:
    """Every standing by sorting and counting, and one in `every` by the oracle's own counting. Returns how many there are."""
    found = {(r["period"], r["key_figure"], r["group"], r["unit_id"]): r for r in sector.standings}
    assert len(found) == len(sector.standings)
    expected = 0
    for period in sorted({row["period"] for row in sector.benchmarks}):
        for group, some in _by_group(sector.history(period)).items():
            for name, figure in sector.catalogues[period[:4]]["key_figure"].items():
                if figure["publicity"] == "public":
                    pairs, inside = oracle.observations(some, group, name), oracle.members(some, group)
                    owners = len({inside[u]["holder"] for u in pairs})
                    fewest = figure.get("min_units", 0)
                    for unit, place in _places(pairs, figure["better"], owners if len(pairs) >= fewest else 0):
                        row = found[period, name, group, unit]
                        assert {k: row[k] for k in place} == place, (period, name, group, unit)
                        expected += 1
                        if expected % every == 0:
                            _the_oracle_agrees(
                                row, pairs, unit, figure["better"], owners if len(pairs) >= fewest else 0
                            )
    assert expected == len(found)
    return expected


def _places(pairs: dict[str, tuple[int, int]], better: str, owners: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Unit -> what its line says."""
    ratios = {unit: Fraction(*pair) for unit, pair in pairs.items()}
    ordered, n = sorted(ratios.values()), len(pairs)
    for unit, own in ratios.items():
        below, up_to = bisect_left(ordered, own), bisect_right(ordered, own)
        worse, ahead = (n - up_to, below) if better == "lower" else (below, n - up_to)
        percentile = Fraction(100 * (2 * worse + up_to - below), 2 * n)
        quartile = min(4, 1 + floor(percentile / 25)) if n >= 11 and owners >= 8 else ""
        yield (
            unit,
            {
                "value": repr(pairs[unit][0] / pairs[unit][1]),
                "position": str(1 + (below if better == "none" else ahead)),
                "units": str(n),
                "percentile": repr(float(percentile)),
                "quartile": str(quartile),
            },
        )


def _the_oracle_agrees(row: dict[str, str], pairs: dict[str, Any], unit: str, better: str, owners: int) -> None:
    place = oracle.standing(pairs, unit, better, owners)
    assert (row["position"], row["quartile"]) == (str(place["position"]), str(place["quartile"] or "")), row


def _by_group(history: list[Any]) -> dict[str, list[Any]]:
    """Group -> the records and registrations of the units that are in it by either: all a cell of it can depend on."""
    records, registered, _ = oracle.holding(history)
    inside: dict[str, set[str]] = defaultdict(set)
    for unit in {*records, *registered}:
        for group in {*(records[unit]["groups"] if unit in records else ()), *registered.get(unit, ())}:
            inside[group].add(unit)
    mine: dict[str, list[Any]] = defaultdict(list)
    for record in history:
        mine[record[1]].append(record)
    return {group: [r for unit in sorted(units) for r in mine[unit]] for group, units in inside.items()}


def _natural(total: int | None, scale: int) -> str:
    """A whole number of a scale as text without needless decimals."""
    if total is None:
        return ""
    whole, rest = divmod(abs(total), scale)
    decimals = f"{rest:0{len(str(scale)) - 1}}".rstrip("0") if scale > 1 else ""
    return ("-" if total < 0 else "") + str(whole) + (f".{decimals}" if decimals else "")
