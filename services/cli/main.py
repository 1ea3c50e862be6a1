"""`noegletal`: every command, and the one place where a command ends."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from typer.exceptions import TyperException

from services.cli import catalogue as catalogue_commands
from services.cli import compare, deliveries, downstream, filing, following, looking_back
from services.cli.endpoints import endpoints_app
from services.cli.invented_command import simulate
from services.cli.options import (
    AsOf,
    Catalogue,
    Color,
    Data,
    Fences,
    Format,
    Group,
    Json,
    Kafka,
    Lang,
    Period,
    Quiet,
    Scheme,
    Types,
    Year,
)
from services.cli.release import release_app
from services.cli.talk import EPILOG, Exit, Stop, Talk, fail, language, spoken

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, epilog=EPILOG, rich_markup_mode=None
)
topics_app = typer.Typer(no_args_is_help=True, help="The topics of a Kafka, as proto/topics.toml says.", epilog=EPILOG)
app.add_typer(topics_app, name="topics")
app.add_typer(catalogue_commands.definitions_app, name="definitions")
app.command("explain-code", epilog=EPILOG)(catalogue_commands.explain_code)
app.add_typer(compare.app)
app.add_typer(looking_back.app)
app.add_typer(deliveries.app)
app.add_typer(endpoints_app, name="endpoints")
app.add_typer(following.app)
app.add_typer(downstream.app)
app.add_typer(release_app, name="release")


@app.command(epilog=EPILOG)
def demo(lang: Lang = "en", color: Color = True, quiet: Quiet = False) -> None:
    """Send a real sector through a real Kafka and four services, and show what comes of it.

    Example: noegletal demo
    """
    from services.cli import demo as command

    command.run(Talk(quiet=quiet, color=color), language(lang))


@app.command(epilog=EPILOG)
def up(
    split: Annotated[bool, typer.Option("--split", help="A process per service instead of one for all.")] = False,
    kafka: Kafka = "",
    data: Data = None,
    database: Annotated[
        str, typer.Option("--database", help="postgresql+psycopg://…/ prefix; each service its own.")
    ] = "",
    catalogue_year: Year = None,
    catalogue: Catalogue = "",
    fences: Fences = None,
    brokers: Annotated[int, typer.Option("--brokers", help="1, or 3 that stand in for one another.")] = 1,
    color: Color = True,
) -> None:
    """Start a Kafka and every service, and stay until Ctrl-C.

    Examples: noegletal up · noegletal up --data ./data --split · noegletal up --kafka localhost:9092
    """
    from services.cli import up as command

    if brokers not in (1, 3):
        raise Stop(f"--brokers is 1 or 3, not {brokers}", Exit.USAGE)
    command.run(
        command.Order(split, kafka, data, database, catalogue_year, brokers, catalogue, fences), Talk(color=color)
    )


@app.command(epilog=EPILOG)
def run(
    units: Annotated[Path, typer.Option("--units", help="CSV: unit_id, organisation_id, profile attributes.")],
    submissions: Annotated[
        Path, typer.Option("--submissions", help="CSV: unit_id, period_start, period_end, data_point, value.")
    ],
    export: Annotated[
        Path, typer.Option("--export", help="Folder for benchmarks.csv, standings.csv, assessments.csv.")
    ],
    scheme: Scheme = "uk-tsm",
    catalogue_year: Year = None,
    catalogue: Catalogue = "",
    fences: Fences = None,
    exact: Annotated[bool, typer.Option("--exact", help="Full precision instead of published decimals.")] = False,
    quantile_type: Types = 8,
    kafka: Kafka = "",
    data: Data = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """One shot: start everything, send two files through the real pipeline, write three files, stop.

    Example: noegletal run --scheme uk-tsm --units units.csv --submissions submissions.csv --export out
    """
    from services.cli import run as command

    if quantile_type not in (7, 8):
        raise Stop(f"--quantile-type is 7 or 8, not {quantile_type}", Exit.USAGE)
    order = command.Order(
        scheme, units, submissions, export, catalogue_year, exact, quantile_type, kafka, data, catalogue, fences
    )
    command.run(order, Talk(quiet=quiet, as_json=as_json))


@app.command(epilog=EPILOG)
def benchmarks(
    scheme: Scheme = "uk-tsm",
    period: Period = "",
    group: Group = "all",
    figure: Annotated[str, typer.Option("--figure", help="Key figure; empty: every one.")] = "",
    as_of: AsOf = "",
    quantile_type: Types = 8,
    lang: Lang = "en",
    form: Format = "table",
    as_json: Json = False,
) -> None:
    """Show benchmarks as they now stand, or as they stood.

    Examples: noegletal benchmarks --group org_type=PRP --figure RP01 --json · noegletal benchmarks --as-of 2025-03-01T12:00
    """
    from services.cli import show as command

    asked = {
        "period": period,
        "peer_group": group,
        "key_figure": figure,
        "quantile_type": quantile_type,
        "as_of": as_of,
    }
    asyncio.run(command.benchmarks(scheme, asked, spoken(form, as_json), language(lang)))


@app.command(epilog=EPILOG)
def explain(
    unit: str,
    figure: str,
    scheme: Scheme = "uk-tsm",
    period: Period = "",
    group: Group = "",
    before: Annotated[int, typer.Option("--from", help="Vintage to explain from; 0: before the last move.")] = 0,
    after: Annotated[int, typer.Option("--to", help="Vintage to explain to; 0: now.")] = 0,
    about: looking_back.About = "position",
    lang: Lang = "en",
    form: Format = "table",
    as_json: Json = False,
) -> None:
    """Explain why a unit's standing changed; the parts add up.

    Example: noegletal explain 00AA RP01
    """
    from services.cli import show as command

    asked = {"scheme": scheme, "unit_id": unit, "key_figure": figure, "period": period, "peer_group": group}
    more = {"vintage_before": before, "vintage_after": after, "measure": looking_back.measure(about)}
    asyncio.run(command.explain(asked, more, spoken(form, as_json), language(lang)))


@app.command(epilog=EPILOG)
def watch(
    scheme: Scheme = "uk-tsm",
    period: Period = "",
    group: Group = "",
    resume: Annotated[str, typer.Option("--resume", help="Token to go on from.")] = "",
    as_json: Json = False,
) -> None:
    """Follow benchmarks: what there is, then every change, until Ctrl-C.

    Example: noegletal watch --group all --json
    """
    from services.cli import show as command

    asyncio.run(command.watch(scheme, period, group, resume, Talk(as_json=as_json)))


@app.command(epilog=EPILOG)
def status(as_json: Json = False) -> None:
    """Say how each service does; ends 3 when one cannot be reached.

    Example: noegletal status
    """
    from services.cli import show as command

    command.status(Talk(as_json=as_json))


app.command(epilog=EPILOG)(simulate)


@topics_app.command("list", epilog=EPILOG)
def list_topics(as_json: Json = False) -> None:
    """List the topics of the map, who writes and who reads them."""
    from services.cli import topics as command

    command.show(Talk(as_json=as_json))


@topics_app.command("asyncapi", epilog=EPILOG)
def asyncapi() -> None:
    """Print the AsyncAPI document of the topics: channels, messages, keys, headers."""
    from services.cli import topics as command

    command.asyncapi()


@topics_app.command("apply", epilog=EPILOG)
def apply_topics(kafka: Kafka = "") -> None:
    """Make a Kafka's topics be as the map says.

    Example: noegletal topics apply --kafka localhost:9092
    """
    from services.cli import topics as command

    command.apply(kafka, Talk())


@topics_app.command("organisation", epilog=EPILOG)
def add_organisation(organisation: str, kafka: Kafka = "") -> None:
    """Give an organisation a topic of its own, that only it may write; prints its password once.

    Example: noegletal topics organisation ORG --kafka localhost:9092
    """
    from services.cli import topics as command

    command.organisation(organisation, kafka, Talk())


filing.add_to(app)


def main() -> None:
    """Run a command; whatever goes wrong ends as one message and an exit code."""
    code: int
    try:
        ended = app(standalone_mode=False)
        code = int(ended or Exit.OK)  # an interrupted command ends with its number
    except Stop as stop:
        fail(stop.message)
        code = stop.code
    except typer.Exit as asked:
        code = asked.exit_code
    except typer.Abort:
        code = Exit.INTERRUPTED
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except TyperException as error:
        fail(getattr(error, "format_message", error.__str__)())
        code = Exit.USAGE
    sys.exit(code)


if __name__ == "__main__":
    main()
