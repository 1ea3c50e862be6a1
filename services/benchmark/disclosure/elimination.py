"""Linear algebra over 0/1 rows, modulo primes below 2^31, vectorised: products fit 64 bits. And exactly, for what is found.

Two primes, because one could divide a minor and hide what holds over the rationals; whatever either finds is confirmed exactly.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm, log2

import numpy as np
from numpy.typing import NDArray

PRIMES = (2**31 - 1, 2**31 - 19)
Matrix = NDArray[np.int64]
Weights = tuple[Fraction, ...]


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


def combinations(matrix: Matrix, form: Echelon, targets: Matrix) -> list[Weights | None]:
    """For each target vector (k x n, whole numbers) the weights of the chosen rows that give it; None where there are none.

    Exact. Weights are read off their residues modulo p where they are simple, else off as many p-adic digits as it takes
    (Dixon, 1982), and checked in whole numbers.
    """
    square, right = matrix[form.chosen][:, form.pivots].T, targets[:, form.pivots].T
    found: list[Weights | None] = [None] * len(targets)

    def holds(k: int, weights: Weights | None) -> bool:
        if weights is not None and _gives(matrix, form.chosen, weights, targets[k]):
            found[k] = weights
        return found[k] is not None

    residues = _solve(square, right % form.p, form.p).T.tolist()
    hard = [k for k, column in enumerate(residues) if not holds(k, _fractions(column, form.p))]
    if hard:
        _lift(square, right[:, hard], form.p, lambda k, weights: holds(hard[k], weights))
    return found


def fraction(residue: int, modulus: int) -> Fraction | None:
    """The fraction with small terms that a residue stands for; None where there is none."""
    bound = isqrt(modulus // 2)
    a, b, s, t = modulus, residue, 0, 1
    while b > bound:
        a, b, s, t = b, a % b, t, s - a // b * t
    return Fraction(b, t) if t and abs(t) <= bound else None


def _lift(square: Matrix, right: Matrix, p: int, holds: Callable[[int, Weights | None], bool]) -> None:
    """Solve square @ X = right digit by digit modulo p, and show each column's fractions to `holds` until it is content.

    The last time, no larger numerator or denominator can come (Hadamard's bound). Residuals stay as small as rows are long, so
    that every product fits 64 bits.
    """
    n = len(square)
    inverse = _solve(square, np.eye(n, dtype=np.int64), p)
    bits = (n + 1) * log2(n + 1) + log2(max(1, int(np.abs(right).sum(axis=0).max()))) + 2
    last, left = 2 + int(bits / 30), list(range(right.shape[1]))
    residual, values, power = right.copy(), np.zeros(right.shape, dtype=object), 1
    for count in range(1, last + 1):
        digit = _reduced(inverse @ residual, p)
        values += digit.astype(object) * power
        residual = (residual - square @ digit) // p
        power *= p
        if count == last or count & (count - 1) == 0:
            left = [k for k in left if not holds(k, _fractions(values[:, k].tolist(), power))]
            if not left:
                return


def _fractions(residues: Sequence[int], modulus: int) -> Weights | None:
    """Fractions of one system; their common denominator grows as it has to, so that most are read off at once."""
    whole, found, near = 1, [], isqrt(modulus) // 2
    for residue in residues:
        part = (residue * whole + near) % modulus - near
        if abs(part) <= near:
            found.append(Fraction(part, whole))
            continue
        exact = fraction(residue, modulus)
        if exact is None:
            return None
        found.append(exact)
        whole = lcm(whole, exact.denominator)
    return tuple(found)


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


def _gives(matrix: Matrix, chosen: Matrix, weights: Sequence[Fraction], target: Matrix) -> bool:
    whole = lcm(*(w.denominator for w in weights))
    used = [k for k, w in enumerate(weights) if w]
    factors = [int(weights[k] * whole) for k in used]
    kind: type = np.int64 if sum(map(abs, factors)) < 2**62 and whole < 2**40 else object
    total: Matrix = np.array(factors, dtype=kind) @ matrix[chosen[used]].astype(kind)
    return bool((total == target.astype(kind) * whole).all())
