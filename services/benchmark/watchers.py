"""Those who watch benchmarks: each has a bounded queue of publications, so that a slow one harms nobody."""

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark.update_wire import Update

WAITING = 500  # publications a watcher may be behind


class BadToken(ValueError):
    """A resume token that was not issued here."""


@dataclass(eq=False)
class Watcher:
    """One stream.

    seen      period -> vintage it was watched up to
    opened    (scheme, period) -> vintage the opening was read at: publications up to it may still be on their way here
    """

    scheme: str
    period: str
    peer_group: str
    seen: dict[str, int]
    opened: dict[tuple[str, str], int] = field(default_factory=dict)
    queue: asyncio.Queue[Sequence[pb.BenchmarkUpdated] | None] = field(default_factory=lambda: asyncio.Queue(WAITING))

    def wants(self, update: pb.BenchmarkUpdated) -> bool:
        """Whether an update is one that was asked for."""
        return (
            update.scheme == self.scheme
            and self.period in ("", update.period)
            and self.peer_group in ("", update.peer_group)
            and update.vintage > self.opened.get((update.scheme, update.period), -1)
        )

    def offer(self, publication: Sequence[pb.BenchmarkUpdated]) -> None:
        """Hand over a publication. A watcher that has fallen behind is told so and gets no more."""
        chosen = [u for u in publication if self.wants(u)]
        if chosen and self.queue.qsize() < WAITING - 1:
            self.queue.put_nowait(chosen)
        elif chosen and not self.queue.full():
            self.queue.put_nowait(None)

    def tokens(self, publication: Sequence[pb.BenchmarkUpdated]) -> list[str]:
        """A token per update: up to the last one it leads back before the publication, so that nothing is missed."""
        earlier = token(self.seen)
        for update in publication:
            self.seen[update.period] = update.vintage
        return [*[earlier] * (len(publication) - 1), token(self.seen)]


class Watchers:
    """Everybody who watches."""

    def __init__(self) -> None:
        self._watching: set[Watcher] = set()

    def add(self, watcher: Watcher) -> None:
        """Begin to hand publications to a watcher."""
        self._watching = {*self._watching, watcher}

    def remove(self, watcher: Watcher) -> None:
        """Stop."""
        self._watching = self._watching - {watcher}

    def offer(self, publication: Sequence[Update]) -> None:
        """Hand a publication to all, read only where somebody watches. On the event loop."""
        messages = [update.message() for update in publication] if self._watching else []
        for watcher in self._watching:
            watcher.offer(messages)


def token(seen: Mapping[str, int]) -> str:
    """What was seen, as text to hand back."""
    return base64.urlsafe_b64encode(json.dumps(dict(sorted(seen.items()))).encode()).decode()


def seen(resume_token: str) -> dict[str, int]:
    """What a token says was seen. Raises BadToken."""
    try:
        said = json.loads(base64.urlsafe_b64decode(resume_token.encode())) if resume_token else {}
        return {str(period): int(vintage) for period, vintage in said.items()}
    except (binascii.Error, ValueError, AttributeError, TypeError) as error:
        raise BadToken(resume_token[:32]) from error
