"""A unit's groups from its profile as sent."""

import pytest

from services.catalogue import definitions, peer_groups

CATALOGUE = definitions.of("uk-tsm", "2024")


@pytest.mark.parametrize(
    ("attributes", "groups"),
    [
        (
            {"org_type": "LARP", "size_band": "<5,000", "region": "London"},
            ("all", "org_type=LARP", "size_band=<5,000", "region=London", "org_type=LARP;size_band=<5,000"),
        ),
        ({"org_type": "local AUTHORITY"}, ("all", "org_type=LARP")),
        ({"size_band": ">40,000"}, ("all", "size_band=>40000")),
        ({"size_band": "5,000–40,000"}, ("all", "size_band=5,000-40,000")),
        ({"org_type": "PRP", "region": "Merged during year"}, ("all",)),
        ({"org_type": "", "region": "  "}, ("all",)),
        ({}, ("all",)),
        ({"colour": "red", "region": "North"}, ("all", "region=North")),
    ],
)
def test_groups(attributes: dict[str, str], groups: tuple[str, ...]) -> None:
    placed = peer_groups.place(attributes, CATALOGUE)
    assert placed.groups == groups
    assert placed.unknown == ()


def test_an_unknown_label_is_told_and_makes_no_group() -> None:
    placed = peer_groups.place({"org_type": "PRP", "region": "Wales"}, CATALOGUE)
    assert placed.groups == ("all", "org_type=PRP")
    assert placed.unknown == (("region", "Wales"),)


def test_groups_sort_from_wide_to_narrow() -> None:
    names = ["org_type=PRP;size_band=<5,000", "region=North", "all", "org_type=PRP", "other=x"]
    assert sorted(names, key=lambda g: peer_groups.order(g, CATALOGUE)) == [
        "all",
        "org_type=PRP",
        "region=North",
        "org_type=PRP;size_band=<5,000",
        "other=x",
    ]


@pytest.mark.parametrize(
    ("scheme", "group", "da", "en"),
    [
        ("dk-almen", "all", "hele sektoren", "the whole sector"),
        ("dk-almen", "type=youth", "gruppen »Ungdomsboliger«", "the group “Youth homes”"),
        (
            "dk-almen",
            "type=family;size_band=50-149;region=Midtjylland;built=1946-1969",
            "gruppen »Familieboliger, 50-149 boliger, Region Midtjylland, Opført 1946-1969«",
            "the group “Family homes, 50-149 dwellings, Central Denmark Region, Built 1946-1969”",
        ),
        ("dk-almen", "type=castle", "gruppen »type=castle«", "the group “type=castle”"),
    ],
)
def test_a_group_in_words(scheme: str, group: str, da: str, en: str) -> None:
    catalogue = definitions.of(scheme, "2025")
    assert [peer_groups.words(group, catalogue, language) for language in ("da", "en")] == [da, en]
