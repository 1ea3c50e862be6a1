"""Which endpoints a message is due at."""

import pytest

from services.notify.matching import Match, Subscription, due

RECEIPT, MOVED = 1, 2


def _follow(name: str, endpoint: str = "e1", kind: int = 0, *figures: str) -> Subscription:
    return Subscription(name, endpoint, kind, frozenset(figures))


@pytest.mark.parametrize(
    ("subscription", "kind", "figures", "expected"),
    [
        (_follow("s"), RECEIPT, {"BS03"}, True),
        (_follow("s", "e1", RECEIPT), RECEIPT, {"BS03"}, True),
        (_follow("s", "e1", MOVED), RECEIPT, {"BS03"}, False),
        (_follow("s", "e1", 0, "BS03"), MOVED, {"BS03", "BS05"}, True),
        (_follow("s", "e1", 0, "RP01"), MOVED, {"BS03", "BS05"}, False),
        (_follow("s", "e1", 0, "RP01"), RECEIPT, set(), True),  # refused as a whole: concerns everybody
    ],
)
def test_kind_and_key_figures(subscription: Subscription, kind: int, figures: set[str], expected: bool) -> None:
    assert bool(due([subscription], kind, frozenset(figures))) is expected


def test_an_endpoint_is_due_once_and_knows_why() -> None:
    found = due(
        [
            _follow("s2", "e2"),
            _follow("s3", "e1", MOVED, "BS03"),
            _follow("s1", "e1", MOVED, "BS05"),
            _follow("s4", "e1", MOVED, "RP01"),
        ],
        MOVED,
        frozenset({"BS03", "BS05"}),
    )

    assert found == [
        Match("e1", ("s1", "s3"), frozenset({"BS03", "BS05"})),
        Match("e2", ("s2",), frozenset()),
    ]


def test_following_everything_outweighs_following_one() -> None:
    [match] = due([_follow("s1", "e1", 0, "BS03"), _follow("s2")], MOVED, frozenset({"BS03", "BS05"}))

    assert match.follows("BS05")
