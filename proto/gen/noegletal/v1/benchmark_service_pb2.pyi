import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from noegletal.v1 import benchmark_pb2 as _benchmark_pb2
from noegletal.v1 import explanation_pb2 as _explanation_pb2
from noegletal.v1 import statistics_pb2 as _statistics_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AsOf(_message.Message):
    __slots__ = ("vintage", "time")
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    TIME_FIELD_NUMBER: _ClassVar[int]
    vintage: int
    time: _timestamp_pb2.Timestamp
    def __init__(self, vintage: _Optional[int] = ..., time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetBenchmarkRequest(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "key_figure", "as_of", "quantile_type", "method_version")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    QUANTILE_TYPE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    key_figure: str
    as_of: AsOf
    quantile_type: int
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., as_of: _Optional[_Union[AsOf, _Mapping]] = ..., quantile_type: _Optional[int] = ..., method_version: _Optional[str] = ...) -> None: ...

class GetBenchmarkResponse(_message.Message):
    __slots__ = ("cell",)
    CELL_FIELD_NUMBER: _ClassVar[int]
    cell: _benchmark_pb2.Cell
    def __init__(self, cell: _Optional[_Union[_benchmark_pb2.Cell, _Mapping]] = ...) -> None: ...

class ListBenchmarksRequest(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "key_figure", "as_of", "quantile_type", "page_size", "page_token", "method_version")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    QUANTILE_TYPE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    key_figure: str
    as_of: AsOf
    quantile_type: int
    page_size: int
    page_token: str
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., as_of: _Optional[_Union[AsOf, _Mapping]] = ..., quantile_type: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., method_version: _Optional[str] = ...) -> None: ...

class ListBenchmarksResponse(_message.Message):
    __slots__ = ("cells", "next_page_token")
    CELLS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    cells: _containers.RepeatedCompositeFieldContainer[_benchmark_pb2.Cell]
    next_page_token: str
    def __init__(self, cells: _Optional[_Iterable[_Union[_benchmark_pb2.Cell, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetStandingRequest(_message.Message):
    __slots__ = ("scheme", "period", "unit_id", "key_figure", "peer_group", "as_of", "method_version")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    unit_id: str
    key_figure: str
    peer_group: str
    as_of: AsOf
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., unit_id: _Optional[str] = ..., key_figure: _Optional[str] = ..., peer_group: _Optional[str] = ..., as_of: _Optional[_Union[AsOf, _Mapping]] = ..., method_version: _Optional[str] = ...) -> None: ...

class PlacedStanding(_message.Message):
    __slots__ = ("scheme", "period", "unit_id", "peer_group", "key_figure", "standing", "scale", "vintage", "standing_class", "class_text", "is_shown", "level", "levels", "flags", "not_computable", "method_version")
    class ClassTextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    STANDING_CLASS_FIELD_NUMBER: _ClassVar[int]
    CLASS_TEXT_FIELD_NUMBER: _ClassVar[int]
    IS_SHOWN_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    NOT_COMPUTABLE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    unit_id: str
    peer_group: str
    key_figure: str
    standing: _benchmark_pb2.Standing
    scale: int
    vintage: int
    standing_class: _statistics_pb2.StandingClass
    class_text: _containers.ScalarMap[str, str]
    is_shown: bool
    level: int
    levels: int
    flags: _containers.RepeatedScalarFieldContainer[_statistics_pb2.Flag]
    not_computable: _containers.RepeatedScalarFieldContainer[_statistics_pb2.Look]
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., unit_id: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., standing: _Optional[_Union[_benchmark_pb2.Standing, _Mapping]] = ..., scale: _Optional[int] = ..., vintage: _Optional[int] = ..., standing_class: _Optional[_Union[_statistics_pb2.StandingClass, str]] = ..., class_text: _Optional[_Mapping[str, str]] = ..., is_shown: _Optional[bool] = ..., level: _Optional[int] = ..., levels: _Optional[int] = ..., flags: _Optional[_Iterable[_Union[_statistics_pb2.Flag, str]]] = ..., not_computable: _Optional[_Iterable[_Union[_statistics_pb2.Look, str]]] = ..., method_version: _Optional[str] = ...) -> None: ...

class GetStandingResponse(_message.Message):
    __slots__ = ("standings",)
    STANDINGS_FIELD_NUMBER: _ClassVar[int]
    standings: _containers.RepeatedCompositeFieldContainer[PlacedStanding]
    def __init__(self, standings: _Optional[_Iterable[_Union[PlacedStanding, _Mapping]]] = ...) -> None: ...

class ListStandingsRequest(_message.Message):
    __slots__ = ("scheme", "period", "as_of", "page_size", "page_token", "method_version")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    as_of: AsOf
    page_size: int
    page_token: str
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., as_of: _Optional[_Union[AsOf, _Mapping]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., method_version: _Optional[str] = ...) -> None: ...

class ListStandingsResponse(_message.Message):
    __slots__ = ("standings", "next_page_token")
    STANDINGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    standings: _containers.RepeatedCompositeFieldContainer[PlacedStanding]
    next_page_token: str
    def __init__(self, standings: _Optional[_Iterable[_Union[PlacedStanding, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ("scheme", "period", "unit_id", "key_figure", "peer_group", "vintage_before", "vintage_after", "measure", "method_version_before", "method_version_after")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_BEFORE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_AFTER_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    unit_id: str
    key_figure: str
    peer_group: str
    vintage_before: int
    vintage_after: int
    measure: _benchmark_pb2.Measure
    method_version_before: str
    method_version_after: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., unit_id: _Optional[str] = ..., key_figure: _Optional[str] = ..., peer_group: _Optional[str] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., measure: _Optional[_Union[_benchmark_pb2.Measure, str]] = ..., method_version_before: _Optional[str] = ..., method_version_after: _Optional[str] = ...) -> None: ...

class ExplainResponse(_message.Message):
    __slots__ = ("explanation",)
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    explanation: _benchmark_pb2.Explanation
    def __init__(self, explanation: _Optional[_Union[_benchmark_pb2.Explanation, _Mapping]] = ...) -> None: ...

class ExplainCellRequest(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "key_figure", "vintage_before", "vintage_after", "method_version_before", "method_version_after")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_BEFORE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_AFTER_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    key_figure: str
    vintage_before: int
    vintage_after: int
    method_version_before: str
    method_version_after: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., method_version_before: _Optional[str] = ..., method_version_after: _Optional[str] = ...) -> None: ...

class ExplainCellResponse(_message.Message):
    __slots__ = ("explanation",)
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    explanation: _explanation_pb2.CellExplanation
    def __init__(self, explanation: _Optional[_Union[_explanation_pb2.CellExplanation, _Mapping]] = ...) -> None: ...

class ExplainOrganisationRequest(_message.Message):
    __slots__ = ("scheme", "period", "organisation_id", "key_figure", "vintage_before", "vintage_after", "measure", "page_size", "page_token")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    organisation_id: str
    key_figure: str
    vintage_before: int
    vintage_after: int
    measure: _benchmark_pb2.Measure
    page_size: int
    page_token: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., organisation_id: _Optional[str] = ..., key_figure: _Optional[str] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., measure: _Optional[_Union[_benchmark_pb2.Measure, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ExplainOrganisationResponse(_message.Message):
    __slots__ = ("explanation", "next_page_token")
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    explanation: _explanation_pb2.OrganisationExplanation
    next_page_token: str
    def __init__(self, explanation: _Optional[_Union[_explanation_pb2.OrganisationExplanation, _Mapping]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListRecordsRequest(_message.Message):
    __slots__ = ("scheme", "period", "vintage", "page_size", "page_token", "release")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    vintage: int
    page_size: int
    page_token: str
    release: int
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., vintage: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., release: _Optional[int] = ...) -> None: ...

class Record(_message.Message):
    __slots__ = ("unit_id", "receipt_id", "revision", "method_version")
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    receipt_id: str
    revision: int
    method_version: str
    def __init__(self, unit_id: _Optional[str] = ..., receipt_id: _Optional[str] = ..., revision: _Optional[int] = ..., method_version: _Optional[str] = ...) -> None: ...

class ListRecordsResponse(_message.Message):
    __slots__ = ("records", "next_page_token", "method_version")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[Record]
    next_page_token: str
    method_version: str
    def __init__(self, records: _Optional[_Iterable[_Union[Record, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., method_version: _Optional[str] = ...) -> None: ...

class FindPublicationRequest(_message.Message):
    __slots__ = ("event_id",)
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    event_id: str
    def __init__(self, event_id: _Optional[str] = ...) -> None: ...

class FindPublicationResponse(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "vintage", "method_version")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    vintage: int
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., vintage: _Optional[int] = ..., method_version: _Optional[str] = ...) -> None: ...

class WatchBenchmarksRequest(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "resume_token")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    resume_token: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., resume_token: _Optional[str] = ...) -> None: ...

class WatchBenchmarksResponse(_message.Message):
    __slots__ = ("update", "resume_token", "snapshot")
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    update: _benchmark_pb2.BenchmarkUpdated
    resume_token: str
    snapshot: bool
    def __init__(self, update: _Optional[_Union[_benchmark_pb2.BenchmarkUpdated, _Mapping]] = ..., resume_token: _Optional[str] = ..., snapshot: _Optional[bool] = ...) -> None: ...

class TrendRequest(_message.Message):
    __slots__ = ("scheme", "unit_id", "key_figure", "peer_group", "limits", "months", "as_of", "method_version")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    MONTHS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    unit_id: str
    key_figure: str
    peer_group: str
    limits: str
    months: bool
    as_of: AsOf
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., unit_id: _Optional[str] = ..., key_figure: _Optional[str] = ..., peer_group: _Optional[str] = ..., limits: _Optional[str] = ..., months: _Optional[bool] = ..., as_of: _Optional[_Union[AsOf, _Mapping]] = ..., method_version: _Optional[str] = ...) -> None: ...

class TrendResponse(_message.Message):
    __slots__ = ("trend",)
    TREND_FIELD_NUMBER: _ClassVar[int]
    trend: _statistics_pb2.Trend
    def __init__(self, trend: _Optional[_Union[_statistics_pb2.Trend, _Mapping]] = ...) -> None: ...

class ListTwinsRequest(_message.Message):
    __slots__ = ("scheme", "unit_id", "period", "key_figure", "as_of", "method_version")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    unit_id: str
    period: str
    key_figure: str
    as_of: AsOf
    method_version: str
    def __init__(self, scheme: _Optional[str] = ..., unit_id: _Optional[str] = ..., period: _Optional[str] = ..., key_figure: _Optional[str] = ..., as_of: _Optional[_Union[AsOf, _Mapping]] = ..., method_version: _Optional[str] = ...) -> None: ...

class ListTwinsResponse(_message.Message):
    __slots__ = ("twins", "matched_on", "matched_value", "scales_year", "standings", "cells", "vintage")
    TWINS_FIELD_NUMBER: _ClassVar[int]
    MATCHED_ON_FIELD_NUMBER: _ClassVar[int]
    MATCHED_VALUE_FIELD_NUMBER: _ClassVar[int]
    SCALES_YEAR_FIELD_NUMBER: _ClassVar[int]
    STANDINGS_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    twins: _containers.RepeatedCompositeFieldContainer[_statistics_pb2.Twin]
    matched_on: str
    matched_value: str
    scales_year: str
    standings: _containers.RepeatedCompositeFieldContainer[PlacedStanding]
    cells: _containers.RepeatedCompositeFieldContainer[_benchmark_pb2.Cell]
    vintage: int
    def __init__(self, twins: _Optional[_Iterable[_Union[_statistics_pb2.Twin, _Mapping]]] = ..., matched_on: _Optional[str] = ..., matched_value: _Optional[str] = ..., scales_year: _Optional[str] = ..., standings: _Optional[_Iterable[_Union[PlacedStanding, _Mapping]]] = ..., cells: _Optional[_Iterable[_Union[_benchmark_pb2.Cell, _Mapping]]] = ..., vintage: _Optional[int] = ...) -> None: ...
