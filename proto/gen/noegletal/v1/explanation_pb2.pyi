from noegletal.v1 import benchmark_pb2 as _benchmark_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CellStatistic(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CELL_STATISTIC_UNSPECIFIED: _ClassVar[CellStatistic]
    CELL_STATISTIC_POOLED: _ClassVar[CellStatistic]
    CELL_STATISTIC_Q1: _ClassVar[CellStatistic]
    CELL_STATISTIC_MEDIAN: _ClassVar[CellStatistic]
    CELL_STATISTIC_Q3: _ClassVar[CellStatistic]
CELL_STATISTIC_UNSPECIFIED: CellStatistic
CELL_STATISTIC_POOLED: CellStatistic
CELL_STATISTIC_Q1: CellStatistic
CELL_STATISTIC_MEDIAN: CellStatistic
CELL_STATISTIC_Q3: CellStatistic

class CellPart(_message.Message):
    __slots__ = ("step", "value_e9", "shown", "units", "organisations")
    STEP_FIELD_NUMBER: _ClassVar[int]
    VALUE_E9_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATIONS_FIELD_NUMBER: _ClassVar[int]
    step: _benchmark_pb2.Step
    value_e9: int
    shown: int
    units: int
    organisations: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, step: _Optional[_Union[_benchmark_pb2.Step, str]] = ..., value_e9: _Optional[int] = ..., shown: _Optional[int] = ..., units: _Optional[int] = ..., organisations: _Optional[_Iterable[str]] = ...) -> None: ...

class CellChange(_message.Message):
    __slots__ = ("statistic", "before_e9", "after_e9", "before_shown", "after_shown", "parts", "text")
    class TextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    STATISTIC_FIELD_NUMBER: _ClassVar[int]
    BEFORE_E9_FIELD_NUMBER: _ClassVar[int]
    AFTER_E9_FIELD_NUMBER: _ClassVar[int]
    BEFORE_SHOWN_FIELD_NUMBER: _ClassVar[int]
    AFTER_SHOWN_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    statistic: CellStatistic
    before_e9: int
    after_e9: int
    before_shown: int
    after_shown: int
    parts: _containers.RepeatedCompositeFieldContainer[CellPart]
    text: _containers.ScalarMap[str, str]
    def __init__(self, statistic: _Optional[_Union[CellStatistic, str]] = ..., before_e9: _Optional[int] = ..., after_e9: _Optional[int] = ..., before_shown: _Optional[int] = ..., after_shown: _Optional[int] = ..., parts: _Optional[_Iterable[_Union[CellPart, _Mapping]]] = ..., text: _Optional[_Mapping[str, str]] = ...) -> None: ...

class CellExplanation(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "key_figure", "vintage_before", "vintage_after", "method_version_before", "method_version_after", "units_before", "units_after", "changes", "suppression", "decimals", "unit", "release_before", "release_after")
    class UnitEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_BEFORE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_AFTER_FIELD_NUMBER: _ClassVar[int]
    UNITS_BEFORE_FIELD_NUMBER: _ClassVar[int]
    UNITS_AFTER_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_FIELD_NUMBER: _ClassVar[int]
    DECIMALS_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    RELEASE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    RELEASE_AFTER_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    key_figure: str
    vintage_before: int
    vintage_after: int
    method_version_before: str
    method_version_after: str
    units_before: int
    units_after: int
    changes: _containers.RepeatedCompositeFieldContainer[CellChange]
    suppression: _benchmark_pb2.Suppression
    decimals: int
    unit: _containers.ScalarMap[str, str]
    release_before: int
    release_after: int
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., method_version_before: _Optional[str] = ..., method_version_after: _Optional[str] = ..., units_before: _Optional[int] = ..., units_after: _Optional[int] = ..., changes: _Optional[_Iterable[_Union[CellChange, _Mapping]]] = ..., suppression: _Optional[_Union[_benchmark_pb2.Suppression, str]] = ..., decimals: _Optional[int] = ..., unit: _Optional[_Mapping[str, str]] = ..., release_before: _Optional[int] = ..., release_after: _Optional[int] = ...) -> None: ...

class FigureTally(_message.Message):
    __slots__ = ("key_figure", "risen", "fallen", "level", "joined", "left")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    RISEN_FIELD_NUMBER: _ClassVar[int]
    FALLEN_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    JOINED_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    risen: int
    fallen: int
    level: int
    joined: int
    left: int
    def __init__(self, key_figure: _Optional[str] = ..., risen: _Optional[int] = ..., fallen: _Optional[int] = ..., level: _Optional[int] = ..., joined: _Optional[int] = ..., left: _Optional[int] = ...) -> None: ...

class OrganisationExplanation(_message.Message):
    __slots__ = ("organisation_id", "scheme", "period", "vintage_before", "vintage_after", "figures", "explanations")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    EXPLANATIONS_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    scheme: str
    period: str
    vintage_before: int
    vintage_after: int
    figures: _containers.RepeatedCompositeFieldContainer[FigureTally]
    explanations: _containers.RepeatedCompositeFieldContainer[_benchmark_pb2.Explanation]
    def __init__(self, organisation_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., figures: _Optional[_Iterable[_Union[FigureTally, _Mapping]]] = ..., explanations: _Optional[_Iterable[_Union[_benchmark_pb2.Explanation, _Mapping]]] = ...) -> None: ...
