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
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "unit_id", "scheme", "period", "submission_id", "receipt_id", "door", "revision", "verdict", "figures", "codes", "landing")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    DOOR_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    LANDING_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[MovedItem]
    items_in_all: int
    unit_id: str
    scheme: str
    period: str
    submission_id: str
    receipt_id: str
    door: str
    revision: int
    verdict: str
    figures: FigureCounts
    codes: _containers.RepeatedScalarFieldContainer[str]
    landing: Landing
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[MovedItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., submission_id: _Optional[str] = ..., receipt_id: _Optional[str] = ..., door: _Optional[str] = ..., revision: _Optional[int] = ..., verdict: _Optional[str] = ..., figures: _Optional[_Union[FigureCounts, _Mapping]] = ..., codes: _Optional[_Iterable[str]] = ..., landing: _Optional[_Union[Landing, _Mapping]] = ...) -> None: ...

class RefusalPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: RefusalData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[RefusalData, _Mapping]] = ...) -> None: ...

class RefusalData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "unit_id", "scheme", "period", "submission_id", "receipt_id", "door", "revision", "verdict", "figures", "codes", "landing")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    DOOR_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    LANDING_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[MovedItem]
    items_in_all: int
    unit_id: str
    scheme: str
    period: str
    submission_id: str
    receipt_id: str
    door: str
    revision: int
    verdict: str
    figures: FigureCounts
    codes: _containers.RepeatedScalarFieldContainer[str]
    landing: Landing
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[MovedItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., submission_id: _Optional[str] = ..., receipt_id: _Optional[str] = ..., door: _Optional[str] = ..., revision: _Optional[int] = ..., verdict: _Optional[str] = ..., figures: _Optional[_Union[FigureCounts, _Mapping]] = ..., codes: _Optional[_Iterable[str]] = ..., landing: _Optional[_Union[Landing, _Mapping]] = ...) -> None: ...

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

class Landing(_message.Message):
    __slots__ = ("vintage_before", "vintage_after")
    VINTAGE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_AFTER_FIELD_NUMBER: _ClassVar[int]
    vintage_before: int
    vintage_after: int
    def __init__(self, vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "unit_id", "scheme", "period", "own_submission", "vintage_before", "vintage_after", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
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
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[MovedItem]
    items_in_all: int
    unit_id: str
    scheme: str
    period: str
    own_submission: bool
    vintage_before: int
    vintage_after: int
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[MovedItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., own_submission: _Optional[bool] = ..., vintage_before: _Optional[int] = ..., vintage_after: _Optional[int] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class QuartileChangedPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: QuartileChangedData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[QuartileChangedData, _Mapping]] = ...) -> None: ...

class QuartileChangedData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[MovedItem]
    items_in_all: int
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[MovedItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class MovedItem(_message.Message):
    __slots__ = ("key_figure", "unit_id", "peer_group", "period", "parts", "before", "after", "peer_group_before", "quartile_before", "quartile_after", "inside_before", "inside_after")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_BEFORE_FIELD_NUMBER: _ClassVar[int]
    QUARTILE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    QUARTILE_AFTER_FIELD_NUMBER: _ClassVar[int]
    INSIDE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    INSIDE_AFTER_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    unit_id: str
    peer_group: str
    period: str
    parts: _containers.RepeatedCompositeFieldContainer[MovedPart]
    before: MovedPlace
    after: MovedPlace
    peer_group_before: str
    quartile_before: int
    quartile_after: int
    inside_before: int
    inside_after: int
    def __init__(self, key_figure: _Optional[str] = ..., unit_id: _Optional[str] = ..., peer_group: _Optional[str] = ..., period: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[MovedPart, _Mapping]]] = ..., before: _Optional[_Union[MovedPlace, _Mapping]] = ..., after: _Optional[_Union[MovedPlace, _Mapping]] = ..., peer_group_before: _Optional[str] = ..., quartile_before: _Optional[int] = ..., quartile_after: _Optional[int] = ..., inside_before: _Optional[int] = ..., inside_after: _Optional[int] = ...) -> None: ...

class MovedPart(_message.Message):
    __slots__ = ("step", "position", "percentile_e4", "quartile", "units")
    STEP_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PERCENTILE_E4_FIELD_NUMBER: _ClassVar[int]
    QUARTILE_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    step: str
    position: int
    percentile_e4: int
    quartile: int
    units: int
    def __init__(self, step: _Optional[str] = ..., position: _Optional[int] = ..., percentile_e4: _Optional[int] = ..., quartile: _Optional[int] = ..., units: _Optional[int] = ...) -> None: ...

class MovedPlace(_message.Message):
    __slots__ = ("position", "units", "percentile_e4", "quartile")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    PERCENTILE_E4_FIELD_NUMBER: _ClassVar[int]
    QUARTILE_FIELD_NUMBER: _ClassVar[int]
    position: int
    units: int
    percentile_e4: int
    quartile: int
    def __init__(self, position: _Optional[int] = ..., units: _Optional[int] = ..., percentile_e4: _Optional[int] = ..., quartile: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "endpoint_id", "disabled", "reason", "failures", "failing_since", "last_answer", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    FAILING_SINCE_FIELD_NUMBER: _ClassVar[int]
    LAST_ANSWER_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[MovedItem]
    items_in_all: int
    endpoint_id: str
    disabled: bool
    reason: str
    failures: int
    failing_since: _timestamp_pb2.Timestamp
    last_answer: str
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[MovedItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., endpoint_id: _Optional[str] = ..., disabled: _Optional[bool] = ..., reason: _Optional[str] = ..., failures: _Optional[int] = ..., failing_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_answer: _Optional[str] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

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
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "endpoint_id", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[MovedItem]
    items_in_all: int
    endpoint_id: str
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[MovedItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., endpoint_id: _Optional[str] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class ReminderPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: ReminderData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[ReminderData, _Mapping]] = ...) -> None: ...

class ReminderData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "scheme", "period", "deadline", "days_after", "units", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_FIELD_NUMBER: _ClassVar[int]
    DAYS_AFTER_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[ReminderItem]
    items_in_all: int
    scheme: str
    period: str
    deadline: str
    days_after: int
    units: ReminderUnits
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[ReminderItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., deadline: _Optional[str] = ..., days_after: _Optional[int] = ..., units: _Optional[_Union[ReminderUnits, _Mapping]] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class ReminderItem(_message.Message):
    __slots__ = ("unit_id",)
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    def __init__(self, unit_id: _Optional[str] = ...) -> None: ...

class ReminderUnits(_message.Message):
    __slots__ = ("expected", "missing")
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    expected: int
    missing: int
    def __init__(self, expected: _Optional[int] = ..., missing: _Optional[int] = ...) -> None: ...

class PeerGroupChangedPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: PeerGroupChangedData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[PeerGroupChangedData, _Mapping]] = ...) -> None: ...

class PeerGroupChangedData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[PeerGroupItem]
    items_in_all: int
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[PeerGroupItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class PeerGroupItem(_message.Message):
    __slots__ = ("scheme", "period", "peer_group", "available", "key_figures")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    AVAILABLE_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    peer_group: str
    available: bool
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., peer_group: _Optional[str] = ..., available: _Optional[bool] = ..., key_figures: _Optional[_Iterable[str]] = ...) -> None: ...

class DefinitionChangedPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: DefinitionChangedData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[DefinitionChangedData, _Mapping]] = ...) -> None: ...

class DefinitionChangedData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "scheme", "year", "definitions", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    YEAR_FIELD_NUMBER: _ClassVar[int]
    DEFINITIONS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[DefinitionItem]
    items_in_all: int
    scheme: str
    year: str
    definitions: str
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[DefinitionItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., scheme: _Optional[str] = ..., year: _Optional[str] = ..., definitions: _Optional[str] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class DefinitionItem(_message.Message):
    __slots__ = ("key_figure", "change")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    change: str
    def __init__(self, key_figure: _Optional[str] = ..., change: _Optional[str] = ...) -> None: ...

class ReleasePublishedPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: ReleasePublishedData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[ReleasePublishedData, _Mapping]] = ...) -> None: ...

class ReleasePublishedData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "scheme", "period", "release", "vintage", "cells", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[ReleaseItem]
    items_in_all: int
    scheme: str
    period: str
    release: ReleaseNamed
    vintage: int
    cells: CellCounts
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[ReleaseItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., release: _Optional[_Union[ReleaseNamed, _Mapping]] = ..., vintage: _Optional[int] = ..., cells: _Optional[_Union[CellCounts, _Mapping]] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class ReleaseNamed(_message.Message):
    __slots__ = ("number", "kind", "made_on")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MADE_ON_FIELD_NUMBER: _ClassVar[int]
    number: int
    kind: str
    made_on: str
    def __init__(self, number: _Optional[int] = ..., kind: _Optional[str] = ..., made_on: _Optional[str] = ...) -> None: ...

class CellCounts(_message.Message):
    __slots__ = ("released", "held_back", "waiting", "suppressed")
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    HELD_BACK_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_FIELD_NUMBER: _ClassVar[int]
    released: int
    held_back: int
    waiting: int
    suppressed: int
    def __init__(self, released: _Optional[int] = ..., held_back: _Optional[int] = ..., waiting: _Optional[int] = ..., suppressed: _Optional[int] = ...) -> None: ...

class ReleaseItem(_message.Message):
    __slots__ = ("key_figure", "cells", "corrected", "withdrawn")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    cells: CellCounts
    corrected: int
    withdrawn: int
    def __init__(self, key_figure: _Optional[str] = ..., cells: _Optional[_Union[CellCounts, _Mapping]] = ..., corrected: _Optional[int] = ..., withdrawn: _Optional[int] = ...) -> None: ...

class FigureCorrectedPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: FigureCorrectedData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[FigureCorrectedData, _Mapping]] = ...) -> None: ...

class FigureCorrectedData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "scheme", "period", "release", "vintage", "cells", "key_figures", "moved")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[CorrectedItem]
    items_in_all: int
    scheme: str
    period: str
    release: ReleaseNamed
    vintage: int
    cells: CellCounts
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    moved: int
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[CorrectedItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., release: _Optional[_Union[ReleaseNamed, _Mapping]] = ..., vintage: _Optional[int] = ..., cells: _Optional[_Union[CellCounts, _Mapping]] = ..., key_figures: _Optional[_Iterable[str]] = ..., moved: _Optional[int] = ...) -> None: ...

class CorrectedItem(_message.Message):
    __slots__ = ("key_figure", "peer_group", "change", "since")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    peer_group: str
    change: str
    since: int
    def __init__(self, key_figure: _Optional[str] = ..., peer_group: _Optional[str] = ..., change: _Optional[str] = ..., since: _Optional[int] = ...) -> None: ...

class DigestPayload(_message.Message):
    __slots__ = ("type", "version", "timestamp", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    TIMESTAMP_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    version: int
    timestamp: _timestamp_pb2.Timestamp
    data: DigestData
    def __init__(self, type: _Optional[str] = ..., version: _Optional[int] = ..., timestamp: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., data: _Optional[_Union[DigestData, _Mapping]] = ...) -> None: ...

class DigestData(_message.Message):
    __slots__ = ("organisation_id", "event_id", "seq", "subscription_ids", "stop", "words", "language", "why", "items", "items_in_all", "month")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    SUBSCRIPTION_IDS_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_IN_ALL_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    event_id: str
    seq: int
    subscription_ids: _containers.RepeatedScalarFieldContainer[str]
    stop: Phrase
    words: InWords
    language: str
    why: Phrase
    items: _containers.RepeatedCompositeFieldContainer[DigestItem]
    items_in_all: int
    month: str
    def __init__(self, organisation_id: _Optional[str] = ..., event_id: _Optional[str] = ..., seq: _Optional[int] = ..., subscription_ids: _Optional[_Iterable[str]] = ..., stop: _Optional[_Union[Phrase, _Mapping]] = ..., words: _Optional[_Union[InWords, _Mapping]] = ..., language: _Optional[str] = ..., why: _Optional[_Union[Phrase, _Mapping]] = ..., items: _Optional[_Iterable[_Union[DigestItem, _Mapping]]] = ..., items_in_all: _Optional[int] = ..., month: _Optional[str] = ...) -> None: ...

class DigestItem(_message.Message):
    __slots__ = ("type", "event_id", "unit_id", "scheme", "period", "heading")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    HEADING_FIELD_NUMBER: _ClassVar[int]
    type: str
    event_id: str
    unit_id: str
    scheme: str
    period: str
    heading: Phrase
    def __init__(self, type: _Optional[str] = ..., event_id: _Optional[str] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period: _Optional[str] = ..., heading: _Optional[_Union[Phrase, _Mapping]] = ...) -> None: ...

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
