"""A place among released numbers as a sentence, in Danish and English. It names quantiles, never figures."""

from collections.abc import Mapping

from services.benchmark.bands import Placed
from services.benchmark.released import Band
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue, KeyFigure
from services.catalogue.sentences import Language

QUANTILES: Mapping[Language, Mapping[int, str]] = {  # by per cent
    "da": {
        10: "10 %-fraktilen",
        25: "nedre kvartil",
        50: "medianen",
        75: "øvre kvartil",
        90: "90 %-fraktilen",
    },
    "en": {
        10: "the 10th percentile",
        25: "the lower quartile",
        50: "the median",
        75: "the upper quartile",
        90: "the 90th percentile",
    },
}
BELOW: Mapping[Language, str] = {"da": "under {upper}", "en": "below {upper}"}
BETWEEN: Mapping[Language, str] = {"da": "fra {lower} op til {upper}", "en": "from {lower} up to {upper}"}
ABOVE: Mapping[Language, str] = {"da": "på eller over {lower}", "en": "at or above {lower}"}
PLACE: Mapping[Language, str] = {
    "da": "{name}: {band} i de frigivne tal for {group}{was}.",
    "en": "{name}: {band} in the released figures for {group}{was}.",
}
WAS: Mapping[Language, str] = {"da": " (før: {band})", "en": " (before: {band})"}


def sentence(before: Placed | None, after: Placed, figure: KeyFigure, catalogue: Catalogue, language: Language) -> str:
    """Where a unit lies, and where it lay if that was elsewhere or in another group."""
    was = ""
    if before is not None and (before.band, before.group) != (after.band, after.group):
        elsewhere = peer_groups.words(before.group, catalogue, language)
        band = words(before.band, language) + (f", {elsewhere}" if before.group != after.group else "")
        was = WAS[language].format(band=band)
    return PLACE[language].format(
        name=figure.name.of(language),
        band=words(after.band, language),
        group=peer_groups.words(after.group, catalogue, language),
        was=was,
    )


def words(band: Band, language: Language) -> str:
    """A band by the quantiles that bound it."""
    named = QUANTILES[language]
    said = BELOW if band.lower == 0 else ABOVE if band.upper == 100 else BETWEEN
    return said[language].format(lower=named.get(band.lower, ""), upper=named.get(band.upper, ""))
