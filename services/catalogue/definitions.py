"""Definitions of one scheme and year, read from TOML and refused with every fault at once."""

import functools
import hashlib
import tomllib
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from services.catalogue import factor_tables
from services.catalogue.consistency import inconsistencies, shape_faults, uses_without_a_share
from services.catalogue.vocabulary import Attribute, Catalogue, DataPoint, KeyFigure, Show, Text, Value, fold

__all__ = ["Attribute", "Catalogue", "DataPoint", "KeyFigure", "Show", "Text", "Value", "fold"]
__all__ += ["FOLDER", "CatalogueError", "UnknownDefinitions", "load", "of", "schemes", "years"]

FOLDER = Path(__file__).parent


class CatalogueError(Exception):
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
        content = tomllib.loads(raw.decode(), parse_float=Decimal)
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
    path = FOLDER / scheme / f"{year}.toml"
    if scheme not in schemes() or not path.exists():
        raise UnknownDefinitions(scheme, year, years(scheme) if scheme in schemes() else schemes())
    return _own(path)


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


def schemes() -> list[str]:
    """The schemes there are definitions for."""
    return sorted({p.parent.name for p in FOLDER.glob("*/[0-9][0-9][0-9][0-9].toml") if p.parent.name[0].isalpha()})


def years(scheme: str) -> list[str]:
    """The years of a scheme there are definitions for."""
    return sorted(p.stem for p in (FOLDER / scheme).glob("[0-9][0-9][0-9][0-9].toml"))
