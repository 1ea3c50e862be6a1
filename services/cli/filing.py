"""The commands that have to do with files: submit, undo, template. Added to `noegletal` by main."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import Json, Lang, Organisation, Quiet, Scheme, Year
from services.cli.talk import EPILOG, Talk, language


def add_to(app: typer.Typer) -> None:
    """Offer the commands."""
    for command in (submit, undo, template):
        app.command(epilog=EPILOG)(command)
    app.command("tenancy-units", epilog=EPILOG)(tenancy_units)


def submit(
    file: Annotated[Path, typer.Argument(help="A workbook (.xlsx) or CSV: one row a unit, or one row an amount.")],
    scheme: Annotated[str, typer.Option("--scheme", help="Empty: as the template says, else uk-tsm.")] = "",
    catalogue_year: Year = None,
    units: Annotated[Path | None, typer.Option("--units", help="Register these units first.")] = None,
    organisation: Organisation = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send and keep nothing.")] = False,
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Send a file to the services that run; ends 1 when anything was refused or held.

    What is wrong is told by cell. A workbook with findings comes back marked, beside the file. Sending it again, corrected,
    sends only what changed.

    Examples: noegletal submit figures.csv --units units.csv · noegletal submit tal.xlsx --dry-run --lang da
    """
    from services.cli import send as command

    order = command.Order(file, scheme, catalogue_year, units, organisation, dry_run, language(lang))
    asyncio.run(command.run(order, Talk(quiet=quiet, as_json=as_json)))


def undo(
    submission: Annotated[str, typer.Argument(help="Id of the submission, as its receipt has it.")],
    organisation: Organisation = "",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Undo a unit's newest submission: what was before holds again, or the unit is withdrawn. Repeated, it does nothing more.

    Example: noegletal undo file:afd-1:2024:3f2a…
    """
    from services.cli import file_commands as command

    asyncio.run(command.undo(submission, organisation, Talk(as_json=as_json), language(lang)))


def template(
    organisation: Annotated[str, typer.Option("--organisation", help="Whose units stand in it.")],
    period: Annotated[str, typer.Option("--period", help="2024, or the first and last day: 2023-07-01/2024-06-30.")],
    out: Annotated[Path, typer.Option("--out", help="The workbook to write, .xlsx.")],
    scheme: Scheme = "dk-almen",
    lang: Lang = "da",
    quiet: Quiet = False,
) -> None:
    """Write the workbook an organisation fills in: its units, a column for each amount, last period beside.

    Example: noegletal template --organisation boligby --period 2024 --out tal.xlsx
    """
    from services.cli import file_commands as command

    asked = command.Asked(scheme, organisation, period, out, language(lang))
    asyncio.run(command.template(asked, Talk(quiet=quiet)))


def tenancy_units(
    tenancies: Annotated[Path, typer.Argument(help="CSV: unit_id,kind,area,from,to.")],
    period_start: Annotated[str, typer.Option("--period-start", help="First day, such as 2024-01-01.")],
    period_end: Annotated[str, typer.Option("--period-end", help="Last day, such as 2024-12-31.")],
    out: Annotated[Path | None, typer.Option("--out", help="File to write; default: standard output.")] = None,
) -> None:
    """Add up tenancy units and dwellings over every day of a period, from a CSV unit_id,kind,area,from,to.

    Kinds are dwelling, business, institution, garage, carport, side_let, or the Danish words; area is in m²; an empty from or
    to is the period's own. What is written can be submitted.

    Example: noegletal tenancy-units tenancies.csv --period-start 2024-01-01 --period-end 2024-12-31
    """
    from services.cli import tenancies as command

    command.run(tenancies, period_start, period_end, out)
