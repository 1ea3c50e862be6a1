"""Registrations: what they change, and what is wrong with them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.ingest import registration
from services.ingest.registration import Elsewhere, Unit

FIRST, LATER = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)
ASKED = Unit("uk-tsm", "L1", "org-a", "org-a", {"region": "London"}, 0, LATER)
KEPT = replace(ASKED, version=3, valid_from=FIRST)
KNOWN = {("uk-tsm", "L1"): KEPT}


def test_the_first_registration_is_version_1() -> None:
    assert registration.change(ASKED, {}, by_operator=False) == replace(ASKED, version=1)


def test_the_same_unit_of_another_scheme_is_another_unit() -> None:
    asked = replace(ASKED, scheme="dk-almen", organisation_id="org-b")

    assert registration.change(asked, KNOWN, by_operator=False) == replace(asked, version=1)


def test_an_unchanged_profile_stays_at_its_version() -> None:
    assert registration.change(ASKED, KNOWN, by_operator=False) is None


@pytest.mark.parametrize("changed", [{"holder_id": "org-b"}, {"attributes": {}}, {"attributes": {"region": "london"}}])
def test_a_changed_profile_is_one_version_up_and_valid_from_now(changed: dict[str, object]) -> None:
    after = registration.change(replace(ASKED, **changed), KNOWN, by_operator=False)  # type: ignore[arg-type]

    assert after is not None
    assert (after.version, after.valid_from) == (4, LATER)


def test_only_an_operator_moves_a_unit_to_another_organisation() -> None:
    asked = replace(ASKED, organisation_id="org-b")

    with pytest.raises(Elsewhere):
        registration.change(asked, KNOWN, by_operator=False)
    moved = registration.change(asked, KNOWN, by_operator=True)
    assert moved is not None
    assert (moved.organisation_id, moved.version) == ("org-b", 4)


def test_unknown_and_blank_labels_are_no_fault() -> None:
    assert registration.fault(replace(ASKED, attributes={"org_type": "Almen bolig", "region": ""})) is None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"unit_id": ""}, "unit_id"),
        ({"organisation_id": "dlq"}, "organisation_id"),
        ({"holder_id": "a b"}, "holder_id"),
        ({"scheme": "UK"}, "scheme"),
        ({"attributes": {"region": "x" * 201}}, "attributes.region"),
        ({"attributes": {"region": "a\x00"}}, "attributes.region"),
        ({"attributes": {str(n): "" for n in range(51)}}, "attributes"),
    ],
)
def test_what_breaks_the_contract_is_named(changed: dict[str, object], field: str) -> None:
    fault = registration.fault(replace(ASKED, **changed))  # type: ignore[arg-type]

    assert fault is not None
    assert fault.field == field
