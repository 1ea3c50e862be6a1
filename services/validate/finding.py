"""What a rule says: the finding and how much it weighs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How much a finding weighs; the numbers of the contract."""

    ERROR = 1
    CONFIRM = 2
    NOTE = 3


@dataclass(frozen=True)
class Finding:
    """A rule's verdict. `data_point` and `key_figure` are empty where it concerns the submission."""

    code: str
    severity: Severity
    data_point: str = ""
    key_figure: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
