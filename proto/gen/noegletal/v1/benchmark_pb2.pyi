from noegletal.v1 import assessment_pb2 as _assessment_pb2
from noegletal.v1 import release_pb2 as _release_pb2
from noegletal.v1 import statistics_pb2 as _statistics_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Suppression(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUPPRESSION_UNSPECIFIED: _ClassVar[Suppression]
    SUPPRESSION_TOO_FEW: _ClassVar[Suppression]
    SUPPRESSION_NOT_RELEASED: _ClassVar[Suppression]

class Step(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STEP_UNSPECIFIED: _ClassVar[Step]
    STEP_METHOD: _ClassVar[Step]
    STEP_OWN_FIGURE: _ClassVar[Step]
    STEP_PEER_CORRECTIONS: _ClassVar[Step]
    STEP_JOINED: _ClassVar[Step]
    STEP_LEFT: _ClassVar[Step]
    STEP_MOVED_GROUP: _ClassVar[Step]

class Measure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MEASURE_UNSPECIFIED: _ClassVar[Measure]
    MEASURE_POSITION: _ClassVar[Measure]
    MEASURE_PERCENTILE: _ClassVar[Measure]
    MEASURE_QUARTILE: _ClassVar[Measure]
    MEASURE_GAP: _ClassVar[Measure]
SUPPRESSION_UNSPECIFIED: Suppression
SUPPRESSION_TOO_FEW: Suppression
SUPPRESSION_NOT_RELEASED: Suppression
STEP_UNSPECIFIED: Step
STEP_METHOD: Step
STEP_OWN_FIGURE: Step
STEP_PEER_CORRECTIONS: Step
STEP_JOINED: Step
STEP_LEFT: Step
STEP_MOVED_GROUP: Step
MEASURE_UNSPECIFIED: Measure
MEASURE_POSITION: Measure
MEASURE_PERCENTILE: Measure
MEASURE_QUARTILE: Measure
MEASURE_GAP: Measure

class AbsenceCount(_message.Message):
    __slots__ = ("absence", "units")
    ABSENCE_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    absence: _assessment_pb2.Absence
    units: int
    def __init__(self, absence: _Optional[_Union[_assessment_pb2.Absence, str]] = ..., units: _Optional[int] = ...) -> None: ...

class Cell(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "key_figure", "units", "holders", "reported", "expected", "numerator_sum", "denominator_sum", "pooled", "p10", "q1", "median", "q3", "p90", "suppression", "quantile_type", "vintage", "method_version", "scale", "absences", "awaited", "intervals", "final_intervals", "funnel", "release_number", "release_kind", "rounding_base")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    REPORTED_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_SUM_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_SUM_FIELD_NUMBER: _ClassVar[int]
    POOLED_FIELD_NUMBER: _ClassVar[int]
    P10_FIELD_NUMBER: _ClassVar[int]
    Q1_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_FIELD_NUMBER: _ClassVar[int]
    Q3_FIELD_NUMBER: _ClassVar[int]
    P90_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSION_FIELD_NUMBER: _ClassVar[int]
    QUANTILE_TYPE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    ABSENCES_FIELD_NUMBER: _ClassVar[int]
    AWAITED_FIELD_NUMBER: _ClassVar[int]
    INTERVALS_FIELD_NUMBER: _ClassVar[int]
    FINAL_INTERVALS_FIELD_NUMBER: _ClassVar[int]
    FUNNEL_FIELD_NUMBER: _ClassVar[int]
    RELEASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    RELEASE_KIND_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_BASE_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    key_figure: str
    units: int
    holders: int
    reported: int
    expected: int
    numerator_sum: str
    denominator_sum: str
    pooled: float
    p10: float
    q1: float
    median: float
    q3: float
    p90: float
    suppression: Suppression
    quantile_type: int
    vintage: int
    method_version: str
    scale: int
    absences: _containers.RepeatedCompositeFieldContainer[AbsenceCount]
    awaited: int
    intervals: _containers.RepeatedCompositeFieldContainer[_statistics_pb2.Interval]
    final_intervals: _containers.RepeatedCompositeFieldContainer[_statistics_pb2.Interval]
    funnel: _statistics_pb2.Funnel
    release_number: int
    release_kind: _release_pb2.ReleaseKind
    rounding_base: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., units: _Optional[int] = ..., holders: _Optional[int] = ..., reported: _Optional[int] = ..., expected: _Optional[int] = ..., numerator_sum: _Optional[str] = ..., denominator_sum: _Optional[str] = ..., pooled: _Optional[float] = ..., p10: _Optional[float] = ..., q1: _Optional[float] = ..., median: _Optional[float] = ..., q3: _Optional[float] = ..., p90: _Optional[float] = ..., suppression: _Optional[_Union[Suppression, str]] = ..., quantile_type: _Optional[int] = ..., vintage: _Optional[int] = ..., method_version: _Optional[str] = ..., scale: _Optional[int] = ..., absences: _Optional[_Iterable[_Union[AbsenceCount, _Mapping]]] = ..., awaited: _Optional[int] = ..., intervals: _Optional[_Iterable[_Union[_statistics_pb2.Interval, _Mapping]]] = ..., final_intervals: _Optional[_Iterable[_Union[_statistics_pb2.Interval, _Mapping]]] = ..., funnel: _Optional[_Union[_statistics_pb2.Funnel, _Mapping]] = ..., release_number: _Optional[int] = ..., release_kind: _Optional[_Union[_release_pb2.ReleaseKind, str]] = ..., rounding_base: _Optional[str] = ...) -> None: ...

class BenchmarkUpdated(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "vintage", "method_version", "reported", "expected", "key_figures", "units", "holders", "numerator_sums", "denominator_sums", "statistics", "shown", "suppressions", "changed", "quantile_type", "absences", "awaited", "interval_places", "interval_lowers", "interval_uppers", "interval_coverages_e4", "release_numbers", "release_kinds", "rounding_bases")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    REPORTED_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_SUMS_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_SUMS_FIELD_NUMBER: _ClassVar[int]
    STATISTICS_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    QUANTILE_TYPE_FIELD_NUMBER: _ClassVar[int]
    ABSENCES_FIELD_NUMBER: _ClassVar[int]
    AWAITED_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_PLACES_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_LOWERS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_UPPERS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_COVERAGES_E4_FIELD_NUMBER: _ClassVar[int]
    RELEASE_NUMBERS_FIELD_NUMBER: _ClassVar[int]
    RELEASE_KINDS_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_BASES_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    vintage: int
    method_version: str
    reported: int
    expected: int
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    units: _containers.RepeatedScalarFieldContainer[int]
    holders: _containers.RepeatedScalarFieldContainer[int]
    numerator_sums: _containers.RepeatedScalarFieldContainer[str]
    denominator_sums: _containers.RepeatedScalarFieldContainer[str]
    statistics: _containers.RepeatedScalarFieldContainer[float]
    shown: bytes
    suppressions: _containers.RepeatedScalarFieldContainer[Suppression]
    changed: _containers.RepeatedScalarFieldContainer[int]
    quantile_type: int
    absences: _containers.RepeatedScalarFieldContainer[int]
    awaited: _containers.RepeatedScalarFieldContainer[int]
    interval_places: _containers.RepeatedScalarFieldContainer[int]
    interval_lowers: _containers.RepeatedScalarFieldContainer[float]
    interval_uppers: _containers.RepeatedScalarFieldContainer[float]
    interval_coverages_e4: _containers.RepeatedScalarFieldContainer[int]
    release_numbers: _containers.RepeatedScalarFieldContainer[int]
    release_kinds: _containers.RepeatedScalarFieldContainer[_release_pb2.ReleaseKind]
    rounding_bases: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., vintage: _Optional[int] = ..., method_version: _Optional[str] = ..., reported: _Optional[int] = ..., expected: _Optional[int] = ..., key_figures: _Optional[_Iterable[str]] = ..., units: _Optional[_Iterable[int]] = ..., holders: _Optional[_Iterable[int]] = ..., numerator_sums: _Optional[_Iterable[str]] = ..., denominator_sums: _Optional[_Iterable[str]] = ..., statistics: _Optional[_Iterable[float]] = ..., shown: _Optional[bytes] = ..., suppressions: _Optional[_Iterable[_Union[Suppression, str]]] = ..., changed: _Optional[_Iterable[int]] = ..., quantile_type: _Optional[int] = ..., absences: _Optional[_Iterable[int]] = ..., awaited: _Optional[_Iterable[int]] = ..., interval_places: _Optional[_Iterable[int]] = ..., interval_lowers: _Optional[_Iterable[float]] = ..., interval_uppers: _Optional[_Iterable[float]] = ..., interval_coverages_e4: _Optional[_Iterable[int]] = ..., release_numbers: _Optional[_Iterable[int]] = ..., release_kinds: _Optional[_Iterable[_Union[_release_pb2.ReleaseKind, str]]] = ..., rounding_bases: _Optional[_Iterable[str]] = ...) -> None: ...

class Standing(_message.Message):
    __slots__ = ("position", "units", "percentile_e4", "quartile", "gap_to_median_e9", "numerator", "denominator", "mid_rank", "release_number", "band_lower_percent", "band_upper_percent")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    PERCENTILE_E4_FIELD_NUMBER: _ClassVar[int]
    QUARTILE_FIELD_NUMBER: _ClassVar[int]
    GAP_TO_MEDIAN_E9_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    MID_RANK_FIELD_NUMBER: _ClassVar[int]
    RELEASE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    BAND_LOWER_PERCENT_FIELD_NUMBER: _ClassVar[int]
    BAND_UPPER_PERCENT_FIELD_NUMBER: _ClassVar[int]
    position: int
    units: int
    percentile_e4: int
    quartile: int
    gap_to_median_e9: int
    numerator: int
    denominator: int
    mid_rank: int
    release_number: int
    band_lower_percent: int
    band_upper_percent: int
    def __init__(self, position: _Optional[int] = ..., units: _Optional[int] = ..., percentile_e4: _Optional[int] = ..., quartile: _Optional[int] = ..., gap_to_median_e9: _Optional[int] = ..., numerator: _Optional[int] = ..., denominator: _Optional[int] = ..., mid_rank: _Optional[int] = ..., release_number: _Optional[int] = ..., band_lower_percent: _Optional[int] = ..., band_upper_percent: _Optional[int] = ...) -> None: ...

class ExplanationPart(_message.Message):
    __slots__ = ("step", "position", "percentile_e4", "quartile", "gap_to_median_e9", "units")
    STEP_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERCENTILE_E4_FIELD_NUMBER: _ClassVar[int]
    QUARTILE_FIELD_NUMBER: _ClassVar[int]
    GAP_TO_MEDIAN_E9_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    step: Step
    position: int
    percentile_e4: int
    quartile: int
    gap_to_median_e9: int
    units: int
    def __init__(self, step: _Optional[_Union[Step, str]] = ..., position: _Optional[int] = ..., percentile_e4: _Optional[int] = ..., quartile: _Optional[int] = ..., gap_to_median_e9: _Optional[int] = ..., units: _Optional[int] = ...) -> None: ...

class Explanation(_message.Message):
    __slots__ = ("unit_id", "scheme", "period", "peer_group", "key_figure", "vintage_before", "vintage_after", "before", "after", "parts", "method_version", "text", "peer_group_before", "measure", "priced", "priced_text", "method_version_before")
    class TextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class PricedTextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_BEFORE_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    PRICED_FIELD_NUMBER: _ClassVar[int]
    PRICED_TEXT_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_BEFORE_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    scheme: str
    period: str
    peer_group: str
    key_figure: str
    vintage_before: int
    vintage_after: int
    before: Standing
    after: Standing
    parts: _containers.RepeatedCompositeFieldContainer[ExplanationPart]
    method_version: str
    text: _containers.ScalarMap[str, str]
    peer_group_before: str
    measure: Measure
    priced: PricedGap
    priced_text: _containers.ScalarMap[str, str]
    method_version_before: str
    def __init__(self, unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., key_figure: _Optional[str] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., before: _Optional[_Union[Standing, _Mapping]] = ..., after: _Optional[_Union[Standing, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[ExplanationPart, _Mapping]]] = ..., method_version: _Optional[str] = ..., text: _Optional[_Mapping[str, str]] = ..., peer_group_before: _Optional[str] = ..., measure: _Optional[_Union[Measure, str]] = ..., priced: _Optional[_Union[PricedGap, _Mapping]] = ..., priced_text: _Optional[_Mapping[str, str]] = ..., method_version_before: _Optional[str] = ...) -> None: ...

class PricedGap(_message.Message):
    __slots__ = ("per_year_e4", "per_dwelling_month_e4")
    PER_YEAR_E4_FIELD_NUMBER: _ClassVar[int]
    PER_DWELLING_MONTH_E4_FIELD_NUMBER: _ClassVar[int]
    per_year_e4: int
    per_dwelling_month_e4: int
    def __init__(self, per_year_e4: _Optional[int] = ..., per_dwelling_month_e4: _Optional[int] = ...) -> None: ...

class Surroundings(_message.Message):
    __slots__ = ("reported", "expected", "to_quartile_e9")
    REPORTED_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    TO_QUARTILE_E9_FIELD_NUMBER: _ClassVar[int]
    reported: int
    expected: int
    to_quartile_e9: int
    def __init__(self, reported: _Optional[int] = ..., expected: _Optional[int] = ..., to_quartile_e9: _Optional[int] = ...) -> None: ...

class StandingChanged(_message.Message):
    __slots__ = ("organisation_id", "unit_id", "scheme", "period", "vintage_before", "vintage_after", "own_submission", "explanations", "surroundings", "revision")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    OWN_SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    EXPLANATIONS_FIELD_NUMBER: _ClassVar[int]
    SURROUNDINGS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    unit_id: str
    scheme: str
    period: str
    vintage_before: int
    vintage_after: int
    own_submission: bool
    explanations: _containers.RepeatedCompositeFieldContainer[Explanation]
    surroundings: _containers.RepeatedCompositeFieldContainer[Surroundings]
    revision: int
    def __init__(self, organisation_id: _Optional[str] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., own_submission: _Optional[bool] = ..., explanations: _Optional[_Iterable[_Union[Explanation, _Mapping]]] = ..., surroundings: _Optional[_Iterable[_Union[Surroundings, _Mapping]]] = ..., revision: _Optional[int] = ...) -> None: ...
