"""Twins: hand-computed distances, and sets kept incrementally against sets worked out anew."""

import random
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from services.benchmark import twins
from services.benchmark.twins import Kin, Scales, TwinSets
from services.catalogue import definitions

CATALOGUE = definitions.of("dk-almen", "2024")
SCALES = Scales("2023", {"dwellings": Fraction(40), "built_year": Fraction(20)})
CATEGORIES = ("region", "built")


def _unit(
    unit: str, dwellings: int | None, built: int | None, kind: str = "family", region: str = "Hovedstaden"
) -> Kin:
    given = {"dwellings": dwellings, "built_year": built}
    measures = {name: Fraction(value) for name, value in given.items() if value is not None}
    return Kin(unit, f"org-{unit}", kind, {"region": region}, measures)


def _sets(units: list[Kin]) -> TwinSets:
    made = TwinSets(SCALES, ("region",))
    for unit in units:
        made.change(unit)
    return made


def test_distances_by_hand() -> None:
    made = _sets(
        [_unit("a", 100, 1970), _unit("b", 110, 1975), _unit("c", 100, 1970, region="Sjælland"), _unit("d", 900, 1970)]
    )
    b, d, c = made.of("a")
    assert (b.unit_id, b.parts) == ("b", {"region": 0, "dwellings": 250_000, "built_year": 250_000})
    assert (b.distance_e6, b.share_e4("dwellings")) == (166_666, 5000)
    assert (c.unit_id, c.parts) == ("d", {"region": 0, "dwellings": 1_000_000, "built_year": 0})
    assert (d.unit_id, d.distance_e6) == ("c", 333_333)  # as far as d, and before it by unit id


def test_what_a_unit_lacks_counts_as_wholly_different() -> None:
    made = _sets([_unit("a", 100, None), _unit("b", 100, None)])
    assert made.of("a")[0].parts == {"region": 0, "dwellings": 0, "built_year": 1_000_000}


def test_twins_share_their_type_and_are_thirty() -> None:
    made = _sets([_unit(f"f{n:02}", n, 1970) for n in range(50)] + [_unit(f"y{n}", n, 1970, "youth") for n in range(3)])
    assert [t.unit_id for t in made.of("f00")] == [f"f{n:02}" for n in range(1, 31)]
    assert [t.unit_id for t in made.of("y1")] == ["y0", "y2"]
    made.change(_unit("unknown", 1, 1970, ""))
    assert made.of("unknown") == ()


def test_scales_are_the_spread_of_a_register_and_an_odd_newcomer_does_not_change_them() -> None:
    register = [_unit(f"u{n:02}", n, 1970) for n in range(1, 12)]
    found = twins.scales("2023", register)
    # eleven values 1 … 11: rank (34*5+20)/60 = 3 10/60 and (34*15+20)/60 = 8 50/60
    assert found == Scales("2023", {"dwellings": Fraction(50, 60) + 5 - Fraction(10, 60)})
    assert twins.scales("2023", register[:10]).measures == {}


def test_a_profile_as_twins_see_it() -> None:
    sent = {
        "type": "Familieboliger",
        "region": "Region Sjælland",
        "dwellings": " 120 ",
        "built_year": "ca. 1970",
        "note": "7",
    }
    found = twins.kin("u", "o", sent, CATALOGUE)
    assert (found.kind, found.categories, found.measures) == (
        "family",
        {"region": "Sjælland"},
        {"dwellings": Fraction(120)},
    )
    assert twins.matched_on(CATALOGUE) == "type"


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32))
def test_a_change_touches_the_sets_it_enters_or_leaves_and_no_other(seed: int) -> None:
    rng = random.Random(seed)

    def drawn(unit: str) -> Kin:
        dwellings, built = rng.choice((None, *range(60))), rng.choice((None, 1950, 1970, 1990))
        return _unit(unit, dwellings, built, rng.choice(("family", "youth", "")), rng.choice(("A", "B")))

    names = [f"u{n:02}" for n in range(45)]
    made = _sets([drawn(name) for name in names])
    for _ in range(3):
        before = {name: made.of(name) for name in names}
        changed = drawn(rng.choice([*names, "new"]))
        touched = made.change(changed)
        anew = _sets(list(made.units.values()))
        for name in names:
            assert made.of(name) == anew.of(name)
            if name not in touched and name != changed.unit_id:
                assert made.of(name) is before[name]
