"""Columns of a table of amounts: what each is headed, and which column of a sender's file is which. Pure.

One row a unit, one column a data point. Columns may stand in any order, headed in either language or by the data point's id.
"""

import difflib
import functools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.catalogue.definitions import Catalogue, Text

UNIT, NAME, START, END, REASON = "unit_id", "unit_name", "period_start", "period_end", "confirmation"
POINT, VALUE, REVISION = "data_point", "value", "revision"  # of the long form: one row an amount
ORGANISATION, SUBMISSION = "organisation_id", "submission_id"

LANGUAGES = ("da", "en")
FIXED: Mapping[str, Text] = {
    UNIT: Text(da="Afdelings-id", en="Unit id"),
    NAME: Text(da="Navn", en="Name"),
    START: Text(da="Periode fra", en="Period from"),
    END: Text(da="Periode til", en="Period to"),
    REASON: Text(da="Begrundelse", en="Reason"),
    POINT: Text(da="Datapunkt", en="Data point"),
    VALUE: Text(da="Værdi", en="Value"),
    REVISION: Text(da="Revision", en="Revision"),
    ORGANISATION: Text(da="Organisation", en="Organisation"),
    SUBMISSION: Text(da="Indberetnings-id", en="Submission id"),
}
ALSO: Mapping[str, tuple[str, ...]] = {  # as other systems head them
    UNIT: (
        "afdeling",
        "afdelingsnr.",
        "afdelingsnummer",
        "afdeling nr.",
        "afd.",
        "enhed",
        "unit",
        "unit no.",
        "landlord",
    ),
    NAME: ("afdelingsnavn", "unit name"),
    START: (
        "periode start",
        "periodens start",
        "periodens første dag",
        "startdato",
        "period start",
        "start date",
        "from",
    ),
    END: ("periode slut", "periodens slutning", "periodens sidste dag", "slutdato", "period end", "end date", "to"),
    REASON: ("begrundelse for bekræftelse", "bekræftelse", "reason for confirmation"),
    POINT: ("data point id",),
    VALUE: ("beløb", "tal", "amount"),
}
PREVIOUS = Text(da="Sidste periode", en="Last period")
LONGEST = 200  # characters of a header that are looked at

Kind = Literal["data_point", "fixed", "ignored", "unknown", "empty"]


@dataclass(frozen=True)
class Column:
    """What one column is. `index` counts from 0.

    name    the data point's id, or the fixed column's name; ignored: "previous", "unit_name" or an attribute; else empty
    """

    index: int
    header: str
    kind: Kind
    name: str = ""
    catalogue: Catalogue | None = field(default=None, repr=False, compare=False)

    @property
    def meant(self) -> str:
        """Unknown only: the data point or fixed column whose header is nearest; empty where none is near.

        Looked for when asked: it takes a millisecond, and a file may have a million headers that nobody asks about.
        """
        return _nearest(self.header, self.catalogue) if self.catalogue and self.kind == "unknown" else ""


@dataclass(frozen=True)
class Matched:
    """Every column of a file, in its order."""

    columns: tuple[Column, ...]

    def _of(self, kind: Kind) -> Iterator[Column]:
        return (column for column in self.columns if column.kind == kind)

    @property
    def data_points(self) -> dict[int, str]:
        """Data point by column index; one that stands twice is here twice."""
        return {column.index: column.name for column in self._of("data_point")}

    @property
    def fixed(self) -> dict[str, int]:
        """Column index by fixed column: the first that is headed so."""
        return {column.name: column.index for column in reversed(list(self._of("fixed")))}

    @property
    def unknown(self) -> tuple[Column, ...]:
        """Columns that are nothing we know."""
        return tuple(self._of("unknown"))

    @property
    def duplicates(self) -> dict[str, tuple[int, ...]]:
        """Data points and fixed columns that more than one column is headed by, with all of their indexes."""
        places = defaultdict(list)
        for column in (*self._of("fixed"), *self._of("data_point")):
            places[column.name].append(column.index)
        return {name: tuple(indexes) for name, indexes in places.items() if len(indexes) > 1}


def fixed_header(name: str, language: str) -> str:
    """The header of a fixed column.

    >>> fixed_header("confirmation", "da")
    'Begrundelse'
    """
    return FIXED[name].of(language)


def fixed_column(text: str) -> str:
    """The fixed column a header names, in whatever spelling; empty where none.

    >>> fixed_column("REASON"), fixed_column("Boliger")
    ('confirmation', '')
    """
    return _fixed_keys().get(folded(text[:LONGEST]), "")


def header(data_point: str, catalogue: Catalogue, language: str) -> str:
    """The header of a data point: its text and unit, such as »Renholdelse (konto 114), kr.«; unique within the catalogue.

    Two data points that read the same carry their ids as well.
    """
    point = catalogue.data_point[data_point]
    named = f" [{data_point}]" if data_point in _alike(catalogue) else ""
    return f"{point.text.of(language)}{named}, {point.unit.of(language)}"


def previous_header(data_point: str, catalogue: Catalogue, language: str) -> str:
    """The header of the column that shows last period's amount; it is never read."""
    return f"{PREVIOUS.of(language)}: {header(data_point, catalogue, language)}"


def match(headers: Sequence[str], catalogue: Catalogue) -> Matched:
    """Which column is which, in any order; case, spaces, line breaks and the naming of the unit do not matter.

    A header with another unit than the data point's own (»t.kr.«) is unknown: its amounts would be another size.
    """
    return Matched(tuple(_column(index, text[:LONGEST], catalogue) for index, text in enumerate(headers)))


@functools.lru_cache(4096)
def folded(text: str) -> str:
    r"""A header without what people and programs vary: case, spaces, line breaks, invisible characters, dashes, m2 for m².

    >>> folded("Renholdelse\n(konto 114), KR.")
    'renholdelse(konto114),kr'
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("–", "-").replace("—", "-")
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) not in {"Cf", "Cc"}).rstrip(".:*")


def _column(index: int, text: str, catalogue: Catalogue) -> Column:
    key = folded(text)
    if not key:
        return Column(index, text, "empty")
    known = _known(catalogue).get(key)
    if known:
        return Column(index, text, *known)
    if any(f"{key}:".startswith(f"{folded(PREVIOUS.of(language))}:") for language in LANGUAGES):
        return Column(index, text, "ignored", "previous")
    return Column(index, text, "unknown", catalogue=catalogue)


@functools.lru_cache(4096)
def _nearest(text: str, catalogue: Catalogue) -> str:
    candidates = _candidates(catalogue)
    near = difflib.get_close_matches(folded(text), candidates, n=1, cutoff=0.7)
    return candidates[near[0]] if near else ""


@functools.cache
def _alike(catalogue: Catalogue) -> frozenset[str]:
    """Data points whose plain header is another's too, or a fixed column's, in either language."""
    keys = {
        name: {folded(f"{point.text.of(language)}, {point.unit.of(language)}") for language in LANGUAGES}
        for name, point in catalogue.data_point.items()
    }
    claims = Counter(key for own in keys.values() for key in own)
    return frozenset(n for n, own in keys.items() if any(claims[k] > 1 or k in _fixed_keys() for k in own))


@functools.cache
def _fixed_keys() -> dict[str, str]:
    spelled = {name: (name, *(text.of(language) for language in LANGUAGES)) for name, text in FIXED.items()}
    return {folded(s): name for name, spellings in spelled.items() for s in (*spellings, *ALSO.get(name, ()))}


@functools.cache
def _known(catalogue: Catalogue) -> dict[str, tuple[Kind, str]]:
    """What each folded header stands for. A spelling that two data points share stands for neither."""
    claims: dict[str, set[str]] = defaultdict(set)
    for name in catalogue.data_point:
        for spelling in _spellings(name, catalogue):
            claims[folded(spelling)].add(name)
    known: dict[str, tuple[Kind, str]] = {}
    for attribute, entry in catalogue.attribute.items():
        known |= {folded(s): ("ignored", attribute) for s in (attribute, entry.name.da, entry.name.en)}
    known |= {key: ("data_point", *names) for key, names in claims.items() if len(names) == 1}  # type: ignore[misc]
    known |= {key: ("ignored" if name == NAME else "fixed", name) for key, name in _fixed_keys().items()}
    return known


def _spellings(data_point: str, catalogue: Catalogue) -> Iterator[str]:
    """What a data point may be headed by: id, header, text alone, text with either language's unit."""
    point = catalogue.data_point[data_point]
    yield data_point
    for language in LANGUAGES:
        text = point.text.of(language)
        yield from (header(data_point, catalogue, language), text, f"{text} [{data_point}]")
        for unit in {point.unit.da, point.unit.en}:
            yield from (f"{text}, {unit}", f"{text} ({unit})", f"{text} [{unit}]", f"{text} {unit}")


@functools.cache
def _candidates(catalogue: Catalogue) -> dict[str, str]:
    """What an unknown header is compared with: ids, texts and fixed columns, folded."""
    spelled = {folded(s): name for name in catalogue.data_point for s in (name, *_texts(name, catalogue))}
    return spelled | {key: name for key, name in _fixed_keys().items() if name != NAME}


def _texts(data_point: str, catalogue: Catalogue) -> tuple[str, str]:
    text = catalogue.data_point[data_point].text
    return text.da, text.en
