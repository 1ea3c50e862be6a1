"""dk-almen: the 40 key figures of every year, each with bounds, guidance and a source; bounds and relations checked."""

import re

import pytest

from services.catalogue import definitions, peer_groups
from services.catalogue.consistency import inconsistencies

YEARS = ("2023", "2024", "2025")
FIGURES = [
    "OEK-106",
    "OEK-107",
    "OEK-109",
    "OEK-110",
    "OEK-111",
    "OEK-1121",
    "OEK-114",
    "OEK-115",
    "OEK-116",
    "OEK-117",
    "OEK-117H",
    "OEK-118",
    "OEK-119",
    "OEK-120",
    "OEK-401",
    "OEK-124",
    "OEK-129",
    "OEK-130",
    "OEK-105",
    "OEK-HUS",
    "OEK-7K",
    "OEK-EFF",
    "OEK-DISP",
    "UDL-FRA",
    "UDL-LED",
    "UDL-LED3",
    "UDL-TID",
    "UDL-RES",
    "ENE-VAR",
    "ENE-VKR",
    "ENE-VAND",
    "ENE-ELF",
    "ENE-CO2",
    "DRI-GRON",
    "DRI-BES",
    "DRI-HVK",
    "DRI-TID",
    "TIL-ALT",
    "TIL-REN",
    "TIL-KLA",
]


@pytest.mark.parametrize("year", YEARS)
def test_every_year_has_all_forty_with_bounds_and_guidance(year: str) -> None:
    catalogue = definitions.of("dk-almen", year)
    assert list(catalogue.key_figures) == FIGURES
    assert len(FIGURES) == 40
    for name, figure in catalogue.key_figure.items():
        assert None not in (figure.hard, figure.soft, figure.min_units), name
    for name, point in catalogue.data_point.items():
        assert None not in (point.guidance, point.source or None), name


def test_denominators_of_money_are_averages_never_counts_at_the_end_of_the_year() -> None:
    catalogue = definitions.of("dk-almen", "2024")
    for figure in catalogue.key_figure.values():
        for part in figure.denominator if figure.priced else ():
            assert catalogue.data_point[part].nature in ("average", "count"), part


def test_planned_maintenance_is_compared_gross_and_the_net_is_a_part_of_it() -> None:
    catalogue = definitions.of("dk-almen", "2024")
    assert catalogue.key_figure["OEK-116"].numerator == ("konto_116_brutto",)
    assert catalogue.data_point["konto_116_netto"].at_most == "konto_116_brutto"
    assert catalogue.key_figure["OEK-118"].less == ("konto_203",)


def test_amounts_of_every_year_are_in_one_scale_and_of_one_nature() -> None:
    """Twelve months reach over a turn of the year: their amounts are added as they are."""
    kept = [
        {name: (point.scale, point.nature) for name, point in definitions.of("dk-almen", year).data_point.items()}
        for year in YEARS
    ]
    assert all(one == kept[0] for one in kept)


def test_other_reserves_have_no_meaningful_mean() -> None:
    assert not definitions.of("dk-almen", "2024").key_figure["OEK-124"].mean_meaningful


@pytest.mark.parametrize(("kind", "regional"), [("familieboliger", True), ("ungdom", False), ("ældreboliger", False)])
def test_youth_and_elderly_are_compared_nationally(kind: str, regional: bool) -> None:
    profile = {"type": kind, "size_band": "50-149", "region": "Region Sjælland", "built": "1970-1989"}
    groups = peer_groups.place(profile, definitions.of("dk-almen", "2024")).groups
    assert any("region" in group for group in groups) is regional
    assert groups[0] == "all"
    assert ("built" if regional else "size_band=50-149") in groups[-1]


BASE = {
    "ladder": [[]],
    "data_point": {
        name: {"text": {"da": "x", "en": "x"}, "unit": {"da": "x", "en": "x"}, "scale": 0} for name in ("n", "d")
    },
    "key_figure": {
        "F": {
            "status": "published",
            "kind": "rate",
            "name": {"da": "x", "en": "x"},
            "finding": {"da": "{value} {position}", "en": "{value} {position}"},
            "why": {"da": "x", "en": "x"},
            "how": {"da": "x", "en": "x"},
            "numerator": ["n"],
            "denominator": ["d"],
            "show": {"unit": {"da": "x", "en": "x"}, "factor": 1, "decimals": 0},
            "better": "none",
            "publicity": "public",
            "source": "x",
            "owner": "x",
            "reviewed": "2026-11-24",
            "example": {"amounts": {"n": 10, "d": 2}, "gives": 5},
        }
    },
}
FAULTS = {
    "range-runs-down": ({"hard": {"range": [9, 1], "source": "x"}}, {}, "does not run upwards"),
    "example-outside-hard": ({"hard": {"range": [6, 9], "source": "x"}}, {}, "the worked example 5 lies outside"),
    "soft-reaches-outside-hard": (
        {"hard": {"range": [4, 9], "source": "x"}, "soft": {"range": [1, 9], "source": "x"}},
        {},
        "reaches outside hard",
    ),
    "less-is-no-data-point": ({"less": ["gone"]}, {}, "gone is no data point"),
    "sum-of-nothing": ({}, {"sum_of": ["gone"]}, "gone is no data point"),
    "part-of-itself": ({}, {"at_most": "n"}, "is named by itself"),
    "beside-nothing": ({}, {"beside": {"data_point": "gone", "range": [1, 2], "source": "x"}}, "gone is no data point"),
    "beside-itself": ({}, {"beside": {"data_point": "n", "range": [1, 2], "source": "x"}}, "is named by itself"),
    "beside-runs-down": ({}, {"beside": {"data_point": "d", "range": [2, 1], "source": "x"}}, "does not run upwards"),
}


def test_the_base_of_the_defects_is_sound() -> None:
    assert inconsistencies(BASE) == []


@pytest.mark.parametrize("defect", FAULTS)
def test_a_defect_is_told(defect: str) -> None:
    figure, point, told = FAULTS[defect]
    content = BASE | {
        "key_figure": {"F": BASE["key_figure"]["F"] | figure},
        "data_point": BASE["data_point"] | {"n": BASE["data_point"]["n"] | point},
    }
    assert any(re.search(told, fault) for fault in inconsistencies(content))


def test_a_national_rule_must_name_what_there_is() -> None:
    rule = {"nationally": {"attribute": "type", "values": ["youth"], "skip": "region"}, "attribute": {"type": {}}}
    faults = inconsistencies(BASE | rule)
    assert "nationally: region is no attribute" in faults
    assert "nationally: youth is no value of type" in faults
