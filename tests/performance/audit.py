"""How long the audit of a period takes: 500 holders, three releases of 100 cells, a tenth of the holders corrected in between.

python -m tests.performance.audit
"""

import random
import time
from collections.abc import Callable
from typing import Any

from services.benchmark.disclosure import audit, elimination, gate
from services.benchmark.disclosure.audit import Sum

STEPS = ("echelon", "null_vectors", "combinations")


def period(
    holders: int, releases: int, *, classifications: int = 4, groups: int = 25, corrected: float = 0.1
) -> list[Sum]:
    """Released sums: everybody, and every group of at least 5, at each release; the holders report evenly over the releases."""
    rng = random.Random(1)
    names = [f"h{n}" for n in range(holders)]
    places = {h: [rng.randrange(groups) for _ in range(classifications)] for h in names}
    version = dict.fromkeys(names, 0)
    sums = []
    for n in range(releases):
        present = names[: holders * (n + 2) // (releases + 1)]
        for h in present:
            version[h] += rng.random() < corrected
        cells = [[(h, h, version[h]) for h in present]]
        cells += [
            [(h, h, version[h]) for h in present if places[h][c] == g]
            for c in range(classifications)
            for g in range(groups)
        ]
        sums += [frozenset(cell) for cell in cells if len(cell) >= 5]
    return sums


def main() -> None:
    """Print one audit's time and its parts; the same with what gives holders away held back; and a second figure."""
    spent: dict[str, float] = dict.fromkeys(STEPS, 0.0)
    for name in STEPS:
        setattr(elimination, name, _timed(getattr(elimination, name), name, spent))
    sums = tuple(period(500, 3))
    began = time.perf_counter()
    found = audit.of(sums)
    whole = time.perf_counter() - began
    print(f"{found.sums} sums, {found.atoms} atoms, rank {found.rank}: {len(found.disclosed)} findings, {whole:.3f} s")
    for name, seconds in spent.items():
        print(f"  {name:22} {seconds:.3f} s")
    print(f"  {'atoms to classes, rest':22} {whole - sum(spent.values()):.3f} s")
    began = time.perf_counter()
    held, clean = gate.hold_back((), {str(n): one for n, one in enumerate(sums)}, None)
    print(
        f"held back until clean: {len(held)} of {len(sums)}, {len(clean.disclosed)} findings, {time.perf_counter() - began:.3f} s"
    )
    began = time.perf_counter()
    audit.of(tuple(period(500, 3)))
    print(
        f"another figure with the same reporting pattern: {time.perf_counter() - began:.3f} s with reading the sums again"
    )


def _timed(function: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments)
        finally:
            spent[name] += time.perf_counter() - began

    return timed


if __name__ == "__main__":
    main()
