"""The options of `noegletal simulate`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.options import Json, Scheme
from services.cli.talk import Talk


def simulate(
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    scheme: Scheme = "dk-almen",
    units: Annotated[int, typer.Option("--units", help="How many departments.")] = 100,
    years: Annotated[int, typer.Option("--years", help="How many reporting years, up to the newest there is.")] = 3,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same bytes.", min=0)] = 1,
    score: Annotated[
        Path | None, typer.Option("--score", help="assessments.csv of a run on --out: say what was found in it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write an invented sector with planted faults; or, with --score, say how many of them a run found.

    --score ends 1 when a planted fault was not found, or a rule speaks of clean figures more often than it may.

    Examples: noegletal simulate --units 1000 --out sector · noegletal simulate --out sector --score out/assessments.csv
    """
    from services.cli import simulate as command

    if score:
        command.score(out, score, Talk(as_json=as_json))
    else:
        command.write(scheme, units, years, seed, out, Talk(as_json=as_json))
