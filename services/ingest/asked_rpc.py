"""What a call about files asks for, looked over before anything is done; and how bytes go back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import grpc

from services.catalogue import definitions
from services.catalogue.definitions import Catalogue, UnknownDefinitions
from services.chassis.rpc import Refusal
from services.ingest.intake import is_date, shown

PIECE = 256 * 1024  # most bytes of one


def pieces(data: bytes) -> Iterator[bytes]:
    """Bytes as they are streamed."""
    yield from (data[first : first + PIECE] for first in range(0, len(data), PIECE))


def definitions_of(scheme: str, year: str) -> Catalogue:
    """The definitions of a scheme and year. Raises Refusal."""
    try:
        return definitions.of(scheme, year)
    except UnknownDefinitions as unknown:
        said = {"scheme": shown(scheme) or "–", "period": shown(year), "known": ", ".join(unknown.known)}
        raise Refusal("NT-2103", grpc.StatusCode.INVALID_ARGUMENT, **said) from None


def day(message: Any, field: str) -> date:
    """A day of a message. Raises Refusal."""
    text = getattr(message, field)
    if not is_date(text):
        raise wrong(field, text, "Skriv datoen som 2024-12-31.", "Write the date like 2024-12-31.")
    return date.fromisoformat(text)


def language(asked: str) -> None:
    """Raise Refusal for a language we do not speak."""
    if asked not in ("da", "en"):
        raise wrong("language", asked, "Vælg da eller en.", "Choose da or en.")


def wrong(field: str, value: str, rule_da: str, rule_en: str) -> Refusal:
    """The refusal of a field."""
    said = {"field": field, "value": shown(value), "rule_da": rule_da, "rule_en": rule_en}
    return Refusal("NT-1008", grpc.StatusCode.INVALID_ARGUMENT, **said)
