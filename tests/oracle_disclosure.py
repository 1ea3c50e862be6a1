"""The linear audit a second time, by its definition: null space in fractions, loops, nothing shared with the product."""

from collections import defaultdict
from fractions import Fraction


def reduced(rows):
    """The reduced rows of a matrix given as {column: number} each: pivot -> row, which holds 1 there and no other pivot."""
    found = {}
    often = defaultdict(int)
    for row in rows:
        for column in row:
            often[column] += 1
    for row in sorted(rows, key=len):
        left = {column: Fraction(x) for column, x in row.items() if x}
        for pivot in [column for column in left if column in found]:
            _subtract(left, left[pivot], found[pivot])
        if left:
            pivot = min(left, key=lambda column: (often[column], column))
            lead = left[pivot]
            left = {column: x / lead for column, x in left.items()}
            for other in found.values():
                if pivot in other:
                    _subtract(other, other[pivot], left)
            found[pivot] = left
    return found


def _subtract(row, times, other):
    for column, x in other.items():
        left = row.get(column, 0) - times * x
        if left:
            row[column] = left
        else:
            row.pop(column, None)


def null_space(rows, width):
    """The vectors that every row is orthogonal to, a basis: per column, {free column: its entry in that one's vector}."""
    found = reduced(rows)
    return [
        {free: -x for free, x in found[column].items() if free != column} if column in found else {column: Fraction(1)}
        for column in range(width)
    ]


def audit(sums):
    """Holders exactly known, groups of holders that know each other, holders whose total in a cell is known.

    `sums`: sets of (holder, unit, version). Atoms of one holder in the same sums are one. So are, as a class, those of several:
    two holders in the same sums can always change places, so one of a class is known only where nobody is with it, two know
    each other where the class is, and of three none.
    """
    patterns = defaultdict(list)
    for n, one in enumerate(sums):
        for atom in one:
            patterns[atom].append(n)
    classes = defaultdict(set)
    for atom, pattern in patterns.items():
        classes[tuple(pattern)].add(atom[0])
    ordered = sorted(classes)
    rows = [{} for _ in sums]
    for column, pattern in enumerate(ordered):
        for n in pattern:
            rows[n][column] = 1
    basis = null_space(rows, len(ordered))
    members = [classes[pattern] for pattern in ordered]
    exact = {next(iter(m)) for m, free in zip(members, basis, strict=True) if len(m) == 1 and not free}
    pairs = [m for m, free in zip(members, basis, strict=True) if len(m) == 2 and not free]
    directions = defaultdict(list)
    for m, free in zip(members, basis, strict=True):
        if len(m) == 1 and free:
            lead = free[min(free)]
            directions[tuple(sorted((column, x / lead) for column, x in free.items()))] += m
    pairs += [set(owners) for owners in directions.values() if len(owners) > 1]
    totals = set()
    for row in rows:
        owned = defaultdict(list)
        for column in row:
            for holder in members[column]:
                owned[holder].append(column)
        for holder, mine in owned.items():
            if len(mine) > 1 and all(len(members[column]) == 1 for column in mine):
                together = {}
                for column in mine:
                    _subtract(together, -1, basis[column])
                if not together:
                    totals.add(holder)
    return exact, connected(pairs), totals


def connected(pairs):
    """Sets of holders that are linked by pairs."""
    found = []
    for pair in map(set, pairs):
        touching = [one for one in found if one & pair]
        found = [one for one in found if not one & pair] + [pair.union(*touching)]
    return {frozenset(one) for one in found}
