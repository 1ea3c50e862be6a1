"""Settings of a service, from the environment (NOEGLETAL_*) or a .env file; unset and unknown are told together."""

import difflib
import os
from collections.abc import Mapping, Sequence
from typing import Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "NOEGLETAL_"
ELSEWHERE = {"NOEGLETAL_CACHE"}  # read by the local Kafka, not by a service

S = TypeVar("S", bound="ServiceSettings")


class ServiceSettings(BaseSettings):
    """What every service needs to be told. Addresses are host:port; port 0 takes a free one."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    kafka: str
    database: str
    grpc: str = "127.0.0.1:0"
    http: str = "127.0.0.1:0"
    addresses_file: str = ""
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    reflection: bool = True
    batch_records: int = 4000
    compression: Literal["none", "gzip", "snappy", "lz4", "zstd"] = "lz4"
    key_wait_seconds: float = 20.0
    batch_wait_ms: int = 500
    fetch_wait_ms: int = 500
    gather_ms: int = 0
    max_invalid_in_a_row: int = 100
    session_timeout_ms: int = 10_000
    topic_discovery_ms: int = 3_000
    outbox_limit: int = 200_000
    grpc_concurrent_calls: int = 1000
    nice: int = Field(default=0, ge=0, le=19)
    stop_grace_seconds: float = 5.0


class ConfigurationError(Exception):
    """The settings do not suffice. The message names every unset, unreadable and unknown one at once."""


def load(settings: type[S], environment: Mapping[str, str] | None = None) -> S:
    """Read the settings of a service; refuse with all faults in one ConfigurationError.

    A variable with our prefix that the service does not know is a fault too: it is most often a misspelling.
    """
    environment = os.environ if environment is None else environment
    known = {PREFIX + name.upper() for name in settings.model_fields}
    faults = [
        _unknown(name, known)
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known | ELSEWHERE
    ]
    try:
        loaded = settings()  # type: ignore[call-arg]  # the fields come from the environment
    except ValidationError as error:
        raise refusal(error, faults) from None
    if faults:
        raise ConfigurationError(_all(faults))
    return loaded


def refusal(error: ValidationError, others: Sequence[str] = ()) -> ConfigurationError:
    """Settings that could not be taken, as one error that names every fault."""
    faults = [_fault(PREFIX + str(e["loc"][0]).upper(), e["type"], e["msg"]) for e in error.errors()]
    return ConfigurationError(_all([*faults, *others]))


def _all(faults: list[str]) -> str:
    return "NT-9001 settings: " + "; ".join(faults) + ". Every setting is described in deploy/README.md."


def _fault(name: str, kind: str, message: str) -> str:
    return f"{name} is not set" if kind == "missing" else f"{name}: {message}"


def _unknown(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is not a setting here" + (f", did you mean {near[0]}?" if near else "")
