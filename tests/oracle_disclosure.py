"""The linear audit a second time, by its definition: null space in fractions, loops, nothing shared with the product."""

from fractions import Fraction


def null_space(rows, width):
    """A basis of the vectors that every row is orthogonal to, as columns: width x nullity."""
    a = [[Fraction(x) for x in row] for row in rows]
    pivots, r = [], 0
    for c in range(width):
        at = next((k for k in range(r, len(a)) if a[k][c]), None)
        if at is None:
            continue
        a[r], a[at] = a[at], a[r]
        a[r] = [x / a[r][c] for x in a[r]]
        for k in range(len(a)):
            if k != r and a[k][c]:
                a[k] = [x - a[k][c] * y for x, y in zip(a[k], a[r], strict=True)]
        pivots.append(c)
        r += 1
    free = [c for c in range(width) if c not in pivots]
    basis = [[Fraction(0)] * len(free) for _ in range(width)]
    for n, c in enumerate(free):
        basis[c][n] = Fraction(1)
        for k, pivot in enumerate(pivots):
            basis[pivot][n] = -a[k][c]
    return basis


def audit(sums):
    """Holders exactly known, groups of holders that know each other, holders whose total in a cell is known.

    `sums`: sets of (holder, unit, version). Atoms of one holder in the same sums are one.
    """
    patterns = {}
    for atom in sorted({atom for one in sums for atom in one}):
        pattern = tuple(n for n, one in enumerate(sums) if atom in one)
        patterns.setdefault((atom[0], pattern), []).append(atom)
    atoms = sorted(patterns)
    rows = [[1 if n in pattern else 0 for _, pattern in atoms] for n in range(len(sums))]
    basis = null_space(rows, len(atoms))
    zero = [not any(line) for line in basis]
    exact = {holder for (holder, _), known in zip(atoms, zero, strict=True) if known}
    pairs = [
        {atoms[i][0], atoms[j][0]}
        for i in range(len(atoms))
        for j in range(i)
        if not zero[i] and not zero[j] and _parallel(basis[i], basis[j])
    ]
    totals = set()
    for row in rows:
        for holder in {holder for holder, _ in atoms}:
            mine = [k for k, (owner, _) in enumerate(atoms) if owner == holder and row[k]]
            nullity = len(basis[0]) if basis else 0
            if len(mine) > 1 and all(sum(basis[k][n] for k in mine) == 0 for n in range(nullity)):
                totals.add(holder)
    return exact, connected(pairs), totals


def connected(pairs):
    """Sets of holders that are linked by pairs."""
    found = []
    for pair in map(set, pairs):
        touching = [one for one in found if one & pair]
        found = [one for one in found if not one & pair] + [pair.union(*touching)]
    return {frozenset(one) for one in found}


def _parallel(a, b):
    lead = next(n for n, x in enumerate(a) if x)
    return all(x * b[lead] == y * a[lead] for x, y in zip(a, b, strict=True)) and b[lead] != 0
