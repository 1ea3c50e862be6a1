from noegletal.v1 import submission_pb2 as _submission_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Severity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SEVERITY_UNSPECIFIED: _ClassVar[Severity]
    SEVERITY_ERROR: _ClassVar[Severity]
    SEVERITY_CONFIRM: _ClassVar[Severity]
    SEVERITY_NOTE: _ClassVar[Severity]

class Absence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ABSENCE_UNSPECIFIED: _ClassVar[Absence]
    ABSENCE_ABSENT: _ClassVar[Absence]
    ABSENCE_BLANK: _ClassVar[Absence]
    ABSENCE_NOT_REQUIRED: _ClassVar[Absence]
    ABSENCE_UNDEFINED: _ClassVar[Absence]
    ABSENCE_EXCLUDED: _ClassVar[Absence]
    ABSENCE_SUPPRESSED: _ClassVar[Absence]
    ABSENCE_HELD: _ClassVar[Absence]
    ABSENCE_REFUSED: _ClassVar[Absence]
    ABSENCE_WITHDRAWN: _ClassVar[Absence]

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_ACCEPTED: _ClassVar[Verdict]
    VERDICT_HELD: _ClassVar[Verdict]
    VERDICT_REFUSED: _ClassVar[Verdict]
    VERDICT_MISSING: _ClassVar[Verdict]

class SubmissionVerdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SUBMISSION_VERDICT_UNSPECIFIED: _ClassVar[SubmissionVerdict]
    SUBMISSION_VERDICT_ACCEPTED: _ClassVar[SubmissionVerdict]
    SUBMISSION_VERDICT_REFUSED: _ClassVar[SubmissionVerdict]
    SUBMISSION_VERDICT_WITHDRAWN: _ClassVar[SubmissionVerdict]
SEVERITY_UNSPECIFIED: Severity
SEVERITY_ERROR: Severity
SEVERITY_CONFIRM: Severity
SEVERITY_NOTE: Severity
ABSENCE_UNSPECIFIED: Absence
ABSENCE_ABSENT: Absence
ABSENCE_BLANK: Absence
ABSENCE_NOT_REQUIRED: Absence
ABSENCE_UNDEFINED: Absence
ABSENCE_EXCLUDED: Absence
ABSENCE_SUPPRESSED: Absence
ABSENCE_HELD: Absence
ABSENCE_REFUSED: Absence
ABSENCE_WITHDRAWN: Absence
VERDICT_UNSPECIFIED: Verdict
VERDICT_ACCEPTED: Verdict
VERDICT_HELD: Verdict
VERDICT_REFUSED: Verdict
VERDICT_MISSING: Verdict
SUBMISSION_VERDICT_UNSPECIFIED: SubmissionVerdict
SUBMISSION_VERDICT_ACCEPTED: SubmissionVerdict
SUBMISSION_VERDICT_REFUSED: SubmissionVerdict
SUBMISSION_VERDICT_WITHDRAWN: SubmissionVerdict

class Finding(_message.Message):
    __slots__ = ("code", "severity", "data_point", "key_figure", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    DATA_POINT_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    code: str
    severity: Severity
    data_point: str
    key_figure: str
    parameters: _containers.ScalarMap[str, str]
    def __init__(self, code: _Optional[str] = ..., severity: _Optional[_Union[Severity, str]] = ..., data_point: _Optional[str] = ..., key_figure: _Optional[str] = ..., parameters: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Factor(_message.Message):
    __slots__ = ("kind", "table", "numerator", "denominator", "basis", "assumed")
    class BasisEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    KIND_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    ASSUMED_FIELD_NUMBER: _ClassVar[int]
    kind: str
    table: str
    numerator: int
    denominator: int
    basis: _containers.ScalarMap[str, str]
    assumed: bool
    def __init__(self, kind: _Optional[str] = ..., table: _Optional[str] = ..., numerator: _Optional[int] = ..., denominator: _Optional[int] = ..., basis: _Optional[_Mapping[str, str]] = ..., assumed: _Optional[bool] = ...) -> None: ...

class FigureVerdict(_message.Message):
    __slots__ = ("key_figure", "verdict", "absence", "numerator", "denominator", "raw_numerator", "factor_index", "provisional")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    ABSENCE_FIELD_NUMBER: _ClassVar[int]
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    RAW_NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    FACTOR_INDEX_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    verdict: Verdict
    absence: Absence
    numerator: int
    denominator: int
    raw_numerator: int
    factor_index: _containers.RepeatedScalarFieldContainer[int]
    provisional: bool
    def __init__(self, key_figure: _Optional[str] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., absence: _Optional[_Union[Absence, str]] = ..., numerator: _Optional[int] = ..., denominator: _Optional[int] = ..., raw_numerator: _Optional[int] = ..., factor_index: _Optional[_Iterable[int]] = ..., provisional: _Optional[bool] = ...) -> None: ...

class SubmissionAssessed(_message.Message):
    __slots__ = ("receipt", "unit_id", "scheme", "period", "verdict", "figures", "findings", "factors", "rule_set")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    FACTORS_FIELD_NUMBER: _ClassVar[int]
    RULE_SET_FIELD_NUMBER: _ClassVar[int]
    receipt: _submission_pb2.Receipt
    unit_id: str
    scheme: str
    period: str
    verdict: SubmissionVerdict
    figures: _containers.RepeatedCompositeFieldContainer[FigureVerdict]
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    factors: _containers.RepeatedCompositeFieldContainer[Factor]
    rule_set: str
    def __init__(self, receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., verdict: _Optional[_Union[SubmissionVerdict, str]] = ..., figures: _Optional[_Iterable[_Union[FigureVerdict, _Mapping]]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., factors: _Optional[_Iterable[_Union[Factor, _Mapping]]] = ..., rule_set: _Optional[str] = ...) -> None: ...
