"""How the command line speaks: data on stdout, talk on stderr, one way to stop with an exit code that means something."""

import csv
import json
import os
import sys
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from rich.console import Console
from rich.table import Table

from services.catalogue import codes


class Exit(IntEnum):
    """What an exit code means."""

    OK = 0
    FINDINGS = 1  # something was refused or held
    USAGE = 2  # usage or configuration
    UNREACHABLE = 3  # broker, database or service not reachable
    NOT_ALLOWED = 4
    TIMED_OUT = 5
    INTERRUPTED = 130


EPILOG = (
    "Exit codes: 0 ok · 1 findings · 2 usage or configuration · 3 not reachable · 4 not allowed · 5 timed out · "
    "130 interrupted."
)


class Stop(Exception):
    """The command ends here, with a message and an exit code."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.message, self.code = message, code


class Talk:
    """One command's voice."""

    def __init__(self, *, quiet: bool = False, as_json: bool = False, as_csv: bool = False, color: bool = True) -> None:
        plain = not color or bool(os.environ.get("NO_COLOR"))
        self.as_json, self.as_csv, self._quiet = as_json, as_csv, quiet
        wide = None if sys.stdout.isatty() else 160  # what is piped is never cut
        self._out = Console(file=sys.stdout, no_color=plain, highlight=False, soft_wrap=True, width=wide)
        self._err = Console(file=sys.stderr, no_color=plain, highlight=False, soft_wrap=True)

    def say(self, text: str) -> None:
        """Tell a person what is going on."""
        if not self._quiet:
            self._err.print(text, markup=False)

    def data(self, text: str) -> None:
        """Hand over a result."""
        self._out.print(text, markup=False)

    def record(self, content: Any) -> None:
        """Hand over a result as one line of JSON."""
        sys.stdout.write(json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n")
        sys.stdout.flush()

    def rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Hand over results as CSV, all with the same columns; what is not there is empty."""
        if rows:
            writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def table(self, title: str, columns: list[str], rows: list[list[str]]) -> None:
        """Hand over a table; numbers stand right."""
        table = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
        for n, name in enumerate(columns):
            widest = max([len(name), *(len(row[n]) for row in rows)])
            if n == 0:  # the one column that gives way on a narrow terminal
                table.add_column(name, no_wrap=True, overflow="ellipsis")
            else:
                table.add_column(name, justify="left" if n == 1 else "right", no_wrap=True, min_width=widest)
        for row in rows:
            table.add_row(*row)
        self._out.print(table)


def spoken(form: str, as_json: bool) -> Talk:
    """A command's voice in the format asked for. Raises Stop for one there is not."""
    if form not in ("table", "json", "csv"):
        raise Stop(f"--format is table, json or csv, not {form}", Exit.USAGE)
    return Talk(as_json=as_json or form == "json", as_csv=form == "csv" and not as_json)


def fail(message: str) -> None:
    """Say what went wrong, plainly."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False)


def coded(code: str, language: str, **parameters: str) -> str:
    """A code with its words."""
    return f"{code} {codes.words(code, parameters)[language]}"


def language(lang: str) -> str:
    """The language asked for. Raises Stop for one we do not speak."""
    if lang not in ("da", "en"):
        raise Stop(f"--lang is da or en, not {lang}", Exit.USAGE)
    return lang
