"""Messages of a SubmitStream as bytes: submissions in, receipts out, many in each. Pure."""

from collections.abc import Iterable, Sequence

from services.fields import LENGTH_DELIMITED, LOW_BITS, field
from services.ingest.plain import Plain, at_once

SUBMISSION, MORE_SUBMISSIONS = (number << 3 | LENGTH_DELIMITED for number in (1, 2))  # tags of SubmitStreamRequest
RECEIPT, MORE_ANSWERS = 1, 4  # fields of SubmitStreamResponse
LONGEST = 3  # bytes of a length; a message is no longer than 1 MiB


def apart(raw: bytes) -> Sequence[tuple[Plain | None, bytes]]:
    """The submissions of a request: what is read of each that is plain, see `plain`, and its bytes. None at all where they do not
    follow one another as protobuf writes them.
    """
    parts = _parts(raw)
    return list(zip(at_once(parts), parts, strict=True))


def accepted(receipt: bytes) -> bytes:
    """The answer to a submission that was accepted."""
    return field(RECEIPT, receipt)


def together(answers: Iterable[bytes]) -> bytes:
    """The response to a request whose submissions are answered so."""
    first, *others = answers
    return b"".join([first, *(field(MORE_ANSWERS, other) for other in others)])


def _parts(raw: bytes) -> list[bytes]:
    """The bytes of each; see `apart`."""
    parts, at, tag = list[bytes](), 0, SUBMISSION
    while at < len(raw):
        if raw[at] != tag:
            return []
        size, begin = 0, at + 1
        if begin == len(raw):
            return []
        for shift, byte in enumerate(raw[begin : begin + LONGEST]):
            size, begin = size | (byte & LOW_BITS) << 7 * shift, begin + 1
            if byte <= LOW_BITS:
                break
        at = begin + size
        if raw[begin - 1] > LOW_BITS or at > len(raw):
            return []
        parts.append(raw[begin:at])
        tag = MORE_SUBMISSIONS
    return parts
