"""Where the amounts of an uploaded file stand, as it is kept, and what is to be marked there later. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from services.catalogue import codes, definitions
from services.catalogue.definitions import Catalogue, UnknownDefinitions
from services.ingest.corrections import CellFinding, Rank
from services.ingest.delivered import Finding, Place, Row

RANKS: Mapping[int, Rank] = {1: "error", 2: "confirm", 3: "note"}


class RuleFinding(Protocol):
    """A finding of an assessment, as the contract has it."""

    code: str
    severity: int
    data_point: str
    key_figure: str
    parameters: Mapping[str, str]


Assessed = tuple[str, RuleFinding]  # receipt id and a finding


def cell_map(rows: Iterable[tuple[Row, str]]) -> dict[str, Any]:
    """Where the amounts of each receipt stand, as it is kept."""
    return {
        receipt_id: {
            "unit": row.unit_id,
            "year": row.period_end[:4],
            "place": _cell(row.place),
            "points": {name: _cell(place) for name, place in row.places.items()},
        }
        for row, receipt_id in rows
    }


def kept_findings(findings: Iterable[Finding]) -> list[Any]:
    """Findings as they are kept beside the file."""
    return [[f.code, int(f.severity), _cell(f.place), dict(f.parameters), f.unit_id, f.data_point] for f in findings]


def cell_findings(kept: Mapping[str, Any], assessed: Iterable[Assessed], language: str) -> list[CellFinding]:
    """Everything to be marked in a file: what was wrong in it, then what the rules said of its submissions.

    Of a cell that could not be read, only the first: that it is no number is said better there.
    """
    found, unread = [], set()
    for code, severity, (sheet, row, column), parameters, unit, data_point in kept["findings"]:
        words = codes.words(code, parameters)[language]
        found.append(CellFinding(sheet, row, column, code, RANKS[severity], unit, data_point, words))
        unread.add((sheet, row, column))
    for receipt_id, finding in assessed:
        cells = kept["cells"].get(receipt_id)
        if cells is None or finding.severity not in RANKS or finding.code not in codes.entries():
            continue
        sheet, row, column = _standing(cells, finding.data_point, finding.key_figure, kept["scheme"])
        if finding.code == "NT-2002" and (sheet, row, column) in unread:
            continue
        words = codes.words(finding.code, finding.parameters)[language]
        rank, point = RANKS[finding.severity], finding.data_point or finding.key_figure
        found.append(CellFinding(sheet, row, column, finding.code, rank, cells["unit"], point, words))
    return found


def _standing(cells: Mapping[str, Any], data_point: str, key_figure: str, scheme: str) -> Sequence[Any]:
    """The cell of a data point; of a key figure its first part that stands in the file; else the unit's."""
    parts = [data_point]
    catalogue = _catalogue(scheme, cells["year"])
    if not data_point and catalogue is not None and key_figure in catalogue.key_figure:
        parts = list(catalogue.key_figure[key_figure].parts)
    place: Sequence[Any] = next((cells["points"][p] for p in parts if p in cells["points"]), cells["place"])
    return place


def _catalogue(scheme: str, year: str) -> Catalogue | None:
    try:
        return definitions.of(scheme, year)
    except UnknownDefinitions:
        return None


def _cell(place: Place) -> list[Any]:
    return [place.sheet, place.row, place.column]
