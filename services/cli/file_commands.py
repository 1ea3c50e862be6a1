"""`noegletal undo` and `noegletal template`."""

import re
from dataclasses import dataclass
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from noegletal.v1 import submission_service_pb2 as api

from services.cli.running import connected
from services.cli.talk import Exit, Stop, Talk

PERIOD = re.compile(r"([0-9]{4})|([0-9]{4}-[0-9]{2}-[0-9]{2})/([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True)
class Asked:
    """The template that is wanted. `period` is a calendar year, or first and last day with a stroke between."""

    scheme: str
    organisation: str
    period: str
    out: Path
    language: str


async def undo(submission: str, organisation: str, talk: Talk, language: str) -> None:
    """Undo, and say what was done."""
    async with connected(language) as client:
        request = api.UndoRequest(submission_id=submission, organisation_id=organisation)
        done = await client.call(client.submissions.Undo, request)
    if talk.as_json:
        talk.record(MessageToDict(done, preserving_proto_field_name=True))
        return
    talk.data(done.message_da if language == "da" else done.message_en)
    back = "fortryd fortrydelsen" if language == "da" else "take it back"
    talk.say(f"{back}: noegletal undo {done.receipt.submission_id}")


async def template(asked: Asked, talk: Talk) -> None:
    """Write the template."""
    start, end = days(asked.period)
    async with connected(asked.language) as client:
        request = api.GetTemplateRequest(
            scheme=asked.scheme,
            organisation_id=asked.organisation,
            period_start=start,
            period_end=end,
            language=asked.language,
        )
        content = await client.file(client.submissions.GetTemplate, request)
    write(asked.out, content)
    following = "udfyld den, og send den" if asked.language == "da" else "fill it in and send it"
    talk.say(f"{asked.out} · {following}: noegletal submit {asked.out} --lang {asked.language}")


def days(period: str) -> tuple[str, str]:
    """First and last day of a period as it is asked for. Raises Stop.

    >>> days("2024"), days("2023-07-01/2024-06-30")
    (('2024-01-01', '2024-12-31'), ('2023-07-01', '2024-06-30'))
    """
    match = PERIOD.fullmatch(period)
    if match is None:
        raise Stop(f"--period is a year such as 2024, or 2023-07-01/2024-06-30, not {period}", Exit.USAGE)
    return (f"{match[1]}-01-01", f"{match[1]}-12-31") if match[1] else (match[2], match[3])


def write(path: Path, content: bytes) -> None:
    """Write a file. Raises Stop where that cannot be."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Stop(f"NT-9201 {path}:0 cannot be written ({error.strerror}); choose another place", Exit.USAGE) from None
