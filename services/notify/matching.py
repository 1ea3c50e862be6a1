"""Which endpoints a message is due at: what an organisation's subscriptions say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EVERY_KIND = 0


@dataclass(frozen=True)
class Subscription:
    """One subscription of one organisation. `kind` 0 follows every kind, no `key_figures` every key figure."""

    subscription_id: str
    endpoint_id: str
    kind: int
    key_figures: frozenset[str]


@dataclass(frozen=True)
class Match:
    """An endpoint that is due a message, the subscriptions that say so, and the key figures they follow together."""

    endpoint_id: str
    subscription_ids: tuple[str, ...]
    followed: frozenset[str]  # none: every key figure

    def follows(self, key_figure: str) -> bool:
        """Whether the message is to speak of a key figure."""
        return not self.followed or key_figure in self.followed


def due(subscriptions: Iterable[Subscription], kind: int, key_figures: frozenset[str]) -> list[Match]:
    """The endpoints a message is due at, once each, however many subscriptions lead there.

    key_figures   what the message concerns; none = a submission as a whole, which concerns every follower.
    """
    by_endpoint: dict[str, list[Subscription]] = {}
    for subscription in sorted(subscriptions, key=lambda s: s.subscription_id):
        if _wants(subscription, kind, key_figures):
            by_endpoint.setdefault(subscription.endpoint_id, []).append(subscription)
    return [_match(endpoint_id, found) for endpoint_id, found in sorted(by_endpoint.items())]


def _wants(subscription: Subscription, kind: int, key_figures: frozenset[str]) -> bool:
    if subscription.kind not in (EVERY_KIND, kind):
        return False
    return not subscription.key_figures or not key_figures or bool(subscription.key_figures & key_figures)


def _match(endpoint_id: str, found: Sequence[Subscription]) -> Match:
    everything = any(not s.key_figures for s in found)
    followed = frozenset[str]() if everything else frozenset[str]().union(*(s.key_figures for s in found))
    return Match(endpoint_id, tuple(s.subscription_id for s in found), followed)
