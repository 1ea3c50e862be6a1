"""Reasons beside a unit's amounts: each line for what it names, however it is named."""

import pytest

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue
from services.ingest import columns, file_wire, reasons
from tests.unit.ingest.forms import WIDE, read_rows

ALMEN = definitions.of("dk-almen", "2024")
CATALOGUES = [definitions.of(s, y) for s in definitions.schemes() for y in definitions.years(s)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Timer: bede: Nye bede langs vejen", ("groen_bede", "Nye bede langs vejen")),
        ("Hours: beds: New beds", ("groen_bede", "New beds")),
        ("Timer: bede, timer : Nye bede: ti af dem", ("groen_bede", "Nye bede: ti af dem")),
        ("Håndværkeropgaver: VVS: Rør: skiftet", ("opgaver_vvs", "Rør: skiftet")),
        ("groen_bede: Timer: bede talt forfra", ("groen_bede", "Timer: bede talt forfra")),
        ("konto_114:: Ny aftale", ("konto_114", "Ny aftale")),
        ("konto_114: Ny aftale:", ("konto_114", "Ny aftale:")),
        ("oek-114: Ny aftale fra maj", ("OEK-114", "Ny aftale fra maj")),
        ("period: Regnskabsåret er lagt om", ("period", "Regnskabsåret er lagt om")),
        ("Periode : Regnskabsåret er lagt om", ("period", "Regnskabsåret er lagt om")),
    ],
)
def test_a_reason_is_for_the_longest_name_that_is_known(line: str, expected: tuple[str, str]) -> None:
    assert reasons.read(line, ALMEN) == ([expected], [])


@pytest.mark.parametrize(
    "line", ["Timer: bede:", "Timer: blomster: dyre", "konto_114:", ":", "det passer", ": konto_114"]
)
def test_a_line_without_a_known_name_or_without_a_reason_is_unclear(line: str) -> None:
    assert reasons.read(line, ALMEN) == ([], [line])


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda c: c.version)
@pytest.mark.parametrize("language", ["da", "en"])
def test_every_data_point_can_be_named_as_it_is_headed(catalogue: Catalogue, language: str) -> None:
    for name, point in catalogue.data_point.items():
        for said in {name, point.text.of(language), columns.header(name, catalogue, language)}:
            if columns.match([said], catalogue).data_points:  # a text that two share is nobody's
                assert reasons.read(f"{said}: fordi: x", catalogue) == ([(name, "fordi: x")], [])


def test_an_overlap_is_confirmed_in_the_column_of_reasons() -> None:
    said = "periode: Regnskabsåret er lagt om\nkonto_114: Ny aftale"
    found = read_rows([*WIDE, "Begrundelse"], ["afd-1", 1, 2, said])
    assert found.findings == []
    assert found.rows[0].confirmations == [("period", "Regnskabsåret er lagt om"), ("konto_114", "Ny aftale")]
    sent = file_wire.submission(found.rows[0], "dk-almen")
    assert sent.confirmations[0].what == "period"
