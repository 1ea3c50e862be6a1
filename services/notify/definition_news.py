"""Definitions that will change or have changed, as a message: which key figures, and from when."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date

from services.catalogue.definitions import Catalogue
from services.notify.sentences import Given, Phrase, Spoken
from services.notify.wording import About, Item, Said

FIGURE = {
    "status",
    "kind",
    "numerator",
    "less",
    "denominator",
    "show",
    "better",
    "publicity",
    "period",
    "normalise",
    "min_units",
}
POINT = {"unit", "scale", "nature", "days_of", "sum_of"}


def fingerprints(catalogue: Catalogue) -> dict[str, str]:
    """Of each key figure, what stands for its definition: other words or other bounds leave it as it is."""
    tables = [table.name for table in catalogue.factors.tables]
    found = {}
    for name, figure in catalogue.key_figure.items():
        content = figure.model_dump(mode="json", include=FIGURE)
        points = {part: catalogue.data_point[part].model_dump(mode="json", include=POINT) for part in figure.parts}
        whole = [content, points, tables if figure.normalise else []]
        found[name] = hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]
    return found


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Key figure -> changed, new or gone.

    >>> changes({"A": "1", "B": "1", "C": "1"}, {"A": "1", "B": "2", "D": "1"})
    {'B': 'changed', 'C': 'gone', 'D': 'new'}
    """
    found = {}
    for name in sorted({*before, *now}):
        if before.get(name) != now.get(name):
            found[name] = "new" if name not in before else "gone" if name not in now else "changed"
    return found


def said(scheme: str, year: str, changed: Mapping[str, str], names: Mapping[str, Spoken], today: date) -> Said:
    """Which figures of a year's edition are other than they were known; before the year begins, from when."""
    begins = date(int(year), 1, 1)
    given: dict[str, Given] = {"scheme": scheme, "year": year, "count": len(changed), "day": begins}
    items: Sequence[Item] = [
        Item(
            About(figure, scheme=scheme),
            Phrase(f"definition.{what}", {"figure": names.get(figure, figure)}),
            {"key_figure": figure, "change": what},
        )
        for figure, what in changed.items()
    ]
    opening = Phrase("definition.ahead" if today < begins else "definition.now", given)
    return Said(Phrase("definition.subject", given), Phrase("why.definition"), [opening], items)
