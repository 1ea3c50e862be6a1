from noegletal.v1 import submission_pb2 as _submission_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LogLine(_message.Message):
    __slots__ = ("raw", "receipt", "profile")
    RAW_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    raw: bytes
    receipt: _submission_pb2.Receipt
    profile: _submission_pb2.Profile
    def __init__(self, raw: _Optional[bytes] = ..., receipt: _Optional[_Union[_submission_pb2.Receipt, _Mapping]] = ..., profile: _Optional[_Union[_submission_pb2.Profile, _Mapping]] = ...) -> None: ...

class ReadLogRequest(_message.Message):
    __slots__ = ("scheme", "after_sequence", "page_size")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    AFTER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    after_sequence: int
    page_size: int
    def __init__(self, scheme: _Optional[str] = ..., after_sequence: _Optional[int] = ..., page_size: _Optional[int] = ...) -> None: ...

class ReadLogResponse(_message.Message):
    __slots__ = ("lines", "next_after_sequence")
    LINES_FIELD_NUMBER: _ClassVar[int]
    NEXT_AFTER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    lines: _containers.RepeatedCompositeFieldContainer[LogLine]
    next_after_sequence: int
    def __init__(self, lines: _Optional[_Iterable[_Union[LogLine, _Mapping]]] = ..., next_after_sequence: _Optional[int] = ...) -> None: ...

class ReadProfilesRequest(_message.Message):
    __slots__ = ("scheme", "page_size", "page_token")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    page_size: int
    page_token: str
    def __init__(self, scheme: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ReadProfilesResponse(_message.Message):
    __slots__ = ("profiles", "next_page_token")
    PROFILES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    profiles: _containers.RepeatedCompositeFieldContainer[_submission_pb2.Profile]
    next_page_token: str
    def __init__(self, profiles: _Optional[_Iterable[_Union[_submission_pb2.Profile, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ReassessRequest(_message.Message):
    __slots__ = ("scheme", "period", "after_sequence")
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    AFTER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    scheme: str
    period: str
    after_sequence: int
    def __init__(self, scheme: _Optional[str] = ..., period: _Optional[str] = ..., after_sequence: _Optional[int] = ...) -> None: ...

class ReassessResponse(_message.Message):
    __slots__ = ("announced", "next_after_sequence")
    ANNOUNCED_FIELD_NUMBER: _ClassVar[int]
    NEXT_AFTER_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    announced: int
    next_after_sequence: int
    def __init__(self, announced: _Optional[int] = ..., next_after_sequence: _Optional[int] = ...) -> None: ...
