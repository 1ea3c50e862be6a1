"""Linear algebra over 0/1 rows, modulo primes below 2^31, vectorised: products fit 64 bits. And exactly, for what is found.

Two primes, because one could divide a minor and hide what holds over the rationals; whatever either finds is confirmed exactly.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm

import numpy as np
from numpy.typing import NDArray

PRIMES = (2**31 - 1, 2**31 - 19)
Matrix = NDArray[np.int64]


@dataclass(frozen=True)
class Echelon:
    """Rows in echelon form modulo p, leading 1s.

    upper     r x n; pivots: (r,) columns of the leading 1s; chosen: (r,) independent rows of the matrix
    """

    p: int
    upper: Matrix
    pivots: Matrix
    chosen: Matrix


def echelon(matrix: Matrix, p: int) -> Echelon:
    """Eliminate below the diagonal."""
    a = matrix.astype(np.int64) % p
    rows, columns = a.shape
    order, pivots = np.arange(rows), []
    r = 0
    for c in range(columns):
        if r == rows:
            break
        found = np.flatnonzero(a[r:, c])
        if not len(found):
            continue
        at = r + int(found[0])
        a[[r, at]], order[[r, at]] = a[[at, r]], order[[at, r]]
        a[r, c:] = a[r, c:] * pow(int(a[r, c]), -1, p) % p
        below = r + 1 + np.flatnonzero(a[r + 1 :, c])
        if len(below):
            a[below, c:] = _reduced(a[below, c:] + (p - a[below, c])[:, None] * a[r, c:], p)
        pivots.append(c)
        r += 1
    return Echelon(p, a[:r], np.array(pivots, dtype=np.int64), order[:r])


def null_vectors(form: Echelon, how_many: int) -> Matrix:
    """Vectors that every row is orthogonal to, how_many x n, else arbitrary: the free entries come from a fixed stream.

    A combination of columns is 0 for all null vectors if it lies in the row space, and for an arbitrary one otherwise with
    probability 1/p: a few of them stand for the whole basis.
    """
    columns = form.upper.shape[1]
    stream = hashlib.shake_256(f"noegletal audit {form.p}".encode()).digest(8 * how_many * columns)
    values = (np.frombuffer(stream, dtype="<u8") % np.uint64(form.p)).astype(np.int64).reshape(how_many, columns)
    values[:, form.pivots] = 0
    for k in range(len(form.pivots) - 1, -1, -1):
        c = int(form.pivots[k])
        sums = (_reduced(form.upper[k, c + 1 :] * values[:, c + 1 :], form.p)).sum(axis=1)
        values[:, c] = -sums % form.p
    return values


def combinations(matrix: Matrix, form: Echelon, targets: Matrix) -> list[tuple[Fraction, ...] | None]:
    """For each target vector the weights of the chosen rows that give it exactly; None where it is in no such way found.

    Solved modulo p, read as fractions, and then checked in whole numbers: what is returned holds.
    """
    if not len(form.pivots):
        return [None] * len(targets)
    square = matrix[form.chosen][:, form.pivots].T
    solved = _solve(square, targets[:, form.pivots].T % form.p, form.p).T
    found = []
    for weights, target in zip(solved.tolist(), targets, strict=True):
        fractions = [fraction(w, form.p) for w in weights]
        exact = tuple(f for f in fractions if f is not None)
        found.append(exact if len(exact) == len(fractions) and _gives(matrix, form.chosen, exact, target) else None)
    return found


def exactly_in_row_space(matrix: Matrix, target: Sequence[int]) -> bool:
    """Whether a vector is a combination of the rows, by elimination in fractions: slow, for what the fast way left open."""
    basis: list[tuple[int, list[Fraction]]] = []
    for row in [*matrix.tolist(), list(target)]:
        rest = [Fraction(x) for x in row]
        for pivot, other in basis:
            if rest[pivot]:
                factor = rest[pivot]
                rest = [x - factor * y for x, y in zip(rest, other, strict=True)]
        lead = next((k for k, x in enumerate(rest) if x), None)
        if lead is not None:
            basis.append((lead, [x / rest[lead] for x in rest]))
        last_is_new = lead is not None
    return not last_is_new


def _solve(square: Matrix, right: Matrix, p: int) -> Matrix:
    """X with square @ X = right modulo p; the square is invertible."""
    n = len(square)
    a = np.concatenate([square % p, right], axis=1)
    for k in range(n):
        at = k + int(np.flatnonzero(a[k:, k])[0])
        a[[k, at]] = a[[at, k]]
        a[k, k:] = a[k, k:] * pow(int(a[k, k]), -1, p) % p
        others = np.flatnonzero(a[:, k])
        others = others[others != k]
        if len(others):
            a[others, k:] = _reduced(a[others, k:] + (p - a[others, k])[:, None] * a[k, k:], p)
    return a[:, n:]


def _reduced(values: Matrix, p: int) -> Matrix:
    """Values below 2^63 modulo p; a division by one number is faster than the remainder."""
    values -= values // p * p
    return values


def fraction(residue: int, p: int) -> Fraction | None:
    """The fraction with small terms that a residue stands for; None where there is none."""
    bound = isqrt(p // 2)
    a, b, s, t = p, residue, 0, 1
    while b > bound:
        a, b, s, t = b, a % b, t, s - a // b * t
    return Fraction(b, t) if t and abs(t) <= bound else None


def _gives(matrix: Matrix, chosen: Matrix, weights: Sequence[Fraction], target: Matrix) -> bool:
    whole = lcm(*(w.denominator for w in weights))
    used = [k for k, w in enumerate(weights) if w]
    factors = [int(weights[k] * whole) for k in used]
    kind: type = np.int64 if sum(map(abs, factors)) < 2**62 and whole < 2**40 else object
    total: Matrix = np.array(factors, dtype=kind) @ matrix[chosen[used]].astype(kind)
    return bool((total == target.astype(kind) * whole).all())
