from noegletal.v1 import submission_pb2 as _submission_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

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
    __slots__ = ("submission",)
    SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    submission: _submission_pb2.Submission
    def __init__(self, submission: _Optional[_Union[_submission_pb2.Submission, _Mapping]] = ...) -> None: ...

class SubmitStreamResponse(_message.Message):
    __slots__ = ("receipt", "message_da", "message_en")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_DA_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_EN_FIELD_NUMBER: _ClassVar[int]
    receipt: _submission_pb2.Receipt
    message_da: str
    message_en: str
    def __init__(self, receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ..., message_da: _Optional[str] = ..., message_en: _Optional[str] = ...) -> None: ...

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
