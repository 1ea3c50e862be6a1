"""Units and their profiles. Pure: what a registration changes, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.ingest.intake import Fault, identifier_fault, readable, shown

ATTRIBUTES, LONGEST = 50, 200  # most attributes of a profile; most characters of a name or value


@dataclass(frozen=True)
class Unit:
    """A registered unit. `attributes` as sent; `version` counts the changes of its profile."""

    scheme: str
    unit_id: str
    organisation_id: str
    holder_id: str
    attributes: dict[str, str]
    version: int
    valid_from: datetime


class Elsewhere(Exception):
    """The unit is registered by another organisation."""


def fault(unit: Unit) -> Fault | None:
    """What breaks the contract in a registration, if anything. Unknown labels are validation's business."""
    for field in ("organisation_id", "holder_id", "unit_id", "scheme"):
        wrong = identifier_fault(field, getattr(unit, field))
        if wrong is not None:
            return wrong
    if len(unit.attributes) > ATTRIBUTES:
        many = str(len(unit.attributes))
        return Fault("attributes", many, f"Højst {ATTRIBUTES} egenskaber.", f"At most {ATTRIBUTES} attributes.")
    for name, value in unit.attributes.items():
        if max(len(name), len(value)) > LONGEST or not readable(name + value):
            rule = (
                f"Højst {LONGEST} tegn uden styretegn.",
                f"At most {LONGEST} characters without control characters.",
            )
            return Fault(f"attributes.{shown(name)}", shown(value), *rule)
    return None


def change(asked: Unit, known: Mapping[tuple[str, str], Unit], *, by_operator: bool) -> Unit | None:
    """The unit at its next version, or None where nothing changes. Raises Elsewhere for another organisation's unit.

    An operator may move a unit to another organisation.
    """
    before = known.get((asked.scheme, asked.unit_id))
    if before is None:
        return replace(asked, version=1)
    if before.organisation_id != asked.organisation_id and not by_operator:
        raise Elsewhere(asked.unit_id)
    same = replace(asked, version=before.version, valid_from=before.valid_from) == before
    return None if same else replace(asked, version=before.version + 1)
