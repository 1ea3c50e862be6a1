"""Subscriptions that are remembered: never others than the database has, and never more than fit."""

import contextlib
from pathlib import Path
from typing import Any

import pytest

from services.notify import following, subscription_store
from services.notify.following import Following
from services.notify.kinds import Kind
from services.notify.matching import Subscription
from tests.service.notify.desk import Desk


def _followed(desk: Desk, remembered: Following, of: str = "org-a") -> list[str]:
    """The endpoints of an organisation's followers."""

    def ask(tx: Any) -> list[str]:
        return [s.endpoint_id for found in remembered.followers(tx, {of}).of(of) for s in found]

    return desk.service.transact(ask, cause="test")


def test_every_change_counts_from_the_next_transaction_on_whoever_makes_it(tmp_path: Path) -> None:
    desk, remembered = Desk(tmp_path), Following()
    assert _followed(desk, remembered) == []
    feed, named = desk.follow(), desk.follow(Kind.RECEIPT)
    assert _followed(desk, remembered) == [feed, named]
    for change, left in (
        (lambda tx: subscription_store.pause(tx, f"su-{feed}", subscription_store.FOR_GOOD), [named]),
        (lambda tx: subscription_store.pause(tx, f"su-{feed}", ""), [feed, named]),
        (lambda tx: subscription_store.change(tx, Subscription(f"su-{named}", "elsewhere")), [feed, "elsewhere"]),
        (lambda tx: subscription_store.remove(tx, f"su-{feed}"), ["elsewhere"]),
    ):
        desk.service.transact(change, cause="test")
        assert _followed(desk, remembered) == left


def test_what_a_failed_transaction_changed_is_not_remembered(tmp_path: Path) -> None:
    desk, remembered = Desk(tmp_path), Following()
    desk.service.on_rollback(remembered.forget)

    def fail(tx: Any) -> None:
        subscription_store.add(tx, "org-a", Subscription("su-lost", "lost"))
        assert remembered.followers(tx, {"org-a"})
        raise OSError

    with contextlib.suppress(OSError):
        desk.service.transact(fail, cause="test")
    kept = desk.follow()  # the change has the number of the one that failed
    assert _followed(desk, remembered) == [kept]


def test_no_more_organisations_are_remembered_than_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST", 2)
    desk, remembered = Desk(tmp_path), Following()
    ends = {of: desk.follow(of=of) for of in ("org-a", "org-b", "org-c")}
    for _ in range(2):
        assert {of: _followed(desk, remembered, of) for of in ends} == {of: [end] for of, end in ends.items()}
        assert len(remembered._known) <= 2
