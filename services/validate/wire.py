"""Protobuf on one side, what rules and key figures work with on the other."""

import struct
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import observations_pb2 as dense
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue
from services.validate.key_figures import Absence, Amount, Pair, Unreadable
from services.validate.normalisation import Factor
from services.validate.periods import Period
from services.validate.rules import Assessment
from services.validate.verdicts import Delivery, Figure

MISSING = {
    pb.MISSING_REASON_BLANK: Absence.BLANK,
    pb.MISSING_REASON_NOT_REQUIRED: Absence.NOT_REQUIRED,
    pb.MISSING_REASON_EXCLUDED: Absence.EXCLUDED,
}

VERDICTS = {Absence.HELD: out.VERDICT_HELD, Absence.REFUSED: out.VERDICT_REFUSED}


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
    def monthly(self) -> bool:
        """Whether it is of a month."""
        return "-" in self.period


def delivery(event: pb.SubmissionReceived, period: Period | None = None) -> Delivery:
    """What was delivered, as rules look at it."""
    amounts: dict[str, Amount] = {}
    twice = []
    for amount in event.submission.amounts:
        if amount.data_point in amounts:
            twice.append(amount.data_point)
        amounts[amount.data_point] = _amount(amount)
    reasons = {c.what: c.reason for c in event.submission.confirmations}
    return Delivery(amounts, dict(event.profile.attributes), twice, event.submission.withdraw, reasons, period)


def _amount(amount: pb.Amount) -> Amount:
    kind = amount.WhichOneof("content")
    if kind == "value":
        return amount.value
    if kind == "unreadable":
        return Unreadable(amount.unreadable[:64])
    return MISSING.get(amount.missing, Unreadable(f"missing reason {amount.missing}")) if kind else Absence.BLANK


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
    for f in assessment.findings:
        message.findings.add(
            code=f.code,
            severity=f"SEVERITY_{f.severity.name}",
            data_point=f.data_point,
            key_figure=f.key_figure,
            parameters=dict(f.parameters),
        )
    return message


def _verdict(figure: Figure, factors: dict[Factor, int]) -> out.FigureVerdict:
    """One figure's verdict. `factors` gathers the factors that were used, each with its place."""
    result, verdict, absence = figure.result, out.VERDICT_ACCEPTED, "ABSENCE_UNSPECIFIED"
    if isinstance(result, Absence):
        verdict, absence = VERDICTS.get(result, out.VERDICT_MISSING), f"ABSENCE_{result.name}"
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


def observations(items: Iterable[Assessed]) -> list[dense.ObservationsAccepted]:
    """The figures of assessed submissions as dense batches, one per scheme, period and rule set, in order of arrival.

    A submission refused as a whole gives no observations: the revision before it stands.
    """
    batches: dict[tuple[str, str, str], list[Assessed]] = defaultdict(list)
    for item in items:
        if not item.assessment.refused:
            batches[item.event.submission.scheme, item.period, item.rule_set].append(item)
    return [_batch(*key, some) for key, some in batches.items()]


def cause(batch: dense.ObservationsAccepted) -> list[str]:
    """What a batch follows from. A month's submission makes a record anew with each correction in its window."""
    again = [str(revision) for revision in batch.revisions] if "-" in batch.period else []
    return ["observations", batch.method_version, *batch.receipt_ids, *again]


def _batch(scheme: str, period: str, rule_set: str, items: Sequence[Assessed]) -> dense.ObservationsAccepted:
    catalogue = items[0].catalogue
    assert catalogue is not None
    receipts = [i.event.receipt for i in items]
    groups = [peer_groups.place(dict(i.event.profile.attributes), catalogue).groups for i in items]
    organisations, holders, names = _Dictionary(), _Dictionary(), _Dictionary()
    columns = [[f.result for f in i.assessment.figures] for i in items]
    rows = list(zip(*columns, strict=True))
    return dense.ObservationsAccepted(
        scheme=scheme,
        period=period,
        method_version=rule_set,
        key_figures=catalogue.key_figures,
        unit_ids=[i.event.submission.unit_id for i in items],
        organisation_index=[organisations.index(r.organisation_id) for r in receipts],
        organisations=organisations.words,
        holder_index=[holders.index(i.event.profile.holder_id) for i in items],
        holders=holders.words,
        peer_group_count=[len(g) for g in groups],
        peer_group_index=[names.index(g) for unit in groups for g in unit],
        peer_groups=names.words,
        revisions=[i.revision for i in items],
        withdrawn=bytes(i.assessment.withdrawn for i in items),
        numerators=_packed(r.numerator if isinstance(r, Pair) else 0 for row in rows for r in row),
        denominators=_packed(r.denominator if isinstance(r, Pair) else 0 for row in rows for r in row),
        absences=bytes(0 if isinstance(r, Pair) else r.value for row in rows for r in row),
        receipt_ids=[r.receipt_id for r in receipts],
    )


def _packed(values: Iterable[int]) -> bytes:
    everything = list(values)
    return struct.pack(f"<{len(everything)}q", *everything)


class _Dictionary:
    """Words by their number, in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def index(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))

    @property
    def words(self) -> list[str]:
        return list(self._numbers)
