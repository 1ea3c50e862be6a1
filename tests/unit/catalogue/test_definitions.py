"""Catalogue files: each defect is told with its place, every defect of a file at once, every worked example computes."""

from decimal import Decimal
from pathlib import Path

import pytest

from services.catalogue import definitions
from services.catalogue.definitions import CatalogueError, UnknownDefinitions

DATA = Path(__file__).parents[2] / "data" / "catalogue"
SOUND = (definitions.FOLDER / "uk-tsm" / "2024.toml").read_text()


@pytest.mark.parametrize(("scheme", "year"), [(s, y) for s in definitions.schemes() for y in definitions.years(s)])
def test_every_catalogue_loads_and_every_worked_example_computes(scheme: str, year: str) -> None:
    catalogue = definitions.of(scheme, year)
    assert (catalogue.scheme, str(catalogue.year)) == (scheme, year)
    for figure in catalogue.key_figure.values():
        amounts = figure.example.amounts
        n, d = (sum(amounts[p] for p in part) for part in (figure.numerator, figure.denominator))
        n -= sum(amounts[p] for p in figure.less)
        assert round(Decimal(n) / Decimal(d) * figure.show.factor, figure.show.decimals) == figure.example.gives


DEFECTS = {
    "severity-of-no-kind": (
        'range = [40, 92], severity = "note"',
        'range = [40, 92], severity = "error"',
        "key_figure.TP01_LCRA.soft.severity: cannot be that; write 'confirm' or 'note'",
    ),
    "fences-with-a-third": (
        "base = { least = 300",
        'fences = { k = 1.3, of = "values", source = "assumed" }\nbase = { least = 300',
        "key_figure.TP01_LCRA.fences.k: Input should be a multiple of 0.5",
    ),
    "unknown-key": (
        'better = "lower"',
        'better = "lower"\nbeter = "x"',
        "key_figure.RP01.beter: is no word of the catalogue; remove it or correct its spelling",
    ),
    "missing-language": (
        '{ da = "Kommune", en = "Local authority" }',
        '{ da = "Kommune" }',
        "attribute.org_type.value.LARP.name.en: is missing; add it",
    ),
    "missing-source": (
        'source = "Regulator of Social Housing, Tenant Satisfaction Measures technical requirements, RP01"\n',
        "",
        "key_figure.RP01.source: is missing; add it",
    ),
    "unknown-data-point": (
        'numerator = ["RP01.numerator"]',
        'numerator = ["RP01.total"]',
        "key_figure.RP01: RP01.total is no data point",
    ),
    "unknown-direction": (
        'better = "none"',
        'better = "sideways"',
        "better: cannot be that; write 'higher', 'lower' or 'none'",
    ),
    "example-does-not-compute": ("gives = 8.4", "gives = 8.5", "key_figure.RP01.example: gives 8.4, not 8.5"),
    "example-divides-by-zero": (
        '"RP01.denominator" = 1932',
        '"RP01.denominator" = 0',
        "key_figure.RP01.example: the denominator must be above 0",
    ),
    "example-is-no-share": (
        '"RP01.numerator" = 163',
        '"RP01.numerator" = 1933',
        "key_figure.RP01.example: the numerator of a share is part of its denominator; it cannot be larger",
    ),
    "example-without-a-part": (
        '"RP01.numerator" = 163, ',
        "",
        "key_figure.RP01.example: RP01.numerator is missing; add it",
    ),
    "example-with-a-stranger": (
        '"RP01.numerator" = 163, ',
        '"RP01.numerator" = 163, "BS03.numerator" = 1, ',
        "key_figure.RP01.example: BS03.numerator is no part of the figure; remove it",
    ),
    "example-finer-than-the-scale": (
        '"RP01.numerator" = 163, ',
        '"RP01.numerator" = 163.5, ',
        "key_figure.RP01.example: RP01.numerator has more decimals than its scale 0",
    ),
    "data-point-nobody-uses": (
        'numerator = ["RP01.numerator"]',
        'numerator = ["RP01.denominator"]',
        "data_point.RP01.numerator: no key figure uses it; remove it",
    ),
    "wording-fills-in-something-else": (
        "{value} of your homes",
        "{vlaue} of your homes",
        "key_figure.RP01.finding: en: fills in ['position', 'vlaue']; it must be {value} and {position}",
    ),
    "missing-token-is-a-number": ('"[X]" = "blank"', '"0" = "blank"', "missing: '0' is a number"),
    "missing-token-with-a-space": (
        '"[X]" = "blank"',
        '" [X]" = "blank"',
        "missing: ' [X]' begins or ends with a space",
    ),
    "value-with-a-separator": (
        "value.Mixed]",
        'value."Mixed;x=y"]',
        "attribute.region: 'Mixed;x=y' holds ; or =, which separate",
    ),
    "digest-written-by-hand": (
        'period = "year"',
        'period = "year"\ndigest = "0"',
        "digest: is no word of the catalogue",
    ),
    "ladder-step-twice": ('["region"]', '["org_type"]', "ladder: step ['org_type'] stands more than once; remove one"),
    "ladder-names-no-attribute": ('["region"]', '["parish"]', "ladder: parish is no attribute"),
    "ladder-without-everybody": ("ladder = [[], ", "ladder = [", "ladder: no step [] for everybody"),
    "synonym-spelled-twice": ('"Local authority",', '"Housing association",', "'Housing association' is spelled twice"),
    "not-toml": ('scheme = "uk-tsm"', "scheme = uk-tsm", "is not TOML"),
}


@pytest.mark.parametrize("defect", sorted(DEFECTS))
def test_each_defect_is_told_with_its_place(tmp_path: Path, defect: str) -> None:
    before, after, said = DEFECTS[defect]
    assert before in SOUND
    path = tmp_path / "2024.toml"
    path.write_text(SOUND.replace(before, after))

    with pytest.raises(CatalogueError) as refused:
        definitions.load(path)

    assert any(said in fault for fault in refused.value.faults), refused.value.faults


@pytest.mark.parametrize("path", sorted(DATA.glob("*.toml")), ids=lambda p: p.stem)
def test_every_defect_of_a_file_is_told_at_once(path: Path) -> None:
    """The fixture says in its own comments what has to be told, all of it."""
    expected = [
        line.removeprefix("# fault: ") for line in path.read_text().splitlines() if line.startswith("# fault: ")
    ]

    with pytest.raises(CatalogueError) as refused:
        definitions.load(path)

    assert sorted(refused.value.faults) == sorted(expected)
    assert refused.value.path == path
    assert str(refused.value).startswith(path.name)


def test_a_file_of_the_product_says_what_its_place_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "uk-other").mkdir()
    (tmp_path / "uk-other" / "2031.toml").write_text(SOUND)
    monkeypatch.setattr(definitions, "FOLDER", tmp_path)
    with pytest.raises(CatalogueError, match="stand in uk-other/2031, but say otherwise"):
        definitions.of("uk-other", "2031")


def test_a_year_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(UnknownDefinitions) as unknown:
        definitions.of("uk-tsm", "1999")
    assert unknown.value.known == ["2024"]
    with pytest.raises(UnknownDefinitions) as unknown:
        definitions.of("../secrets", "2024")
    assert unknown.value.known == definitions.schemes()


def test_one_year_serves_another_where_it_is_forced() -> None:
    assert definitions.of("uk-tsm", "2025", 2024).year == 2024


def test_the_common_scale_is_the_finest() -> None:
    catalogue = definitions.of("uk-tsm", "2024")
    assert (catalogue.scale("RP01"), catalogue.scale("TP01_LCRA")) == (0, 1)
