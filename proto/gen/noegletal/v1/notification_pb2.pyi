import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NotificationKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTIFICATION_KIND_UNSPECIFIED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_RECEIPT: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_STANDING_CHANGED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REFUSAL: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_REMINDER: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_QUARTILE_CHANGED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_PEER_GROUP_CHANGED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_DEFINITION_CHANGED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_RELEASE_PUBLISHED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_FIGURE_CORRECTED: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_ENDPOINT_FAILING: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_DIGEST: _ClassVar[NotificationKind]
    NOTIFICATION_KIND_TEST: _ClassVar[NotificationKind]

class Channel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_UNSPECIFIED: _ClassVar[Channel]
    CHANNEL_WEBHOOK: _ClassVar[Channel]
    CHANNEL_LOG: _ClassVar[Channel]
    CHANNEL_MAIL: _ClassVar[Channel]

class DeliveryOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DELIVERY_OUTCOME_UNSPECIFIED: _ClassVar[DeliveryOutcome]
    DELIVERY_OUTCOME_DELIVERED: _ClassVar[DeliveryOutcome]
    DELIVERY_OUTCOME_FAILED: _ClassVar[DeliveryOutcome]
    DELIVERY_OUTCOME_EXHAUSTED: _ClassVar[DeliveryOutcome]
NOTIFICATION_KIND_UNSPECIFIED: NotificationKind
NOTIFICATION_KIND_RECEIPT: NotificationKind
NOTIFICATION_KIND_STANDING_CHANGED: NotificationKind
NOTIFICATION_KIND_REFUSAL: NotificationKind
NOTIFICATION_KIND_REMINDER: NotificationKind
NOTIFICATION_KIND_QUARTILE_CHANGED: NotificationKind
NOTIFICATION_KIND_PEER_GROUP_CHANGED: NotificationKind
NOTIFICATION_KIND_DEFINITION_CHANGED: NotificationKind
NOTIFICATION_KIND_RELEASE_PUBLISHED: NotificationKind
NOTIFICATION_KIND_FIGURE_CORRECTED: NotificationKind
NOTIFICATION_KIND_ENDPOINT_FAILING: NotificationKind
NOTIFICATION_KIND_DIGEST: NotificationKind
NOTIFICATION_KIND_TEST: NotificationKind
CHANNEL_UNSPECIFIED: Channel
CHANNEL_WEBHOOK: Channel
CHANNEL_LOG: Channel
CHANNEL_MAIL: Channel
DELIVERY_OUTCOME_UNSPECIFIED: DeliveryOutcome
DELIVERY_OUTCOME_DELIVERED: DeliveryOutcome
DELIVERY_OUTCOME_FAILED: DeliveryOutcome
DELIVERY_OUTCOME_EXHAUSTED: DeliveryOutcome

class NotificationSent(_message.Message):
    __slots__ = ("notification_id", "organisation_id", "endpoint_id", "kind", "channel", "attempt", "outcome", "detail", "attempted_at", "caused_by")
    NOTIFICATION_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTED_AT_FIELD_NUMBER: _ClassVar[int]
    CAUSED_BY_FIELD_NUMBER: _ClassVar[int]
    notification_id: str
    organisation_id: str
    endpoint_id: str
    kind: NotificationKind
    channel: Channel
    attempt: int
    outcome: DeliveryOutcome
    detail: str
    attempted_at: _timestamp_pb2.Timestamp
    caused_by: str
    def __init__(self, notification_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., endpoint_id: _Optional[str] = ..., kind: _Optional[_Union[NotificationKind, str]] = ..., channel: _Optional[_Union[Channel, str]] = ..., attempt: _Optional[int] = ..., outcome: _Optional[_Union[DeliveryOutcome, str]] = ..., detail: _Optional[str] = ..., attempted_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., caused_by: _Optional[str] = ...) -> None: ...
