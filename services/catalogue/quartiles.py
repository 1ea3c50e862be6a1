"""Quartiles of a closed period, frozen in a file: what figures of later periods are held against. Exact decimals."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.catalogue.consistency import shape_faults

HEADING = """\
# Quartiles of a closed period, frozen: figures of later periods are held against them. Ratios in natural units, as published.
# Written by `noegletal definitions fences`. The file's bytes are named in the rule set; change nothing by hand.
"""


class FencesError(Exception):
    """A fences file cannot be used. `faults` has every one of them."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        super().__init__(f"{path.name}: " + "; ".join(faults))
        self.path, self.faults = path, faults


class Quartiles(BaseModel):
    """Of one key figure in one peer group: how many units, and the ratios, not yet times the factor they are shown by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: int = Field(gt=0)
    q1: Decimal
    median: Decimal
    q3: Decimal

    @model_validator(mode="after")
    def _in_order(self) -> "Quartiles":
        if not self.q1 <= self.median <= self.q3:
            raise ValueError(f"q1 {self.q1}, median {self.median}, q3 {self.q3} do not run upwards")
        return self


class Frozen(BaseModel):
    """One scheme's quartiles of one period: key figure -> peer group -> quartiles. What is not there has no fences."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scheme: str = Field(min_length=1)
    period: str = Field(min_length=4)
    source: str = Field(min_length=1)
    quartiles: Mapping[str, Mapping[str, Quartiles]]
    digest: str = ""  # sha256 of the file

    @property
    def name(self) -> str:
        """Names them down to the byte, for the rule set."""
        return f"fences-{self.period}#{self.digest[:12]}"

    def judging(self, scheme: str, period: str) -> "Frozen | None":
        """Itself where it may judge a period: of the same scheme and of an earlier period of the same kind. Else None."""
        earlier = len(self.period) == len(period) and self.period < period
        return self if scheme == self.scheme and earlier else None

    def narrowest(self, key_figure: str, groups: Sequence[str], least: int) -> tuple[str, Quartiles] | None:
        """The last of a unit's groups, wide to narrow, with quartiles of so many units at least; None where there is none."""
        known = {group: q for group, q in self.quartiles.get(key_figure, {}).items() if q.units >= least}
        return next(((group, known[group]) for group in reversed(groups) if group in known), None)


def load(path: Path) -> Frozen:
    """Read a fences file. Raises FencesError with every fault in it, OSError where it cannot be read."""
    raw = path.read_bytes()
    try:
        content = tomllib.loads(raw.decode(), parse_float=Decimal)
        return Frozen(**content | {"digest": hashlib.sha256(raw).hexdigest()})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FencesError(path, [f"is not TOML: {error}"]) from None
    except ValidationError as error:
        raise FencesError(path, shape_faults(error)) from None


def written(scheme: str, period: str, source: str, quartiles: Mapping[str, Mapping[str, Quartiles]]) -> str:
    """A fences file's text. The same quartiles in the same order give the same bytes."""
    lines = [HEADING, f"scheme = {_quoted(scheme)}", f"period = {_quoted(period)}", f"source = {_quoted(source)}"]
    for figure, groups in quartiles.items():
        lines += ["", f"[quartiles.{_quoted(figure)}]"]
        for group, q in groups.items():
            said = ", ".join(f"{name} = {_decimal(getattr(q, name))}" for name in ("q1", "median", "q3"))
            lines.append(f"{_quoted(group)} = {{ units = {q.units}, {said} }}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _decimal(value: Decimal) -> str:
    text = format(value, "f")
    return text if "." in text else f"{text}.0"
