"""Which endpoints a message is due at: what an organisation's subscriptions say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.notify.thresholds import Threshold
from services.notify.wording import About


@dataclass(frozen=True)
class Subscription:
    """One subscription of one organisation. Nothing named of something: all of it.

    kinds       none: a feed for systems, told of each event at once, as the event says it
    threshold   of QUARTILE_CHANGED; None: every quarter
    since       when it was made, ISO 8601 UTC: what was passed before is not told
    paused_until  nothing is told by it until then, ISO 8601 UTC; empty: it is told
    """

    subscription_id: str
    endpoint_id: str
    kinds: frozenset[int] = frozenset()
    key_figures: frozenset[str] = frozenset()
    unit_ids: frozenset[str] = frozenset()
    peer_groups: frozenset[str] = frozenset()
    scheme: str = ""
    threshold: Threshold | None = field(default=None)
    preset: str = ""
    language: str = "da"
    since: str = ""
    paused_until: str = ""

    @property
    def is_feed(self) -> bool:
        """Whether it follows every event rather than kinds."""
        return not self.kinds

    def follows(self, about: About) -> bool:
        """Whether it follows what a part of a message concerns."""
        return (
            _within(about.key_figure, self.key_figures)
            and _within(about.unit_id, self.unit_ids)
            and _within(about.peer_group, self.peer_groups)
            and (not self.scheme or about.scheme in ("", self.scheme))
        )

    def wants(self, kind: int, about: Sequence[About]) -> bool:
        """Whether it is due a message: of its kinds, and about something it follows."""
        return (self.is_feed or kind in self.kinds) and (not about or any(self.follows(one) for one in about))


@dataclass(frozen=True)
class Match:
    """An endpoint that is due a message, and the subscriptions that say so."""

    endpoint_id: str
    subscriptions: tuple[Subscription, ...]

    @property
    def subscription_ids(self) -> tuple[str, ...]:
        """Their ids."""
        return tuple(s.subscription_id for s in self.subscriptions)

    @property
    def language(self) -> str:
        """The language people read there: the first subscription's; Danish where none leads there."""
        return self.subscriptions[0].language if self.subscriptions else "da"

    def follows(self, about: About) -> bool:
        """Whether the message is to speak of something."""
        return any(s.follows(about) for s in self.subscriptions)


def due(subscriptions: Iterable[Subscription], kind: int, about: Sequence[About]) -> list[Match]:
    """The endpoints a message is due at, once each, however many subscriptions lead there.

    about   what it concerns; none: it concerns every follower of its kind.
    """
    by_endpoint: dict[str, list[Subscription]] = {}
    for subscription in sorted(subscriptions, key=lambda s: s.subscription_id):
        if subscription.wants(kind, about):
            by_endpoint.setdefault(subscription.endpoint_id, []).append(subscription)
    return [Match(endpoint_id, tuple(found)) for endpoint_id, found in sorted(by_endpoint.items())]


def _within(named: str, followed: frozenset[str]) -> bool:
    return not named or not followed or named in followed
