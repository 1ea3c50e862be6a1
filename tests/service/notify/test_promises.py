"""What presets promise is kept, whatever falls due when, how often and in which batches; and nothing is lost by it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from noegletal.v1 import notification_pb2 as pb

from services.chassis.outbox import Transaction
from services.notify import mail_store, presets, promises, quiet, store, subscription_store, telling
from services.notify.kinds import Kind
from services.notify.mailing import Mailing
from services.notify.payload import Due
from services.notify.sentences import Phrase
from services.notify.wording import Said
from tests.service import delivery
from tests.service.notify import running
from tests.service.notify.desk import Desk

BEGIN = datetime(2026, 1, 28, 12, tzinfo=UTC)
KINDS = (Kind.REMINDER, Kind.RELEASE_PUBLISHED, Kind.FIGURE_CORRECTED, Kind.QUARTILE_CHANGED, Kind.RECEIPT)
NUMBERS = count()


class At:
    """An organisation that follows by a preset at one endpoint, and what falls due there."""

    def __init__(self, desk: Desk, preset: str, channel: int, *, at_once: bool = True) -> None:
        self.desk, self.organisation, self._now = desk, f"org-{next(NUMBERS)}", BEGIN
        desk.service.clock = lambda: self._now  # type: ignore[method-assign]
        given: dict[str, Any] = {"channel": channel, "of": self.organisation, "at_once": at_once}
        self.endpoint = desk.follow(*KINDS, preset=preset, **given)
        self._mailing = delivery.at_work(desk.service)[Mailing]

    def fall_due(self, after: timedelta, *named: tuple[str, Kind], cut: bool = False) -> None:
        """Some time later these fall due in one transaction, which may be cut short once; then what waited is looked at."""
        self._now += after

        def work(tx: Transaction) -> None:
            for name, kind in named:
                said = Said(Phrase("test.subject"), Phrase("why.asked"), [Phrase("test.text")])
                telling.tell(tx, Due(self.organisation, kind, f"{self.organisation}/{name}", said))
            self._mailing._tell(tx)
            if cut:
                raise OSError("cut")

        if cut:
            with pytest.raises(OSError, match="cut"):
                self.desk.service.transact(work, cause="test")
            cut = False
        self.desk.service.transact(work, cause="test")

    def end(self) -> None:
        """Days pass until nothing waits."""
        for _ in range(3):
            self.fall_due(timedelta(days=40))

    @property
    def months(self) -> Counter[str]:
        """Messages that count, by the month they may first go out in."""
        rows = [row for row in self._rows(store.delivery) if row.kind not in promises.NOT_COUNTED - {Kind.DIGEST}]
        return Counter(quiet.month_of(datetime.fromisoformat(row.next_attempt_at)) for row in rows)

    @property
    def told(self) -> set[str]:
        """Events that were told, at once or together."""
        waited = [row for row in self._rows(mail_store.gathered) if not row.tell_at]
        every = [row.event_id for row in (*self._rows(store.delivery), *waited)]
        return {name.split("/")[1] for name in every if name.startswith(f"{self.organisation}/")}

    @property
    def digests(self) -> list[Any]:
        """The payloads of its digests, in order."""
        return [running.conforming(row.body) for row in self._rows(store.delivery) if row.kind == Kind.DIGEST]

    def _rows(self, table: sa.Table) -> Sequence[Any]:
        mine = sa.select(table).where(table.c.endpoint_id == self.endpoint)
        return self.desk.service.database.read(lambda connection: connection.execute(mine).all())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    one = Desk(tmp_path_factory.mktemp("promises"), mail_outbox_dir=tmp_path_factory.mktemp("outbox"))
    yield one
    one.bench.close()


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 20, 60 * 5, 60 * 24, 60 * 24 * 8, 60 * 24 * 35]),  # minutes later
        st.lists(st.tuples(st.integers(0, 40).map(str), st.sampled_from(KINDS)), max_size=9),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


AWAY = [  # full months, and nobody looks for five weeks: two digests fall due in one
    (60 * 24 * days, [(str(n), Kind.REMINDER) for n in range(first, first + 9)], False)
    for days, first in ((5, 0), (27, 9), (35, 18))
]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    STEPS, st.sampled_from(sorted(presets.entries())), st.sampled_from([pb.CHANNEL_LOG, pb.CHANNEL_MAIL]), st.booleans()
)
@example(AWAY, "technical", pb.CHANNEL_LOG, False)
def test_never_more_than_promised_and_nothing_lost(
    desk: Desk, steps: Any, preset: str, channel: int, at_once: bool
) -> None:
    at, kinds = At(desk, preset, channel, at_once=at_once), dict[str, Kind]()
    for minutes, named, cut in steps:
        same = [(name, kinds.setdefault(name, kind)) for name, kind in named]
        at.fall_due(timedelta(minutes=minutes), *same, cut=cut)
        at.fall_due(timedelta(0), *reversed(same[:3]))  # again, in another order
    at.end()

    assert max(at.months.values(), default=0) <= presets.entries()[preset].most_per_month
    assert at.told == set(kinds)


@pytest.mark.parametrize("channel", [pb.CHANNEL_LOG, pb.CHANNEL_MAIL], ids=["log", "mail"])
def test_what_would_pass_the_promise_is_told_in_one_that_says_how_many_and_why(desk: Desk, channel: int) -> None:
    at = At(desk, "technical", channel)
    at.fall_due(timedelta(days=5))
    for n in range(9):
        at.fall_due(timedelta(hours=26), (str(n), Kind.FIGURE_CORRECTED))
    at.fall_due(timedelta(0), ("answer", Kind.RECEIPT))
    at.end()

    assert sum(at.months.values()) == 9 - 4 + 1
    [digest] = at.digests
    lines = digest["data"]["words"]["da"]["text"].splitlines()
    assert lines[0].startswith("4 nyheder i jeres nøgletal i februar 2026. Her er de 3 nyeste.")
    assert "Heraf har 4 ventet til nu, fordi forvalget teknik (technical) højst giver 6 beskeder om måneden." in lines
    assert ("mail" in digest["data"]) == (channel == pb.CHANNEL_MAIL)
    if channel == pb.CHANNEL_LOG:
        assert lines[1:4] == ["Prøve: beskeder når frem"] * 3
        assert "mailen" not in "".join(lines)


def test_who_follows_without_a_preset_too_is_told_at_once(desk: Desk) -> None:
    at = At(desk, "technical", pb.CHANNEL_LOG)
    plain = desk.follow(*KINDS, of=at.organisation)

    def moved(tx: Transaction) -> None:
        mine = subscription_store.subscription.c.endpoint_id == plain
        tx.connection.execute(sa.update(subscription_store.subscription).where(mine).values(endpoint_id=at.endpoint))

    desk.service.transact(moved, cause="test")
    at.fall_due(timedelta(0), *[(str(n), Kind.REMINDER) for n in range(20)])

    assert sum(at.months.values()) == 20
