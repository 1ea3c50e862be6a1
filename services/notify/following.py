"""Who follows what, remembered while nothing of it changes: a transaction asks for one number instead."""

from collections.abc import Collection, Mapping, Sequence

from services.chassis.outbox import Transaction
from services.notify import subscription_store
from services.notify.matching import Subscription
from services.notify.store import instant

MOST = 10_000  # organisations that are remembered, those that follow nothing too


class Followers:
    """Who follows, of many organisations: feeds, and those who follow kinds. `known`: their subscriptions, paused ones too."""

    def __init__(self, known: Mapping[str, Sequence[Subscription]], organisations: Collection[str], now: str) -> None:
        self._known, self._organisations, self._now = known, organisations, now

    @classmethod
    def asked(cls, tx: Transaction, organisations: Collection[str]) -> "Followers":
        """Those of some organisations, asked of the database."""
        return cls(subscription_store.followers(tx.connection, organisations), organisations, instant(tx.now))

    def __bool__(self) -> bool:
        """Whether there are any at all, paused ones too."""
        return any(self._known[one] for one in self._organisations)

    def of(self, organisation_id: str) -> tuple[Sequence[Subscription], Sequence[Subscription]]:
        """The feeds, and the others."""
        found = self._known.get(organisation_id)
        if not found:
            return (), ()
        told = [s for s in found if s.paused_until <= self._now]
        return [s for s in told if s.is_feed], [s for s in told if not s.is_feed]


class Following:
    """What this instance remembers of subscriptions. Another instance's changes count from the next transaction on."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """A transaction failed: what it had changed was perhaps remembered."""
        self._version = -1
        self._known: dict[str, list[Subscription]] = {}
        self._kinds: frozenset[int] | None = None

    def followers(self, tx: Transaction, organisations: Collection[str]) -> Followers:
        """Who follows, of many organisations."""
        self._look(tx)
        unknown = [one for one in organisations if one not in self._known]
        if unknown and len(self._known) + len(unknown) > MOST:
            self._known, unknown = {}, list(organisations)
        if unknown:
            self._known |= subscription_store.followers(tx.connection, unknown)
        return Followers(self._known, organisations, instant(tx.now))

    def any_follows(self, tx: Transaction, kind: int) -> bool:
        """Whether any subscription names a kind, a paused one too."""
        self._look(tx)
        if self._kinds is None:
            self._kinds = subscription_store.kinds(tx.connection)
        return kind in self._kinds

    def _look(self, tx: Transaction) -> None:
        """Remember nothing that has changed since."""
        now = subscription_store.current(tx.connection)
        if now != self._version:
            self.forget()
            self._version = now
