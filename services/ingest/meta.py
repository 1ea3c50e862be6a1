"""The hidden sheet of a template: for whom and by which definitions it was made, with a checksum over it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from hashlib import sha256

TEMPLATE_VERSION = "1"


@dataclass(frozen=True)
class Meta:
    """What a template says of itself. Days as YYYY-MM-DD; `catalogue_digest` names the definitions down to the byte."""

    template_version: str
    scheme: str
    year: str
    catalogue_digest: str
    organisation_id: str
    period_start: str
    period_end: str
    language: str

    @property
    def checksum(self) -> str:
        """Shows that nobody altered it by accident; it keeps no secret and proves no sender."""
        return sha256("\n".join(f"{k}={v}" for k, v in rows(self)).encode("utf-8", "replace")).hexdigest()[:16]


def rows(meta: Meta) -> list[tuple[str, str]]:
    """Name and value of each entry, as they stand in the sheet; the checksum comes after them."""
    return [(field.name, value) for field, value in zip(fields(meta), astuple(meta), strict=True)]


def read(cells: Iterable[Sequence[object]]) -> tuple[Meta | None, bool]:
    """What a workbook's `_meta` sheet says, and whether it is as we wrote it. None where an entry is missing.

    >>> meta = Meta("1", "uk-tsm", "2024", "9f", "LA1", "2023-04-01", "2024-03-31", "en")
    >>> read([*rows(meta), ("checksum", meta.checksum)]) == (meta, True)
    True
    """
    said = {str(row[0]): str(row[1]) for row in cells if len(row) > 1}
    names = [field.name for field in fields(Meta)]
    if any(name not in said for name in names):
        return None, False
    meta = Meta(*(said[name] for name in names))
    return meta, said.get("checksum") == meta.checksum
