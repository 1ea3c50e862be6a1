"""Which endpoints a message is due at."""

from typing import Any

import pytest

from services.notify.kinds import Kind
from services.notify.matching import Match, Subscription, due
from services.notify.wording import About

RECEIPT, MOVED = Kind.RECEIPT, Kind.STANDING_CHANGED
BS03 = About("BS03", "A", "type=family")


def _follow(name: str, endpoint: str = "e1", **named: Any) -> Subscription:
    lists = {what: values if what == "scheme" else frozenset(values) for what, values in named.items()}
    return Subscription(name, endpoint, **lists)


@pytest.mark.parametrize(
    ("named", "kind", "about", "expected"),
    [
        ({}, RECEIPT, [BS03], True),
        ({}, MOVED, [], True),
        ({"kinds": [RECEIPT]}, RECEIPT, [BS03], True),
        ({"kinds": [MOVED]}, RECEIPT, [BS03], False),
        ({"key_figures": ["BS03"]}, MOVED, [BS03, About("BS05", "A")], True),
        ({"key_figures": ["RP01"]}, MOVED, [BS03, About("BS05", "A")], False),
        ({"key_figures": ["RP01"]}, RECEIPT, [], True),  # concerns everybody
        ({"key_figures": ["RP01"]}, RECEIPT, [About(unit_id="A")], True),  # a submission refused as a whole
        ({"unit_ids": ["A"]}, RECEIPT, [About(unit_id="A")], True),
        ({"unit_ids": ["B"]}, RECEIPT, [About(unit_id="A")], False),
        ({"peer_groups": ["type=family"]}, MOVED, [BS03], True),
        ({"peer_groups": ["all"]}, MOVED, [BS03], False),
        ({"unit_ids": ["A"], "key_figures": ["BS05"]}, MOVED, [BS03, About("BS05", "B")], False),  # neither is both
        ({"kinds": [RECEIPT, MOVED], "unit_ids": ["A", "B"]}, MOVED, [BS03], True),
        ({"scheme": "uk-tsm"}, MOVED, [About("BS03", scheme="uk-tsm")], True),
        ({"scheme": "uk-tsm"}, MOVED, [About("BS03", scheme="dk-almen")], False),
        ({"scheme": "uk-tsm", "key_figures": ["BS03"]}, MOVED, [About("BS05", scheme="uk-tsm")], False),
        ({"scheme": "uk-tsm"}, RECEIPT, [], True),  # concerns no scheme: an endpoint that fails
    ],
)
def test_kinds_figures_units_and_groups(named: Any, kind: Kind, about: list[About], expected: bool) -> None:
    assert bool(due([_follow("s", **named)], kind, about)) is expected


def test_an_endpoint_is_due_once_and_knows_why() -> None:
    s1 = _follow("s1", kinds=[MOVED], key_figures=["BS05"])
    s2 = _follow("s2", "e2")
    s3 = _follow("s3", kinds=[MOVED], key_figures=["BS03"])
    s4 = _follow("s4", kinds=[MOVED], key_figures=["RP01"])

    found = due([s2, s3, s1, s4], MOVED, [About("BS03"), About("BS05")])

    assert found == [Match("e1", (s1, s3)), Match("e2", (s2,))]
    assert found[0].subscription_ids == ("s1", "s3")


def test_following_everything_outweighs_following_one() -> None:
    about = [About("BS03"), About("BS05")]
    [match] = due([_follow("s1", key_figures=["BS03"]), _follow("s2")], MOVED, about)

    assert match.follows(About("BS05"))
