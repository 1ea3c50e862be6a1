"""Commands that look back: explain-cell, explain-organisation, reproduce, reassess."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer

from services.cli.options import Group, Json, Lang, Period, Scheme, Year
from services.cli.talk import EPILOG, Exit, Stop, Talk, language

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
From = Annotated[int, typer.Option("--from", help="Vintage to explain from; 0: the publication before.")]
To = Annotated[int, typer.Option("--to", help="Vintage to explain to; 0: the newest publication.")]
About = Annotated[str, typer.Option("--about", help="position, percentile, quartile or gap.")]
NOT_SHOWN = {"da": "Kan ikke vises.", "en": "May not be shown."}
NOTHING_BEFORE = {
    "da": "Frigivelse {release} er den første, der viser tallet: der er intet at sammenligne med endnu.",
    "en": "Release {release} is the first to show the figure: there is nothing to compare it with yet.",
}
MEASURES = ("position", "percentile", "quartile", "gap")


@app.command("explain-cell", epilog=EPILOG)
def explain_cell(
    figure: str,
    scheme: Scheme = "uk-tsm",
    period: Period = "",
    group: Group = "all",
    before: From = 0,
    after: To = 0,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Explain why the median, pooled ratio and quartiles of a group changed; the parts add up.

    Of a figure that is not public: how its released numbers changed, by default from the release before.

    Example: noegletal explain-cell RP01 --group org_type=PRP
    """
    from google.protobuf.json_format import MessageToDict
    from noegletal.v1 import benchmark_service_pb2 as api

    request = api.ExplainCellRequest(
        scheme=scheme, period=period, peer_group=group, key_figure=figure, vintage_before=before, vintage_after=after
    )
    found = _asked("ExplainCell", request).explanation
    talk = Talk(as_json=as_json)
    if as_json:
        talk.record(MessageToDict(found, preserving_proto_field_name=True))
        return
    talk.data(f"{found.scheme}/{found.period}/{found.peer_group} {found.vintage_before} → {found.vintage_after}")
    for change in found.changes:
        talk.data(change.text[language(lang)])
    if not found.changes:
        once = found.release_after and not found.release_before
        why = NOTHING_BEFORE if once else NOT_SHOWN
        talk.data(why[lang].format(release=found.release_after))


@app.command("explain-organisation", epilog=EPILOG)
def explain_organisation(
    organisation: str,
    scheme: Scheme = "uk-tsm",
    period: Period = "",
    figure: Annotated[str, typer.Option("--figure", help="Key figure; empty: every one.")] = "",
    before: From = 0,
    after: To = 0,
    about: About = "position",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Explain what became of all units of an organisation, and count how many rose and fell in each figure.

    Example: noegletal explain-organisation 00AA --about gap
    """
    from google.protobuf.json_format import MessageToDict
    from noegletal.v1 import benchmark_service_pb2 as api

    request = api.ExplainOrganisationRequest(
        scheme=scheme,
        period=period,
        organisation_id=organisation,
        key_figure=figure,
        vintage_before=before,
        vintage_after=after,
        measure=measure(about),  # type: ignore[arg-type]
    )
    talk, said, first = Talk(as_json=as_json), language(lang), True
    while True:
        answer = _asked("ExplainOrganisation", request)
        if as_json:
            talk.record(MessageToDict(answer.explanation, preserving_proto_field_name=True))
        elif first:
            words = ["nøgletal", "steget", "faldet", "uændret", "nye", "udgåede"]
            heading = words if said == "da" else ["key figure", "risen", "fallen", "level", "joined", "left"]
            counts = [[t.risen, t.fallen, t.level, t.joined, t.left] for t in answer.explanation.figures]
            names = [t.key_figure for t in answer.explanation.figures]
            talk.table("", heading, [[n, *map(str, c)] for n, c in zip(names, counts, strict=True)])
        for one in answer.explanation.explanations if not as_json else ():
            talk.data(" ".join(filter(None, (f"{one.unit_id}: {one.text[said]}", one.priced_text[said]))))
        if not answer.next_page_token:
            return
        request.page_token, first = answer.next_page_token, False


@app.command(epilog=EPILOG)
def reproduce(
    benchmark_id: Annotated[str, typer.Argument(help="scheme/period/group/key figure@vintage, or an event's ce_id")],
    file: Annotated[Path | None, typer.Option("--definitions", help="The file of definitions that held then.")] = None,
    catalogue_year: Year = None,
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Recompute a published number from the log of record and the definitions alone; ends 1 when anything differs.

    The ce_id of a benchmark-updated names every number of its event.

    Example: noegletal reproduce uk-tsm/2024/all/RP01@360
    """
    from services.catalogue.definitions import CatalogueError, UnknownDefinitions
    from services.cli import reproduction, running
    from services.cli.client import connect

    event = reproduction.event_id(benchmark_id)
    written = None if event else reproduction.Benchmark.named(benchmark_id, language(lang))
    known = running.read()
    arguments = ["--catalogue", known.catalogue, *(["--definitions", str(file)] if file else [])]
    arguments += ["--catalogue-year", str(catalogue_year)] if catalogue_year else []

    async def compare() -> list[reproduction.Compared]:
        async with connect(known.addresses, known.key, lang) as client:
            named = written or await reproduction.of_event(client, event)
            found = await reproduction.evidence(client, named)
        catalogue = reproduction.definitions_at_hand(named, file, catalogue_year)
        return await reproduction.reproduce(found, named, arguments, catalogue, lang)

    try:
        compared = asyncio.run(compare())
    except (CatalogueError, UnknownDefinitions, OSError) as error:
        raise Stop(str(error), Exit.USAGE) from None
    _tell(benchmark_id, compared, Talk(as_json=as_json), lang)


def _tell(benchmark_id: str, compared: list[Any], talk: Talk, lang: str) -> None:
    figures = list(dict.fromkeys(c.key_figure for c in compared))
    several = len(figures) > 1
    differing = [f"{c.key_figure} {c.field}" if several else c.field for c in compared if not c.equal]
    for figure in figures:
        some, id = [c for c in compared if c.key_figure == figure], benchmark_id + f" {figure}" * several
        if talk.as_json:
            said = {c.field: {"published": c.published, "recomputed": c.recomputed, "equal": c.equal} for c in some}
            equal = all(c.equal for c in some)
            talk.record({"id": benchmark_id, "key_figure": figure, "equal": equal, "fields": said})
            continue
        heading = {"da": ["tal", "udgivet", "genberegnet", ""], "en": ["number", "published", "recomputed", ""]}[lang]
        sides = [(_written(c.published, lang), _written(c.recomputed, lang)) for c in some]
        rows = [[c.field, *both, "=" if c.equal else "≠"] for c, both in zip(some, sides, strict=True)]
        talk.table(id, heading, rows)
    if not talk.as_json:
        words = {"da": ("Ens.", "Forskelligt: "), "en": ("Equal.", "Differs: ")}[lang]
        talk.data(words[1] + ", ".join(differing) + "." if differing else words[0])
    if differing:
        raise typer.Exit(Exit.FINDINGS)


@app.command(epilog=EPILOG)
def reassess(scheme: Scheme = "uk-tsm", period: Period = "", as_json: Json = False) -> None:
    """Let every accepted submission be assessed again, after definitions or rules have changed.

    Example: noegletal reassess --scheme uk-tsm --period 2024
    """
    from noegletal.v1 import log_service_pb2 as log

    request, announced = log.ReassessRequest(scheme=scheme, period=period), 0
    while True:
        answer = _asked("Reassess", request)
        announced += answer.announced
        if not answer.next_after_sequence:
            break
        request.after_sequence = answer.next_after_sequence
    talk = Talk(as_json=as_json)
    if as_json:
        talk.record({"announced": announced})
    else:
        talk.data(f"{announced} submissions announced again; validate passes over those it knows by its rule set")


def measure(about: str) -> int:
    """The number of a measure. Raises Stop for one there is not."""
    if about not in MEASURES:
        raise Stop(f"--about is {', '.join(MEASURES[:-1])} or {MEASURES[-1]}, not {about}", Exit.USAGE)
    return MEASURES.index(about) + 1


def _asked(method: str, request: Any) -> Any:
    from services.cli.running import connected

    async def ask() -> Any:
        async with connected() as client:
            stub = client.log if method == "Reassess" else client.benchmarks
            return await client.call(getattr(stub, method), request)

    return asyncio.run(ask())


def _written(value: object, lang: str) -> str:
    """A field for people; counts of absences by their words."""
    from services.catalogue import absences

    if not isinstance(value, dict):
        return "–" if value is None else str(value)
    names = list(absences.WORDS)
    return absences.counted({names[number - 1]: units for number, units in value.items()}, lang)
