"""Definitions of one scheme and year, read from TOML and refused with every fault at once."""

import functools
import hashlib
import os
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, ValidationError

from services.catalogue import factor_tables
from services.catalogue.consistency import inconsistencies, shape_faults, uses_without_a_share
from services.catalogue.defaults import completed
from services.catalogue.entry import Text
from services.catalogue.vocabulary import Attribute, Catalogue, DataPoint, KeyFigure, Show, Value, fold

__all__ = ["Attribute", "Catalogue", "DataPoint", "KeyFigure", "Show", "Text", "Value", "fold"]
__all__ += [
    "FOLDER",
    "CatalogueError",
    "Files",
    "UnknownDefinitions",
    "bring",
    "files",
    "instead",
    "load",
    "of",
    "read_all",
    "schemes",
    "years",
]

FOLDER = Path(__file__).parent
_brought: dict[tuple[str, str], Catalogue] = {}  # scheme and year -> what a file of the user's own says


class CatalogueError(ValueError):
    """A catalogue file cannot be used. `faults` has every one of them, each with its place in the file."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path.name}: " + "; ".join(faults))
        self.path, self.faults = path, faults


class UnknownDefinitions(LookupError):
    """There are no definitions for a scheme, or none for a year of it. `known` has what there is."""

    def __init__(self, scheme: str, period: str, known: list[str]) -> None:
        super().__init__(f"{scheme}/{period}")
        self.scheme, self.period, self.known = scheme, period, known


def load(path: Path) -> Catalogue:
    """Read one catalogue file, of the product or of its user. Raises CatalogueError with every fault in it."""
    raw = path.read_bytes()
    try:
        content = completed(tomllib.loads(raw.decode(), parse_float=Decimal))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(path, [f"is not TOML: {error}"]) from None
    tables, wrong = factor_tables.pinned(content.get("normalisation"))
    faults = [*inconsistencies(content), *wrong]
    try:
        own = {"digest": hashlib.sha256(raw).hexdigest(), "factors": factor_tables.Factors(**tables)}
        catalogue = Catalogue(**content | own)
    except ValidationError as error:
        raise CatalogueError(path, [*shape_faults(error), *faults]) from None
    faults += uses_without_a_share(catalogue)
    if faults:
        raise CatalogueError(path, faults)
    return catalogue


@functools.cache
def of(scheme: str, period: str, catalogue_year: int | None = None) -> Catalogue:
    """The definitions of a scheme for a reporting period, or those of another year where one is forced.

    Raises UnknownDefinitions with the years there are.
    """
    year = str(catalogue_year or period[:4])
    if year not in years(scheme):
        raise UnknownDefinitions(scheme, year, years(scheme) or schemes())
    return _brought.get((scheme, year)) or _own(FOLDER / scheme / f"{year}.toml")


def readable(files: str) -> str:
    """Files of the user's own, as one text with the system's path separator between. Raises CatalogueError for the first
    that cannot be used, with every fault in it; a scheme of the product's own is one.
    """
    _loaded(files)
    return files


Files = Annotated[str, AfterValidator(readable)]  # a setting


def bring(files: str) -> None:
    """Know the definitions of files of the user's own beside the product's. Raises CatalogueError."""
    _brought.update(_loaded(files))
    of.cache_clear()


def read_all() -> None:
    """Have everything read that there is: who sends the first of a year does not wait for it."""
    for scheme in schemes():
        for year in years(scheme):
            of(scheme, year)


def _loaded(files: str) -> dict[tuple[str, str], Catalogue]:
    found = {}
    for path in (Path(part) for part in files.split(os.pathsep) if part):
        try:
            catalogue = load(path)
        except OSError as error:
            raise CatalogueError(path, [f"cannot be read: {error.strerror}"]) from None
        if catalogue.scheme in _schemes_of_the_product():
            raise CatalogueError(path, [f"scheme: {catalogue.scheme} is the product's own; give yours another name"])
        found[catalogue.scheme, str(catalogue.year)] = catalogue
    return found


def instead(path: Path) -> Catalogue:
    """Know a file in place of the installed one of its scheme and year, to look back with. Raises CatalogueError."""
    catalogue = load(path)
    _brought[catalogue.scheme, str(catalogue.year)] = catalogue
    of.cache_clear()
    return catalogue


@functools.cache
def _own(path: Path) -> Catalogue:
    """One of the product's own files, read once. It must say what its place says."""
    catalogue = load(path)
    place = (path.parent.name, path.stem)
    if (catalogue.scheme, str(catalogue.year)) != place:
        raise CatalogueError(
            path, [f"scheme, year: stand in {'/'.join(place)}, but say otherwise; correct one of them"]
        )
    return catalogue


def files() -> list[Path]:
    """The product's own files."""
    return [path for scheme in sorted(_schemes_of_the_product()) for path in sorted(_years_of_the_product(scheme))]


def schemes() -> list[str]:
    """The schemes there are definitions for."""
    return sorted(_schemes_of_the_product() | {scheme for scheme, _ in _brought})


def years(scheme: str) -> list[str]:
    """The years of a scheme there are definitions for; none for a scheme that is not known."""
    own = _years_of_the_product(scheme) if scheme in _schemes_of_the_product() else ()
    return sorted({p.stem for p in own} | {year for known, year in _brought if known == scheme})


def _years_of_the_product(scheme: str) -> Iterable[Path]:
    return (FOLDER / scheme).glob("[0-9][0-9][0-9][0-9].toml")


def _schemes_of_the_product() -> set[str]:
    return {p.parent.name for p in FOLDER.glob("*/[0-9][0-9][0-9][0-9].toml") if p.parent.name[0].isalpha()}
