"""Editions of the definitions, as far as there are any: events may name schemes and years we know nothing of."""

from services.catalogue import definitions


def known(scheme: str, period: str) -> definitions.Catalogue | None:
    """The definitions of a period; None where we know no such scheme or year."""
    try:
        return definitions.of(scheme, period)
    except definitions.UnknownDefinitions:
        return None


def every() -> list[definitions.Catalogue]:
    """Every edition there is. Reading them takes a moment, the first time."""
    return [definitions.of(scheme, year) for scheme in definitions.schemes() for year in definitions.years(scheme)]
