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


def forgotten(first: int) -> Refusal:
    """Messages before the first that is kept are asked for."""
    given = {"first": str(first), "last": str(first - 1)}
    return Refusal("NT-4054", grpc.StatusCode.OUT_OF_RANGE, **given)


def no_single_figure(count: int) -> Refusal:
    """A limit in a figure's unit needs exactly one figure."""
    return Refusal("NT-4020", grpc.StatusCode.INVALID_ARGUMENT, count=str(count))


def off_limits(field: str, value: str, lowest: str, highest: str) -> Refusal:
    """A number of a threshold is outside what it can be."""
    given = {"field": field, "value": plain(value, 64), "lowest": lowest, "highest": highest}
    return Refusal("NT-4021", grpc.StatusCode.INVALID_ARGUMENT, **given)


def never_told() -> Refusal:
    """A threshold without the kind it is of."""
    return Refusal("NT-4022", grpc.StatusCode.INVALID_ARGUMENT)


def no_preset(name: str, known: str) -> Refusal:
    """There is no such preset."""
    return Refusal("NT-4023", grpc.StatusCode.INVALID_ARGUMENT, preset=plain(name, 64), known=known)


def past(time: str) -> Refusal:
    """A pause would be over already."""
    return Refusal("NT-4024", grpc.StatusCode.INVALID_ARGUMENT, time=time)
