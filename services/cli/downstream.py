"""`noegletal listen`, `trigger`, `replay`: a downstream service's first five minutes."""

import asyncio
from typing import Annotated

import typer

from services.cli.options import Json, Lang
from services.cli.talk import EPILOG, Exit, Stop, Talk, language

app = typer.Typer()
FOLLOWED = ("benchmark-updated", "notification-sent")
Kafka = Annotated[str, typer.Option("--kafka", help="The Kafka at HOST:PORT; empty: the one that `up` started.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help=f"May be repeated; empty: {', '.join(FOLLOWED)}.")]
Key = Annotated[str, typer.Option("--key", help="Only records with this key, such as uk-tsm/2024/all.")]
Limit = Annotated[int, typer.Option("--limit", help="End after so many; 0: no limit.", min=0)]


@app.command(epilog=EPILOG)
def listen(
    topic: Topics = None,
    start: Annotated[
        str, typer.Option("--from", help="newest, oldest, or a time such as 2026-03-01T12:00.")
    ] = "newest",
    key: Key = "",
    limit: Limit = 0,
    seconds: Annotated[float, typer.Option("--seconds", help="End after so long; 0: at Ctrl-C.", min=0)] = 0,
    kafka: Kafka = "",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Print events as they come, until Ctrl-C. Nothing is consumed: no group, no offset is kept.

    Examples: noegletal listen · noegletal listen --topic benchmark-updated --from oldest --key uk-tsm/2024/all --json
    """
    from services.cli import listening as command

    spoken = language(lang)
    what = command.What(tuple(topic or FOLLOWED), command.Start.written(start, spoken), key, limit, seconds)
    command.listen(what, kafka, Talk(as_json=as_json), spoken)


@app.command(epilog=EPILOG)
def replay(
    topic: Annotated[list[str], typer.Option("--topic", help="May be repeated.")],
    since: Annotated[str, typer.Option("--since", help="A date or time such as 2026-03-01T12:00; oldest: all.")] = "",
    offset: Annotated[int, typer.Option("--offset", help="From this offset of every partition.")] = -1,
    key: Key = "",
    limit: Limit = 0,
    group: Annotated[str, typer.Option("--group", help="Also say where this consumer group stands.")] = "",
    reset_group: Annotated[
        str, typer.Option("--reset-group", help="Print nothing; let this stopped group of yours read from there again.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --reset-group: say what would change.")] = False,
    seconds: Annotated[float, typer.Option("--seconds", help="Longest to read.", min=1)] = 60,
    kafka: Kafka = "",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Print again what a topic has had since a time or offset, to its end: so that a consumer can catch up.

    Read only; --reset-group alone changes something, and never a group of the services.

    Examples: noegletal replay --topic benchmark-updated --since 2026-03-01 --json · noegletal replay --topic benchmark-updated
    --since 2026-03-01 --reset-group my-service --dry-run
    """
    from services.cli import listening as command

    spoken = language(lang)
    if bool(since) == (offset >= 0):
        raise Stop("one of --since and --offset is needed", Exit.USAGE)
    start = command.Start.written(since, spoken) if since else command.Start(offset)
    what = command.What(tuple(topic), start, key, limit, seconds)
    if reset_group:
        command.reset(what, reset_group, kafka, Talk(as_json=as_json), spoken, dry_run=dry_run)
    else:
        command.replay(what, group, kafka, Talk(as_json=as_json), spoken)


@app.command(epilog=EPILOG)
def trigger(
    example: Annotated[str, typer.Argument(help="An example of proto/examples/submissions.")] = "typical",
    unit: Annotated[
        str, typer.Option("--unit", help="Instead: what this landlord of the demo's sector published.")
    ] = "",
    organisation: Annotated[str, typer.Option("--organisation", help="In whose name; empty: the example's own.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent, and send nothing.")] = False,
    seconds: Annotated[float, typer.Option("--seconds", help="Longest to wait for the effects.", min=1)] = 60,
    kafka: Kafka = "",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Send an example through the real path, and show each event that comes of it, to benchmark-updated.

    It counts: the unit has a new revision afterwards, and the last line says how to undo it. An example that is refused ends 1.

    Examples: noegletal trigger · noegletal trigger eighteen-months · noegletal trigger --unit 00AC --json
    """
    from services.cli import trigger as command

    spoken = language(lang)
    order = command.Order(example, unit, organisation, seconds, kafka, spoken)
    if dry_run:
        command.preview(order, Talk(as_json=as_json))
    else:
        asyncio.run(command.run(order, Talk(as_json=as_json)))
