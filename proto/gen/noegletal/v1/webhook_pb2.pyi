import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReceiptPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: ReceiptData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[ReceiptData, _Mapping]] = ...) -> None: ...

class ReceiptData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "unit_id", "scheme", "period", "submission_id", "receipt_id", "revision", "verdict", "figures", "codes")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    unit_id: str
    scheme: str
    period: str
    submission_id: str
    receipt_id: str
    revision: int
    verdict: str
    figures: FigureCounts
    codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., submission_id: _Optional[str] = ..., receipt_id: _Optional[str] = ..., revision: _Optional[int] = ..., verdict: _Optional[str] = ..., figures: _Optional[_Union[FigureCounts, _Mapping]] = ..., codes: _Optional[_Iterable[str]] = ...) -> None: ...

class FigureCounts(_message.Message):
    __slots__ = ("accepted", "held", "refused", "missing")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    accepted: int
    held: int
    refused: int
    missing: int
    def __init__(self, accepted: _Optional[int] = ..., held: _Optional[int] = ..., refused: _Optional[int] = ..., missing: _Optional[int] = ...) -> None: ...

class StandingChangedPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: StandingChangedData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[StandingChangedData, _Mapping]] = ...) -> None: ...

class StandingChangedData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "unit_id", "scheme", "period", "own_submission", "vintage_before", "vintage_after", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    OWN_SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    unit_id: str
    scheme: str
    period: str
    own_submission: bool
    vintage_before: int
    vintage_after: int
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., own_submission: _Optional[bool] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class EndpointFailingPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: EndpointFailingData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[EndpointFailingData, _Mapping]] = ...) -> None: ...

class EndpointFailingData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "endpoint_id", "disabled", "reason", "failures", "failing_since", "last_answer")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    FAILING_SINCE_FIELD_NUMBER: _ClassVar[int]
    LAST_ANSWER_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    endpoint_id: str
    disabled: bool
    reason: str
    failures: int
    failing_since: _timestamp_pb2.Timestamp
    last_answer: str
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., endpoint_id: _Optional[str] = ..., disabled: _Optional[bool] = ..., reason: _Optional[str] = ..., failures: _Optional[int] = ..., failing_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_answer: _Optional[str] = ...) -> None: ...

class TestPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: TestData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[TestData, _Mapping]] = ...) -> None: ...

class TestData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "endpoint_id")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    endpoint_id: str
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., endpoint_id: _Optional[str] = ...) -> None: ...

class Phrase(_message.Message):
    __slots__ = ("da", "en")
    DA_FIELD_NUMBER: _ClassVar[int]
    EN_FIELD_NUMBER: _ClassVar[int]
    da: str
    en: str
    def __init__(self, da: _Optional[str] = ..., en: _Optional[str] = ...) -> None: ...

class InWords(_message.Message):
    __slots__ = ("da", "en")
    DA_FIELD_NUMBER: _ClassVar[int]
    EN_FIELD_NUMBER: _ClassVar[int]
    da: Words
    en: Words
    def __init__(self, da: _Optional[_Union[Words, _Mapping]] = ..., en: _Optional[_Union[Words, _Mapping]] = ...) -> None: ...

class Words(_message.Message):
    __slots__ = ("subject", "text")
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    subject: str
    text: str
    def __init__(self, subject: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...
