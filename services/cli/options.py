"""Options that several commands share, each with one spelling and one explanation."""

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON object per result on stdout.")]
Format = Annotated[str, typer.Option("--format", help="table, json or csv.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing on stderr but errors.")]
Color = Annotated[bool, typer.Option("--color/--no-color", help="Colours on a terminal; NO_COLOR is heeded too.")]
Lang = Annotated[str, typer.Option("--lang", help="da or en.", envvar="NOEGLETAL_LANG")]
Scheme = Annotated[str, typer.Option("--scheme", help="Family of definitions.")]
Organisation = Annotated[str, typer.Option("--organisation", help="Whose; empty: the key's own.")]
Period = Annotated[str, typer.Option("--period", help="Reporting period, such as 2024; empty: every one.")]
Group = Annotated[str, typer.Option("--group", help="Peer group, such as org_type=PRP; empty: every one.")]
Kafka = Annotated[str, typer.Option("--kafka", help="Use the Kafka at HOST:PORT instead of starting one.")]
Data = Annotated[Path | None, typer.Option("--data", help="Keep everything in this folder; default: throw it away.")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="As it was at a vintage, date or time, such as 2025-03-01; empty: now.")
]
Year = Annotated[int | None, typer.Option("--catalogue-year", help="Use this year's definitions for every period.")]
Types = Annotated[int, typer.Option("--quantile-type", help="8 (median-unbiased), or 7 as Excel has it.")]
Catalogue = Annotated[
    str, typer.Option("--catalogue", help="FILE.toml: a scheme of your own.", envvar="NOEGLETAL_CATALOGUE")
]
Fences = Annotated[Path | None, typer.Option("--fences", help="Frozen quartiles, of `noegletal definitions fences`.")]
