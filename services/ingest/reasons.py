"""The reasons a sender gives beside a unit's amounts: a line each, what it is for, a colon, the reason. Pure."""

import functools

from services.catalogue.definitions import Catalogue
from services.ingest import columns
from services.ingest.intake import TEXT, shown

LINES = 200  # most of one cell
PERIOD = "period"  # what the rules ask to have confirmed of two periods that overlap
PERIODS = (PERIOD, "periode")


def read(text: str, catalogue: Catalogue) -> tuple[list[tuple[str, str]], list[str]]:
    """What is confirmed with which reason, and the lines that do not say what they are for.

    A line begins with the id or header of a data point, the id of a key figure, or the word period; the longest that is known,
    since names hold colons too (»Timer: bede«).
    """
    given: list[tuple[str, str]] = []
    unclear = []
    for line in [line.strip() for line in text.splitlines() if line.strip()][:LINES]:
        found = _line(line, catalogue)
        if found:
            given.append(found)
        else:
            unclear.append(line)
    return given, unclear


def _line(line: str, catalogue: Catalogue) -> tuple[str, str] | None:
    parts = line.split(":", _colons(catalogue) + 1)
    for count in range(len(parts) - 1, 0, -1):
        reason = ":".join(parts[count:]).strip()
        name = _named(":".join(parts[:count]).strip(), catalogue) if reason else ""
        if name:
            return name, shown(reason, TEXT)
    return None


@functools.cache
def _colons(catalogue: Catalogue) -> int:
    """Most colons in what a reason may be for: in the header of a data point, or in the id of a key figure."""
    headers = (
        columns.header(name, catalogue, language) + name
        for name in catalogue.data_point
        for language in columns.LANGUAGES
    )
    return max((text.count(":") for text in (*headers, *catalogue.key_figure)), default=0)


def _named(what: str, catalogue: Catalogue) -> str:
    if what in catalogue.data_point or what in catalogue.key_figure:
        return what
    if what.casefold() in PERIODS:
        return PERIOD
    figure = next((name for name in catalogue.key_figure if name.casefold() == what.casefold()), "")
    column = columns.match([what], catalogue).columns[0]
    return figure or (column.name if column.kind == "data_point" else "")
