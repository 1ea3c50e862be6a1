"""What events that are nobody's own make due: each organisation that follows them is told once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from noegletal.v1 import assessment_pb2, release_pb2, submission_pb2

from services.chassis.event import Event, Events
from services.chassis.outbox import Transaction, deterministic_id
from services.notify import group_store, heard, news_store, news_wire, release_news, subscription_store, unit_store
from services.notify.following import Followers, Following
from services.notify.heard import Assessment
from services.notify.kinds import Kind
from services.notify.payload import Due
from services.notify.store import instant
from services.notify.telling import make_due
from services.notify.wording import About

# Topics that are kept for ever are read again by a notify that is new; the others keep a week, so what is older is not news.
NEWS = timedelta(days=7)
HOLDS: Mapping[int, bool] = {
    assessment_pb2.SUBMISSION_VERDICT_ACCEPTED: True,
    assessment_pb2.SUBMISSION_VERDICT_WITHDRAWN: False,
}


def released(events: Sequence[Event[release_pb2.ReleaseDecided]], tx: Transaction) -> None:
    """Releases, and earlier numbers that no longer hold. An endpoint told of the release is told of those in it.

    A withdrawal is no release: who follows corrections is told, and feeds.
    """
    organisations = subscription_store.organisations(tx.connection)
    followers = Followers.asked(tx, organisations)
    for event in events:
        message = event.message
        if not (event.id and news_wire.usable(message)):
            tx.reject(event, "unusable")
            continue
        where = (message.scheme, message.period, message.number)
        news_store.keep(tx, *where, news_wire.shown(message))
        if not _is_news(event, tx):
            continue
        one = news_wire.release(message, news_store.before(tx, *where))
        facts = {
            "scheme": one.scheme,
            "period": one.period,
            "release": {"number": one.number, "kind": one.kind, "made_on": message.made_on},
            "vintage": message.vintage,
            "cells": release_news.counts(one.cells),
        }
        about = tuple(About(cell.key_figure, peer_group=cell.peer_group, scheme=one.scheme) for cell in one.cells)
        said, corrections = release_news.published(one), release_news.corrected(one)
        for organisation_id in organisations:
            feeds, named = followers.of(organisation_id)
            if one.kind == release_news.WITHDRAWAL:
                due = Due(organisation_id, Kind.FIGURE_CORRECTED, event.id, corrections, (), facts)
                make_due(tx, due, [*feeds, *named] if corrections.items else ())
                continue
            due = Due(organisation_id, Kind.RELEASE_PUBLISHED, event.id, said, about, facts)
            told = make_due(tx, due, [*feeds, *named])
            if corrections.items:
                corrected = deterministic_id("corrected", event.id)
                due = Due(organisation_id, Kind.FIGURE_CORRECTED, corrected, corrections, (), facts)
                make_due(tx, due, named, told)


def registered(events: Sequence[Event[submission_pb2.UnitRegistered]], tx: Transaction) -> None:
    """Whose units there are."""
    kept = []
    for event in events:
        one = event.message.profile
        if one.scheme and one.unit_id and one.organisation_id:
            kept.append((one.scheme, one.unit_id, one.organisation_id, one.version, one.attributes))
        else:
            tx.reject(event, "unusable")
    unit_store.keep(tx, kept)


def assessed(events: Events[Any], tx: Transaction) -> None:
    """Which units have reported. What is refused as a whole leaves what held before. Events of what is heard of them."""
    those: Sequence[Assessment] = events.messages
    unit_store.report(
        tx,
        [
            (one.scheme, one.period, one.unit_id, one.revision, HOLDS[one.verdict])
            for one in those
            if one.verdict in HOLDS and one.scheme and one.period and one.unit_id
        ],
    )


def updated(events: Sequence[Event[Any]], tx: Transaction, following: Following) -> None:
    """Which medians peer groups show. While nobody follows that, nothing is read but that they are messages: see `heard`."""
    if not following.any_follows(tx, Kind.PEER_GROUP_CHANGED):
        return
    for event in events:
        one = heard.update(event.raw)
        if one is None:
            tx.reject(event, "undecodable")
            continue
        where = (one.scheme, one.period, one.peer_group)
        if not all(where) or len(one.shown) != len(one.key_figures):
            tx.reject(event, "unusable")
            continue
        at = instant(tx.now) if _is_news(event, tx) else ""
        group_store.note(tx, where, one.vintage, news_wire.medians(one), at)


def _is_news(event: Event[Any], tx: Transaction) -> bool:
    return event.time is None or event.time >= tx.now - NEWS
