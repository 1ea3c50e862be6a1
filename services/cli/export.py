"""Benchmarks, standings and assessments as CSV: columns and order are fixed, absence is an empty cell or a word, never 0."""

import csv
from collections.abc import AsyncIterable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

from noegletal.v1 import assessment_pb2, benchmark_pb2

from services.catalogue import amounts, codes
from services.catalogue.definitions import Catalogue

BENCHMARKS = (
    *(
        "scheme",
        "key_figure",
        "period",
        "group",
        "units",
        "organisations",
        "expected",
        "numerator_sum",
        "denominator_sum",
    ),
    *("pooled", "p10", "q1", "median", "q3", "p90", "suppressed", "vintage"),
)
STANDINGS = (
    *("scheme", "unit_id", "key_figure", "period", "group", "value", "position", "units", "percentile", "quartile"),
)
ASSESSMENTS = (
    *(
        "scheme",
        "unit_id",
        "period",
        "submission_id",
        "revision",
        "kind",
        "code",
        "severity",
        "data_point",
        "key_figure",
    ),
    *("absence", "message_da", "message_en"),
)
ABSENCES = ("scheme", "key_figure", "period", "group", "absence", "units")
STATISTICS = ("pooled", "p10", "q1", "median", "q3", "p90")


@dataclass(frozen=True)
class Precision:
    """How ratios are written: `exact` as the shortest text that gives the same float, else as they are published."""

    catalogue: Catalogue
    exact: bool

    def ratio(self, value: float, key_figure: str) -> str:
        """A ratio in its own unit."""
        if self.exact:
            return repr(value)
        places = Decimal(1).scaleb(-self.catalogue.key_figure[key_figure].show.ratio_decimals)
        return format(Decimal(repr(value)).quantize(places, ROUND_HALF_EVEN), "f")

    def percentile(self, standing: benchmark_pb2.Standing) -> str:
        """A mid rank, 0-100."""
        if self.exact:
            return repr(100 * standing.mid_rank / (2 * standing.units))
        return format((Decimal(standing.percentile_e4) / 10_000).quantize(Decimal("0.1"), ROUND_HALF_EVEN), "f")


def benchmarks(cells: Iterable[benchmark_pb2.Cell], precision: Precision) -> list[dict[str, str]]:
    """A row per cell."""
    return [_benchmark(cell, precision) for cell in cells]


def absences(cells: Iterable[benchmark_pb2.Cell]) -> list[dict[str, str]]:
    """A row per cell and reason why units have no figure; with the units that have it they add up to the expected."""
    rows = []
    for cell in cells:
        place = (cell.scheme, cell.key_figure, cell.period, cell.peer_group)
        for lacking in cell.absences:
            reason = assessment_pb2.Absence.Name(lacking.absence).removeprefix("ABSENCE_").lower()
            rows.append(dict(zip(ABSENCES, (*place, reason, str(lacking.units)), strict=True)))
    return rows


def standings(placed: Iterable[Any], precision: Precision) -> Iterator[Sequence[str]]:
    """A line per unit, key figure and group, in the order of the columns."""
    for one in placed:
        s = one.standing
        yield (
            one.scheme,
            one.unit_id,
            one.key_figure,
            one.period,
            one.peer_group,
            precision.ratio(s.numerator / s.denominator, one.key_figure),
            str(s.position or ""),  # none in a protected cell
            str(s.units or ""),
            precision.percentile(s) if s.units else "",
            str(s.quartile or ""),
        )


def assessments(assessed: Iterable[assessment_pb2.SubmissionAssessed]) -> list[dict[str, str]]:
    """A row per finding and per absence of each unit's newest revision; by unit, period, then as the catalogue lists figures."""
    newest: dict[tuple[str, ...], assessment_pb2.SubmissionAssessed] = {}
    refused = []
    for one in assessed:
        if one.verdict == assessment_pb2.SUBMISSION_VERDICT_REFUSED:
            refused.append(one)
            continue
        key = (one.scheme, one.unit_id, one.period)
        if key not in newest or one.receipt.revision > newest[key].receipt.revision:
            newest[key] = one
    chosen = sorted([*newest.values(), *refused], key=lambda a: (a.scheme, a.unit_id, a.period, a.receipt.sequence))
    return [row for one in chosen for row in _assessment(one)]


def write(path: Path, columns: Sequence[str], rows: Iterable[dict[str, str]]) -> None:
    """Write one file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


async def write_standings(path: Path, pages: AsyncIterable[Sequence[Any]], precision: Precision) -> int:
    """Write standings as they come in; returns how many."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(STANDINGS)
        async for page in pages:
            writer.writerows(standings(page, precision))
            written += len(page)
    return written


def _benchmark(cell: benchmark_pb2.Cell, precision: Precision) -> dict[str, str]:
    sums = [
        amounts.natural(int(text), cell.scale) if text else "" for text in (cell.numerator_sum, cell.denominator_sum)
    ]
    shown = [
        precision.ratio(getattr(cell, name), cell.key_figure) if cell.HasField(name) else "" for name in STATISTICS
    ]
    suppression = benchmark_pb2.Suppression.Name(cell.suppression).removeprefix("SUPPRESSION_").lower()
    values = (
        cell.scheme,
        cell.key_figure,
        cell.period,
        cell.peer_group,
        str(cell.units),
        str(cell.holders),
        str(cell.expected),
        *sums,
        *shown,
        "" if suppression == "unspecified" else suppression,
        str(cell.vintage),
    )
    return dict(zip(BENCHMARKS, values, strict=True))


def _assessment(one: assessment_pb2.SubmissionAssessed) -> list[dict[str, str]]:
    head = {
        "scheme": one.scheme,
        "unit_id": one.unit_id,
        "period": one.period,
        "submission_id": one.receipt.submission_id,
        "revision": str(one.receipt.revision or ""),
    }
    rows = []
    for f in one.findings:
        words = codes.words(f.code, f.parameters)
        severity = assessment_pb2.Severity.Name(f.severity).removeprefix("SEVERITY_").lower()
        rows.append(
            head
            | {"kind": "finding", "code": f.code, "severity": severity, "data_point": f.data_point}
            | {"key_figure": f.key_figure, "message_da": words["da"], "message_en": words["en"]}
        )
    for figure in one.figures:
        if figure.absence:
            absence = assessment_pb2.Absence.Name(figure.absence).removeprefix("ABSENCE_").lower()
            rows.append(head | {"kind": "absence", "key_figure": figure.key_figure, "absence": absence})
    return rows
