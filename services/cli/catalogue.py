"""Commands about the catalogue: `noegletal definitions …` and `noegletal explain-code`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import Json, Lang, Scheme, language
from services.cli.talk import EPILOG, Talk

definitions_app = typer.Typer(no_args_is_help=True, help="What is measured: the catalogue's files.", epilog=EPILOG)


@definitions_app.command("check", epilog=EPILOG)
def definitions_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Catalogue files; none: the product's own.")] = None,
    as_json: Json = False,
) -> None:
    """Check catalogue files, every fault at once, and list the bounds that are assumed; ends 1 on a fault.

    Examples: noegletal definitions check · noegletal definitions check my-scheme.toml
    """
    from services.cli import definitions as command

    command.check(files or [], Talk(as_json=as_json))


@definitions_app.command("show", epilog=EPILOG)
def definitions_show(
    figure: str,
    scheme: Scheme = "dk-almen",
    year: Annotated[str, typer.Option("--year", help="Reporting year; empty: the newest.")] = "",
    lang: Lang = "en",
    as_json: Json = False,
) -> None:
    """Show one key figure: how it is computed, its bounds and a worked example.

    Example: noegletal definitions show OEK-114 --year 2024 --lang da
    """
    from services.cli import definitions as command

    command.show(figure, scheme, year, language(lang), Talk(as_json=as_json))


@definitions_app.command("diff", epilog=EPILOG)
def definitions_diff(before: str, after: str, scheme: Scheme = "dk-almen", as_json: Json = False) -> None:
    """Show what two years of a scheme say otherwise.

    Example: noegletal definitions diff 2023 2024
    """
    from services.cli import definitions as command

    command.diff(before, after, scheme, Talk(as_json=as_json))


@definitions_app.command("fences", epilog=EPILOG)
def definitions_fences(
    benchmarks: Annotated[Path, typer.Argument(help="benchmarks.csv of `noegletal run --exact --export`.")],
    period: Annotated[str, typer.Option("--period", help="The closed period whose quartiles are frozen.")],
    out: Annotated[Path, typer.Option("--out", help="The fences file to write.")],
    scheme: Scheme = "dk-almen",
    as_json: Json = False,
) -> None:
    """Freeze the quartiles of a closed period, and say how often fences from them raise a false alarm.

    Example: noegletal definitions fences out/benchmarks.csv --scheme dk-almen --period 2024 --out fences.toml
    """
    from services.cli import fences as command

    command.freeze(command.Order(benchmarks, scheme, period, out), Talk(as_json=as_json))


def explain_code(code: str, lang: Lang = "en", as_json: Json = False) -> None:
    """Say what a code means and what to do; ends 2, with what is near, where there is no such code.

    Examples: noegletal explain-code NT-2003 · noegletal explain-code NT-2016 --lang da
    """
    from services.cli import show as command

    command.explain_code(code, Talk(as_json=as_json), language(lang))
