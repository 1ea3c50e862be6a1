"""A subscription of one scheme is told of that scheme alone, by every kind; one of none of all of them."""

import json
from datetime import timedelta
from pathlib import Path

from services.notify import definition_store
from services.notify.by_clock import ByClock
from services.notify.kinds import Kind
from services.notify.redefining import redefined
from services.notify.reminders import read
from tests.service.notify.desk import EVENTS, Desk
from tests.service.notify.test_news import FIRST, SECOND
from tests.service.notify.test_peer_groups import updated
from tests.service.notify.test_reminders import unit

OF_A_SCHEME = set(Kind) - {Kind.ENDPOINT_FAILING, Kind.DIGEST, Kind.TEST}


def test_what_is_told_is_of_the_scheme_that_is_followed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    everything, british, danish, feed, danish_feed, corrections = (
        desk.follow(*OF_A_SCHEME),
        desk.follow(*OF_A_SCHEME, scheme="uk-tsm"),
        desk.follow(*OF_A_SCHEME, scheme="dk-almen"),
        desk.follow(),
        desk.follow(scheme="dk-almen"),
        desk.follow(Kind.FIGURE_CORRECTED, Kind.REFUSAL, scheme="dk-almen"),
    )
    other = unit("H7")
    other.profile.scheme = "dk-almen"
    desk.deliver(("u1", unit("H1")), ("u7", other), *EVENTS, ("r1", FIRST), ("r2", SECOND))
    desk.deliver(("g1", updated(1, group="all")), ("g2", updated(2, "TP01", group="all")))
    clock = desk.service.clock
    desk.service.clock = lambda: clock() + timedelta(days=2)  # type: ignore[method-assign]
    day = (clock() + timedelta(days=2)).date()
    by_clock = ByClock(desk.service, read(f"uk-tsm/2024={day},dk-almen/2024={day}"), lambda: None)
    desk.service.transact(lambda tx: definition_store.keep(tx, "uk-tsm", "2024", {}), cause="test")
    desk.service.transact(redefined, cause="test")
    desk.service.transact(by_clock.tell, cause="test")
    told = {e: [json.dumps(one["data"]["words"]) for one in desk.told(e)] for e in (everything, british, danish)}
    kinds = {e: set(desk.types(e)) for e in (everything, british, danish, corrections, feed, danish_feed)}
    desk.bench.close()

    assert sorted(told[everything]) == sorted([*told[british], *told[danish]])
    assert kinds[everything] == {kind.type.removeprefix("noegletal.") for kind in OF_A_SCHEME - {Kind.FIGURE_CORRECTED}}
    assert kinds[danish] == {"release-published", "reminder"}
    assert kinds[british] == kinds[everything] - {"release-published"}
    assert (kinds[corrections], kinds[danish_feed]) == ({"figure-corrected"}, {"release-published"})
    assert kinds[feed] == {"receipt", "standing-changed", "release-published"}
