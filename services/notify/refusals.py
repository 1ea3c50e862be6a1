"""Why a call about endpoints, subscriptions or deliveries is refused; and whose they are."""

from typing import Any, TypeVar

import grpc

from services.chassis.access import Caller, NotAllowed
from services.chassis.rpc import Refusal
from services.notify.wording import plain

T = TypeVar("T")


def unusable(field: str, value: object) -> Refusal:
    """A field holds what the contract does not know, or does not take there."""
    return Refusal("NT-4003", grpc.StatusCode.INVALID_ARGUMENT, field=field, value=plain(str(value), 64))


def unknown(what: str, named: str) -> Refusal:
    """There is none with that id, or it is somebody else's: nobody learns which."""
    return Refusal("NT-4002", grpc.StatusCode.NOT_FOUND, what=what, id=plain(named, 64))


def too_many(what: str, most: int) -> Refusal:
    """An organisation has as many as it may."""
    return Refusal("NT-4004", grpc.StatusCode.RESOURCE_EXHAUSTED, what=what, most=str(most))


def reached(who: Caller, row: T | None, what: str, named: str) -> T:
    """A row with an `organisation_id`, if the caller reaches that far. Raises Refusal otherwise, as for one that is not there."""
    found: Any = row
    try:
        if found is not None and who.acting_for(found.organisation_id):
            return row  # type: ignore[return-value]  # it is not None
    except NotAllowed:
        pass
    raise unknown(what, named)
