"""Commands that show: benchmarks, explain, watch, status, explain-code."""

import difflib
import math
import shutil
import sys
import textwrap
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1.assessment_pb2 import Absence

from services.catalogue import absences, codes
from services.catalogue.definitions import KeyFigure
from services.cli import flat, points, running
from services.cli.client import refused
from services.cli.definitions import find
from services.cli.processes import status as http_status
from services.cli.running import connected
from services.cli.talk import Exit, Stop, Talk, coded

NEVER = 10_000  # characters; longer than any text, so nothing is wrapped
STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")
HEADINGS = {
    "da": ["nøgletal", "gruppe", "enheder", "af", "samlet", "P10", "Q1", "median", "Q3", "P90", "enhed", "uden tal"],
    "en": [
        "key figure",
        "group",
        "units",
        "of",
        "pooled",
        "P10",
        "Q1",
        "median",
        "Q3",
        "P90",
        "unit",
        "without a figure",
    ],
}


async def benchmarks(scheme: str, asked: dict[str, Any], talk: Talk, language: str) -> None:
    """Show cells."""
    asked["as_of"] = points.as_of(asked["as_of"], language)
    async with connected() as client:
        cells = await client.cells(scheme, **asked)
    if not cells:
        what = " ".join(value for value in (asked["period"], asked["peer_group"], asked["key_figure"]) if value)
        raise Stop(coded("NT-3001", language, what=what, known="noegletal benchmarks --group ''"), Exit.USAGE)
    if talk.as_json:
        for cell in cells:
            talk.record(MessageToDict(cell, preserving_proto_field_name=True))
    elif talk.as_csv:
        talk.rows([flat.cell(cell) for cell in cells])
    else:
        for period in dict.fromkeys(cell.period for cell in cells):
            table(scheme, period, [c for c in cells if c.period == period], talk, language)


def table(scheme: str, period: str, cells: list[pb.Cell], talk: Talk, language: str) -> None:
    """Cells as a table: values as the catalogue shows them, a word where one may not be shown."""
    figures = find(scheme, "").key_figure
    rows = []
    for cell in cells:
        figure = figures[cell.key_figure]
        values = [shown(cell, name, figure, language) for name in STATISTICS]
        name = figure.name.of(language)
        if cell.release_number:
            name += {"da": f" (frigivelse {cell.release_number})", "en": f" (release {cell.release_number})"}[language]
        group = cell.peer_group if cell.peer_group != "all" else {"da": "alle", "en": "all"}[language]
        rows.append(
            [
                f"{cell.key_figure} {name}",
                group,
                str(cell.units or "–"),
                str(cell.expected),
                *values,
                figure.show.unit.of(language),
                absences.counted(lacking(cell), language),
            ]
        )
    vintage = {"da": "udgave", "en": "vintage"}[language]
    talk.table(f"{scheme} {period}, {vintage} {cells[0].vintage}", HEADINGS[language], rows)


def lacking(cell: pb.Cell) -> dict[str, int]:
    """How many expected units lack the figure, by reason."""
    return {Absence.Name(a.absence).removeprefix("ABSENCE_").lower(): a.units for a in cell.absences}


def shown(cell: pb.Cell, name: str, figure: KeyFigure, language: str) -> str:
    """One statistic for people."""
    if cell.suppression == pb.SUPPRESSION_NOT_RELEASED:
        return {"da": "ikke frigivet", "en": "not released"}[language]
    if cell.suppression == pb.SUPPRESSION_WITHDRAWN:
        return {"da": "fjernet efter lovkrav", "en": "removed by law"}[language]
    if not cell.HasField(name):
        return {"da": "for få", "en": "too few"}[language]
    return number(getattr(cell, name) * figure.show.factor, figure.show.decimals, language)


def number(value: float, decimals: int, language: str) -> str:
    """A number as a Dane or an Englishman writes it.

    >>> number(1234.56, 1, "da"), number(1234.56, 1, "en")
    ('1.234,6', '1,234.6')
    """
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "da" else text


async def explain(asked: dict[str, Any], more: dict[str, Any], talk: Talk, language: str) -> None:
    """Explain one standing. `more`: vintages, and what the sentence is to speak of."""
    running.bring_definitions()
    figures = find(asked["scheme"], "").key_figure
    if asked["key_figure"] not in figures:
        near = difflib.get_close_matches(asked["key_figure"].upper(), figures, n=3, cutoff=0.3) or list(figures)
        raise Stop(coded("NT-9205", language, what=asked["key_figure"], near=", ".join(near)), Exit.USAGE)
    request = api.ExplainRequest(**asked, **more)
    async with connected() as client:
        answer = await client.call(client.benchmarks.Explain, request)
    if talk.as_json:
        talk.record(MessageToDict(answer.explanation, preserving_proto_field_name=True))
    elif talk.as_csv:
        talk.rows(list(flat.explanation(answer.explanation)))
    else:
        explanation(answer.explanation, talk, language)


def explanation(one: pb.Explanation, talk: Talk, language: str) -> None:
    """An explanation: the sentence, then the parts, which sum to the change."""
    talk.data(" ".join(filter(None, (f"{one.unit_id}: {one.text[language]}", one.priced_text[language]))))
    if not one.parts:
        return
    words = {
        "da": ["trin", "enheder", "placering", "percentil", "kvartil"],
        "en": ["step", "units", "position", "percentile", "quartile"],
    }
    rows = [
        [
            pb.Step.Name(p.step).removeprefix("STEP_").lower().replace("_", " "),
            str(p.units),
            f"{p.position:+d}",
            f"{p.percentile_e4 / 1e4:+.1f}",
            f"{p.quartile:+d}",
        ]
        for p in one.parts
    ]
    total = [
        sum(p.position for p in one.parts),
        sum(p.percentile_e4 for p in one.parts),
        sum(p.quartile for p in one.parts),
    ]
    rows.append(
        [{"da": "i alt", "en": "sum"}[language], "", f"{total[0]:+d}", f"{total[1] / 1e4:+.1f}", f"{total[2]:+d}"]
    )
    talk.table("", words[language], rows)


async def watch(scheme: str, period: str, group: str, resume: str, talk: Talk) -> None:
    """Follow benchmarks until interrupted."""
    request = api.WatchBenchmarksRequest(scheme=scheme, period=period, peer_group=group, resume_token=resume)
    async with connected() as client:
        try:
            async for answer in client.benchmarks.WatchBenchmarks(request, metadata=client.metadata):
                update = answer.update
                if talk.as_json:
                    said = MessageToDict(update, preserving_proto_field_name=True)
                    said["statistics"] = [None if math.isnan(s) else s for s in update.statistics]
                    talk.record({"update": said, "resume_token": answer.resume_token, "snapshot": answer.snapshot})
                else:
                    changed = ", ".join(update.key_figures[n] for n in update.changed) or "–"
                    place = f"{update.scheme}/{update.period}/{update.peer_group} vintage {update.vintage}"
                    talk.data(f"{place}: {update.reported} of {update.expected} reported; changed {changed}")
        except grpc.aio.AioRpcError as error:
            raise refused(error) from None


def status(talk: Talk) -> None:
    """Say how each service does. Raises Stop when one cannot be reached."""
    known = running.read()
    rows, away = [], []
    for name, address in sorted(known.http.items()):
        code, body = http_status(address, "/readyz")
        outbox = _metric(http_status(address, "/metrics")[1], "noegletal_outbox_pending")
        state = {200: "ready", 503: "not ready", 0: "not reachable"}.get(code, f"HTTP {code}")
        if code != 200:
            away.append(name)
        rows.append([name, state, address, outbox])
        if talk.as_json:
            talk.record({"service": name, "state": state, "http": address, "outbox_pending": outbox, "answer": body})
    if not talk.as_json:
        talk.table("", ["service", "state", "http", "outbox"], rows)
    if away or not rows:
        raise Stop(f"NT-9202 not ready: {', '.join(away) or 'nothing is known to run'}", Exit.UNREACHABLE)


def _metric(text: str, name: str) -> str:
    return next((line.rpartition(" ")[2] for line in text.splitlines() if line.startswith(name + "{")), "–")


def explain_code(code: str, talk: Talk, language: str) -> None:
    """Say what a code means: message, cause, remedy and an example. Raises Stop, with what is near, where there is none."""
    entries = codes.entries()
    asked = code.upper() if not code.isdecimal() else f"NT-{code}"
    if asked not in entries:
        near = difflib.get_close_matches(asked, entries, n=3) or sorted(entries)[:3]
        raise Stop(coded("NT-9205", language, what=code[:64], near=", ".join(near)), Exit.USAGE)
    if talk.as_json:
        talk.record(
            {name: value if isinstance(value, str) else dict(value) for name, value in vars(entries[asked]).items()}
        )
        return
    talk.data(asked)
    explained = codes.explained(asked, language)
    indent = max(map(len, explained)) + 4
    width = (
        max(60, min(100, shutil.get_terminal_size().columns)) if sys.stdout.isatty() else NEVER
    )  # piped: one line each
    for heading, text in explained.items():
        talk.data(
            textwrap.fill(text, width, initial_indent=f"  {heading:<{indent - 2}}", subsequent_indent=" " * indent)
        )
