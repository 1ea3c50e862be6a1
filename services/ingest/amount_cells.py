"""One cell as an amount of its data point, or as what is wrong with it, in words its sender understands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.catalogue import numbers
from services.catalogue.definitions import Catalogue
from services.catalogue.numbers import Convention, Misread
from services.ingest.intake import meant, shown
from services.ingest.table import NoValue, Value

KINDS = {"date": ("en dato", "a date"), "boolean": ("ja eller nej", "yes or no"), "time": ("et tidspunkt", "a time")}
WRITING = {"da": ("dansk", "a Danish"), "en": ("engelsk", "an English"), "": ("entydigt", "an unambiguous")}
SHOWN = 64  # characters of what could not be read


@dataclass(frozen=True)
class Missing:
    """A token of the scheme stands in the cell. `reason`: blank, not_required or excluded."""

    reason: str


@dataclass(frozen=True)
class Unreadable:
    """What stood in the cell; it travels as it is, and the rest of the row goes on."""

    text: str


Amount = int | Missing | Unreadable


@dataclass(frozen=True)
class Doubt:
    """What is to be said about a cell. `confirmable`: a reason helps; else it must be corrected."""

    code: str
    parameters: Mapping[str, str]
    confirmable: bool = False


def read(
    value: Value,
    data_point: str,
    catalogue: Catalogue,
    convention: Convention,
    *,
    before: int | None = None,
    confirmed: bool = False,
) -> tuple[Amount, Doubt | None]:
    """The amount in a cell, and what is to be said about it, if anything. A data point nobody knows is read as a whole number.

    before     the amount of the period before; what may have been meant is chosen nearest to it
    confirmed  its sender gives a reason for it
    """
    definition = catalogue.data_point.get(data_point)
    scale = definition.scale if definition else 0
    units = (definition.unit.da, definition.unit.en) if definition else ()
    reason = _missing(value, catalogue)
    if reason is not None:
        return Missing(reason), None
    if isinstance(value, NoValue | date) or value is None:
        return _no_number(value)
    if isinstance(value, Decimal):
        found = numbers.of_cell(value, scale, convention)
    else:
        found = numbers.read(value, scale, convention, units=units, before=before)
    if isinstance(found, int):
        return found, None
    doubt = _said(found, convention)
    if found.reading is not None and confirmed:
        return found.reading, None
    return Unreadable(shown(found.text, SHOWN)), doubt


def _missing(value: Value, catalogue: Catalogue) -> str | None:
    if value is None:
        return catalogue.missing.get("", "blank")
    if not isinstance(value, str):
        return None
    exact = catalogue.missing.get(value.strip())
    return exact or {token.casefold(): r for token, r in catalogue.missing.items()}.get(value.strip().casefold())


def _no_number(value: NoValue | date | None) -> tuple[Unreadable, Doubt]:
    if isinstance(value, NoValue) and value.kind == "formula":
        return Unreadable("="), Doubt("NT-1125", {})
    if isinstance(value, NoValue) and value.kind == "error":
        return Unreadable(value.text or "#"), Doubt("NT-1126", {"text": value.text or "#"})
    kind, text = (value.kind, value.text) if isinstance(value, NoValue) else ("date", str(value))
    da, en = KINDS[kind]
    return Unreadable(text[:SHOWN]), Doubt("NT-1128", {"text": text[:SHOWN], "rule_da": da, "rule_en": en})


def _said(found: Misread, convention: Convention) -> Doubt:
    da, en = WRITING[convention]
    said = {"text": shown(found.text, SHOWN), "decimals": str(found.decimals)} | meant(found.suggestion)
    said |= {"unit": found.unit, "rule_da": da, "rule_en": en}
    return Doubt(found.code, said, confirmable=found.reading is not None)
