"""Series and whole cells explained a second time: dictionaries, fractions and loops, nothing shared with the product.

A history is as in `oracle`; the content of an observation says its "method".
"""

from fractions import Fraction
from itertools import pairwise

from tests import oracle

PROBABILITY = {"MEDIAN": Fraction(1, 2), "Q1": Fraction(1, 4), "Q3": Fraction(3, 4)}
TIERS = {"MEDIAN": (6, 5), "POOLED": (6, 5), "Q1": (11, 8), "Q3": (11, 8)}


def vintage(history):
    """How many distinct records of all methods there are."""
    return len({(kind, unit, number, _method(kind, content)) for kind, unit, number, content in history})


def series(history, method):
    """The records of one method, and every registration."""
    return [r for r in history if r[0] == "registration" or r[3]["method"] == method]


def default(history, oldest_first):
    """The method that is shown: each newer one takes over once it has a record of every unit that counts before."""
    chosen = None
    for method in oldest_first:
        records = oracle.holding(series(history, method))[0]
        if not records:
            continue
        if chosen is None:
            chosen = method
            continue
        counting = {u for u, r in oracle.holding(series(history, chosen))[0].items() if not r["withdrawn"]}
        if counting <= set(records):
            chosen = method
    return chosen


def again(mine, everything, method):
    """The holding records of a series, each as another method has the same revision, where it has it: unit -> record."""
    newest = _newest(mine)
    found = {(u, n): c for kind, u, n, c in everything if kind == "observation" and c["method"] == method}
    return {u: found.get((u, n), c) for u, (n, c) in newest.items()}


def explanation(mine, theirs, everything, method, group, figure, unit, better, group_after):
    """The six parts between two series: (first, last, parts); parts are None where the unit is in the cell at one end only."""
    first = oracle.place(mine, group, figure, unit, better)
    last = oracle.place(theirs, group_after, figure, unit, better)
    if first is None or last is None:
        return first, last, None
    middle = again(mine, everything, method)
    if unit not in _pairs(middle, group, figure):
        middle[unit] = _newest(mine)[unit][1]
    a, anywhere_a = _pairs(middle, group, figure), _anywhere(middle, figure)
    after = {u: c for u, (_, c) in _newest(theirs).items()}
    b, anywhere_b = _pairs(after, group, figure), _anywhere(after, figure)
    stages = [dict(a)]
    stages.append(stages[-1] | {unit: anywhere_b[unit]})
    stages.append(stages[-1] | {u: b[u] for u in a if u in b and u != unit})
    stages.append(stages[-1] | {u: pair for u, pair in b.items() if u not in a and u not in anywhere_a})
    stages.append({u: pair for u, pair in stages[-1].items() if u in anywhere_b})
    walk = [first, *(oracle.standing(s, unit, better, 0, everything=True) for s in stages), last]
    both = all(s["gap_e9"] is not None for s in walk)
    parts = []
    for x, y in pairwise(walk):
        quartile = y["quartile"] - x["quartile"] if first["quartile"] and last["quartile"] else 0
        gap = y["gap_e9"] - x["gap_e9"] if both else 0
        parts.append((y["position"] - x["position"], y["percentile_e4"] - x["percentile_e4"], quartile, gap))
    return first, last, parts


def cell_change(mine, theirs, everything, method, group, figure, statistic, shown_by):
    """One statistic of a cell: (values in 1e-9, values as shown, organisations of each step), or None below its tier.

    Seven values each: before, and after each of the six steps. Every unit is an organisation of its own.
    """
    start = {u: c for u, (_, c) in _newest(mine).items()}
    middle = again(mine, everything, method)
    after = {u: c for u, (_, c) in _newest(theirs).items()}
    first, a, b = (_pairs(records, group, figure) for records in (start, middle, after))
    for records, pairs in ((start, first), (after, b)):
        units, holders = TIERS[statistic]
        if len(pairs) < units or len({records[u]["holder"] for u in pairs}) < holders:
            return None
    anywhere_a, anywhere_b = _anywhere(middle, figure), _anywhere(after, figure)
    corrected = a | {u: b[u] for u in a if u in b}
    joined = {u: pair for u, pair in b.items() if u not in a and u not in anywhere_a}
    left = {u for u in a if u not in b and u not in anywhere_b}
    stayed = {u: pair for u, pair in (corrected | joined).items() if u not in left}
    values = []
    for stage in (first, a, a, corrected, corrected | joined, stayed, b):
        values.append(_statistic(stage, statistic) if stage else values[-1])
    concerned = [
        {u for u in {*first, *a} if first.get(u) != a.get(u)},
        set(),
        {u for u in a if u in b and a[u] != b[u]},
        set(joined),
        left,
        {u for u in {*a, *b} if (u in a) != (u in b) and u in anywhere_a and u in anywhere_b},
    ]
    exact = [round(v * 10**9) for v in values]
    if any(abs(v) >= 2**62 for v in exact):
        return None
    return exact, [round(v * shown_by) for v in values], [tuple(sorted(who)) for who in concerned]


def _statistic(pairs, statistic):
    if statistic == "POOLED":
        return Fraction(sum(n for n, _ in pairs.values()), sum(d for _, d in pairs.values()))
    return oracle.quantile([Fraction(*pair) for pair in pairs.values()], PROBABILITY[statistic])


def _newest(history):
    newest = {}
    for kind, unit, number, content in history:
        if kind == "observation" and (unit not in newest or number > newest[unit][0]):
            newest[unit] = (number, content)
    return newest


def _pairs(records, group, figure):
    return {u: pair for u, pair in _anywhere(records, figure).items() if group in records[u]["groups"]}


def _anywhere(records, figure):
    found = {u: r["figures"].get(figure, 1) for u, r in records.items() if not r["withdrawn"]}
    return {u: pair for u, pair in found.items() if isinstance(pair, tuple)}


def _method(kind, content):
    return content["method"] if kind == "observation" else ""


def told(mine, theirs, everything, method, figures, better):
    """What a publication tells when the series changes, as `oracle.told` says it."""
    records_a, records_b = oracle.holding(mine)[0], oracle.holding(theirs)[0]
    revisions_a, revisions_b = ({u: n for u, (n, _) in _newest(h).items()} for h in (mine, theirs))
    found = {}
    for unit in records_b:
        own = revisions_b[unit] > revisions_a.get(unit, 0)
        was_there = unit in records_a and not records_a[unit]["withdrawn"]
        for figure, reads in zip(figures, better, strict=True):
            group = oracle.shown_group(theirs, unit, figure)
            first = oracle.shown_group(mine, unit, figure) if was_there else group
            a, b, parts = explanation(mine, theirs, everything, method, first, figure, unit, reads, group)
            turned = a and b and a["quartile"] and b["quartile"] and a["quartile"] != b["quartile"]
            if (own and (a or b)) or (turned and not records_b[unit]["withdrawn"]):
                found.setdefault(unit, (own, {}))[1][figure] = (first, group, a, b, parts)
    return found
