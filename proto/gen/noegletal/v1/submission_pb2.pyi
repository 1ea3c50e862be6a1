import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MissingReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MISSING_REASON_UNSPECIFIED: _ClassVar[MissingReason]
    MISSING_REASON_BLANK: _ClassVar[MissingReason]
    MISSING_REASON_NOT_REQUIRED: _ClassVar[MissingReason]
    MISSING_REASON_EXCLUDED: _ClassVar[MissingReason]

class Door(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOOR_UNSPECIFIED: _ClassVar[Door]
    DOOR_GRPC: _ClassVar[Door]
    DOOR_TOPIC: _ClassVar[Door]
    DOOR_FILE: _ClassVar[Door]

class ReceiptOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECEIPT_OUTCOME_UNSPECIFIED: _ClassVar[ReceiptOutcome]
    RECEIPT_OUTCOME_ACCEPTED: _ClassVar[ReceiptOutcome]
    RECEIPT_OUTCOME_STALE: _ClassVar[ReceiptOutcome]
    RECEIPT_OUTCOME_UNKNOWN_UNIT: _ClassVar[ReceiptOutcome]
    RECEIPT_OUTCOME_CONFLICT: _ClassVar[ReceiptOutcome]
    RECEIPT_OUTCOME_MALFORMED: _ClassVar[ReceiptOutcome]

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_SUBMITTER: _ClassVar[Role]
    ROLE_READER: _ClassVar[Role]
    ROLE_OPERATOR: _ClassVar[Role]
MISSING_REASON_UNSPECIFIED: MissingReason
MISSING_REASON_BLANK: MissingReason
MISSING_REASON_NOT_REQUIRED: MissingReason
MISSING_REASON_EXCLUDED: MissingReason
DOOR_UNSPECIFIED: Door
DOOR_GRPC: Door
DOOR_TOPIC: Door
DOOR_FILE: Door
RECEIPT_OUTCOME_UNSPECIFIED: ReceiptOutcome
RECEIPT_OUTCOME_ACCEPTED: ReceiptOutcome
RECEIPT_OUTCOME_STALE: ReceiptOutcome
RECEIPT_OUTCOME_UNKNOWN_UNIT: ReceiptOutcome
RECEIPT_OUTCOME_CONFLICT: ReceiptOutcome
RECEIPT_OUTCOME_MALFORMED: ReceiptOutcome
ROLE_UNSPECIFIED: Role
ROLE_SUBMITTER: Role
ROLE_READER: Role
ROLE_OPERATOR: Role

class Amount(_message.Message):
    __slots__ = ("data_point", "value", "missing", "unreadable")
    DATA_POINT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_FIELD_NUMBER: _ClassVar[int]
    data_point: str
    value: int
    missing: MissingReason
    unreadable: str
    def __init__(self, data_point: _Optional[str] = ..., value: _Optional[int] = ..., missing: _Optional[_Union[MissingReason, str]] = ..., unreadable: _Optional[str] = ...) -> None: ...

class Confirmation(_message.Message):
    __slots__ = ("what", "reason")
    WHAT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    what: str
    reason: str
    def __init__(self, what: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Submission(_message.Message):
    __slots__ = ("submission_id", "organisation_id", "unit_id", "scheme", "period_start", "period_end", "revision", "amounts", "confirmations", "withdraw", "comment", "source_system")
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_START_FIELD_NUMBER: _ClassVar[int]
    PERIOD_END_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    AMOUNTS_FIELD_NUMBER: _ClassVar[int]
    CONFIRMATIONS_FIELD_NUMBER: _ClassVar[int]
    WITHDRAW_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    submission_id: str
    organisation_id: str
    unit_id: str
    scheme: str
    period_start: str
    period_end: str
    revision: int
    amounts: _containers.RepeatedCompositeFieldContainer[Amount]
    confirmations: _containers.RepeatedCompositeFieldContainer[Confirmation]
    withdraw: bool
    comment: str
    source_system: str
    def __init__(self, submission_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., unit_id: _Optional[str] = ..., scheme: _Optional[str] = ..., period_start: _Optional[str] = ..., period_end: _Optional[str] = ..., revision: _Optional[int] = ..., amounts: _Optional[_Iterable[_Union[Amount, _Mapping]]] = ..., confirmations: _Optional[_Iterable[_Union[Confirmation, _Mapping]]] = ..., withdraw: _Optional[bool] = ..., comment: _Optional[str] = ..., source_system: _Optional[str] = ...) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("receipt_id", "submission_id", "organisation_id", "sha256", "sequence", "received_at", "door", "revision", "outcome", "code", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    RECEIPT_ID_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_AT_FIELD_NUMBER: _ClassVar[int]
    DOOR_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    receipt_id: str
    submission_id: str
    organisation_id: str
    sha256: bytes
    sequence: int
    received_at: _timestamp_pb2.Timestamp
    door: Door
    revision: int
    outcome: ReceiptOutcome
    code: str
    parameters: _containers.ScalarMap[str, str]
    def __init__(self, receipt_id: _Optional[str] = ..., submission_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., sha256: _Optional[bytes] = ..., sequence: _Optional[int] = ..., received_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., door: _Optional[_Union[Door, str]] = ..., revision: _Optional[int] = ..., outcome: _Optional[_Union[ReceiptOutcome, str]] = ..., code: _Optional[str] = ..., parameters: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Profile(_message.Message):
    __slots__ = ("unit_id", "organisation_id", "holder_id", "attributes", "version", "valid_from", "scheme")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    UNIT_ID_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    HOLDER_ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    unit_id: str
    organisation_id: str
    holder_id: str
    attributes: _containers.ScalarMap[str, str]
    version: int
    valid_from: _timestamp_pb2.Timestamp
    scheme: str
    def __init__(self, unit_id: _Optional[str] = ..., organisation_id: _Optional[str] = ..., holder_id: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., version: _Optional[int] = ..., valid_from: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., scheme: _Optional[str] = ...) -> None: ...

class AmountRow(_message.Message):
    __slots__ = ("data_points", "values", "missing")
    DATA_POINTS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    data_points: str
    values: bytes
    missing: bytes
    def __init__(self, data_points: _Optional[str] = ..., values: _Optional[bytes] = ..., missing: _Optional[bytes] = ...) -> None: ...

class SubmissionReceived(_message.Message):
    __slots__ = ("submission", "receipt", "profile", "row")
    SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    ROW_FIELD_NUMBER: _ClassVar[int]
    submission: Submission
    receipt: Receipt
    profile: Profile
    row: AmountRow
    def __init__(self, submission: _Optional[_Union[Submission, _Mapping]] = ..., receipt: _Optional[_Union[Receipt, _Mapping]] = ..., profile: _Optional[_Union[Profile, _Mapping]] = ..., row: _Optional[_Union[AmountRow, _Mapping]] = ...) -> None: ...

class UnitRegistered(_message.Message):
    __slots__ = ("profile",)
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    profile: Profile
    def __init__(self, profile: _Optional[_Union[Profile, _Mapping]] = ...) -> None: ...

class AccessGranted(_message.Message):
    __slots__ = ("key_id", "secret_sha256", "organisation_id", "role", "revoked", "expires_at")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    SECRET_SHA256_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_ID_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    secret_sha256: bytes
    organisation_id: str
    role: Role
    revoked: bool
    expires_at: _timestamp_pb2.Timestamp
    def __init__(self, key_id: _Optional[str] = ..., secret_sha256: _Optional[bytes] = ..., organisation_id: _Optional[str] = ..., role: _Optional[_Union[Role, str]] = ..., revoked: _Optional[bool] = ..., expires_at: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
