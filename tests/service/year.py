"""A sector's year replayed: validate, benchmark and notify as they are, by a clock that is set, and every message put to delivery.

No Kafka: what a service announces is carried to those that read it. Each organisation follows by every preset, in a mailbox and in
the readable log; beside them one that no preset bounds is told of every kind, so that it is seen whether anything was lost, and a
feed of its own whose receiver is away now and then, so that endpoints fail. Nothing is sent: a message counts when its first attempt
begins.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from noegletal.v1 import notification_pb2, release_pb2
from noegletal.v1 import release_service_pb2 as release_api
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions
from services.chassis import outbox, outgoing
from services.chassis.outbox import Transaction
from services.chassis.service import Service
from services.notify import (
    definition_store,
    look_store,
    mail_store,
    meeting_store,
    presets,
    quiet,
    redefining,
    schedule,
    store,
    subscription_store,
)
from services.notify.answers import Attempt
from services.notify.app import create_app
from services.notify.by_clock import ByClock
from services.notify.delivering import Deliveries, _Ended
from services.notify.judging import Judging
from services.notify.kinds import Kind
from services.notify.mail_store import Mailbox
from services.notify.mailing import Mailing
from services.notify.matching import Subscription
from services.notify.schedule import Room
from services.notify.store import instant
from services.validate import app as validate
from tests.service import delivery, season
from tests.service.benchmark.releases import Running
from tests.service.delivery import Bench, Delivered
from tests.service.notify import running
from tests.service.season import SCHEME, Sector

LOG, MAIL, WEBHOOK = notification_pb2.CHANNEL_LOG, notification_pb2.CHANNEL_MAIL, notification_pb2.CHANNEL_WEBHOOK
UNBOUND = "everything"  # who follows every kind by name, without a preset
WAIT, SETTLE = 10.0, 60.0  # seconds, as notify waits where nothing else is set
LOOKS = (0.0, WAIT + 1, SETTLE + 15, 960.0)  # seconds after something came
ROOM = Room(4_000, per_endpoint=1_000)


class Announcements:
    """What a service announced since it was last asked, as Kafka would hand it out."""

    def __init__(self, bench: Bench) -> None:
        self._bench, self._last = bench, 0
        self._offsets: dict[str, itertools.count[int]] = defaultdict(itertools.count)

    def take(self) -> dict[str, list[Delivered]]:
        """By topic."""
        table, found = outbox.outbox, dict[str, list[Delivered]]()
        chosen = sa.select(table).where(table.c.id > self._last).order_by(table.c.id)
        for row in self._bench.service.database.read(lambda c: c.execute(chosen).all()):
            self._last = row.id
            for topic, key, value, headers in outgoing.Packed(bytes(row.content)).whole():
                one = Delivered(topic, 0, next(self._offsets[topic]), key, value, headers)
                found.setdefault(topic, []).append(one)
        return found


class Post:
    """Takes what is due in hand and records how it went, as `Deliveries` does; receivers answer by a word."""

    def __init__(self, service: Service, deliveries: Deliveries, answers: Callable[[store.Claimed], Attempt]) -> None:
        self._service, self._deliveries, self._answers = service, deliveries, answers
        self.begun: list[tuple[str, str, int, str]] = []  # endpoint, month, kind, id of the message

    def deliver(self) -> None:
        """Everything that is due now."""
        while taken := self._service.transact(lambda tx: store.claim(tx, {}, ROOM, 60.0), cause="test"):
            month = quiet.month_of(self._service.clock())
            self.begun += [(c.endpoint_id, month, c.kind, c.notification_id) for c in taken if c.attempt == 1]
            self._service.transact(partial(self._record, taken), cause="test")

    def _record(self, taken: Sequence[store.Claimed], tx: Transaction) -> None:
        for one in taken:
            self._deliveries._record(tx, _Ended(one, self._answers(one), 0.5, 0.0))
        store.plan(tx, {one.endpoint_id for one in taken})


class Year:
    """The three services and their clock."""

    def __init__(self, sector: Sector, folder: Path) -> None:
        self.sector, self._now, self._sent = sector, season.BEGIN, 0
        self._numbers = itertools.count(1)
        self._shown: list[release_pb2.CellDecision] = []
        self.benchmark = Running(folder, catalogue="", catalogue_year=None)
        kept = validate.Settings(kafka="127.0.0.1:1", database=f"sqlite:///{folder}/v.db")
        self._validate = Bench(validate.create_app(kept))
        waits = {"receipt_wait_seconds": WAIT, "settle_seconds": SETTLE}
        deadline = f"{SCHEME}/{season.PERIODS[-1]}={season.DEADLINE}"
        given = {
            "mail_outbox_dir": folder / "outbox",
            "deadlines": deadline,
            "retry_seconds": schedule.SECONDS,
            **waits,
        }
        self.notify = create_app(running.settings(folder, **given))
        at_work = delivery.at_work(self.notify)
        self._judging, self._mailing, self._by_clock = (at_work[one] for one in (Judging, Mailing, ByClock))
        self._bench, self.post = Bench(self.notify), Post(self.notify, at_work[Deliveries], self._answer)
        for service in (self._validate.service, self.notify, self.benchmark.service):
            service.clock = lambda: self._now  # type: ignore[method-assign]

    async def run(self) -> "Year":
        """The whole year, and the first days of the next."""
        await self.benchmark.start()
        try:
            await self._before()
            self._transact(self._follow)
            self._transact(redefining.redefined)
            for at in season.turns():
                self._now = at
                await self._turn()
        finally:
            await self.benchmark.stop()
        return self

    def again(self) -> int:
        """How many more messages fall due when all is looked at once more."""
        before = self._messages()
        self._transact(lambda tx: tx.connection.execute(sa.update(look_store.watch).values(ripe_at=instant(self._now))))
        self._look()
        self._transact(self._by_clock.tell)
        return self._messages() - before

    def close(self) -> None:
        """Release the databases."""
        self._validate.close()
        self._bench.close()

    async def _before(self) -> None:
        """Units are registered and the year before is there, before anybody follows anything."""
        self._now = season.BEGIN - timedelta(days=30)
        self._of_validate, self._of_benchmark = Announcements(self._validate), Announcements(self.benchmark.bench)
        profiles = [pb.UnitRegistered(profile=self._profile(name)) for name in self.sector.units]
        await self._to_benchmark("unit-registered", profiles)
        self._bench.deliver("unit-registered", profiles)
        await self._send(self.sector.before)

    def _follow(self, tx: Transaction) -> None:
        every = frozenset(int(kind) for kind in Kind if kind not in (Kind.STANDING_CHANGED, Kind.TEST))
        for organisation in self.sector.organisations:
            for name, preset in presets.entries().items():
                for channel in (LOG, MAIL):
                    _add(tx, organisation, name, channel, frozenset(map(int, preset.kinds)), name)
            _add(tx, organisation, UNBOUND, LOG, every)
            _add(tx, organisation, "feed", WEBHOOK, frozenset())

    async def _turn(self) -> None:
        """One moment: what comes is handled, then what waits is looked at a minute and some later."""
        at, sent = self._now, []
        while self._sent < len(self.sector.sent) and self.sector.sent[self._sent].at <= at:
            sent.append(self.sector.sent[self._sent].submission)
            self._sent += 1
        if sent:
            await self._send(sent)
        begins = at.time() == season.TURNS[0]
        if begins:
            await self._day()
            self._transact(self._by_clock.tell)
        for seconds in LOOKS if sent else LOOKS[:1] if begins else ():
            self._now = at + timedelta(seconds=seconds)
            self._look()

    def _look(self) -> None:
        """What notify's background does, as long as there is something to do."""
        while self._is_due(
            lambda c, now: meeting_store.is_ripe(c, instant(now)) or look_store.is_ripe(c, instant(now))
        ):
            self._transact(self._judging.judge)
        while self._is_due(mail_store.is_due):
            self._transact(self._mailing._tell)
        if self._is_due(store.is_due):
            self.post.deliver()

    def _is_due(self, asked: Callable[[sa.Connection, datetime], object]) -> bool:
        return bool(self.notify.database.read(lambda connection: asked(connection, self._now)))

    def _messages(self) -> int:
        tables = (store.delivery, mail_store.gathered)
        counts = [sa.select(sa.func.count()).select_from(table) for table in tables]
        return self.notify.database.read(lambda c: sum(c.execute(count).scalar_one() for count in counts))

    async def _day(self) -> None:
        """What an operator does on some days."""
        for day, period in season.RELEASES:
            if day == self._now.date():
                made = await self.benchmark.make(scheme=SCHEME, period=period)
                self._shown = [d for d in made.decisions if d.outcome == release_pb2.RELEASE_OUTCOME_RELEASED]
        if self._now.date() in season.WITHDRAWN:
            await self._withdraw(season.PERIODS[-1])
        if self._now.date() == season.REDEFINED:
            self._transact(_other_definitions)
            self._transact(redefining.redefined)
        await self._carry()

    async def _withdraw(self, period: str) -> None:
        """Take cells back one by one, each an entry of its own."""
        for one in [self._shown.pop() for _ in range(min(season.MOST_CELLS, len(self._shown)))]:
            asked = {"scheme": SCHEME, "period": period, "key_figure": one.key_figure, "peer_group": one.peer_group}
            request = release_api.WithdrawCellsRequest(**asked, reason="an invented order")
            await self.benchmark.releases.WithdrawCells(request, **self.benchmark.operator)

    async def _send(self, submissions: Sequence[pb.Submission]) -> None:
        """Through validate and benchmark to notify."""
        self._validate.deliver("submission-received", [self._received(one) for one in submissions])
        announced = self._of_validate.take()
        self._tell("submission-assessed", announced)
        await self._to_benchmark("observations-accepted", announced.get("observations-accepted", []))
        await self._carry()

    async def _carry(self) -> None:
        announced = await self.benchmark.service.database.in_thread(self._of_benchmark.take)
        for topic in ("standing-changed", "benchmark-updated", "release-decided"):
            self._tell(topic, announced)

    async def _to_benchmark(self, topic: str, records: Sequence[Any]) -> None:
        if records:
            bench = self.benchmark.bench
            await self.benchmark.service.database.in_thread(partial(bench.deliver, topic, records))

    def _tell(self, topic: str, announced: dict[str, list[Delivered]]) -> None:
        if announced.get(topic):
            applied = self._bench.deliver(topic, announced[topic])
            assert not applied.reasons, f"{topic}: {applied.reasons}"

    def _transact(self, work: Callable[[Transaction], Any]) -> None:
        self.notify.transact(work, cause="test")

    def _answer(self, one: store.Claimed) -> Attempt:
        """Every receiver answers but one that is away."""
        down = one.channel == WEBHOOK and season.is_down(self._now)
        return Attempt(not down, "HTTP 503" if down else "HTTP 204")

    def _received(self, one: pb.Submission) -> pb.SubmissionReceived:
        number = next(self._numbers)
        receipt = pb.Receipt(receipt_id=one.submission_id, submission_id=one.submission_id, sequence=number)
        receipt.organisation_id, receipt.revision = one.organisation_id, one.revision
        receipt.outcome, receipt.door = pb.RECEIPT_OUTCOME_ACCEPTED, pb.DOOR_GRPC
        return pb.SubmissionReceived(submission=one, receipt=receipt, profile=self._profile(one.unit_id))

    def _profile(self, name: str) -> pb.Profile:
        unit = self.sector.units[name]
        holder, owner = unit.holder_id or unit.organisation_id, unit.organisation_id
        profile = pb.Profile(unit_id=name, scheme=SCHEME, holder_id=holder, organisation_id=owner, version=1)
        profile.attributes.update(unit.attributes)
        return profile


def endpoint(organisation: str, name: str, channel: int) -> str:
    """The id of an organisation's endpoint of one channel that follows by a preset, or by another name."""
    return f"{organisation}/{name}/{'mail' if channel == MAIL else 'log'}"


def _add(tx: Transaction, organisation: str, name: str, channel: int, kinds: frozenset[int], preset: str = "") -> None:
    named = endpoint(organisation, name, channel)
    row = {"endpoint_id": named, "organisation_id": organisation, "channel": int(channel), "url": ""}
    tx.connection.execute(store.endpoint.insert(), row)
    if channel == MAIL:
        mail_store.add_mailbox(tx, Mailbox(named, "da", at_once=False, secret="s"))
    subscription_store.add(tx, organisation, Subscription(f"su-{named}", named, kinds=kinds, preset=preset))


def _other_definitions(tx: Transaction) -> None:
    """One key figure is no longer known as it is."""
    year = definitions.years(SCHEME)[-1]
    known = definition_store.known(tx, SCHEME)[year]
    definition_store.keep(tx, SCHEME, year, known | {min(known): "another"})
