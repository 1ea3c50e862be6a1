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
