"""Factor tables: each defect is told, every table of the product is sound, and what is assumed says so."""

from pathlib import Path

import pytest

from services.catalogue import definitions, factor_tables
from services.catalogue.definitions import CatalogueError
from services.catalogue.factor_tables import DegreeDays, PriceIndex
from services.validate import rules

PRICES = factor_tables.FOLDER / "nettoprisindeks" / "2024-07.toml"
WEATHER = factor_tables.FOLDER / "graddage-aarhus" / "2023-11.toml"
CATALOGUE = definitions.FOLDER / "dk-almen" / "2024.toml"


@pytest.mark.parametrize("path", factor_tables.files(), ids=lambda p: p.parent.name)
def test_every_table_of_the_product_is_sound(path: Path) -> None:
    assert factor_tables.read(path)[1] == ()


def test_the_normal_year_and_the_years_printed_in_full_sum_to_what_is_printed() -> None:
    table, _ = factor_tables.read(WEATHER)
    assert isinstance(table, DegreeDays)
    assert sum(table.normal.values) == 3009
    for year, printed in ((2019, 2963), (2020, 2765), (2021, 3132), (2022, 3008)):
        assert sum(table.at[f"{year}-{month:02}"] for month in range(1, 13)) == printed
    assert sum(table.at[f"2023-{month:02}"] for month in range(1, 11)) == 2223


def test_assumed_degree_days_are_the_means_the_file_says_they_are() -> None:
    table, _ = factor_tables.read(WEATHER)
    assert isinstance(table, DegreeDays)
    for month in table.guessed:
        known = [table.at[f"{y}-{month[5:]}"] for y in range(2019, 2024) if f"{y}-{month[5:]}" not in table.guessed]
        assert table.at[month] == round(sum(known) / len(known)), month


def test_assumed_prices_follow_the_rule_the_file_says() -> None:
    table, _ = factor_tables.read(PRICES)
    assert isinstance(table, PriceIndex)
    for month in table.guessed:
        year, before = int(month[:4]), table.at[f"{int(month[:4]) - 1}{month[4:]}"]
        assert table.at[month] == round(before * (1.0102 if year == 2024 else 1.02)), month


DEFECTS = {
    "methods-mixed": (
        WEATHER,
        'year = 2022\nmethod = "whole_year"',
        'year = 2022\nmethod = "heating_season"',
        "months: 2022 is counted by heating_season, the normal year by whole_year",
    ),
    "month-twice": (PRICES, "first = 7", "first = 6", "months: 2024-06 is told 2 times"),
    "beyond-december": (WEATHER, "first = 11", "first = 12", "months: 2023 runs beyond December"),
    "index-of-nothing": (PRICES, "1079, 1095", "0, 1095", "months: 2022-01 is 0"),
    "no-station": (WEATHER, 'station = "Aarhus"\n', "", "station: is missing; add it"),
    "no-source": (PRICES, 'source = "Danmarks', 'sauce = "Danmarks', "source: is missing; add it"),
    "a-fraction": (PRICES, "1079, 1095", "107.9, 1095", "is no whole number"),
    "another-version": (PRICES, 'version = "2024-07"', 'version = "2024-08"', "stand in nettoprisindeks/2024-07"),
    "another-kind": (PRICES, 'kind = "price"', 'kind = "prize"', "kind: cannot be that; write price, degree_days"),
}


@pytest.mark.parametrize("defect", DEFECTS)
def test_each_defect_is_told(tmp_path: Path, defect: str) -> None:
    path, before, after, said = DEFECTS[defect]
    assert before in path.read_text()
    copy = tmp_path / path.parent.name / path.name
    copy.parent.mkdir()
    copy.write_text(path.read_text().replace(before, after, 1))
    _, faults = factor_tables.read(copy)
    assert any(said in fault for fault in faults), faults


PINS = {
    "no-such-version": ('version = "2024-07"', 'version = "1999"', "there is no factor table nettoprisindeks/1999"),
    "table-of-another-kind": (
        'price = { table = "nettoprisindeks", version = "2024-07"',
        'price = { table = "graddage-aarhus", version = "2023-11"',
        "normalisation.price: graddage-aarhus/2023-11 is a table of degree_days",
    ),
    "attribute-that-is-not-there": ('attribute = "building_use"', 'attribute = "use"', "use is no attribute"),
    "use-without-a-share": (
        'default = "dwelling"',
        'default = "castle"',
        "vejruafhaengig-andel has no share for castle",
    ),
    "nothing-pinned": (
        'price = { table = "nettoprisindeks", version = "2024-07", base = "reporting_year" }\n',
        "",
        "key_figure.OEK-114.normalise: price needs a table; name it under normalisation.price",
    ),
    "factors-written-by-hand": ("part_years = true", "part_years = true\nfactors = {}", "factors: is no word of the"),
}


@pytest.mark.parametrize("defect", PINS)
def test_a_catalogue_must_name_tables_that_serve_it(tmp_path: Path, defect: str) -> None:
    before, after, said = PINS[defect]
    assert before in CATALOGUE.read_text()
    copy = tmp_path / "2024.toml"
    copy.write_text(CATALOGUE.read_text().replace(before, after, 1))
    with pytest.raises(CatalogueError) as refused:
        definitions.load(copy)
    assert any(said in fault for fault in refused.value.faults), refused.value.faults


def test_a_method_names_its_factor_tables_down_to_the_byte() -> None:
    catalogue = definitions.of("dk-almen", "2024")
    rule_set = rules.rule_set(catalogue)
    for table in catalogue.factors.tables:
        assert f"+{table.table}/{table.version}#{table.digest[:8]}" in rule_set
    assert rules.rule_set(definitions.of("uk-tsm", "2024")).count("/") == 1
