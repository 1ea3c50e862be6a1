from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class ObservationsAccepted(_message.Message):
    __slots__ = ("scheme", "period", "method_version", "key_figures", "unit_ids", "organisations", "organisation_index", "holders", "holder_index", "peer_groups", "peer_group_count", "peer_group_index", "revisions", "withdrawn", "numerators", "denominators", "absences", "receipt_ids", "more_follow")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    METHOD_VERSION_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURES_FIELD_NUMBER: _ClassVar[int]
    UNIT_IDS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATIONS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_INDEX_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    HOLDER_INDEX_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUPS_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_COUNT_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_INDEX_FIELD_NUMBER: _ClassVar[int]
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    NUMERATORS_FIELD_NUMBER: _ClassVar[int]
    DENOMINATORS_FIELD_NUMBER: _ClassVar[int]
    ABSENCES_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_IDS_FIELD_NUMBER: _ClassVar[int]
    MORE_FOLLOW_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    method_version: str
    key_figures: _containers.RepeatedScalarFieldContainer[str]
    unit_ids: _containers.RepeatedScalarFieldContainer[str]
    organisations: _containers.RepeatedScalarFieldContainer[str]
    organisation_index: _containers.RepeatedScalarFieldContainer[int]
    holders: _containers.RepeatedScalarFieldContainer[str]
    holder_index: _containers.RepeatedScalarFieldContainer[int]
    peer_groups: _containers.RepeatedScalarFieldContainer[str]
    peer_group_count: _containers.RepeatedScalarFieldContainer[int]
    peer_group_index: _containers.RepeatedScalarFieldContainer[int]
    revisions: _containers.RepeatedScalarFieldContainer[int]
    withdrawn: bytes
    numerators: bytes
    denominators: bytes
    absences: bytes
    receipt_ids: _containers.RepeatedScalarFieldContainer[str]
    more_follow: bool
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., method_version: _Optional[str] = ..., key_figures: _Optional[_Iterable[str]] = ..., unit_ids: _Optional[_Iterable[str]] = ..., organisations: _Optional[_Iterable[str]] = ..., organisation_index: _Optional[_Iterable[int]] = ..., holders: _Optional[_Iterable[str]] = ..., holder_index: _Optional[_Iterable[int]] = ..., peer_groups: _Optional[_Iterable[str]] = ..., peer_group_count: _Optional[_Iterable[int]] = ..., peer_group_index: _Optional[_Iterable[int]] = ..., revisions: _Optional[_Iterable[int]] = ..., withdrawn: _Optional[bytes] = ..., numerators: _Optional[bytes] = ..., denominators: _Optional[bytes] = ..., absences: _Optional[bytes] = ..., receipt_ids: _Optional[_Iterable[str]] = ..., more_follow: _Optional[bool] = ...) -> None: ...
