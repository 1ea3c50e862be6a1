from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FunnelAbsence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FUNNEL_ABSENCE_UNSPECIFIED: _ClassVar[FunnelAbsence]
    FUNNEL_ABSENCE_MONEY: _ClassVar[FunnelAbsence]
    FUNNEL_ABSENCE_NOT_COUNTED: _ClassVar[FunnelAbsence]
    FUNNEL_ABSENCE_TOO_FEW: _ClassVar[FunnelAbsence]
    FUNNEL_ABSENCE_LEVEL: _ClassVar[FunnelAbsence]

class StandingClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STANDING_CLASS_UNSPECIFIED: _ClassVar[StandingClass]
    STANDING_CLASS_BEST_QUARTER: _ClassVar[StandingClass]
    STANDING_CLASS_MIDDLE: _ClassVar[StandingClass]
    STANDING_CLASS_WORST_QUARTER: _ClassVar[StandingClass]
    STANDING_CLASS_HIGHER_THAN_MOST: _ClassVar[StandingClass]
    STANDING_CLASS_LOWER_THAN_MOST: _ClassVar[StandingClass]

class Flag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FLAG_UNSPECIFIED: _ClassVar[Flag]
    FLAG_BELOW_FENCE: _ClassVar[Flag]
    FLAG_ABOVE_FENCE: _ClassVar[Flag]
    FLAG_FAR_FROM_MEDIAN: _ClassVar[Flag]
    FLAG_FELL: _ClassVar[Flag]
    FLAG_ROSE: _ClassVar[Flag]
    FLAG_FUNNEL_LOW_2: _ClassVar[Flag]
    FLAG_FUNNEL_HIGH_2: _ClassVar[Flag]
    FLAG_FUNNEL_LOW_3: _ClassVar[Flag]
    FLAG_FUNNEL_HIGH_3: _ClassVar[Flag]

class Look(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LOOK_UNSPECIFIED: _ClassVar[Look]
    LOOK_FENCES: _ClassVar[Look]
    LOOK_DEVIATION: _ClassVar[Look]
    LOOK_CHANGE: _ClassVar[Look]
    LOOK_FUNNEL: _ClassVar[Look]

class Signal(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNAL_UNSPECIFIED: _ClassVar[Signal]
    SIGNAL_OUTSIDE: _ClassVar[Signal]
    SIGNAL_ONE_SIDE: _ClassVar[Signal]
    SIGNAL_RISING: _ClassVar[Signal]
    SIGNAL_FALLING: _ClassVar[Signal]
FUNNEL_ABSENCE_UNSPECIFIED: FunnelAbsence
FUNNEL_ABSENCE_MONEY: FunnelAbsence
FUNNEL_ABSENCE_NOT_COUNTED: FunnelAbsence
FUNNEL_ABSENCE_TOO_FEW: FunnelAbsence
FUNNEL_ABSENCE_LEVEL: FunnelAbsence
STANDING_CLASS_UNSPECIFIED: StandingClass
STANDING_CLASS_BEST_QUARTER: StandingClass
STANDING_CLASS_MIDDLE: StandingClass
STANDING_CLASS_WORST_QUARTER: StandingClass
STANDING_CLASS_HIGHER_THAN_MOST: StandingClass
STANDING_CLASS_LOWER_THAN_MOST: StandingClass
FLAG_UNSPECIFIED: Flag
FLAG_BELOW_FENCE: Flag
FLAG_ABOVE_FENCE: Flag
FLAG_FAR_FROM_MEDIAN: Flag
FLAG_FELL: Flag
FLAG_ROSE: Flag
FLAG_FUNNEL_LOW_2: Flag
FLAG_FUNNEL_HIGH_2: Flag
FLAG_FUNNEL_LOW_3: Flag
FLAG_FUNNEL_HIGH_3: Flag
LOOK_UNSPECIFIED: Look
LOOK_FENCES: Look
LOOK_DEVIATION: Look
LOOK_CHANGE: Look
LOOK_FUNNEL: Look
SIGNAL_UNSPECIFIED: Signal
SIGNAL_OUTSIDE: Signal
SIGNAL_ONE_SIDE: Signal
SIGNAL_RISING: Signal
SIGNAL_FALLING: Signal

class Interval(_message.Message):
    __slots__ = ("twentieths", "lower", "upper", "coverage_e4")
    TWENTIETHS_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_E4_FIELD_NUMBER: _ClassVar[int]
    twentieths: int
    lower: float
    upper: float
    coverage_e4: int
    def __init__(self, twentieths: _Optional[int] = ..., lower: _Optional[float] = ..., upper: _Optional[float] = ..., coverage_e4: _Optional[int] = ...) -> None: ...

class Funnel(_message.Message):
    __slots__ = ("absence", "target", "within", "between")
    ABSENCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    WITHIN_FIELD_NUMBER: _ClassVar[int]
    BETWEEN_FIELD_NUMBER: _ClassVar[int]
    absence: FunnelAbsence
    target: float
    within: float
    between: float
    def __init__(self, absence: _Optional[_Union[FunnelAbsence, str]] = ..., target: _Optional[float] = ..., within: _Optional[float] = ..., between: _Optional[float] = ...) -> None: ...

class TrendPoint(_message.Message):
    __slots__ = ("period", "vintage", "value", "q1", "median", "q3", "units", "awaited", "signals", "flags", "change_computable", "method_version", "release_number")
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    Q1_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_FIELD_NUMBER: _ClassVar[int]
    Q3_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    AWAITED_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_COMPUTABLE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    RELEASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    period: str
    vintage: int
    value: float
    q1: float
    median: float
    q3: float
    units: int
    awaited: int
    signals: _containers.RepeatedScalarFieldContainer[Signal]
    flags: _containers.RepeatedScalarFieldContainer[Flag]
    change_computable: bool
    method_version: str
    release_number: int
    def __init__(self, period: _Optional[str] = ..., vintage: _Optional[int] = ..., value: _Optional[float] = ..., q1: _Optional[float] = ..., median: _Optional[float] = ..., q3: _Optional[float] = ..., units: _Optional[int] = ..., awaited: _Optional[int] = ..., signals: _Optional[_Iterable[_Union[Signal, str]]] = ..., flags: _Optional[_Iterable[_Union[Flag, str]]] = ..., change_computable: _Optional[bool] = ..., method_version: _Optional[str] = ..., release_number: _Optional[int] = ...) -> None: ...

class Trend(_message.Message):
    __slots__ = ("scheme", "unit_id", "peer_group", "key_figure", "points", "centre", "lower", "upper", "limits")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    CENTRE_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    unit_id: str
    peer_group: str
    key_figure: str
    points: _containers.RepeatedCompositeFieldContainer[TrendPoint]
    centre: float
    lower: float
    upper: float
    limits: str
    def __init__(self, scheme: _Optional[str] = ..., unit_id: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., points: _Optional[_Iterable[_Union[TrendPoint, _Mapping]]] = ..., centre: _Optional[float] = ..., lower: _Optional[float] = ..., upper: _Optional[float] = ..., limits: _Optional[str] = ...) -> None: ...

class TwinPart(_message.Message):
    __slots__ = ("attribute", "apart_e6", "share_e4")
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    APART_E6_FIELD_NUMBER: _ClassVar[int]
    SHARE_E4_FIELD_NUMBER: _ClassVar[int]
    attribute: str
    apart_e6: int
    share_e4: int
    def __init__(self, attribute: _Optional[str] = ..., apart_e6: _Optional[int] = ..., share_e4: _Optional[int] = ...) -> None: ...

class Twin(_message.Message):
    __slots__ = ("unit_id", "organisation_id", "distance_e6", "parts")
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_E6_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    organisation_id: str
    distance_e6: int
    parts: _containers.RepeatedCompositeFieldContainer[TwinPart]
    def __init__(self, unit_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., distance_e6: _Optional[int] = ..., parts: _Optional[_Iterable[_Union[TwinPart, _Mapping]]] = ...) -> None: ...
