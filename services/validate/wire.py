"""Protobuf on one side, what rules and key figures work with on the other."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.validate.finding import Finding
from services.validate.key_figures import Absence, Amount, Pair, Unreadable
from services.validate.normalisation import Factor
from services.validate.periods import Period
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery, Figure

MISSING: Mapping[int, Absence] = {
    pb.MISSING_REASON_BLANK: Absence.BLANK,
    pb.MISSING_REASON_NOT_REQUIRED: Absence.NOT_REQUIRED,
    pb.MISSING_REASON_EXCLUDED: Absence.EXCLUDED,
}

ACCEPTED, ABSENT = out.VERDICT_ACCEPTED, out.VERDICT_MISSING
VERDICTS = dict.fromkeys(Absence, ABSENT)  # what an absence makes of a figure
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

    @property
    def said(self) -> bytes:
        """SubmissionAssessed."""
        return assessed(self).SerializeToString(deterministic=True)


Row = tuple[
    str, bytes, bytes
]  # names with a line feed between two, little-endian 64-bit values, missing reasons or none


def delivery(event: pb.SubmissionReceived, period: Period | None = None) -> Delivery:
    """What was delivered, as rules look at it."""
    sent, in_row = event.submission, event.row
    if event.HasField("row"):
        listed = _in_row((in_row.data_points, in_row.values, in_row.missing))
    else:
        listed = [(a.data_point, _amount(a)) for a in sent.amounts]
    reasons = {c.what: c.reason for c in sent.confirmations}
    amounts, twice = dict(listed), list[str]()
    if len(amounts) < len(listed):
        seen = set[str]()
        twice = [name for name, _ in listed if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    return Delivery(amounts, dict(event.profile.attributes), twice, sent.withdraw, reasons, period)


def row(event: pb.SubmissionReceived) -> Row | None:
    """The amounts as one row; None where one of them is neither a value nor a missing reason, or a name has no place in it."""
    if event.HasField("row"):
        sent = event.row
        return sent.data_points, sent.values, sent.missing
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
    points, size, missing = row.data_points, len(row.values), len(row.missing)
    names = points.count("\n") + 1 if points or size >= 8 else 0
    return size == 8 * names and missing in (0, names)


def _in_row(row: Row) -> list[tuple[str, Amount]]:
    names, sent, missing = row
    count = len(sent) // 8
    values: list[Amount] = [*struct.unpack(f"<{count}q", sent)]
    for n, reason in enumerate(missing):
        if reason:
            values[n] = _missing(reason)
    return list(zip(names.split("\n") if count else (), values, strict=True))


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
    for one in assessment.findings:
        _add(message, one)
    return message


def behind_receipt(scheme: str, period: str) -> bytes:
    """SubmissionAssessed of one that was accepted: what stands between its unit and its figures."""
    message = out.SubmissionAssessed(scheme=scheme, period=period, verdict=out.SUBMISSION_VERDICT_ACCEPTED)
    return message.SerializeToString(deterministic=True)


def finding(said: Finding) -> bytes:
    """A finding as it stands in SubmissionAssessed."""
    message = out.SubmissionAssessed()
    _add(message, said)
    return message.SerializeToString(deterministic=True)


def ending(rule_set: str, factors: Iterable[Factor]) -> bytes:
    """SubmissionAssessed behind its findings."""
    message = out.SubmissionAssessed(rule_set=rule_set, factors=map(_factor, factors))
    return message.SerializeToString(deterministic=True)


def _add(message: out.SubmissionAssessed, said: Finding) -> None:
    message.findings.add(
        code=said.code,
        severity=f"SEVERITY_{said.severity.name}",
        data_point=said.data_point,
        key_figure=said.key_figure,
        parameters=said.parameters,
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
