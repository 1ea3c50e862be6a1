"""Catalogue files: each defect is told with its place, every defect of a file at once, every worked example computes."""

from decimal import Decimal
from pathlib import Path

import pytest

from services.catalogue import definitions
from services.catalogue.definitions import CatalogueError, UnknownDefinitions

SOUND = (definitions.FOLDER / "uk-tsm" / "2024.toml").read_text()


@pytest.mark.parametrize(("scheme", "year"), [(s, y) for s in definitions.schemes() for y in definitions.years(s)])
def test_every_catalogue_loads_and_every_worked_example_computes(scheme: str, year: str) -> None:
    catalogue = definitions.of(scheme, year)
    assert (catalogue.scheme, str(catalogue.year)) == (scheme, year)
    for figure in catalogue.key_figure.values():
        amounts = figure.example.amounts
        n, d = (sum(amounts[p] for p in part) for part in (figure.numerator, figure.denominator))
        assert round(Decimal(n) / Decimal(d) * figure.show.factor, figure.show.decimals) == figure.example.gives


DEFECTS = {
    "unknown-key": (
        'better = "lower"',
        'better = "lower"\nbeter = "x"',
        "key_figure.RP01.beter: Extra inputs are not permitted",
    ),
    "missing-language": (
        '{ da = "Kommune", en = "Local authority" }',
        '{ da = "Kommune" }',
        "attribute.org_type.value.LARP.name.en: Field required",
    ),
    "missing-source": (
        'source = "Regulator of Social Housing, Tenant Satisfaction Measures technical requirements, RP01"\n',
        "",
        "key_figure.RP01.source: Field required",
    ),
    "unknown-data-point": (
        'numerator = ["RP01.numerator"]',
        'numerator = ["RP01.total"]',
        "key_figure.RP01: RP01.total is no data point",
    ),
    "unknown-direction": (
        'better = "none"',
        'better = "sideways"',
        "better: Input should be 'higher', 'lower' or 'none'",
    ),
    "example-does-not-compute": ("gives = 8.4", "gives = 8.5", "key_figure.RP01.example: gives 8.4, not 8.5"),
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


def test_every_defect_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = SOUND
    for defect in ("example-does-not-compute", "ladder-without-everybody", "synonym-spelled-twice"):
        before, after, _ = DEFECTS[defect]
        text = text.replace(before, after)
    path = tmp_path / "2024.toml"
    path.write_text(text)

    with pytest.raises(CatalogueError) as refused:
        definitions.load(path)

    assert len(refused.value.faults) >= 3


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
