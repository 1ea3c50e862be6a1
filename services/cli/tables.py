"""Units and submissions as CSV, read with every fault told at once, each with its line."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from noegletal.v1 import submission_pb2 as pb

from services.catalogue import amounts
from services.catalogue.definitions import Catalogue
from services.cli.talk import Exit, Stop

UNIT_COLUMNS = ("unit_id", "organisation_id")
SUBMISSION_COLUMNS = ("unit_id", "period_start", "period_end", "data_point", "value")
OPTIONAL = ("revision", "confirmation", "organisation_id", "submission_id")
SHOWN = 20  # most faults that are printed


@dataclass(frozen=True)
class UnitRow:
    """A unit to register. Columns that are not ours are attributes of its profile."""

    unit_id: str
    organisation_id: str
    holder_id: str
    attributes: dict[str, str]


@dataclass
class Faults:
    """What is wrong with files, gathered while they are read."""

    found: list[str] = field(default_factory=list)

    def add(self, path: Path, line: int, problem: str) -> None:
        """Note a fault and its place."""
        self.found.append(f"NT-9201 {path.name}:{line} {problem}")

    def stop(self) -> None:
        """Raise Stop if there is any."""
        if self.found:
            more = [f"… and {len(self.found) - SHOWN} more"] if len(self.found) > SHOWN else []
            raise Stop("\n".join([*self.found[:SHOWN], *more]), Exit.USAGE)


def read_units(path: Path, faults: Faults) -> list[UnitRow]:
    """Units of a file; a unit named twice is a fault."""
    units, seen = [], set()
    for line, row in rows(path, UNIT_COLUMNS, faults):
        if row["unit_id"] in seen:
            faults.add(path, line, f"unit {row['unit_id']} is named twice; keep one line")
        seen.add(row["unit_id"])
        ours = {*UNIT_COLUMNS, "holder_id"}
        attributes = {name: value for name, value in row.items() if name not in ours and value}
        units.append(UnitRow(row["unit_id"], row["organisation_id"], row.get("holder_id", ""), attributes))
    return units


def read_submissions(path: Path, scheme: str, catalogue: Catalogue, faults: Faults) -> list[pb.Submission]:
    """Submissions of a file in long form: one per unit, period and revision, in that order for each unit.

    Text that is no number of its data point's scale travels as it stands, for the rules to name.
    """
    gathered: dict[tuple[str, str, str, int], pb.Submission] = {}
    for line, row in rows(path, SUBMISSION_COLUMNS, faults):
        revision = row.get("revision") or "0"
        if not revision.isdecimal() or len(revision) > 9:
            faults.add(path, line, f"revision »{revision}« is no whole number; write 1, 2, … or leave it empty")
            continue
        key = (row["unit_id"], row["period_start"], row["period_end"], int(revision))
        submission = gathered.get(key)
        if submission is None:
            submission = gathered[key] = pb.Submission(
                unit_id=key[0],
                scheme=scheme,
                period_start=key[1],
                period_end=key[2],
                revision=key[3],
                organisation_id=row.get("organisation_id", ""),
                submission_id=row.get("submission_id", ""),
                source_system="noegletal CSV",
            )
        submission.amounts.append(_amount(row["data_point"], row["value"], catalogue))
        if row.get("confirmation"):
            submission.confirmations.add(what=row["data_point"], reason=row["confirmation"])
    ordered = [gathered[key] for key in sorted(gathered, key=lambda key: key[3])]
    for submission in ordered:
        submission.submission_id = submission.submission_id or _own_id(submission)
    return ordered


def _amount(data_point: str, value: str, catalogue: Catalogue) -> pb.Amount:
    amount = pb.Amount(data_point=data_point)
    reason = amounts.missing_reason(value, catalogue)
    definition = catalogue.data_point.get(data_point)
    if reason is not None:
        return pb.Amount(data_point=data_point, missing=f"MISSING_REASON_{reason.upper()}")
    try:
        whole = amounts.scaled(value, definition.scale if definition else 0)
    except amounts.NotANumber:
        amount.unreadable = value[:64]
        return amount
    if abs(whole) < 2**63:
        amount.value = whole
    else:
        amount.unreadable = value[:64]
    return amount


def _own_id(submission: pb.Submission) -> str:
    """An id that follows from the content: the same file sent again gives the same receipts."""
    digest = sha256(submission.SerializeToString(deterministic=True)).hexdigest()[:12]
    unit = "".join(c if c.isascii() and (c.isalnum() or c in "._/-") else "-" for c in submission.unit_id)[:64]
    return f"csv:{unit}:{submission.revision}:{digest}"


def rows(path: Path, required: Sequence[str], faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines of a CSV by column name; columns in any order, with or without a byte order mark."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        faults.add(path, 0, "does not exist; check the path")
        return
    except (OSError, UnicodeDecodeError) as error:
        faults.add(path, 0, f"cannot be read as UTF-8 ({type(error).__name__})")
        return
    reader = csv.DictReader(text.splitlines(), restkey="", strict=True)
    missing = [name for name in required if name not in (reader.fieldnames or ())]
    if missing:
        there = ", ".join(reader.fieldnames or ()) or "nothing"
        faults.add(path, 1, f"lacks the column {', '.join(missing)}; there is {there}")
        return
    try:
        for row in reader:
            if "" in row or None in row.values():
                faults.add(path, reader.line_num, f"has not {len(reader.fieldnames or ())} columns")
            else:
                yield reader.line_num, {name: value.strip() for name, value in row.items()}
    except csv.Error as error:
        faults.add(path, reader.line_num, f"is no CSV: {error}")
