from noegletal.v1 import assessment_pb2 as _assessment_pb2
from noegletal.v1 import submission_pb2 as _submission_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NumberConvention(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NUMBER_CONVENTION_UNSPECIFIED: _ClassVar[NumberConvention]
    NUMBER_CONVENTION_DANISH: _ClassVar[NumberConvention]
    NUMBER_CONVENTION_ENGLISH: _ClassVar[NumberConvention]

class UploadOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    UPLOAD_OUTCOME_UNSPECIFIED: _ClassVar[UploadOutcome]
    UPLOAD_OUTCOME_SENT: _ClassVar[UploadOutcome]
    UPLOAD_OUTCOME_UNCHANGED: _ClassVar[UploadOutcome]
    UPLOAD_OUTCOME_REFUSED: _ClassVar[UploadOutcome]
    UPLOAD_OUTCOME_WOULD_BE_SENT: _ClassVar[UploadOutcome]
NUMBER_CONVENTION_UNSPECIFIED: NumberConvention
NUMBER_CONVENTION_DANISH: NumberConvention
NUMBER_CONVENTION_ENGLISH: NumberConvention
UPLOAD_OUTCOME_UNSPECIFIED: UploadOutcome
UPLOAD_OUTCOME_SENT: UploadOutcome
UPLOAD_OUTCOME_UNCHANGED: UploadOutcome
UPLOAD_OUTCOME_REFUSED: UploadOutcome
UPLOAD_OUTCOME_WOULD_BE_SENT: UploadOutcome

class SubmitRequest(_message.Message):
    __slots__ = ("submission",)
    SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    submission: _submission_pb2.Submission
    def __init__(self, submission: _Optional[_Union[_submission_pb2.Submission, _Mapping]] = ...) -> None: ...

class SubmitResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _submission_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ...) -> None: ...

class SubmitStreamRequest(_message.Message):
    __slots__ = ("submission", "more")
    SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    submission: _submission_pb2.Submission
    more: _containers.RepeatedCompositeFieldContainer[_submission_pb2.Submission]
    def __init__(self, submission: _Optional[_Union[_submission_pb2.Submission, _Mapping]] = ..., more: _Optional[_Iterable[_Union[_submission_pb2.Submission, _Mapping]]] = ...) -> None: ...

class SubmitStreamResponse(_message.Message):
    __slots__ = ("receipt", "message_da", "message_en", "more")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_DA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_EN_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    receipt: _submission_pb2.Receipt
    message_da: str
    message_en: str
    more: _containers.RepeatedCompositeFieldContainer[SubmitStreamResponse]
    def __init__(self, receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ..., message_da: _Optional[str] = ..., message_en: _Optional[str] = ..., more: _Optional[_Iterable[_Union[SubmitStreamResponse, _Mapping]]] = ...) -> None: ...

class GetReceiptRequest(_message.Message):
    __slots__ = ("submission_id", "organisation_id")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    organisation_id: str
    def __init__(self, submission_id: _Optional[str] = ..., organisation_id: _Optional[str] = ...) -> None: ...

class GetReceiptResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _submission_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ...) -> None: ...

class WithdrawRequest(_message.Message):
    __slots__ = ("submission_id", "unit_id", "scheme", "period_start", "period_end", "reason", "organisation_id")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    unit_id: str
    scheme: str
    period_start: str
    period_end: str
    reason: str
    organisation_id: str
    def __init__(self, submission_id: _Optional[str] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., reason: _Optional[str] = ..., organisation_id: _Optional[str] = ...) -> None: ...

class WithdrawResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _submission_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ...) -> None: ...

class UploadHead(_message.Message):
    __slots__ = ("scheme", "organisation_id", "file_name", "period_start", "period_end", "dry_run", "number_convention", "catalogue_year")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    NUMBER_CONVENTION_FIELD_NUMBER: _ClassVar[int]
    CATALOGUE_YEAR_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    organisation_id: str
    file_name: str
    period_start: str
    period_end: str
    dry_run: bool
    number_convention: NumberConvention
    catalogue_year: int
    def __init__(self, scheme: _Optional[str] = ..., organisation_id: _Optional[str] = ..., file_name: _Optional[str] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., dry_run: _Optional[bool] = ..., number_convention: _Optional[_Union[NumberConvention, str]] = ..., catalogue_year: _Optional[int] = ...) -> None: ...

class UploadRequest(_message.Message):
    __slots__ = ("head", "piece")
    HEAD_FIELD_NUMBER: _ClassVar[int]
    PIECE_FIELD_NUMBER: _ClassVar[int]
    head: UploadHead
    piece: bytes
    def __init__(self, head: _Optional[_Union[UploadHead, _Mapping]] = ..., piece: _Optional[bytes] = ...) -> None: ...

class UploadedRow(_message.Message):
    __slots__ = ("unit_id", "period_start", "period_end", "sheet", "row", "outcome", "receipt", "message_da", "message_en", "cells")
    class CellsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    SHEET_FIELD_NUMBER: _ClassVar[int]
    ROW_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_DA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_EN_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    period_start: str
    period_end: str
    sheet: str
    row: int
    outcome: UploadOutcome
    receipt: _submission_pb2.Receipt
    message_da: str
    message_en: str
    cells: _containers.ScalarMap[str, str]
    def __init__(self, unit_id: _Optional[str] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., sheet: _Optional[str] = ..., row: _Optional[int] = ..., outcome: _Optional[_Union[UploadOutcome, str]] = ..., receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ..., message_da: _Optional[str] = ..., message_en: _Optional[str] = ..., cells: _Optional[_Mapping[str, str]] = ...) -> None: ...

class FileFinding(_message.Message):
    __slots__ = ("code", "severity", "sheet", "row", "column", "cell", "unit_id", "data_point", "parameters", "message_da", "message_en")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    SHEET_FIELD_NUMBER: _ClassVar[int]
    ROW_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    CELL_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    DATA_POINT_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_DA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_EN_FIELD_NUMBER: _ClassVar[int]
    code: str
    severity: _assessment_pb2.Severity
    sheet: str
    row: int
    column: int
    cell: str
    unit_id: str
    data_point: str
    parameters: _containers.ScalarMap[str, str]
    message_da: str
    message_en: str
    def __init__(self, code: _Optional[str] = ..., severity: _Optional[_Union[_assessment_pb2.Severity, str]] = ..., sheet: _Optional[str] = ..., row: _Optional[int] = ..., column: _Optional[int] = ..., cell: _Optional[str] = ..., unit_id: _Optional[str] = ..., data_point: _Optional[str] = ..., parameters: _Optional[_Mapping[str, str]] = ..., message_da: _Optional[str] = ..., message_en: _Optional[str] = ...) -> None: ...

class UploadResponse(_message.Message):
    __slots__ = ("upload_id", "refused", "kind", "encoding", "separator", "number_convention", "rows", "findings", "findings_in_all", "amounts", "ready", "to_correct", "to_confirm", "message_da", "message_en")
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    SEPARATOR_FIELD_NUMBER: _ClassVar[int]
    NUMBER_CONVENTION_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    AMOUNTS_FIELD_NUMBER: _ClassVar[int]
    READY_FIELD_NUMBER: _ClassVar[int]
    TO_CORRECT_FIELD_NUMBER: _ClassVar[int]
    TO_CONFIRM_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_DA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_EN_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    refused: bool
    kind: str
    encoding: str
    separator: str
    number_convention: NumberConvention
    rows: _containers.RepeatedCompositeFieldContainer[UploadedRow]
    findings: _containers.RepeatedCompositeFieldContainer[FileFinding]
    findings_in_all: int
    amounts: int
    ready: int
    to_correct: int
    to_confirm: int
    message_da: str
    message_en: str
    def __init__(self, upload_id: _Optional[str] = ..., refused: _Optional[bool] = ..., kind: _Optional[str] = ..., encoding: _Optional[str] = ..., separator: _Optional[str] = ..., number_convention: _Optional[_Union[NumberConvention, str]] = ..., rows: _Optional[_Iterable[_Union[UploadedRow, _Mapping]]] = ..., findings: _Optional[_Iterable[_Union[FileFinding, _Mapping]]] = ..., findings_in_all: _Optional[int] = ..., amounts: _Optional[int] = ..., ready: _Optional[int] = ..., to_correct: _Optional[int] = ..., to_confirm: _Optional[int] = ..., message_da: _Optional[str] = ..., message_en: _Optional[str] = ...) -> None: ...

class ReceiptFinding(_message.Message):
    __slots__ = ("receipt_id", "finding")
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    receipt_id: str
    finding: _assessment_pb2.Finding
    def __init__(self, receipt_id: _Optional[str] = ..., finding: _Optional[_Union[_assessment_pb2.Finding, _Mapping]] = ...) -> None: ...

class MarkWorkbookRequest(_message.Message):
    __slots__ = ("upload_id", "organisation_id", "language", "findings", "receipt_id")
    UPLOAD_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    upload_id: str
    organisation_id: str
    language: str
    findings: _containers.RepeatedCompositeFieldContainer[ReceiptFinding]
    receipt_id: str
    def __init__(self, upload_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., language: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[ReceiptFinding, _Mapping]]] = ..., receipt_id: _Optional[str] = ...) -> None: ...

class MarkWorkbookResponse(_message.Message):
    __slots__ = ("piece",)
    PIECE_FIELD_NUMBER: _ClassVar[int]
    piece: bytes
    def __init__(self, piece: _Optional[bytes] = ...) -> None: ...

class GetTemplateRequest(_message.Message):
    __slots__ = ("scheme", "organisation_id", "period_start", "period_end", "language")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    organisation_id: str
    period_start: str
    period_end: str
    language: str
    def __init__(self, scheme: _Optional[str] = ..., organisation_id: _Optional[str] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class GetTemplateResponse(_message.Message):
    __slots__ = ("piece",)
    PIECE_FIELD_NUMBER: _ClassVar[int]
    piece: bytes
    def __init__(self, piece: _Optional[bytes] = ...) -> None: ...

class UndoRequest(_message.Message):
    __slots__ = ("submission_id", "organisation_id")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    organisation_id: str
    def __init__(self, submission_id: _Optional[str] = ..., organisation_id: _Optional[str] = ...) -> None: ...

class UndoResponse(_message.Message):
    __slots__ = ("receipt", "restored_submission_id", "message_da", "message_en")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    RESTORED_SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_DA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_EN_FIELD_NUMBER: _ClassVar[int]
    receipt: _submission_pb2.Receipt
    restored_submission_id: str
    message_da: str
    message_en: str
    def __init__(self, receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ..., restored_submission_id: _Optional[str] = ..., message_da: _Optional[str] = ..., message_en: _Optional[str] = ...) -> None: ...
