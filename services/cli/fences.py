"""`noegletal definitions fences`: the quartiles of a closed period, from what `run` exported to the file validate reads."""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from statistics import NormalDist

from pydantic import ValidationError

from services.catalogue import quartiles
from services.catalogue.consistency import shape_faults
from services.catalogue.quartiles import Quartiles
from services.cli.definitions import find
from services.cli.tables import Faults
from services.cli.talk import Exit, Stop, Talk

COLUMNS = ("scheme", "period", "key_figure", "group", "units", "q1", "median", "q3")
QUARTILE = NormalDist().inv_cdf(0.75)


@dataclass(frozen=True)
class Order:
    """What is to be frozen, and where to."""

    benchmarks: Path
    scheme: str
    period: str
    out: Path


def freeze(order: Order, talk: Talk) -> None:
    """Write the fences file and say what is in it. Raises Stop with every fault of the benchmarks at once."""
    faults = Faults()
    found: dict[str, dict[str, Quartiles]] = {}
    raw = _bytes(order.benchmarks)
    for line, row in _rows(order, raw, faults):
        if row["q1"] and row["q3"]:
            try:
                shown = Quartiles.model_validate({name: row[name] for name in ("units", "q1", "median", "q3")})
            except ValidationError as error:
                faults.add(order.benchmarks, line, "; ".join(shape_faults(error)))
            else:
                found.setdefault(row["key_figure"], {})[row["group"]] = shown
    faults.stop()
    if not found:
        raise Stop(
            f"{order.benchmarks.name} has no quartiles of {order.scheme}/{order.period}; see its columns scheme and period.",
            Exit.USAGE,
        )
    source = f"{order.benchmarks.name} of noegletal run, sha256 {hashlib.sha256(raw).hexdigest()}"
    order.out.write_text(quartiles.written(order.scheme, order.period, source, found), encoding="utf-8")
    _say(order, quartiles.load(order.out), talk)


def told(path: Path | None) -> str:
    """A fences file as a setting of validate: where it is, looked into first. Empty: none. Raises Stop."""
    if path is None:
        return ""
    try:
        quartiles.load(path)
    except quartiles.FencesError as error:
        raise Stop(f"--fences {error}", Exit.USAGE) from None
    except OSError as error:
        raise Stop(f"--fences {path}: cannot be read: {error.strerror}", Exit.USAGE) from None
    return str(path.resolve())


def false_alarms(k: Decimal, units: int = 10**9) -> float:
    """The share of a normal sector, or on logarithms of a lognormal one, that lies outside fences of k though nothing is wrong.

    Quartiles of few units are themselves uncertain; their large-sample variance is added to a unit's own. That overstates the
    rate of small groups, by no more than two or three times.

    >>> [round(100 * false_alarms(Decimal(k)), 4) for k in (3, 4, 5)], round(100 * false_alarms(Decimal(5), 100), 2)
    ([0.6977, 0.0745, 0.0052], 0.08)
    """
    steps, at_quartile, at_median = float(k), NormalDist().pdf(QUARTILE), NormalDist().pdf(0)
    quartile, median = 3 / 16 / at_quartile**2, 1 / 4 / at_median**2
    together = 1 / 8 / (at_quartile * at_median)
    fence = (1 + steps) ** 2 * quartile + steps**2 * median - 2 * steps * (1 + steps) * together
    return 2 * NormalDist().cdf(-QUARTILE * (1 + steps) / (1 + fence / units) ** 0.5)


def _say(order: Order, frozen: quartiles.Frozen, talk: Talk) -> None:
    figures = find(order.scheme, "").key_figure
    fenced = {name: f.fences for name, f in figures.items() if f.fences and name in frozen.quartiles}
    kinds = sorted({(f.k, f.units) for f in fenced.values()})
    cells = sum(map(len, frozen.quartiles.values()))
    if talk.as_json:
        talk.record({"file": str(order.out), "name": frozen.name, "figures": len(frozen.quartiles), "cells": cells})
        rates = [{"k": str(k), "units": n, "rate": false_alarms(k, n), "large": false_alarms(k)} for k, n in kinds]
        talk.record({"fenced": list(fenced), "false_alarms": rates})
        return
    talk.data(f"{order.out}: {cells} quartiles of {len(frozen.quartiles)} key figures, {frozen.name}")
    talk.data(f"{len(fenced)} of the figures have fences in {order.scheme}: {', '.join(fenced) or 'none'}")
    talk.data("Held though nothing is wrong, of a sector that is normal, or lognormal where fences are on logarithms:")
    for k, units in kinds:
        large, small = (
            f"{100 * rate:.{places}f} %" for rate, places in ((false_alarms(k), 3), (false_alarms(k, units), 1))
        )
        talk.data(
            f"k = {k}: {large} by a large group, at most about {small} by one of {units} units, the fewest that judge"
        )
    talk.data(f"next: noegletal run … --fences {order.out}, or NOEGLETAL_FENCES={order.out} for validate")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Stop(f"{path}: cannot be read: {error.strerror}", Exit.USAGE) from None


def _rows(order: Order, raw: bytes, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(raw.decode("utf-8-sig", errors="replace").splitlines(), restkey="")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        faults.add(
            order.benchmarks, 1, f"lacks the column {', '.join(missing)}; is it the benchmarks.csv of run --export?"
        )
        return
    for row in reader:
        if None in row.values() or "" in row:
            faults.add(order.benchmarks, reader.line_num, f"has not {len(reader.fieldnames or ())} columns")
        elif (row["scheme"], row["period"]) == (order.scheme, order.period):
            yield reader.line_num, row
