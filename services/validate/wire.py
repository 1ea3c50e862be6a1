"""Protobuf on one side, what rules and key figures work with on the other."""

import functools
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import submission_pb2 as pb
from numpy.typing import NDArray

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.validate.finding import Finding
from services.validate.key_figures import Absence, Amount, Pair, Unreadable
from services.validate.normalisation import Factor
from services.validate.periods import Period
from services.validate.rules import Assessment
from services.validate.store import Accepted
from services.validate.verdicts import Delivery, Figure

MISSING = {
    pb.MISSING_REASON_BLANK: Absence.BLANK,
    pb.MISSING_REASON_NOT_REQUIRED: Absence.NOT_REQUIRED,
    pb.MISSING_REASON_EXCLUDED: Absence.EXCLUDED,
}

VERDICTS = {absence: out.VERDICT_MISSING for absence in Absence}  # what an absence makes of a figure
VERDICTS |= {Absence.HELD: out.VERDICT_HELD, Absence.REFUSED: out.VERDICT_REFUSED}


@dataclass(frozen=True)
class Assessed:
    """One submission with everything that was said about it.

    catalogue   absent where none could be found, or it does not take the period
    revision    of the record that goes to the benchmarks: the submission's, or of a month the sum over its twelve months, so
                that the newest record has the highest, whatever arrived first
    """

    event: pb.SubmissionReceived
    assessment: Assessment
    period: str
    rule_set: str
    catalogue: Catalogue | None
    revision: int = 0

    @property
    def receipt_id(self) -> str:
        """Of its receipt."""
        return self.event.receipt.receipt_id

    @property
    def unit_id(self) -> str:
        """Of the unit it is of."""
        return self.event.submission.unit_id

    @property
    def organisation_id(self) -> str:
        """Of the organisation that sent it."""
        return self.event.receipt.organisation_id

    @property
    def holder_id(self) -> str:
        """Of the unit's holder."""
        return self.event.profile.holder_id

    @property
    def place(self) -> tuple[str, str, str]:
        """The scheme, reporting period and rule set of its figures."""
        return self.event.submission.scheme, self.period, self.rule_set

    @property
    def monthly(self) -> bool:
        """Whether it is of a month."""
        return "-" in self.period

    @property
    def refused(self) -> bool:
        """Whether it was refused as a whole."""
        return self.assessment.refused

    @property
    def withdrawn(self) -> bool:
        """Whether it takes the unit out of the period."""
        return self.assessment.withdrawn

    @property
    def groups(self) -> tuple[str, ...]:
        """The unit's peer groups."""
        assert self.catalogue is not None
        return peer_groups.place(dict(self.event.profile.attributes), self.catalogue).groups

    def said(self) -> bytes:
        """SubmissionAssessed."""
        return assessed(self).SerializeToString(deterministic=True)


@dataclass(frozen=True)
class Columns:
    """F x U key figures of submissions assessed together; 0 where there is none."""

    numerators: NDArray[np.int64]
    denominators: NDArray[np.int64]
    absences: NDArray[np.uint8]


@dataclass(slots=True)
class Clear:
    """One of many submissions that were assessed together: of a whole year, with no fault in its data points.

    parts    SubmissionAssessed, in pieces
    kept     what stands of it
    number   its column
    """

    kept: Accepted
    holder_id: str
    rule_set: str
    catalogue: Catalogue
    groups: tuple[str, ...]
    parts: list[bytes]
    columns: Columns
    number: int
    refused: bool = False
    withdrawn: bool = False
    monthly: bool = False

    @property
    def receipt_id(self) -> str:
        """Of its receipt."""
        return self.kept.receipt_id

    @property
    def unit_id(self) -> str:
        """Of the unit it is of."""
        return self.kept.unit_id

    @property
    def place(self) -> tuple[str, str, str]:
        """The scheme, reporting period and rule set of its figures."""
        return self.kept.scheme, self.kept.period, self.rule_set

    @property
    def organisation_id(self) -> str:
        """Of the organisation that sent it."""
        return self.kept.organisation_id

    @property
    def revision(self) -> int:
        """Of the submission."""
        return self.kept.revision

    def said(self) -> bytes:
        """SubmissionAssessed."""
        return b"".join(self.parts)


Row = tuple[str, bytes, bytes]  # names with a line feed between two, little-endian 64-bit values, missing reasons or none


def delivery(event: pb.SubmissionReceived, period: Period | None = None) -> Delivery:
    """What was delivered, as rules look at it."""
    amounts: dict[str, Amount] = {}
    twice = []
    for name, amount in _in_row(event.row) if event.HasField("row") else _listed(event.submission.amounts):
        if name in amounts:
            twice.append(name)
        amounts[name] = amount
    reasons = {c.what: c.reason for c in event.submission.confirmations}
    return Delivery(amounts, dict(event.profile.attributes), twice, event.submission.withdraw, reasons, period)


def row(event: pb.SubmissionReceived) -> Row | None:
    """The amounts as one row; None where one of them is neither a value nor a missing reason, or a name has no place in it."""
    if event.HasField("row"):
        return event.row.data_points, event.row.values, event.row.missing
    names, values, missing = [], [], []
    for amount in event.submission.amounts:
        kind = amount.WhichOneof("content")
        if kind == "unreadable" or "\n" in amount.data_point or (kind == "missing" and amount.missing not in MISSING):
            return None
        names.append(amount.data_point)
        values.append(amount.value)
        missing.append(0 if kind == "value" else amount.missing or pb.MISSING_REASON_BLANK)
    return "\n".join(names), struct.pack(f"<{len(values)}q", *values), bytes(missing)


def sound(row: pb.AmountRow) -> bool:
    """Whether a row has as many names as values and missing reasons."""
    count = len(row.values) // 8
    names = row.data_points.count("\n") + 1 if row.data_points or count else 0
    return names == count and len(row.values) == 8 * count and len(row.missing) in (0, count)


def _in_row(row: pb.AmountRow) -> Iterator[tuple[str, Amount]]:
    count = len(row.values) // 8
    names = row.data_points.split("\n") if count else []
    values = struct.unpack(f"<{count}q", row.values)
    for name, value, reason in zip(names, values, row.missing or bytes(count), strict=True):
        yield name, _missing(reason) if reason else value


def _listed(amounts: Iterable[pb.Amount]) -> Iterator[tuple[str, Amount]]:
    for amount in amounts:
        yield amount.data_point, _amount(amount)


def _amount(amount: pb.Amount) -> Amount:
    kind = amount.WhichOneof("content")
    if kind == "value":
        return amount.value
    if kind == "unreadable":
        return Unreadable(amount.unreadable[:64])
    return _missing(amount.missing) if kind else Absence.BLANK


def _missing(reason: int) -> Amount:
    return MISSING.get(reason) or Unreadable(f"missing reason {reason}")


def assessed(item: Assessed) -> out.SubmissionAssessed:
    """The event that says everything."""
    event, assessment = item.event, item.assessment
    verdict = out.SUBMISSION_VERDICT_ACCEPTED
    if assessment.refused:
        verdict = out.SUBMISSION_VERDICT_REFUSED
    elif assessment.withdrawn:
        verdict = out.SUBMISSION_VERDICT_WITHDRAWN
    message = out.SubmissionAssessed(
        receipt=event.receipt,
        unit_id=event.submission.unit_id,
        scheme=event.submission.scheme,
        period=item.period,
        verdict=verdict,
        rule_set=item.rule_set,
    )
    factors: dict[Factor, int] = {}
    message.figures.extend(_verdict(figure, factors) for figure in assessment.figures)
    message.factors.extend(_factor(factor) for factor in factors)
    message.findings.extend(_finding(f) for f in assessment.findings)
    return message


def beginning(receipt: pb.Receipt, unit_id: str, scheme: str, period: str) -> bytes:
    """SubmissionAssessed of a submission that was accepted, up to its figures."""
    sent, unit = receipt.SerializeToString(deterministic=True), unit_id.encode()
    if unit and max(len(sent), len(unit)) < 2**14:
        own = (b"\x0a", _length(len(sent)), sent, b"\x12", _length(len(unit)), unit)  # field number << 3 | wire type
        return b"".join((*own, _behind_receipt(scheme, period)))
    message = out.SubmissionAssessed(receipt=receipt, unit_id=unit_id)
    return message.SerializeToString(deterministic=True) + _behind_receipt(scheme, period)


@functools.lru_cache(maxsize=1024)
def _behind_receipt(scheme: str, period: str) -> bytes:
    message = out.SubmissionAssessed(scheme=scheme, period=period, verdict=out.SUBMISSION_VERDICT_ACCEPTED)
    return message.SerializeToString(deterministic=True)


@functools.lru_cache(maxsize=1024)
def _length(count: int) -> bytes:
    """A length below 2^14 as the contract writes it."""
    return bytes([count] if count < 128 else [count & 127 | 128, count >> 7])


def finding(said: Finding) -> bytes:
    """A finding as it stands in SubmissionAssessed."""
    return out.SubmissionAssessed(findings=[_finding(said)]).SerializeToString(deterministic=True)


def ending(rule_set: str, factors: Iterable[Factor]) -> bytes:
    """SubmissionAssessed behind its findings."""
    message = out.SubmissionAssessed(rule_set=rule_set, factors=map(_factor, factors))
    return message.SerializeToString(deterministic=True)


def _finding(said: Finding) -> out.Finding:
    return out.Finding(
        code=said.code,
        severity=f"SEVERITY_{said.severity.name}",
        data_point=said.data_point,
        key_figure=said.key_figure,
        parameters=dict(said.parameters),
    )


def _verdict(figure: Figure, factors: dict[Factor, int]) -> out.FigureVerdict:
    """One figure's verdict. `factors` gathers the factors that were used, each with its place."""
    result, verdict, absence = figure.result, out.VERDICT_ACCEPTED, "ABSENCE_UNSPECIFIED"
    if isinstance(result, Absence):
        verdict, absence = VERDICTS[result], f"ABSENCE_{result.name}"
    message = out.FigureVerdict(key_figure=figure.key_figure, verdict=verdict, absence=absence)
    pair = result if isinstance(result, Pair) else figure.held or figure.provisional
    if pair is not None:
        message.numerator, message.denominator = pair.numerator, pair.denominator
        message.provisional = figure.provisional is not None
        if figure.compared is not None and figure.compared.factors:
            message.raw_numerator = figure.compared.raw.numerator
            message.factor_index.extend(factors.setdefault(f, len(factors)) for f in figure.compared.factors)
    return message


def _factor(factor: Factor) -> out.Factor:
    return out.Factor(
        kind=factor.kind,
        table=factor.table,
        numerator=factor.numerator,
        denominator=factor.denominator,
        basis=dict(factor.basis),
        assumed=factor.assumed,
    )


def observations(items: Iterable[Assessed | Clear]) -> list[dense.ObservationsAccepted]:
    """The figures of assessed submissions as dense batches, one per scheme, period and rule set, in order of arrival.

    A submission refused as a whole gives no observations: the revision before it stands.
    """
    batches: dict[tuple[str, str, str], list[Assessed | Clear]] = defaultdict(list)
    for item in items:
        if not item.refused:
            batches[item.place].append(item)
    return [_batch(*key, some) for key, some in batches.items()]


def cause(batch: dense.ObservationsAccepted) -> list[str]:
    """What a batch follows from. A month's submission makes a record anew with each correction in its window."""
    again = [str(revision) for revision in batch.revisions] if "-" in batch.period else []
    return ["observations", batch.method_version, *batch.receipt_ids, *again]


def _batch(scheme: str, period: str, rule_set: str, items: Sequence[Assessed | Clear]) -> dense.ObservationsAccepted:
    catalogue = items[0].catalogue
    assert catalogue is not None
    organisations, holders, names = _Dictionary(), _Dictionary(), _Dictionary()
    groups = [i.groups for i in items]
    indices = {some: [names.index(group) for group in some] for some in dict.fromkeys(groups)}
    columns = _gathered(items, len(catalogue.key_figures))
    return dense.ObservationsAccepted(
        scheme=scheme,
        period=period,
        method_version=rule_set,
        key_figures=catalogue.key_figures,
        unit_ids=[i.unit_id for i in items],
        organisation_index=[organisations.index(i.organisation_id) for i in items],
        organisations=organisations.words,
        holder_index=[holders.index(i.holder_id) for i in items],
        holders=holders.words,
        peer_group_count=[len(g) for g in groups],
        peer_group_index=[index for some in groups for index in indices[some]],
        peer_groups=names.words,
        revisions=[i.revision for i in items],
        withdrawn=bytes(i.withdrawn for i in items),
        numerators=columns.numerators.astype("<i8", copy=False).tobytes(),
        denominators=columns.denominators.astype("<i8", copy=False).tobytes(),
        absences=columns.absences.tobytes(),
        receipt_ids=[i.receipt_id for i in items],
    )


def _gathered(items: Sequence[Assessed | Clear], figures: int) -> Columns:
    """The figures of these submissions, in this order."""
    shape = figures, len(items)
    found = Columns(np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.uint8))
    together: dict[int, tuple[Columns, list[int], list[int]]] = {}
    for at, item in enumerate(items):
        if isinstance(item, Clear):
            _, places, numbers = together.setdefault(id(item.columns), (item.columns, [], []))
            places.append(at)
            numbers.append(item.number)
            continue
        for n, figure in enumerate(item.assessment.figures):
            if isinstance(figure.result, Pair):
                found.numerators[n, at], found.denominators[n, at] = figure.result.numerator, figure.result.denominator
            else:
                found.absences[n, at] = figure.result.value
    for columns, places, numbers in together.values():
        for part in ("numerators", "denominators", "absences"):
            getattr(found, part)[:, places] = getattr(columns, part)[:, numbers]
    return found


class _Dictionary:
    """Words by their number, in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def index(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    @property
    def words(self) -> list[str]:
        return list(self._numbers)
