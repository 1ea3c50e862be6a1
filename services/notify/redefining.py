"""Definitions other than those notify knew: who reports by them is told once, soon after it starts with them."""

from services.catalogue import definitions
from services.chassis.outbox import Transaction, deterministic_id
from services.notify import definition_news, definition_store, news_wire, subscription_store, unit_store
from services.notify.following import Followers
from services.notify.kinds import Kind
from services.notify.payload import Due
from services.notify.telling import make_due


def redefined(tx: Transaction) -> None:
    """Compare every edition with what was known of its year, a new year's with the year before. A new scheme is only noted."""
    for scheme in definitions.schemes():
        known = definition_store.known(tx, scheme)
        is_new = not known
        for year in definitions.years(scheme):
            now = definition_news.fingerprints(definitions.of(scheme, year))
            earlier = [one for one in known if one <= year]
            before = known[max(earlier)] if earlier else now
            definition_store.keep(tx, scheme, year, now)
            known[year] = now
            if not is_new and before != now:
                _tell(tx, scheme, year, definition_news.changes(before, now))


def _tell(tx: Transaction, scheme: str, year: str, changed: dict[str, str]) -> None:
    version = definitions.of(scheme, year).version
    said = definition_news.said(scheme, year, changed, news_wire.figure_names(scheme, year), tx.now.date())
    facts = {"scheme": scheme, "year": year, "definitions": version}
    theirs = unit_store.organisations(tx.connection, scheme)
    following = subscription_store.following(tx.connection, Kind.DEFINITION_CHANGED, hold=True)
    concerned = [organisation_id for organisation_id in following if organisation_id in theirs]
    followers = Followers.asked(tx, concerned)
    for organisation_id in concerned:
        _, named = followers.of(organisation_id)
        event_id = deterministic_id("definitions", organisation_id, scheme, year, version)
        make_due(tx, Due(organisation_id, Kind.DEFINITION_CHANGED, event_id, said, (), facts), named)
