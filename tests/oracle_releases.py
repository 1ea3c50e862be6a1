"""Releases held against the disclosure rules a second time, from who had reported what: counted and compared by loops.

A release is what had been reported, unit -> {holder, groups, figures: {name: (n, d) where there is an observation}}, and what
came of each cell, (figure, group) -> {outcome, and as decimal text what a released cell shows}. Nothing is shared with the product.
"""

from collections import defaultdict
from fractions import Fraction

from tests import oracle, oracle_disclosure

QUANTILES = ("p10", "q1", "median", "q3", "p90")
CLASSIFICATIONS = 4  # of a confidential figure


def check(figures, ladder, releases):
    """Every released cell of a period, in order of the releases. Returns how many there are; raises AssertionError.

    `figures`: name -> its entry in the catalogue file; `ladder`: the steps, wide to narrow.
    """
    out, gone = defaultdict(list), set()  # figure -> (group, its parts by holder); cells that were ever suppressed
    bases = {}
    for number, (reported, decisions) in enumerate(releases, start=1):
        inside = defaultdict(list)
        for unit, record in reported.items():
            for group in record["groups"]:
                inside[group].append((unit, record))
        for (name, group), cell in decisions.items():
            place = (number, name, group)
            if cell["outcome"] == "SUPPRESSED":
                gone.add((name, group))
            if cell["outcome"] != "RELEASED":
                assert not any(cell[text] for text in (*QUANTILES, "pooled", "rounding_base")), place
                continue
            assert (name, group) not in gone, ("D10", *place)
            _has_a_class(figures[name], ladder, group, place)
            parts = _parts(inside[group], name)
            _is_large_enough(parts, figures[name], place)
            _hides_its_changes([then for where, then in out[name] if where == group], parts, place)
            _is_rounded(parts, figures[name], cell, bases.setdefault((name, group), cell["rounding_base"]), place)
            out[name].append((group, parts))
    for name, cells in out.items():
        sums = [{(h, unit, pair) for h, lines in parts.items() for unit, pair in lines} for _, parts in cells]
        assert oracle_disclosure.audit(sums) == (set(), set(), set()), ("D5", name)
    return sum(len(cells) for cells in out.values())


def _parts(records, name):
    """Holder -> the units it has in the cell with their pairs, in order (D0)."""
    parts = defaultdict(list)
    for unit, record in sorted(records, key=lambda one: one[0]):
        pair = record["figures"].get(name)
        if isinstance(pair, tuple):
            parts[record["holder"]].append((unit, pair))
    return dict(parts)


def _has_a_class(figure, ladder, group, place):
    """It is protected, and a confidential figure is shown by few classifications (D5b, D13)."""
    step = [] if group == "all" else [pair.split("=")[0] for pair in group.split(";")]
    steps = ladder[:CLASSIFICATIONS] if figure["publicity"] == "confidential" else ladder
    assert figure["publicity"] != "public", ("D13", *place)
    assert step in [list(one) for one in steps], ("D5b", *place)


def _is_large_enough(parts, figure, place):
    """D1 to D3: at least 5 holders and 6 units, none above a quarter, no two above 85 %, and none to be estimated within 10 %."""
    assert len(parts) >= 5, ("D1", *place)
    assert sum(map(len, parts.values())) >= max(6, figure.get("min_units", 0)), ("D3", *place)
    shares = sorted((sum(d for _, (_, d) in lines) for lines in parts.values()), reverse=True)
    assert 4 * shares[0] <= sum(shares), ("D2", *place)
    assert 100 * sum(shares[:2]) <= 85 * sum(shares), ("D2", *place)
    sizes = sorted((abs(sum(n for _, (n, _) in lines)) for lines in parts.values()), reverse=True)
    assert 10 * sum(sizes[2:]) >= sizes[0], ("D2", *place)


def _hides_its_changes(earlier, parts, place):
    """D4: nobody differs from an earlier release of the cell, or four do and none is more than half of what differs."""
    for then in earlier:
        differ = {h for h in {*then, *parts} if then.get(h) != parts.get(h)}
        weights = [max(sum(d for _, (_, d) in side.get(h, ())) for side in (then, parts)) for h in differ]
        assert not differ or len(differ) >= 4, ("D4", *place)
        assert not differ or 2 * max(weights) <= sum(weights), ("D4", *place)


def _is_rounded(parts, figure, cell, first_base, place):
    """D9, and D3's tiers: what is shown is the exact value to the nearest base, halves to even, of one base in the period."""
    pairs = [pair for lines in parts.values() for _, pair in lines]
    ratios, base = [Fraction(n, d) for n, d in pairs], Fraction(cell["rounding_base"])
    assert (cell["units"], cell["holders"]) == (len(pairs), len(parts)), place
    assert cell["rounding_base"] == first_base, ("D9", *place)
    spread = oracle.quantile(ratios, Fraction(3, 4)) - oracle.quantile(ratios, Fraction(1, 4))
    finest = Fraction(1, figure["show"]["factor"] * 10 ** figure["show"]["decimals"])
    if place[0] == 1:
        assert base == _base(max(spread / 20, finest)), ("D9", *place)
    exact = {name: oracle.quantile(ratios, p) for name, p in oracle.PROBABILITY.items()}
    exact["pooled"] = Fraction(sum(n for n, _ in pairs), sum(d for _, d in pairs))
    for name, value in exact.items():
        units, holders = oracle.TIERS[name]
        shown = len(pairs) >= units and len(parts) >= holders
        if name == "pooled":
            shown = figure.get("mean_meaningful", True)
        assert bool(cell[name]) == shown, ("D3", name, *place)
        if shown:
            assert Fraction(cell[name]) == round(value / base) * base, ("D9", name, *place)


def _base(least):
    """The smallest of 1, 2, 5 times a power of ten that is not smaller."""
    steps = (Fraction(k) * Fraction(10) ** power for power in range(-12, 13) for k in (1, 2, 5))
    return next(step for step in steps if step >= least)
