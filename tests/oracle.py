"""The statistics a second time: exact fractions, plain dictionaries and loops, nothing shared with the product.

A history is a list of records. Observation: ("observation", unit, revision, {holder, groups, withdrawn, figures: {name: (n, d)
or the number of an absence}}). Registration: ("registration", unit, version, groups). What holds is the highest revision of each
unit and the highest version of each registration, whatever the order.
"""

from fractions import Fraction
from itertools import pairwise
from math import floor

TIERS = {"pooled": (6, 5), "median": (6, 5), "q1": (11, 8), "q3": (11, 8), "p10": (29, 10), "p90": (29, 10)}
PROBABILITY = {
    "p10": Fraction(1, 10),
    "q1": Fraction(1, 4),
    "median": Fraction(1, 2),
    "q3": Fraction(3, 4),
    "p90": Fraction(9, 10),
}


def holding(history):
    """What holds: unit -> record, unit -> groups it is registered in, and how many distinct records there are."""
    records, registered, distinct = {}, {}, set()
    for kind, unit, number, content in history:
        distinct.add((kind, unit, number))
        held = records if kind == "observation" else registered
        if unit not in held or number > held[unit][0]:
            held[unit] = (number, content)
    return (
        {unit: content for unit, (_, content) in records.items()},
        {unit: groups for unit, (_, groups) in registered.items()},
        len(distinct),
    )


def members(history, group):
    """Units whose record counts and belongs to a group, with their records."""
    records, _, _ = holding(history)
    return {u: r for u, r in records.items() if not r["withdrawn"] and group in r["groups"]}


def expected(history, group):
    """Units that reported in a group, and units registered in it that have not reported."""
    records, registered, _ = holding(history)
    reported = {u for u, r in records.items() if not r["withdrawn"]}
    return len(members(history, group)) + sum(group in g for u, g in registered.items() if u not in reported)


def observations(history, group, figure):
    """Unit -> (numerator, denominator) of the units with the figure."""
    found = {u: r["figures"].get(figure, 1) for u, r in members(history, group).items()}
    return {u: pair for u, pair in found.items() if isinstance(pair, tuple)}


def absences(history, group, figure):
    """How many expected units lack the figure, for each of the nine absences in order."""
    records, registered, _ = holding(history)
    reasons = [r["figures"].get(figure, 1) for r in members(history, group).values()]
    for unit, groups in registered.items():
        if group in groups and (unit not in records or records[unit]["withdrawn"]):
            reasons.append(9 if unit in records else 1)
    return tuple(reasons.count(kind) for kind in range(1, 10))


def quantile(values, p, kind=8):
    """Hyndman and Fan's definition, in fractions: a = b = 1/3 for type 8, 1 for type 7."""
    ordered, n = sorted(values), len(values)
    a = Fraction(1, 3) if kind == 8 else Fraction(1)
    at = n * p + a + p * (1 - 2 * a)
    j = floor(at)
    part = at - j

    def x(rank):
        return ordered[min(max(rank, 1), n) - 1]

    return (1 - part) * x(j) + part * x(j + 1)


def cell(history, group, figure, kind=8):
    """One cell: counts, sums and statistics as floats, None below their tier."""
    pairs, inside = observations(history, group, figure), members(history, group)
    holders = {inside[u]["holder"] for u in pairs}
    ratios = [Fraction(n, d) for n, d in pairs.values()]

    def shown(name):
        units, owners = TIERS[name]
        return len(pairs) >= units and len(holders) >= owners

    numerator, denominator = sum(n for n, _ in pairs.values()), sum(d for _, d in pairs.values())
    result = {
        "units": len(pairs),
        "holders": len(holders),
        "numerator_sum": numerator if shown("pooled") else None,
        "denominator_sum": denominator if shown("pooled") else None,
        "pooled": float(Fraction(numerator, denominator)) if shown("pooled") else None,
    }
    for name, p in PROBABILITY.items():
        result[name] = float(quantile(ratios, p, kind)) if shown(name) else None
    return result


def even(value):
    """A fraction as a whole number, halves to even."""
    return round(value)


def standing(pairs, unit, better, holders, *, everything=False):
    """A unit's place among pairs (unit -> pair), by counting."""
    own, ratios = Fraction(*pairs[unit]), [Fraction(*pair) for pair in pairs.values()]
    n, level = len(ratios), sum(r == own for r in ratios)
    below, above = sum(r < own for r in ratios), sum(r > own for r in ratios)
    worse = above if better == "lower" else below
    ahead = above if better == "higher" else below
    percentile = Fraction(100 * (2 * worse + level), 2 * n)
    quarter = min(4, 1 + floor(percentile / 25))
    gap = even((own - quantile(ratios, Fraction(1, 2))) * 10**9)
    fits = -(2**62) < gap < 2**62
    return {
        "position": 1 + ahead,
        "units": n,
        "percentile_e4": even(percentile * 10**4),
        "quartile": quarter if everything or (n >= 11 and holders >= 8) else 0,
        "gap_e9": gap if fits and (everything or (n >= 6 and holders >= 5)) else None,
    }


def place(history, group, figure, unit, better):
    """A unit's standing in a cell, or None where it is not in it."""
    pairs = observations(history, group, figure)
    if unit not in pairs:
        return None
    holders = {members(history, group)[u]["holder"] for u in pairs}
    return standing(pairs, unit, better, len(holders))


def explanation(before, after, group, figure, unit, better, group_after=None):
    """The six parts of a change between two histories, or None where the unit is in the cell on one side only."""
    group_after = group_after or group
    first, last = place(before, group, figure, unit, better), place(after, group_after, figure, unit, better)
    if first is None or last is None:
        return first, last, None
    a, b = observations(before, group, figure), observations(after, group, figure)
    anywhere_a, anywhere_b = _anywhere(before, figure), _anywhere(after, figure)
    own = anywhere_b[unit]
    stage = dict(a)
    walk = [first, first]
    stage[unit] = own
    walk.append(standing(stage, unit, better, 0, everything=True) if _changed(a[unit], own) else first)
    stage |= {u: b[u] for u in a if u in b and u != unit}
    walk.append(standing(stage, unit, better, 0, everything=True))
    stage |= {u: pair for u, pair in b.items() if u not in a and u not in anywhere_a}
    walk.append(standing(stage, unit, better, 0, everything=True))
    stage = {u: pair for u, pair in stage.items() if u in anywhere_b}
    walk.append(standing(stage, unit, better, 0, everything=True))
    walk.append(last)
    parts = []
    for x, y in pairwise(walk):
        quartile = y["quartile"] - x["quartile"] if first["quartile"] and last["quartile"] else 0
        both = all(stage["gap_e9"] is not None for stage in walk)
        gap = (y["gap_e9"] or 0) - (x["gap_e9"] or 0) if both else 0
        parts.append((y["position"] - x["position"], y["percentile_e4"] - x["percentile_e4"], quartile, gap))
    return first, last, parts


def _changed(old, new):
    return Fraction(*old) != Fraction(*new)


def _anywhere(history, figure):
    """Unit -> pair for every unit that has the figure, in whatever group."""
    records, _, _ = holding(history)
    found = {u: r["figures"].get(figure, 1) for u, r in records.items() if not r["withdrawn"]}
    return {u: pair for u, pair in found.items() if isinstance(pair, tuple)}


def shown_group(history, unit, figure):
    """The narrowest group of a unit whose quartiles are shown, else everybody's."""
    for group in reversed(holding(history)[0][unit]["groups"]):
        pairs = observations(history, group, figure)
        holders = {members(history, group)[u]["holder"] for u in pairs}
        if len(pairs) >= 11 and len(holders) >= 8:
            return group
    return "all"


def told(before, after, figures, better):
    """What a publication tells: unit -> (its own submission?, figure -> (group before, group after, before, after, parts))."""
    records_a, records_b = holding(before)[0], holding(after)[0]
    found = {}
    for unit, record in records_b.items():
        own = _revision(before, unit) != _revision(after, unit)
        was_there = unit in records_a and not records_a[unit]["withdrawn"]
        for figure, reads in zip(figures, better, strict=True):
            group = shown_group(after, unit, figure)
            first = shown_group(before, unit, figure) if was_there else group
            a, b, parts = explanation(before, after, first, figure, unit, reads, group)
            turned = a and b and a["quartile"] and b["quartile"] and a["quartile"] != b["quartile"]
            if (own and (a or b)) or (turned and not record["withdrawn"]):
                found.setdefault(unit, (own, {}))[1][figure] = (first, group, a, b, parts)
    return found


def _revision(history, unit):
    return max((number for kind, u, number, _ in history if kind == "observation" and u == unit), default=0)
