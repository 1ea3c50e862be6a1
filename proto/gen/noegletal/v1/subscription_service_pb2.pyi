import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from noegletal.v1 import notification_pb2 as _notification_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SignatureScheme(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SIGNATURE_SCHEME_UNSPECIFIED: _ClassVar[SignatureScheme]
    SIGNATURE_SCHEME_HMAC_SHA256: _ClassVar[SignatureScheme]
    SIGNATURE_SCHEME_ED25519: _ClassVar[SignatureScheme]

class DisabledReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DISABLED_REASON_UNSPECIFIED: _ClassVar[DisabledReason]
    DISABLED_REASON_GONE: _ClassVar[DisabledReason]
    DISABLED_REASON_FAILING: _ClassVar[DisabledReason]

class Language(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LANGUAGE_UNSPECIFIED: _ClassVar[Language]
    LANGUAGE_DA: _ClassVar[Language]
    LANGUAGE_EN: _ClassVar[Language]
SIGNATURE_SCHEME_UNSPECIFIED: SignatureScheme
SIGNATURE_SCHEME_HMAC_SHA256: SignatureScheme
SIGNATURE_SCHEME_ED25519: SignatureScheme
DISABLED_REASON_UNSPECIFIED: DisabledReason
DISABLED_REASON_GONE: DisabledReason
DISABLED_REASON_FAILING: DisabledReason
LANGUAGE_UNSPECIFIED: Language
LANGUAGE_DA: Language
LANGUAGE_EN: Language

class Endpoint(_message.Message):
    __slots__ = ("endpoint_id", "organisation_id", "channel", "url", "disabled", "signature_scheme", "public_keys", "most_per_minute", "last_seq", "disabled_reason", "failures", "failing_since", "paused_until", "rotating_until", "language", "at_once")
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    DISABLED_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_SCHEME_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEYS_FIELD_NUMBER: _ClassVar[int]
    MOST_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    DISABLED_REASON_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    FAILING_SINCE_FIELD_NUMBER: _ClassVar[int]
    PAUSED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    ROTATING_UNTIL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    endpoint_id: str
    organisation_id: str
    channel: _notification_pb2.Channel
    url: str
    disabled: bool
    signature_scheme: SignatureScheme
    public_keys: _containers.RepeatedScalarFieldContainer[str]
    most_per_minute: int
    last_seq: int
    disabled_reason: DisabledReason
    failures: int
    failing_since: _timestamp_pb2.Timestamp
    paused_until: _timestamp_pb2.Timestamp
    rotating_until: _timestamp_pb2.Timestamp
    language: str
    at_once: bool
    def __init__(self, endpoint_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., channel: _Optional[_Union[_notification_pb2.Channel, str]] = ..., url: _Optional[str] = ..., disabled: _Optional[bool] = ..., signature_scheme: _Optional[_Union[SignatureScheme, str]] = ..., public_keys: _Optional[_Iterable[str]] = ..., most_per_minute: _Optional[int] = ..., last_seq: _Optional[int] = ..., disabled_reason: _Optional[_Union[DisabledReason, str]] = ..., failures: _Optional[int] = ..., failing_since: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., paused_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., rotating_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., language: _Optional[str] = ..., at_once: _Optional[bool] = ...) -> None: ...

class CreateEndpointRequest(_message.Message):
    __slots__ = ("organisation_id", "channel", "url", "signature_scheme", "most_per_minute", "language", "at_once")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_SCHEME_FIELD_NUMBER: _ClassVar[int]
    MOST_PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    AT_ONCE_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    channel: _notification_pb2.Channel
    url: str
    signature_scheme: SignatureScheme
    most_per_minute: int
    language: str
    at_once: bool
    def __init__(self, organisation_id: _Optional[str] = ..., channel: _Optional[_Union[_notification_pb2.Channel, str]] = ..., url: _Optional[str] = ..., signature_scheme: _Optional[_Union[SignatureScheme, str]] = ..., most_per_minute: _Optional[int] = ..., language: _Optional[str] = ..., at_once: _Optional[bool] = ...) -> None: ...

class CreateEndpointResponse(_message.Message):
    __slots__ = ("endpoint", "secret")
    ENDPOINT_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    endpoint: Endpoint
    secret: str
    def __init__(self, endpoint: _Optional[_Union[Endpoint, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...

class DeleteEndpointRequest(_message.Message):
    __slots__ = ("endpoint_id",)
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    endpoint_id: str
    def __init__(self, endpoint_id: _Optional[str] = ...) -> None: ...

class DeleteEndpointResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class EnableEndpointRequest(_message.Message):
    __slots__ = ("endpoint_id", "redeliver_missing")
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    REDELIVER_MISSING_FIELD_NUMBER: _ClassVar[int]
    endpoint_id: str
    redeliver_missing: bool
    def __init__(self, endpoint_id: _Optional[str] = ..., redeliver_missing: _Optional[bool] = ...) -> None: ...

class EnableEndpointResponse(_message.Message):
    __slots__ = ("endpoint", "redelivered")
    ENDPOINT_FIELD_NUMBER: _ClassVar[int]
    REDELIVERED_FIELD_NUMBER: _ClassVar[int]
    endpoint: Endpoint
    redelivered: int
    def __init__(self, endpoint: _Optional[_Union[Endpoint, _Mapping]] = ..., redelivered: _Optional[int] = ...) -> None: ...

class RotateSecretRequest(_message.Message):
    __slots__ = ("endpoint_id", "signature_scheme", "overlap_seconds")
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_SCHEME_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    endpoint_id: str
    signature_scheme: SignatureScheme
    overlap_seconds: int
    def __init__(self, endpoint_id: _Optional[str] = ..., signature_scheme: _Optional[_Union[SignatureScheme, str]] = ..., overlap_seconds: _Optional[int] = ...) -> None: ...

class RotateSecretResponse(_message.Message):
    __slots__ = ("endpoint", "secret")
    ENDPOINT_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    endpoint: Endpoint
    secret: str
    def __init__(self, endpoint: _Optional[_Union[Endpoint, _Mapping]] = ..., secret: _Optional[str] = ...) -> None: ...

class TestEndpointRequest(_message.Message):
    __slots__ = ("endpoint_id",)
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    endpoint_id: str
    def __init__(self, endpoint_id: _Optional[str] = ...) -> None: ...

class TestEndpointResponse(_message.Message):
    __slots__ = ("delivery",)
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    delivery: Delivery
    def __init__(self, delivery: _Optional[_Union[Delivery, _Mapping]] = ...) -> None: ...

class ListEndpointsRequest(_message.Message):
    __slots__ = ("organisation_id",)
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    def __init__(self, organisation_id: _Optional[str] = ...) -> None: ...

class ListEndpointsResponse(_message.Message):
    __slots__ = ("endpoints",)
    ENDPOINTS_FIELD_NUMBER: _ClassVar[int]
    endpoints: _containers.RepeatedCompositeFieldContainer[Endpoint]
    def __init__(self, endpoints: _Optional[_Iterable[_Union[Endpoint, _Mapping]]] = ...) -> None: ...

class Subscription(_message.Message):
    __slots__ = ("subscription_id", "organisation_id", "endpoint_id", "kind", "key_figures", "kinds", "unit_ids", "peer_groups", "threshold", "preset", "language", "paused", "paused_until", "scheme")
    SUBSCRIPTION_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    UNIT_IDS_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUPS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    PRESET_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PAUSED_FIELD_NUMBER: _ClassVar[int]
    PAUSED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    subscription_id: str
    organisation_id: str
    endpoint_id: str
    kind: _notification_pb2.NotificationKind
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    kinds: _containers.RepeatedScalarFieldContainer[_notification_pb2.NotificationKind]
    unit_ids: _containers.RepeatedScalarFieldContainer[str]
    peer_groups: _containers.RepeatedScalarFieldContainer[str]
    threshold: Threshold
    preset: str
    language: Language
    paused: bool
    paused_until: _timestamp_pb2.Timestamp
    scheme: str
    def __init__(self, subscription_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., endpoint_id: _Optional[str] = ..., kind: _Optional[_Union[_notification_pb2.NotificationKind, str]] = ..., key_figures: _Optional[_Iterable[str]] = ..., kinds: _Optional[_Iterable[_Union[_notification_pb2.NotificationKind, str]]] = ..., unit_ids: _Optional[_Iterable[str]] = ..., peer_groups: _Optional[_Iterable[str]] = ..., threshold: _Optional[_Union[Threshold, _Mapping]] = ..., preset: _Optional[str] = ..., language: _Optional[_Union[Language, str]] = ..., paused: _Optional[bool] = ..., paused_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., scheme: _Optional[str] = ...) -> None: ...

class Threshold(_message.Message):
    __slots__ = ("quartile", "percentile", "value", "hysteresis", "tolerance")
    QUARTILE_FIELD_NUMBER: _ClassVar[int]
    PERCENTILE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    HYSTERESIS_FIELD_NUMBER: _ClassVar[int]
    TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    quartile: int
    percentile: int
    value: str
    hysteresis: str
    tolerance: str
    def __init__(self, quartile: _Optional[int] = ..., percentile: _Optional[int] = ..., value: _Optional[str] = ..., hysteresis: _Optional[str] = ..., tolerance: _Optional[str] = ...) -> None: ...

class Preset(_message.Message):
    __slots__ = ("name", "kinds", "most_per_month", "gather_days", "text")
    class TextEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    MOST_PER_MONTH_FIELD_NUMBER: _ClassVar[int]
    GATHER_DAYS_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    name: str
    kinds: _containers.RepeatedScalarFieldContainer[_notification_pb2.NotificationKind]
    most_per_month: int
    gather_days: int
    text: _containers.ScalarMap[str, str]
    def __init__(self, name: _Optional[str] = ..., kinds: _Optional[_Iterable[_Union[_notification_pb2.NotificationKind, str]]] = ..., most_per_month: _Optional[int] = ..., gather_days: _Optional[int] = ..., text: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ListPresetsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListPresetsResponse(_message.Message):
    __slots__ = ("presets",)
    PRESETS_FIELD_NUMBER: _ClassVar[int]
    presets: _containers.RepeatedCompositeFieldContainer[Preset]
    def __init__(self, presets: _Optional[_Iterable[_Union[Preset, _Mapping]]] = ...) -> None: ...

class GetSubscriptionRequest(_message.Message):
    __slots__ = ("subscription_id",)
    SUBSCRIPTION_ID_FIELD_NUMBER: _ClassVar[int]
    subscription_id: str
    def __init__(self, subscription_id: _Optional[str] = ...) -> None: ...

class GetSubscriptionResponse(_message.Message):
    __slots__ = ("subscription",)
    SUBSCRIPTION_FIELD_NUMBER: _ClassVar[int]
    subscription: Subscription
    def __init__(self, subscription: _Optional[_Union[Subscription, _Mapping]] = ...) -> None: ...

class UpdateSubscriptionRequest(_message.Message):
    __slots__ = ("subscription",)
    SUBSCRIPTION_FIELD_NUMBER: _ClassVar[int]
    subscription: Subscription
    def __init__(self, subscription: _Optional[_Union[Subscription, _Mapping]] = ...) -> None: ...

class UpdateSubscriptionResponse(_message.Message):
    __slots__ = ("subscription",)
    SUBSCRIPTION_FIELD_NUMBER: _ClassVar[int]
    subscription: Subscription
    def __init__(self, subscription: _Optional[_Union[Subscription, _Mapping]] = ...) -> None: ...

class PauseSubscriptionRequest(_message.Message):
    __slots__ = ("subscription_id", "until")
    SUBSCRIPTION_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    subscription_id: str
    until: _timestamp_pb2.Timestamp
    def __init__(self, subscription_id: _Optional[str] = ..., until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PauseSubscriptionResponse(_message.Message):
    __slots__ = ("subscription",)
    SUBSCRIPTION_FIELD_NUMBER: _ClassVar[int]
    subscription: Subscription
    def __init__(self, subscription: _Optional[_Union[Subscription, _Mapping]] = ...) -> None: ...

class ResumeSubscriptionRequest(_message.Message):
    __slots__ = ("subscription_id",)
    SUBSCRIPTION_ID_FIELD_NUMBER: _ClassVar[int]
    subscription_id: str
    def __init__(self, subscription_id: _Optional[str] = ...) -> None: ...

class ResumeSubscriptionResponse(_message.Message):
    __slots__ = ("subscription",)
    SUBSCRIPTION_FIELD_NUMBER: _ClassVar[int]
    subscription: Subscription
    def __init__(self, subscription: _Optional[_Union[Subscription, _Mapping]] = ...) -> None: ...

class SubscribeRequest(_message.Message):
    __slots__ = ("subscription",)
    SUBSCRIPTION_FIELD_NUMBER: _ClassVar[int]
    subscription: Subscription
    def __init__(self, subscription: _Optional[_Union[Subscription, _Mapping]] = ...) -> None: ...

class SubscribeResponse(_message.Message):
    __slots__ = ("subscription",)
    SUBSCRIPTION_FIELD_NUMBER: _ClassVar[int]
    subscription: Subscription
    def __init__(self, subscription: _Optional[_Union[Subscription, _Mapping]] = ...) -> None: ...

class ListSubscriptionsRequest(_message.Message):
    __slots__ = ("organisation_id",)
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    def __init__(self, organisation_id: _Optional[str] = ...) -> None: ...

class ListSubscriptionsResponse(_message.Message):
    __slots__ = ("subscriptions",)
    SUBSCRIPTIONS_FIELD_NUMBER: _ClassVar[int]
    subscriptions: _containers.RepeatedCompositeFieldContainer[Subscription]
    def __init__(self, subscriptions: _Optional[_Iterable[_Union[Subscription, _Mapping]]] = ...) -> None: ...

class UnsubscribeRequest(_message.Message):
    __slots__ = ("subscription_id",)
    SUBSCRIPTION_ID_FIELD_NUMBER: _ClassVar[int]
    subscription_id: str
    def __init__(self, subscription_id: _Optional[str] = ...) -> None: ...

class UnsubscribeResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Delivery(_message.Message):
    __slots__ = ("notification_id", "endpoint_id", "kind", "seq", "attempts", "outcome", "detail", "created_at", "next_attempt_at", "event_id")
    NOTIFICATION_ID_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    NEXT_ATTEMPT_AT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    notification_id: str
    endpoint_id: str
    kind: _notification_pb2.NotificationKind
    seq: int
    attempts: int
    outcome: _notification_pb2.DeliveryOutcome
    detail: str
    created_at: _timestamp_pb2.Timestamp
    next_attempt_at: _timestamp_pb2.Timestamp
    event_id: str
    def __init__(self, notification_id: _Optional[str] = ..., endpoint_id: _Optional[str] = ..., kind: _Optional[_Union[_notification_pb2.NotificationKind, str]] = ..., seq: _Optional[int] = ..., attempts: _Optional[int] = ..., outcome: _Optional[_Union[_notification_pb2.DeliveryOutcome, str]] = ..., detail: _Optional[str] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., next_attempt_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., event_id: _Optional[str] = ...) -> None: ...

class ListDeliveriesRequest(_message.Message):
    __slots__ = ("organisation_id", "endpoint_id", "after_seq", "page_size", "page_token", "newest_first", "missing")
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    AFTER_SEQ_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NEWEST_FIRST_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    organisation_id: str
    endpoint_id: str
    after_seq: int
    page_size: int
    page_token: str
    newest_first: bool
    missing: bool
    def __init__(self, organisation_id: _Optional[str] = ..., endpoint_id: _Optional[str] = ..., after_seq: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., newest_first: _Optional[bool] = ..., missing: _Optional[bool] = ...) -> None: ...

class ListDeliveriesResponse(_message.Message):
    __slots__ = ("deliveries", "next_page_token")
    DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    deliveries: _containers.RepeatedCompositeFieldContainer[Delivery]
    next_page_token: str
    def __init__(self, deliveries: _Optional[_Iterable[_Union[Delivery, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DueEvent(_message.Message):
    __slots__ = ("notification_id", "seq", "kind", "event_id", "payload", "outcome", "created_at")
    NOTIFICATION_ID_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAYLOAD_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    notification_id: str
    seq: int
    kind: _notification_pb2.NotificationKind
    event_id: str
    payload: str
    outcome: _notification_pb2.DeliveryOutcome
    created_at: _timestamp_pb2.Timestamp
    def __init__(self, notification_id: _Optional[str] = ..., seq: _Optional[int] = ..., kind: _Optional[_Union[_notification_pb2.NotificationKind, str]] = ..., event_id: _Optional[str] = ..., payload: _Optional[str] = ..., outcome: _Optional[_Union[_notification_pb2.DeliveryOutcome, str]] = ..., created_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListEventsRequest(_message.Message):
    __slots__ = ("endpoint_id", "after_seq", "page_size", "page_token")
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    AFTER_SEQ_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    endpoint_id: str
    after_seq: int
    page_size: int
    page_token: str
    def __init__(self, endpoint_id: _Optional[str] = ..., after_seq: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEventsResponse(_message.Message):
    __slots__ = ("events", "next_page_token", "last_seq", "first_seq")
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LAST_SEQ_FIELD_NUMBER: _ClassVar[int]
    FIRST_SEQ_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[DueEvent]
    next_page_token: str
    last_seq: int
    first_seq: int
    def __init__(self, events: _Optional[_Iterable[_Union[DueEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., last_seq: _Optional[int] = ..., first_seq: _Optional[int] = ...) -> None: ...

class RedeliverRequest(_message.Message):
    __slots__ = ("notification_id", "endpoint_id", "from_seq", "to_seq", "missing")
    NOTIFICATION_ID_FIELD_NUMBER: _ClassVar[int]
    ENDPOINT_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_SEQ_FIELD_NUMBER: _ClassVar[int]
    TO_SEQ_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    notification_id: str
    endpoint_id: str
    from_seq: int
    to_seq: int
    missing: bool
    def __init__(self, notification_id: _Optional[str] = ..., endpoint_id: _Optional[str] = ..., from_seq: _Optional[int] = ..., to_seq: _Optional[int] = ..., missing: _Optional[bool] = ...) -> None: ...

class RedeliverResponse(_message.Message):
    __slots__ = ("delivery", "redelivered")
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    REDELIVERED_FIELD_NUMBER: _ClassVar[int]
    delivery: Delivery
    redelivered: int
    def __init__(self, delivery: _Optional[_Union[Delivery, _Mapping]] = ..., redelivered: _Optional[int] = ...) -> None: ...
