"""`noegletal tenancy-units`: from a list of tenancies to a submission file of tenancy-unit days and dwelling-days."""

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from services.catalogue import amounts, tenancy_units
from services.catalogue.tenancy_units import DaySums, Tenancy
from services.cli.talk import Exit, Stop

COLUMNS = ("unit_id", "kind", "area", "from", "to")
HEAD = ("unit_id", "period_start", "period_end", "data_point", "value")


def run(tenancies: Path, period_start: str, period_end: str, out: Path | None) -> None:
    """Write the submission to a file, or to standard output. Raises Stop with every wrong line."""
    first, last = (
        _option(name, text) for name, text in (("--period-start", period_start), ("--period-end", period_end))
    )
    if last < first:
        raise Stop(f"The period {first} – {last} ends before it begins.", Exit.USAGE)
    text = submission(tenancies, first, last)
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_text(text, encoding="utf-8")


def submission(path: Path, first: date, last: date) -> str:
    """The submission in long form, one unit after another. Raises Stop with every wrong line."""
    made = io.StringIO()
    lines = csv.writer(made, lineterminator="\n")
    lines.writerow(HEAD)
    for unit, tenancies in sorted(_read(path, first, last).items()):
        sums = tenancy_units.day_sums(tenancies, first, last)
        lines.writerows([unit, first, last, name, value] for name, value in _values(sums).items())
    return made.getvalue()


def _values(sums: DaySums) -> dict[str, str]:
    return {
        "lejemaalsenhed_dage": amounts.natural(sums.tenancy_unit_tenths, 1),
        "bolig_dage": amounts.natural(sums.dwelling_days, 0),
    }


def _read(path: Path, first: date, last: date) -> dict[str, list[Tenancy]]:
    from services.cli import tables

    faults = tables.Faults()
    units: dict[str, list[Tenancy]] = {}
    for line, row in tables.rows(path, COLUMNS, faults):
        wrong = list(_wrong(row))
        for fault in wrong:
            faults.add(path, line, fault)
        if not wrong:
            days = (_day(row["from"]) or first, _day(row["to"]) or last)
            area = amounts.scaled(row["area"] or "0", 2)
            units.setdefault(row["unit_id"], []).append(Tenancy(_kind(row), area, *days))
    faults.stop()
    return units


def _wrong(row: Mapping[str, str]) -> Iterator[str]:
    """Everything that is wrong with a line."""
    if not row["unit_id"]:
        yield "has no unit_id; write which unit the tenancy belongs to"
    kind = _kind(row)
    if not kind:
        yield f"kind »{row['kind']}« is not known; write one of {', '.join(tenancy_units.KINDS)}"
    try:
        area = amounts.scaled(row["area"] or "0", 2)
    except amounts.NotANumber:
        yield f"area »{row['area']}« is no number of m² with at most two decimals; write it like 72.5"
    else:
        if area < 0 or (kind in tenancy_units.BY_AREA and area == 0):
            yield f"area »{row['area']}« cannot be; a business or institution weighs by its m²"
    days = {}
    for name in ("from", "to"):
        try:
            days[name] = _day(row[name])
        except ValueError:
            yield f"{name} »{row[name]}« is no date; write it like 2024-03-31, or leave it empty"
    begun, ended = days.get("from"), days.get("to")
    if begun and ended and ended < begun:
        yield f"ends {ended} before it begins {begun}"


def _kind(row: Mapping[str, str]) -> str:
    return tenancy_units.KINDS.get(row["kind"].casefold(), "")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _option(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stop(f"{name} »{text}« is no date; write it like 2024-12-31.", Exit.USAGE) from None
