"""What a replayed year came to: messages per organisation and calendar month beside what presets promise, and what was lost."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from services.chassis.outbox import deterministic_id
from services.notify import gathering, mail_store, presets, promises, store
from services.notify.gathering import Gathered
from services.notify.kinds import Kind
from tests.service import season
from tests.service.year import LOG, MAIL, UNBOUND, Year, endpoint

CHANNELS = {"log": LOG, "mail": MAIL}
BY_CAUSE = frozenset(Kind) - {
    Kind.QUARTILE_CHANGED,
    Kind.PEER_GROUP_CHANGED,
    Kind.DIGEST,
    Kind.TEST,
}  # id: of the cause


@dataclass(frozen=True)
class Spread:
    """Messages that count, of one preset by one channel: one number for each organisation and month, smallest first."""

    preset: str
    channel: str
    months: list[int]
    due: int  # the most that fell due in a month, at once or put off, digests aside
    put_off: int

    def share(self, part: float) -> int:
        """What so large a part of the months does not pass: the nearest rank."""
        return self.months[max(0, -int(-part * len(self.months) // 1) - 1)]

    @property
    def most(self) -> int:
        """What the preset promises."""
        return presets.entries()[self.preset].most_per_month

    @property
    def row(self) -> list[str]:
        """As a row of a table."""
        none = self.months.count(0) / len(self.months)
        numbers = [self.months[0], *map(self.share, (0.5, 0.9, 0.99)), self.months[-1]]
        return [
            self.preset,
            self.channel,
            *map(str, numbers),
            f"{none:.0%}",
            *map(str, (self.most, self.due, self.put_off)),
        ]


class Outcome:
    """The year's messages, read once it is over."""

    def __init__(self, year: Year) -> None:
        self.year, self.organisations = year, year.sector.organisations
        self._months = [f"{season.YEAR}-{n:02}" for n in range(1, 13)]

    @cached_property
    def counted(self) -> Counter[tuple[str, str]]:
        """Messages put to delivery that a preset's promise counts, digests too, by endpoint and month."""
        free = promises.NOT_COUNTED - {Kind.DIGEST}
        return Counter((endpoint_id, month) for endpoint_id, month, kind, _ in self.year.post.begun if kind not in free)

    @cached_property
    def _waited(self) -> dict[str, list[Any]]:
        found = defaultdict(list)
        for row in self._rows(mail_store.gathered):
            found[row.endpoint_id].append(row)
        return found

    @cached_property
    def _deliveries(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for row in self._rows(store.delivery):
            found[row.endpoint_id][row.event_id] = row
        return found

    def spreads(self) -> list[Spread]:
        """One for each preset and channel."""
        return [self._spread(preset, channel) for preset in presets.entries() for channel in CHANNELS]

    def kinds(self) -> list[list[str]]:
        """Messages of the year by kind, a row for each preset and channel that has some: kind, all, most in a month."""
        by = Counter((e, kind, month) for e, month, kind, _ in self.year.post.begun)
        rows = []
        for preset in presets.entries():
            for channel, number in CHANNELS.items():
                ends = {endpoint(organisation, preset, number) for organisation in self.organisations}
                mine = [(kind, count) for (e, kind, _), count in by.items() if e in ends]
                for kind in sorted({kind for kind, _ in mine}):
                    counts = [count for one, count in mine if one == kind]
                    rows.append([preset, channel, Kind(kind).name, str(sum(counts)), str(max(counts))])
        return rows

    def passed(self) -> list[str]:
        """Where more came than a preset promises."""
        return [
            f"{e} {month}: {count}"
            for (e, month), count in sorted(self.counted.items())
            if (name := e.split("/")[1]) in presets.entries() and count > presets.entries()[name].most_per_month
        ]

    def lost(self) -> Iterator[str]:
        """What fell due, as it was told where nothing is put off, and was not told by a preset, or waits although its time came."""
        for organisation in self.organisations:
            every = self._deliveries[endpoint(organisation, UNBOUND, LOG)].values()
            for preset, one in presets.entries().items():
                due = {row.event_id for row in every if row.kind in BY_CAUSE & set(one.kinds)}
                for number in CHANNELS.values():
                    yield from self._lost(endpoint(organisation, preset, number), due)
        if again := self.year.again():
            yield f"{again} messages fall due when everything is looked at again"

    def _lost(self, at: str, due: set[str]) -> Iterator[str]:
        waited, told = self._waited[at], self._deliveries[at]
        yield from (f"{at}: {event_id} not told" for event_id in due - {r.event_id for r in waited} - set(told))
        yield from (f"{at}: {r.event_id} waits since {r.at}" for r in waited if r.tell_at)
        for month in sorted({r.month for r in waited if r.month}):
            rows = [Gathered(r.event_id, r.at, r.kind, r.topic, r.body, r.worth) for r in waited if r.month == month]
            digest = told.get(deterministic_id("gathered", at, month))
            says = json.loads(digest.body)["data"]["words"]["da"]["text"].split()[0] if digest else "nothing"
            if says != str(len(gathering.told(rows))):
                yield f"{at}: the digest of {month} tells of {says}, not of {len(gathering.told(rows))}"

    def _spread(self, preset: str, channel: str) -> Spread:
        ends = [endpoint(organisation, preset, CHANNELS[channel]) for organisation in self.organisations]
        months = sorted(self.counted[e, month] for e in ends for month in self._months)
        put_off = Counter(
            (e, row.month) for e in ends for row in self._waited[e] if "put_off_by" in json.loads(row.body)["data"]
        )
        alone = Counter((e, month) for e, month, kind, _ in self.year.post.begun if kind not in promises.NOT_COUNTED)
        due = max(alone[e, month] + put_off[e, month] for e in ends for month in self._months)
        return Spread(preset, channel, months, due, put_off.total())

    def _rows(self, table: sa.Table) -> Any:
        return self.year.notify.database.read(lambda connection: connection.execute(sa.select(table)).all())
