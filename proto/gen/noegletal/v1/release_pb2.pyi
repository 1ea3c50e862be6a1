from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReleaseKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELEASE_KIND_UNSPECIFIED: _ClassVar[ReleaseKind]
    RELEASE_KIND_PROVISIONAL: _ClassVar[ReleaseKind]
    RELEASE_KIND_REVISED: _ClassVar[ReleaseKind]
    RELEASE_KIND_FINAL: _ClassVar[ReleaseKind]
    RELEASE_KIND_WITHDRAWAL: _ClassVar[ReleaseKind]

class ReleaseOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELEASE_OUTCOME_UNSPECIFIED: _ClassVar[ReleaseOutcome]
    RELEASE_OUTCOME_RELEASED: _ClassVar[ReleaseOutcome]
    RELEASE_OUTCOME_HELD_BACK: _ClassVar[ReleaseOutcome]
    RELEASE_OUTCOME_WAITING: _ClassVar[ReleaseOutcome]
    RELEASE_OUTCOME_SUPPRESSED: _ClassVar[ReleaseOutcome]
    RELEASE_OUTCOME_WITHDRAWN: _ClassVar[ReleaseOutcome]

class HeldBack(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HELD_BACK_UNSPECIFIED: _ClassVar[HeldBack]
    HELD_BACK_TOO_FEW_CHANGED: _ClassVar[HeldBack]
    HELD_BACK_AUDIT: _ClassVar[HeldBack]
    HELD_BACK_FINAL_AT_RISK: _ClassVar[HeldBack]
RELEASE_KIND_UNSPECIFIED: ReleaseKind
RELEASE_KIND_PROVISIONAL: ReleaseKind
RELEASE_KIND_REVISED: ReleaseKind
RELEASE_KIND_FINAL: ReleaseKind
RELEASE_KIND_WITHDRAWAL: ReleaseKind
RELEASE_OUTCOME_UNSPECIFIED: ReleaseOutcome
RELEASE_OUTCOME_RELEASED: ReleaseOutcome
RELEASE_OUTCOME_HELD_BACK: ReleaseOutcome
RELEASE_OUTCOME_WAITING: ReleaseOutcome
RELEASE_OUTCOME_SUPPRESSED: ReleaseOutcome
RELEASE_OUTCOME_WITHDRAWN: ReleaseOutcome
HELD_BACK_UNSPECIFIED: HeldBack
HELD_BACK_TOO_FEW_CHANGED: HeldBack
HELD_BACK_AUDIT: HeldBack
HELD_BACK_FINAL_AT_RISK: HeldBack

class CellDecision(_message.Message):
    __slots__ = ("key_figure", "peer_group", "outcome", "held_back", "units", "holders", "rounding_base", "pooled", "p10", "q1", "median", "q3", "p90")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    HELD_BACK_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_BASE_FIELD_NUMBER: _ClassVar[int]
    POOLED_FIELD_NUMBER: _ClassVar[int]
    P10_FIELD_NUMBER: _ClassVar[int]
    Q1_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_FIELD_NUMBER: _ClassVar[int]
    Q3_FIELD_NUMBER: _ClassVar[int]
    P90_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    peer_group: str
    outcome: ReleaseOutcome
    held_back: HeldBack
    units: int
    holders: int
    rounding_base: str
    pooled: str
    p10: str
    q1: str
    median: str
    q3: str
    p90: str
    def __init__(self, key_figure: _Optional[str] = ..., peer_group: _Optional[str] = ..., outcome: _Optional[_Union[ReleaseOutcome, str]] = ..., held_back: _Optional[_Union[HeldBack, str]] = ..., units: _Optional[int] = ..., holders: _Optional[int] = ..., rounding_base: _Optional[str] = ..., pooled: _Optional[str] = ..., p10: _Optional[str] = ..., q1: _Optional[str] = ..., median: _Optional[str] = ..., q3: _Optional[str] = ..., p90: _Optional[str] = ...) -> None: ...

class ReleaseDecided(_message.Message):
    __slots__ = ("scheme", "period", "number", "kind", "vintage", "made_on", "rules", "method_version", "decisions", "reason")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    MADE_ON_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    number: int
    kind: ReleaseKind
    vintage: int
    made_on: str
    rules: str
    method_version: str
    decisions: _containers.RepeatedCompositeFieldContainer[CellDecision]
    reason: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., number: _Optional[int] = ..., kind: _Optional[_Union[ReleaseKind, str]] = ..., vintage: _Optional[int] = ..., made_on: _Optional[str] = ..., rules: _Optional[str] = ..., method_version: _Optional[str] = ..., decisions: _Optional[_Iterable[_Union[CellDecision, _Mapping]]] = ..., reason: _Optional[str] = ...) -> None: ...
