from noegletal.v1 import release_pb2 as _release_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DisclosureKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DISCLOSURE_KIND_UNSPECIFIED: _ClassVar[DisclosureKind]
    DISCLOSURE_KIND_EXACT: _ClassVar[DisclosureKind]
    DISCLOSURE_KIND_PAIR: _ClassVar[DisclosureKind]
    DISCLOSURE_KIND_TOTAL: _ClassVar[DisclosureKind]
DISCLOSURE_KIND_UNSPECIFIED: DisclosureKind
DISCLOSURE_KIND_EXACT: DisclosureKind
DISCLOSURE_KIND_PAIR: DisclosureKind
DISCLOSURE_KIND_TOTAL: DisclosureKind

class PlanReleaseRequest(_message.Message):
    __slots__ = ("scheme", "period", "kind")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    kind: _release_pb2.ReleaseKind
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., kind: _Optional[_Union[_release_pb2.ReleaseKind, str]] = ...) -> None: ...

class ChangedHolders(_message.Message):
    __slots__ = ("key_figure", "peer_group", "since_release", "holders")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    SINCE_RELEASE_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    peer_group: str
    since_release: int
    holders: int
    def __init__(self, key_figure: _Optional[str] = ..., peer_group: _Optional[str] = ..., since_release: _Optional[int] = ..., holders: _Optional[int] = ...) -> None: ...

class ReleasedSum(_message.Message):
    __slots__ = ("release", "peer_group")
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    release: int
    peer_group: str
    def __init__(self, release: _Optional[int] = ..., peer_group: _Optional[str] = ...) -> None: ...

class Disclosure(_message.Message):
    __slots__ = ("kind", "holders", "sums")
    KIND_FIELD_NUMBER: _ClassVar[int]
    HOLDERS_FIELD_NUMBER: _ClassVar[int]
    SUMS_FIELD_NUMBER: _ClassVar[int]
    kind: DisclosureKind
    holders: _containers.RepeatedScalarFieldContainer[str]
    sums: _containers.RepeatedCompositeFieldContainer[ReleasedSum]
    def __init__(self, kind: _Optional[_Union[DisclosureKind, str]] = ..., holders: _Optional[_Iterable[str]] = ..., sums: _Optional[_Iterable[_Union[ReleasedSum, _Mapping]]] = ...) -> None: ...

class FigureAudit(_message.Message):
    __slots__ = ("key_figure", "sums", "atoms", "rank", "disclosed")
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    SUMS_FIELD_NUMBER: _ClassVar[int]
    ATOMS_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    DISCLOSED_FIELD_NUMBER: _ClassVar[int]
    key_figure: str
    sums: int
    atoms: int
    rank: int
    disclosed: _containers.RepeatedCompositeFieldContainer[Disclosure]
    def __init__(self, key_figure: _Optional[str] = ..., sums: _Optional[int] = ..., atoms: _Optional[int] = ..., rank: _Optional[int] = ..., disclosed: _Optional[_Iterable[_Union[Disclosure, _Mapping]]] = ...) -> None: ...

class PlanReleaseResponse(_message.Message):
    __slots__ = ("release", "changed", "audits", "final_percent", "calendar_releases")
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    AUDITS_FIELD_NUMBER: _ClassVar[int]
    FINAL_PERCENT_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_RELEASES_FIELD_NUMBER: _ClassVar[int]
    release: _release_pb2.ReleaseDecided
    changed: _containers.RepeatedCompositeFieldContainer[ChangedHolders]
    audits: _containers.RepeatedCompositeFieldContainer[FigureAudit]
    final_percent: int
    calendar_releases: int
    def __init__(self, release: _Optional[_Union[_release_pb2.ReleaseDecided, _Mapping]] = ..., changed: _Optional[_Iterable[_Union[ChangedHolders, _Mapping]]] = ..., audits: _Optional[_Iterable[_Union[FigureAudit, _Mapping]]] = ..., final_percent: _Optional[int] = ..., calendar_releases: _Optional[int] = ...) -> None: ...

class MakeReleaseRequest(_message.Message):
    __slots__ = ("scheme", "period", "kind", "vintage")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    VINTAGE_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    kind: _release_pb2.ReleaseKind
    vintage: int
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., kind: _Optional[_Union[_release_pb2.ReleaseKind, str]] = ..., vintage: _Optional[int] = ...) -> None: ...

class MakeReleaseResponse(_message.Message):
    __slots__ = ("release", "changed", "audits")
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    AUDITS_FIELD_NUMBER: _ClassVar[int]
    release: _release_pb2.ReleaseDecided
    changed: _containers.RepeatedCompositeFieldContainer[ChangedHolders]
    audits: _containers.RepeatedCompositeFieldContainer[FigureAudit]
    def __init__(self, release: _Optional[_Union[_release_pb2.ReleaseDecided, _Mapping]] = ..., changed: _Optional[_Iterable[_Union[ChangedHolders, _Mapping]]] = ..., audits: _Optional[_Iterable[_Union[FigureAudit, _Mapping]]] = ...) -> None: ...

class WithdrawCellsRequest(_message.Message):
    __slots__ = ("scheme", "period", "key_figure", "peer_group", "reason")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    KEY_FIGURE_FIELD_NUMBER: _ClassVar[int]
    PEER_GROUP_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    key_figure: str
    peer_group: str
    reason: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., key_figure: _Optional[str] = ..., peer_group: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class WithdrawCellsResponse(_message.Message):
    __slots__ = ("withdrawal",)
    WITHDRAWAL_FIELD_NUMBER: _ClassVar[int]
    withdrawal: _release_pb2.ReleaseDecided
    def __init__(self, withdrawal: _Optional[_Union[_release_pb2.ReleaseDecided, _Mapping]] = ...) -> None: ...

class AuditReleasesRequest(_message.Message):
    __slots__ = ("scheme", "period")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ...) -> None: ...

class ReplayedRelease(_message.Message):
    __slots__ = ("number", "kind", "equal")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    EQUAL_FIELD_NUMBER: _ClassVar[int]
    number: int
    kind: _release_pb2.ReleaseKind
    equal: bool
    def __init__(self, number: _Optional[int] = ..., kind: _Optional[_Union[_release_pb2.ReleaseKind, str]] = ..., equal: _Optional[bool] = ...) -> None: ...

class AuditReleasesResponse(_message.Message):
    __slots__ = ("audits", "releases")
    AUDITS_FIELD_NUMBER: _ClassVar[int]
    RELEASES_FIELD_NUMBER: _ClassVar[int]
    audits: _containers.RepeatedCompositeFieldContainer[FigureAudit]
    releases: _containers.RepeatedCompositeFieldContainer[ReplayedRelease]
    def __init__(self, audits: _Optional[_Iterable[_Union[FigureAudit, _Mapping]]] = ..., releases: _Optional[_Iterable[_Union[ReplayedRelease, _Mapping]]] = ...) -> None: ...
