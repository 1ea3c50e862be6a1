"""The reasons a sender gives beside a unit's amounts: a line each, what it is for, a colon, the reason. Pure."""

from services.catalogue.definitions import Catalogue
from services.ingest import columns
from services.ingest.intake import TEXT, shown

LINES = 200  # most of one cell


def read(text: str, catalogue: Catalogue) -> tuple[list[tuple[str, str]], list[str]]:
    """What is confirmed with which reason, and the lines that do not say what they are for.

    A line begins with the id or header of a data point, or the id of a key figure.
    """
    given: list[tuple[str, str]] = []
    unclear = []
    for line in [line.strip() for line in text.splitlines() if line.strip()][:LINES]:
        what, _, reason = (part.strip() for part in line.partition(":"))
        name = _named(what, catalogue)
        if name and reason:
            given.append((name, shown(reason, TEXT)))
        else:
            unclear.append(line)
    return given, unclear


def _named(what: str, catalogue: Catalogue) -> str:
    if what in catalogue.data_point or what in catalogue.key_figure:
        return what
    figure = next((name for name in catalogue.key_figure if name.casefold() == what.casefold()), "")
    column = columns.match([what], catalogue).columns[0]
    return figure or (column.name if column.kind == "data_point" else "")
