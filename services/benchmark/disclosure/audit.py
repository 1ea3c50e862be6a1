"""The linear audit: what all released sums of a figure and period give away together (rule D5; after Chin and Ozsoyoglu, 1982).

Each released sum is an equation. Its unknowns are atoms: what one holder's unit reported, in one version. A row of 0 and 1 says
which atoms a sum holds. With N a basis of the null space of the rows:

exact   an atom is known to everybody iff its row of N is 0
pair    one of two is known to whoever knows the other, or their difference to everybody, iff their rows of N are parallel
total   a holder's total in a cell, w over its atoms there, is known iff w.N = 0

Atoms of one holder that are in the same sums cannot be told apart and count as one. So do, until the end, all atoms in the same
sums: two random null vectors modulo a prime stand for N, what they show is confirmed exactly, and the weights of the sums that
disclose it come with it. A rounded ratio is treated as if the exact sum had been released.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from services.benchmark.disclosure import elimination
from services.benchmark.disclosure.elimination import PRIMES, Echelon, Matrix

Atom = tuple[str, str, int]  # holder, unit, version of what the unit reported
Sum = frozenset[Atom]


@dataclass(frozen=True)
class Disclosed:
    """Something a reader could work out: of whom, and from which released sums (their places in the list)."""

    kind: Literal["exact", "pair", "total"]
    holders: tuple[str, ...]
    sums: tuple[int, ...]


@dataclass(frozen=True)
class Audit:
    """What the sums give away; how many sums, distinct atoms and independent equations there are."""

    sums: int
    atoms: int
    rank: int
    disclosed: tuple[Disclosed, ...]


@dataclass(frozen=True)
class _Table:
    """The sums as a matrix of classes.

    matrix   sums x classes, 0 and 1; members: class -> holders whose atoms, one each, are in exactly the sums of the class
    """

    matrix: Matrix
    members: tuple[tuple[str, ...], ...]

    @functools.cached_property
    def single(self) -> NDArray[np.bool_]:
        """Classes of one holder alone."""
        return np.array([len(m) == 1 for m in self.members], dtype=np.bool_)


_Finding = tuple[Literal["exact", "pair", "total"], tuple[str, ...], tuple[tuple[int, int], ...]]  # class, weight


@functools.lru_cache(maxsize=8)
def of(sums: tuple[Sum, ...]) -> Audit:
    """Audit released sums. Figures with the same reporting pattern have equal sums of atoms and share one elimination."""
    return _audit(sums, PRIMES)


@functools.lru_cache(maxsize=8)
def quick(sums: tuple[Sum, ...]) -> Audit:
    """The same modulo one prime. What it finds holds; what it does not find, `of` must not find either."""
    return _audit(sums, PRIMES[:1])


def _audit(sums: tuple[Sum, ...], primes: Sequence[int]) -> Audit:
    table, atoms = _table(sums)
    forms = [elimination.echelon(table.matrix, p) for p in primes]
    suspected = sorted({finding for form in forms for finding in _suspected(table, form)})
    largest = max(forms, key=lambda form: len(form.pivots))
    return Audit(len(sums), atoms, len(largest.pivots), tuple(_confirmed(table, largest, suspected)))


def _table(sums: Sequence[Sum]) -> tuple[_Table, int]:
    atoms = sorted(frozenset().union(*sums))
    places = {atom: column for column, atom in enumerate(atoms)}
    whole = np.zeros((len(atoms), len(sums)), dtype=np.uint8)
    for number, one in enumerate(sums):
        whole[np.fromiter(map(places.__getitem__, one), dtype=np.int64, count=len(one)), number] = 1
    packed = np.packbits(whole, axis=1)
    width, content = packed.shape[1], packed.tobytes()
    holders: dict[bytes, set[str]] = defaultdict(set)
    first: dict[bytes, int] = {}
    for n, atom in enumerate(atoms):
        pattern = content[n * width : (n + 1) * width]
        holders[pattern].add(atom[0])
        first.setdefault(pattern, n)
    patterns = sorted(holders, reverse=True)
    columns = whole[[first[pattern] for pattern in patterns]] if patterns else whole
    matrix = np.ascontiguousarray(columns.T).astype(np.int64)
    return _Table(matrix, tuple(tuple(sorted(holders[pattern])) for pattern in patterns)), len(atoms)


def _suspected(table: _Table, form: Echelon) -> Iterator[_Finding]:
    one, other = elimination.null_vectors(form, 2)
    known = (one == 0) & (other == 0)
    for column in np.flatnonzero(known).tolist():
        members = table.members[column]
        if len(members) <= 2:
            yield "exact" if len(members) == 1 else "pair", members, ((column, 1),)
    yield from _parallel(table, form.p, one, other, known)
    yield from _totals(table, form.p, one, other)


def _parallel(table: _Table, p: int, one: Matrix, other: Matrix, known: NDArray[np.bool_]) -> Iterator[_Finding]:
    """Classes of one holder whose null vectors have one ratio; each is told with the first of its kind."""
    slopes: dict[int, list[int]] = defaultdict(list)
    for column in np.flatnonzero(table.single & ~known).tolist():
        v, w = int(one[column]), int(other[column])
        slopes[w * pow(v, -1, p) % p if v else -1].append(column)
    for first, *rest in slopes.values():
        for column in rest:
            # x_first - factor * x_column is in the row space; a factor of many digits is misread here, and seen to later
            base = one if one[column] else other
            factor = elimination.fraction(int(base[first]) * pow(int(base[column]), -1, p) % p, p) or Fraction(1)
            holders = tuple(sorted(table.members[first] + table.members[column]))
            yield "pair", holders, ((first, factor.denominator), (column, -factor.numerator))


def _totals(table: _Table, p: int, one: Matrix, other: Matrix) -> Iterator[_Finding]:
    """Holders with several atoms in a sum, none of which another holder's atom goes along with."""
    owned: dict[str, list[int]] = defaultdict(list)
    for column, members in enumerate(table.members):
        for holder in members:
            owned[holder].append(column)
    by_class = np.ascontiguousarray(table.matrix.T)
    for holder, columns in owned.items():
        if len(columns) < 2:
            continue
        there, shared = by_class[columns], ~table.single[columns]
        alone = (there.sum(axis=0) >= 2) & (there[shared].sum(axis=0) == 0)
        zero = ((one[columns] @ there) % p == 0) & ((other[columns] @ there) % p == 0)
        for row in np.flatnonzero(alone & zero).tolist():
            yield "total", (holder,), tuple((columns[k], 1) for k in np.flatnonzero(there[:, row]).tolist())


def _confirmed(table: _Table, form: Echelon, suspected: Sequence[_Finding]) -> Iterator[Disclosed]:
    targets = np.zeros((len(suspected), table.matrix.shape[1]), dtype=np.int64)
    for k, (_, _, parts) in enumerate(suspected):
        for column, weight in parts:
            targets[k, column] = weight
    weights = elimination.combinations(table.matrix, form, targets) if suspected else []
    for (kind, holders, parts), exact in zip(suspected, weights, strict=True):
        used = [] if exact is None else [int(form.chosen[k]) for k, w in enumerate(exact) if w]
        if exact is None and kind == "pair" and len(parts) == 2:
            used = _with_the_other_known(table, form.p, *(column for column, _ in parts))
        if used:
            yield Disclosed(kind, holders, tuple(sorted(used)))


def _with_the_other_known(table: _Table, p: int, one: int, other: int) -> list[int]:
    """The sums that give one of a pair to whoever knows the other; none where they do not. For factors of many digits."""
    target, known = np.zeros((2, 1, table.matrix.shape[1]), dtype=np.int64)
    target[0, one], known[0, other] = 1, 1
    whole = np.concatenate([table.matrix, known])
    form = elimination.echelon(whole, p)
    (weights,) = elimination.combinations(whole, form, target)
    return [int(r) for r, w in zip(form.chosen, weights or (), strict=False) if w and r < len(table.matrix)]
