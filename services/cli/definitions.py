"""`noegletal definitions`: check every catalogue file at once, show a key figure, and what two years say otherwise."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from services.catalogue import definitions, factor_tables
from services.catalogue.definitions import Catalogue, KeyFigure
from services.cli.talk import Exit, Stop, Talk


def check(files: list[Path], talk: Talk) -> None:
    """Every fault of every file, and every bound and factor that nobody published. No files: the product's own."""
    faulty = 0
    tables = [] if files else factor_tables.files()
    for path in tables:
        faulty += _table(path, talk)
    for path in files or definitions.files():
        try:
            catalogue = definitions.load(path)
        except definitions.CatalogueError as error:
            faulty += 1
            _faults(path, error.faults, talk)
        except OSError as error:
            faulty += 1
            _faults(path, [f"cannot be read: {error.strerror}"], talk)
        else:
            _sound(path, catalogue, talk)
    if faulty:
        raise Stop(
            f"{faulty} of {len(files or definitions.files()) + len(tables)} files cannot be used; correct the faults above.",
            Exit.FINDINGS,
        )


def show(figure: str, scheme: str, year: str, lang: str, talk: Talk) -> None:
    """One key figure as a person reads it, or its entry as JSON."""
    catalogue = find(scheme, year)
    if figure not in catalogue.key_figure:
        known = ", ".join(catalogue.key_figures)
        raise Stop(f"{catalogue.scheme}/{catalogue.year} has no key figure {figure}. It has: {known}.", Exit.USAGE)
    entry = catalogue.key_figure[figure]
    if talk.as_json:
        talk.record({"key_figure": figure, "version": catalogue.version} | entry.model_dump(mode="json"))
        return
    talk.table(f"{figure} · {catalogue.version}", ["", ""], [[k, v] for k, v in _lines(entry, catalogue, lang) if v])


def diff(before: str, after: str, scheme: str, talk: Talk) -> None:
    """What two years of a scheme say otherwise, word for word."""
    old, new = (find(scheme, year).model_dump(mode="json") for year in (before, after))
    rows = [row for row in _differences("", old, new) if row[0] not in ("digest", "year", "title.da", "title.en")]
    for place, was, now in rows:
        if talk.as_json:
            talk.record({"place": place, before: was, after: now})
    if not talk.as_json and rows:
        talk.table(
            f"{scheme} {before} → {after}", ["place", before, after], [[p, _said(a), _said(b)] for p, a, b in rows]
        )
    if not talk.as_json and not rows:
        talk.data(f"{scheme}: {before} and {after} say the same")


def find(scheme: str, year: str) -> Catalogue:
    """The definitions of a scheme and year; the newest where no year is asked for."""
    try:
        return definitions.of(scheme, year or (definitions.years(scheme) or [""])[-1])
    except definitions.UnknownDefinitions as unknown:
        known = ", ".join(unknown.known)
        raise Stop(f"There are no definitions {scheme}/{year}. There are: {known}.", Exit.USAGE) from None


def bring(files: str) -> str:
    """Know the definitions of files of the user's own; returns the files by their whole paths, for the services.

    Raises Stop with every fault of the first that cannot be used.
    """
    whole = os.pathsep.join(str(Path(file).absolute()) for file in files.split(os.pathsep) if file)
    try:
        definitions.bring(whole)
    except definitions.CatalogueError as error:
        raise Stop("\n".join([f"{error.path}: {len(error.faults)} to correct", *error.faults]), Exit.USAGE) from None
    return whole


def _table(path: Path, talk: Talk) -> bool:
    """One factor table, and what of it nobody published; whether it has faults."""
    table, faults = factor_tables.read(path)
    if faults or table is None:
        _faults(path, list(faults), talk)
    elif talk.as_json:
        talk.record({"file": str(path), "version": table.name, "faults": [], "assumed": table.assumed})
    else:
        talk.data(f"{table.name}: {table.title}, no faults, {len(table.assumed)} values assumed")
        if table.assumed:
            talk.data(f"  {', '.join(table.assumed)} assumed")
    return bool(faults) or table is None


def _faults(path: Path, faults: list[str], talk: Talk) -> None:
    if talk.as_json:
        talk.record({"file": str(path), "faults": faults})
    else:
        talk.data("\n".join([f"{path.parent.name}/{path.name}: {len(faults)} to correct", *(f"  {f}" for f in faults)]))


def _sound(path: Path, catalogue: Catalogue, talk: Talk) -> None:
    assumed = {name: list(figure.assumed) for name, figure in catalogue.key_figure.items() if figure.assumed}
    points = catalogue.data_point.items()
    assumed |= {name: ["beside"] for name, point in points if point.beside and point.beside.source == "assumed"}
    if talk.as_json:
        talk.record({"file": str(path), "version": catalogue.version, "faults": [], "assumed": assumed})
        return
    counts = f"{len(catalogue.key_figure)} key figures, {len(catalogue.data_point)} data points"
    talk.data(f"{catalogue.version}: {counts}, no faults, {sum(map(len, assumed.values()))} bounds assumed")
    for name, bounds in assumed.items():
        talk.data(f"  {name}: {', '.join(bounds)} assumed")


def _lines(entry: KeyFigure, catalogue: Catalogue, lang: str) -> Iterator[tuple[str, str]]:
    unit = entry.show.unit.of(lang)
    yield "name", entry.name.of(lang)
    yield "why", entry.why.of(lang) if entry.why else ""
    yield "how", entry.how.of(lang)
    for side in ("numerator", "less", "denominator"):
        for part in getattr(entry, side):
            point = catalogue.data_point[part]
            yield side, f"{part}: {point.text.of(lang)} ({point.unit.of(lang)}, {point.nature}, scale {point.scale})"
    yield "better", entry.better
    yield "publicity", entry.publicity
    yield from _bounds(entry, unit)
    tables: dict[str, str] = {table.kind: f" ({table.table}/{table.version})" for table in catalogue.factors.tables}
    yield "normalised by", ", ".join(kind + tables.get(kind, "") for kind in entry.normalise)
    yield "period", entry.period
    yield "fewest units", str(entry.min_units or "")
    yield "mean", "" if entry.mean_meaningful else "not meaningful"
    yield "comparable", f"{entry.comparable.level}: {entry.comparable.of(lang)}" if entry.comparable else ""
    amounts = ", ".join(f"{name} = {amount}" for name, amount in entry.example.amounts.items())
    yield "example", f"{amounts} gives {entry.example.gives} {unit}"
    yield "status", entry.status
    yield "source", entry.source


def _bounds(entry: KeyFigure, unit: str) -> Iterator[tuple[str, str]]:
    """What a figure is held against, what being outside weighs, and where the bound is from."""
    if entry.hard:
        yield "hard range", f"{entry.hard.range[0]} to {entry.hard.range[1]} {unit}: error ({entry.hard.source})"
    if entry.soft:
        low, high = entry.soft.range
        yield "soft range", f"{low} to {high} {unit}: {entry.soft.severity} ({entry.soft.source})"
    if entry.change:
        yield "change", f"{entry.change.pct} %: {entry.change.severity} ({entry.change.source})"
    if entry.fences:
        yield "fences", f"k = {entry.fences.k} of {entry.fences.of}: {entry.fences.severity} ({entry.fences.source})"
    if entry.base:
        yield "base", f"at least {entry.base.least}: {entry.base.severity} ({entry.base.source})"
    if entry.soft:
        yield "its own past", ", ".join(f"{rule}: {weight}" for rule, weight in entry.past.model_dump().items())


def _differences(place: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(k for k in new if k not in old)]:
            yield from _differences(f"{place}.{key}".lstrip("."), old.get(key), new.get(key))
    elif old != new:
        yield place, old, new


def _said(value: Any) -> str:
    return "–" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
