"""`noegletal trend` and `noegletal peers`: a figure's history, and whom a unit is like."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.options import AsOf, Format, Group, Json, Lang, Period, Scheme
from services.cli.talk import EPILOG, spoken

app = typer.Typer()


@app.command(epilog=EPILOG)
def trend(
    figure: str,
    unit: Annotated[str, typer.Option("--unit", help="A unit; empty: the peer group's median.")] = "",
    scheme: Scheme = "uk-tsm",
    group: Group = "all",
    limits: Annotated[str, typer.Option("--limits", help="mean or median of the moving ranges.")] = "mean",
    months: Annotated[bool, typer.Option("--months", help="Over months instead of years.")] = False,
    as_of: AsOf = "",
    lang: Lang = "en",
    form: Format = "table",
    as_json: Json = False,
) -> None:
    """Show a figure's history, with limits of chance from its own past where there are eight periods.

    Examples: noegletal trend RP01 --unit 00AA · noegletal trend RP01 --as-of 2025-03-01 --format csv
    """
    asked: dict[str, Any] = {"scheme": scheme, "key_figure": figure, "unit_id": unit, "peer_group": group}
    asked |= {"limits": limits, "months": months, "as_of": as_of}
    from services.cli import histories

    asyncio.run(histories.trend(asked, spoken(form, as_json), lang))


@app.command(epilog=EPILOG)
def peers(
    unit: str,
    scheme: Scheme = "uk-tsm",
    period: Period = "",
    as_of: AsOf = "",
    lang: Lang = "en",
    form: Format = "table",
    as_json: Json = False,
) -> None:
    """Show the units most like a unit by their profiles, and why each of them is.

    Examples: noegletal peers 00AA --lang da · noegletal peers 00AA --period 2024 --as-of 360
    """
    from services.cli import histories

    asked = {"scheme": scheme, "unit_id": unit, "period": period, "as_of": as_of}
    asyncio.run(histories.peers(asked, spoken(form, as_json), lang))
