"""A figure's history, and whom a unit is like, as the command line shows them."""

from typing import Any

from google.protobuf.json_format import MessageToDict
from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import statistics_pb2 as pb

from services.cli import flat, points
from services.cli.definitions import find
from services.cli.running import connected
from services.cli.show import number
from services.cli.talk import Talk, language

WORDS = {
    "da": {
        "period": "periode",
        "value": "værdi",
        "said": "bemærk",
        "limits": "grænser",
        "dots": "under otte perioder: ingen grænser",
        "unit": "enhed",
        "distance": "afstand",
        "why": "hvorfor (andel af afstanden)",
        "twins": "tvillinger, samme",
        "scales": "målestok fra",
        "now": "registret, som det er",
        "place": "nr. {position} af {units}",
    },
    "en": {
        "period": "period",
        "value": "value",
        "said": "note",
        "limits": "limits",
        "dots": "fewer than eight periods: no limits",
        "unit": "unit",
        "distance": "distance",
        "why": "why (share of the distance)",
        "twins": "twins, same",
        "scales": "scales of",
        "now": "the register as it is",
        "place": "rank {position} of {units}",
    },
}
SIGNALS = {
    pb.SIGNAL_OUTSIDE: {"da": "uden for grænserne", "en": "outside the limits"},
    pb.SIGNAL_ONE_SIDE: {"da": "syv på samme side", "en": "seven on one side"},
    pb.SIGNAL_RISING: {"da": "syv stigende", "en": "seven rising"},
    pb.SIGNAL_FALLING: {"da": "syv faldende", "en": "seven falling"},
}
CHANGES = {
    pb.FLAG_FELL: {"da": "faldt usædvanligt", "en": "fell unusually"},
    pb.FLAG_ROSE: {"da": "steg usædvanligt", "en": "rose unusually"},
}


async def trend(asked: dict[str, Any], talk: Talk, lang: str) -> None:
    """Show a history."""
    asked["as_of"] = points.as_of(asked["as_of"], language(lang))
    async with connected() as client:
        history = (await client.call(client.benchmarks.Trend, api.TrendRequest(**asked))).trend
    if talk.as_json:
        talk.record(MessageToDict(history, preserving_proto_field_name=True))
    elif talk.as_csv:
        talk.rows(list(flat.trend(history)))
    else:
        _history(history, talk, language(lang))


def _history(history: pb.Trend, talk: Talk, lang: str) -> None:
    show = find(history.scheme, "").key_figure[history.key_figure].show

    def shown(message: Any, name: str) -> str:
        return number(getattr(message, name) * show.factor, show.decimals, lang) if message.HasField(name) else "–"

    words = WORDS[lang]
    rows = [
        [
            point.period,
            shown(point, "value"),
            *(shown(point, name) for name in ("q1", "median", "q3")),
            f"{point.units}/{point.awaited}",
            ", ".join([*(SIGNALS[s][lang] for s in point.signals), *(CHANGES[f][lang] for f in point.flags)]) or "–",
        ]
        for point in history.points
    ]
    said = words["dots"]
    if history.HasField("centre"):
        said = f"{words['limits']} {shown(history, 'lower')} – {shown(history, 'centre')} – {shown(history, 'upper')}"
    title = f"{history.key_figure} {history.unit_id or history.peer_group}, {show.unit.of(lang)}; {said}"
    talk.table(title, [words["period"], words["value"], "Q1", "median", "Q3", "n/N", words["said"]], rows)


async def peers(asked: dict[str, Any], talk: Talk, lang: str) -> None:
    """Show the twins of a unit."""
    asked["as_of"] = points.as_of(asked["as_of"], language(lang))
    request = api.ListTwinsRequest(**asked)
    async with connected() as client:
        answer = await client.call(client.benchmarks.ListTwins, request)
    if talk.as_json:
        talk.record(MessageToDict(answer, preserving_proto_field_name=True))
    elif talk.as_csv:
        talk.rows(list(flat.twins(answer)))
    else:
        words = WORDS[language(lang)]
        rows = [[twin.unit_id, f"{twin.distance_e6 / 10**6:.3f}", _why(twin)] for twin in answer.twins]
        same = f"{answer.matched_on}={answer.matched_value}"
        title = f"{len(rows)} {words['twins']} {same}, {words['scales']} {answer.scales_year or words['now']}"
        talk.table(title, [words["unit"], words["distance"], words["why"]], rows)
        for one in answer.standings:
            place = words["place"].format(position=one.standing.position, units=one.standing.units)
            talk.data(f"{one.key_figure}: {place}")


def _why(twin: pb.Twin) -> str:
    parts = sorted((part for part in twin.parts if part.share_e4), key=lambda part: -part.share_e4)
    return ", ".join(f"{part.attribute} {part.share_e4 / 100:.0f} %" for part in parts) or "0"
