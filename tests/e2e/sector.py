"""The real sector as a naive reader sees it: straight from the CSV files, for the oracle."""

import csv
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "services" / "cli" / "sector" / "uk-tsm-2024"
FIGURES = {
    "BS03": "higher",
    "BS05": "higher",
    "RP01": "lower",
    "RP02_1": "higher",
    "RP02_2": "higher",
    "NM01_1": "none",
    "CH01_1_LCRA": "none",
    "TP01_LCRA": "higher",
}
LADDER = ((), ("org_type",), ("size_band",), ("region",), ("org_type", "size_band"))
REASONS = {"[E]": "excluded", "[X]": "blank"}

ABSENCES = ("absent", "blank", "not_required", "undefined", "excluded", "suppressed", "held", "refused", "withdrawn")


def read(name: str) -> list[dict[str, str]]:
    """The rows of one file."""
    with (FOLDER / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def groups(unit: dict[str, str]) -> tuple[str, ...]:
    """A landlord's peer groups; one that merged belongs to everybody's alone."""
    if "Merged during year" in unit.values():
        return ("all",)
    return tuple(";".join(f"{a}={unit[a]}" for a in step) or "all" for step in LADDER)


def amounts() -> dict[str, dict[str, str]]:
    """Unit -> data point -> text as printed."""
    found: dict[str, dict[str, str]] = {}
    for row in read("submissions.csv"):
        found.setdefault(row["unit_id"], {})[row["data_point"]] = row["value"]
    return found


def result(printed: dict[str, str], figure: str) -> tuple[int, int] | str:
    """A figure as a pair in tenths (survey) or whole numbers, or why there is none."""
    numerator, denominator = (printed.get(f"{figure}.{part}") for part in ("numerator", "denominator"))
    if numerator is None or denominator is None:
        return "absent"
    for text in (numerator, denominator):
        if text in REASONS:
            return REASONS[text]
    scale = 10 if figure == "TP01_LCRA" else 1
    n, d = round(float(numerator) * scale), round(float(denominator) * scale)
    return (n, d) if d else "undefined"


def record(unit: dict[str, str], printed: dict[str, str], revision: int = 1) -> tuple[str, str, int, Any]:
    """One landlord's submission as the oracle takes it."""
    found = {f: result(printed, f) for f in FIGURES}
    figures = {f: ABSENCES.index(what) + 1 if isinstance(what, str) else what for f, what in found.items()}
    content = {"holder": unit["organisation_id"], "groups": groups(unit), "withdrawn": False, "figures": figures}
    return ("observation", unit["unit_id"], revision, content)


def history() -> list[tuple[str, str, int, Any]]:
    """Everybody registered, everybody reported once."""
    units, printed = read("units.csv"), amounts()
    registered = [("registration", u["unit_id"], 1, groups(u)) for u in units]
    return [*registered, *(record(u, printed[u["unit_id"]]) for u in units if u["unit_id"] in printed)]
