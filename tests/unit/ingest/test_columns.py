"""Headers: unique in every catalogue, found again in any order and spelling, never by a unit of another size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue
from services.ingest import columns

CATALOGUES = [definitions.of(s, y) for s in definitions.schemes() for y in definitions.years(s)]
ALMEN = definitions.of("dk-almen", "2024")
TSM = definitions.of("uk-tsm", "2024")


def one(text: str, catalogue: Catalogue = ALMEN) -> columns.Column:
    return columns.match([text], catalogue).columns[0]


def test_text_and_unit() -> None:
    assert columns.header("konto_114", ALMEN, "da") == "Renholdelse (konto 114), kr."
    assert columns.header("konto_114", ALMEN, "en") == "Cleaning and caretaking (account 114), DKK"


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.version)
@pytest.mark.parametrize("language", ["da", "en"])
def test_headers_are_unique_and_found_again(catalogue: Catalogue, language: str) -> None:
    headers = [columns.header(name, catalogue, language) for name in catalogue.data_point]
    assert len(set(headers)) == len(headers)
    assert list(columns.match(headers, catalogue).data_points.values()) == list(catalogue.data_point)


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.version)
def test_ids_and_fixed_columns_are_found_and_last_period_is_ignored(catalogue: Catalogue) -> None:
    matched = columns.match(list(catalogue.data_point), catalogue)
    assert list(matched.data_points.values()) == list(catalogue.data_point)
    for language in ("da", "en"):
        fixed = columns.match([columns.fixed_header(n, language) for n in columns.FIXED], catalogue)
        assert fixed.fixed == {n: i for i, n in enumerate(columns.FIXED) if n != columns.NAME}
        shown = columns.match(
            [columns.previous_header(n, catalogue, language) for n in catalogue.data_point], catalogue
        )
        assert {c.kind for c in shown.columns} == {"ignored"}


@pytest.mark.parametrize(
    "text",
    [
        "konto_114",
        "KONTO_114",
        "Renholdelse (konto 114)",
        "Renholdelse (konto 114), kr",
        "renholdelse  (konto 114),\nkr.",
        "Renholdelse (konto 114) [DKK]",
        "Renholdelse (konto 114) (kr.)",
        "\ufeffRenholdelse\u00a0(konto\u00a0114), kr.",
        "Cleaning and caretaking (account 114)",
        "CLEANING AND CARETAKING\r\n(ACCOUNT 114), DKK",
    ],
)
def test_spellings_of_one_data_point(text: str) -> None:
    assert one(text) == columns.Column(0, text, "data_point", "konto_114")


def test_m2_is_m_squared() -> None:
    assert one("Bruttoetageareal, gennemsnit, m2").name == "bruttoareal"


@pytest.mark.parametrize(
    "text", ["Renholdelse (konto 114), t.kr.", "Renholdelse (konto 114), 1.000 kr.", "Renholdelse (konto 114), m²"]
)
def test_another_unit_is_another_size_and_never_taken(text: str) -> None:
    assert (one(text).kind, one(text).meant) == ("unknown", "konto_114")


def test_the_number_of_an_account_alone_is_not_the_data_point() -> None:
    """konto_117 is account 117.1; a column headed »Konto 117« may be the whole account."""
    assert one("Konto 117").kind == "unknown"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Renholdlse (konto 114)", "konto_114"),
        ("Afdelingsid nr", "unit_id"),
        ("Begrundelser", "confirmation"),
        ("qqqq", ""),
    ],
)
def test_did_you_mean(text: str, meant: str) -> None:
    assert (one(text).kind, one(text).meant) == ("unknown", meant)


def test_any_order_with_duplicates_attributes_and_empty_ones() -> None:
    matched = columns.match(
        ["Begrundelse", "konto_114", "", "Region", "Afdeling", "Renholdelse (konto 114), kr.", "unit_id", "Navn"], ALMEN
    )
    assert [c.kind for c in matched.columns] == [
        "fixed", "data_point", "empty", "ignored", "fixed", "data_point", "fixed", "ignored",
    ]  # fmt: skip
    assert matched.fixed == {"confirmation": 0, "unit_id": 4}
    assert matched.duplicates == {"konto_114": (1, 5), "unit_id": (4, 6)}


def test_data_points_that_read_the_same_carry_their_ids() -> None:
    point = ALMEN.data_point["konto_114"]
    twins = ALMEN.model_copy(update={"data_point": {"a": point, "b": point}, "digest": "twins"})
    assert [columns.header(n, twins, "da") for n in "ab"] == [
        "Renholdelse (konto 114) [a], kr.",
        "Renholdelse (konto 114) [b], kr.",
    ]
    found = columns.match(["Renholdelse (konto 114) [b], kr.", "Renholdelse (konto 114), kr."], twins)
    assert [(c.kind, c.name) for c in found.columns] == [("data_point", "b"), ("unknown", "")]


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_headers_are_answered_one_by_one(headers: list[str]) -> None:
    matched = columns.match(headers, TSM)
    assert [c.index for c in matched.columns] == list(range(len(headers)))
    assert all(c.name or c.kind in ("unknown", "empty") for c in matched.columns)
