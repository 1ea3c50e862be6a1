"""Events read: causes as data, money in its own unit, the look of a standing."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

from noegletal.v1 import benchmark_pb2

from services.notify import unpacking, wire
from services.notify.thresholds import Place

AT = datetime(2026, 3, 1, tzinfo=UTC)


def _event(scheme: str = "dk-almen", key_figure: str = "OEK-114") -> benchmark_pb2.StandingChanged:
    event = benchmark_pb2.StandingChanged(
        organisation_id="o", unit_id="u", scheme=scheme, period="2024", vintage_after=8
    )
    one = event.explanations.add(key_figure=key_figure, peer_group="all", text={"da": "d", "en": "e"})
    one.before.MergeFrom(
        benchmark_pb2.Standing(
            position=9, units=60, percentile_e4=740_000, quartile=3, numerator=6_000, denominator=100
        )
    )
    one.after.MergeFrom(
        benchmark_pb2.Standing(
            position=3, units=61, percentile_e4=950_000, quartile=4, numerator=6_150, denominator=100
        )
    )
    one.parts.add(step="STEP_METHOD")
    one.parts.add(step="STEP_OWN_FIGURE", position=-6, percentile_e4=210_000, quartile=1, units=1)
    one.priced.per_year_e4 = 1_840_004_999
    event.surroundings.add(reported=60, expected=80, to_quartile_e9=2_500_000_000)
    return event


def test_causes_as_data_and_money_apart() -> None:
    [moved] = wire.moved(_event())

    assert moved.facts == {
        "before": {"position": 9, "units": 60, "percentile_e4": 740_000, "quartile": 3},
        "after": {"position": 3, "units": 61, "percentile_e4": 950_000, "quartile": 4},
        "parts": [{"step": "own_figure", "position": -6, "percentile_e4": 210_000, "quartile": 1, "units": 1}],
    }
    assert (moved.kroner, moved.quartile, moved.better) == (184_000, 4, "lower")
    assert moved.money == {"da": "kr.", "en": "DKK"} or moved.money == {"da": "kr.", "en": "kr."}


def test_a_look_is_in_the_unit_the_figure_is_shown_in() -> None:
    look = wire.look(_event(), AT)

    assert (look.before, look.after) == (Place(3, 740_000, Fraction(60)), Place(4, 950_000, Fraction("61.5")))
    assert (look.reported, look.expected, look.to_quartile) == (60, 80, Fraction("2.5"))
    assert look.tolerance > Decimal(0)
    assert look.is_covered


def test_what_we_have_no_definition_of_is_read_all_the_same() -> None:
    event = _event("elsewhere", "X")
    del event.surroundings[:]
    [moved], look = wire.moved(event), wire.look(event, AT)

    assert (moved.kroner, moved.better, look.to_quartile, look.is_covered) == (None, "none", None, False)


def test_taken_apart_each_standing_keeps_its_surroundings() -> None:
    event = _event()
    event.explanations.add(key_figure="OEK-116", peer_group="all")
    event.surroundings.add(reported=1)

    found = [(name, s.explanations[0].key_figure, s.surroundings[0].reported) for name, s in unpacking.apart(event)]
    assert found == [("OEK-114", "OEK-114", 60), ("OEK-116", "OEK-116", 1)]
