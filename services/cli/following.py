"""`noegletal subscribe` and `noegletal subscriptions`: what one is told, where, and how to stop it."""

import asyncio
from typing import Annotated, Any

import typer

from services.cli.options import Json, Lang, Organisation, Quiet
from services.cli.talk import EPILOG, Talk, language

app = typer.Typer()
subscriptions_app = typer.Typer(
    help="What is followed: list, show, presets, pause, resume, remove.", epilog=EPILOG, invoke_without_command=True
)
app.add_typer(subscriptions_app, name="subscriptions")

Names = Annotated[list[str], typer.Argument(help="Ids of subscriptions, as every message names its own.")]
Name = Annotated[str, typer.Argument(help="Id of a subscription, as every message names its own.")]


@app.command(epilog=EPILOG)
def subscribe(
    endpoint: Annotated[str, typer.Option("--endpoint", help="Where to; empty: the only one there is.")] = "",
    preset: Annotated[str, typer.Option("--preset", help="leader, operations or technical.")] = "",
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Such as receipt; may be repeated.")] = None,
    figure: Annotated[list[str] | None, typer.Option("--figure", help="A key figure; may be repeated.")] = None,
    unit: Annotated[list[str] | None, typer.Option("--unit", help="A unit; may be repeated.")] = None,
    group: Annotated[list[str] | None, typer.Option("--group", help="A peer group; may be repeated.")] = None,
    scheme: Annotated[str, typer.Option("--scheme", help="One scheme, such as dk-almen; empty: every one.")] = "",
    threshold: Annotated[
        str, typer.Option("--threshold", help="quartile, quartile:4, percentile:75, value:61.5.")
    ] = "",
    hysteresis: Annotated[str, typer.Option("--hysteresis", help="How far beyond the limit counts.")] = "",
    tolerance: Annotated[str, typer.Option("--tolerance", help="In place of the figure's own.")] = "",
    organisation: Organisation = "",
    lang: Lang = "en",
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Follow kinds, units, key figures, peer groups, a scheme. Without kinds or preset: every event, as a feed for systems.

    Examples: noegletal subscribe --preset leader --lang da · noegletal subscribe --kind quartile-changed --figure OEK-114
    --threshold percentile:75 --hysteresis 2 · noegletal subscribe --kind refusal --unit afd-1 · noegletal subscribe
    --preset leader --scheme dk-almen
    """
    named = {"kinds": kind or [], "key_figures": figure or [], "unit_ids": unit or [], "peer_groups": group or []}
    where = {"endpoint_id": endpoint, "organisation_id": organisation}
    asked: dict[str, Any] = {**named, **where, "preset": preset, "scheme": scheme}
    from services.cli import following_commands as command

    limits = command.threshold(threshold, hysteresis, tolerance)
    asyncio.run(command.subscribe(asked, limits, Talk(quiet=quiet, as_json=as_json), language(lang)))


@subscriptions_app.callback(epilog=EPILOG)
def every(context: typer.Context, organisation: Organisation = "", lang: Lang = "en", as_json: Json = False) -> None:
    """List what is followed.

    Examples: noegletal subscriptions · noegletal subscriptions pause su-… --until 2026-08-01
    """
    if context.invoked_subcommand is None:
        listing(organisation, lang, as_json)


@subscriptions_app.command("list", epilog=EPILOG)
def listing(organisation: Organisation = "", lang: Lang = "en", as_json: Json = False) -> None:
    """List what is followed.

    Example: noegletal subscriptions list --json
    """
    from services.cli import following_commands as command

    asyncio.run(command.listing(organisation, Talk(as_json=as_json), language(lang)))


@subscriptions_app.command(epilog=EPILOG)
def show(subscription: Name, lang: Lang = "en", as_json: Json = False) -> None:
    """Show one subscription.

    Example: noegletal subscriptions show su-…
    """
    from services.cli import following_commands as command

    asyncio.run(command.show(subscription, Talk(as_json=as_json), language(lang)))


@subscriptions_app.command(epilog=EPILOG)
def presets(lang: Lang = "en", as_json: Json = False) -> None:
    """Show what can be followed with a word, and what each promises not to pass.

    Example: noegletal subscriptions presets --lang da
    """
    from services.cli import following_commands as command

    asyncio.run(command.presets(Talk(as_json=as_json), language(lang)))


@subscriptions_app.command(epilog=EPILOG)
def pause(
    subscription: Names,
    until: Annotated[str, typer.Option("--until", help="A day or time, ISO 8601; empty: until resumed.")] = "",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Be told nothing by subscriptions for a while. Events meanwhile are not told later.

    Examples: noegletal subscriptions pause su-… · noegletal subscriptions pause su-… --until 2026-08-01
    """
    from services.cli import following_commands as command

    asyncio.run(command.pause(subscription, until, Talk(as_json=as_json), language(lang)))


@subscriptions_app.command(epilog=EPILOG)
def resume(subscription: Names, lang: Lang = "en", as_json: Json = False) -> None:
    """Be told again.

    Example: noegletal subscriptions resume su-…
    """
    from services.cli import following_commands as command

    asyncio.run(command.resume(subscription, Talk(as_json=as_json), language(lang)))


@subscriptions_app.command(epilog=EPILOG)
def remove(subscription: Names, lang: Lang = "en", quiet: Quiet = False) -> None:
    """End subscriptions: exactly the messages that name them stop.

    Example: noegletal subscriptions remove su-…
    """
    from services.cli import following_commands as command

    asyncio.run(command.remove(subscription, Talk(quiet=quiet), language(lang)))
