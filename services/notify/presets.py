"""Kinds that are followed with a word: leader, operations, technical. Each promises what it will not pass."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.notify.kinds import Kind

FILE = Path(__file__).with_name("presets.toml")


@dataclass(frozen=True)
class Preset:
    """One preset.

    gather_days      quarters that changed within so many days are told in one message, the first at once; 0: as they come
    most_per_month   messages in a calendar month, answers to what one sends oneself not counted; one of them tells the others
    put_off          why the digest holds messages that would have passed it, by language: count of them, most
    """

    kinds: tuple[Kind, ...]
    gather_days: int
    most_per_month: int
    text: Mapping[str, str]
    put_off: Mapping[str, str]


@functools.cache
def entries() -> Mapping[str, Preset]:
    """Every preset by its name."""
    content = tomllib.loads(FILE.read_text())
    return {name: Preset(tuple(Kind[k] for k in one.pop("kinds")), **one) for name, one in content.items()}
