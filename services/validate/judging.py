"""From screened columns to assessments: absences and open figures by the rules, the rest as it stands. Pure.

What is written of a submission comes out of the columns: a figure that the rules judged is put back into them.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from services.validate import confirming, dense_wire, factor_columns, normalisation, rules, verdicts, wire
from services.validate.account import Accepted
from services.validate.compiled import Flags, Whole
from services.validate.dense_wire import Clear
from services.validate.doubts import Previous
from services.validate.factor_columns import FactorColumn
from services.validate.fences import Peers
from services.validate.finding import Finding
from services.validate.history import YEAR, Span
from services.validate.key_figures import Absence, Amount, Pair
from services.validate.neighbours import Around
from services.validate.normalisation import Factors
from services.validate.packed import Packed
from services.validate.periods import Period, calendar_year
from services.validate.rolling import Basis
from services.validate.screen import UNDEFINED, Screened, screen
from services.validate.sheet import Place, Sheets
from services.validate.verdict_bytes import Bytes, Verdicts
from services.validate.verdicts import Case, Delivery, Figure

PAIR, MISSING = wire.ACCEPTED, wire.ABSENT
BY_NUMBER: Mapping[int, Absence] = {absence.value: absence for absence in Absence}
BEFORE_FIGURES, BEHIND_FIGURES = -1, 2**31
Said = tuple[int, int, int, bytes]  # severity, figure, place among its findings, the finding's bytes
Told = list[list[Said]]  # of each submission
Key = tuple[str, str]  # scheme, reporting year


@dataclass(slots=True)
class Candidate:
    """A submission that may be screened: its place among those handed in, and what was read of it.

    gaps      what is said of the periods beside it; nothing is held for it
    before    the account of the year before that it is held against
    factors   number of its period's and profile's column
    """

    at: int
    event: Any
    receipt: Any
    unit_id: str
    row: wire.Row
    confirmed: bool
    gaps: tuple[Finding, ...]
    before: Accepted | None
    period: Period
    year: Span
    place: Place
    factors: int

    @property
    def previous(self) -> Previous | None:
        """As rules look at the year before."""
        return Previous(self.before.period, self.before.amounts) if self.before else None


@dataclass
class Judged:
    """F x U: what became of every figure.

    stands      it goes to the benchmarks
    paired      its pair is said: it stands or is held
    multiplied  and its raw numerator with the factors
    """

    verdict: Bytes
    absence: Bytes
    stands: Flags
    paired: Flags
    multiplied: Flags
    numerators: Whole
    denominators: Whole
    raw: Whole


def judged(sheets: Sheets, scheme: str, period: str, some: Sequence[Candidate]) -> list[Clear | None]:
    """The assessments of submissions of one scheme and reporting year; None where one has no place in the columns."""
    used, numbers = np.unique([c.factors for c in some], return_inverse=True)
    applied = [sheets.columns[k] for k in used.tolist()]
    looks_back = bool(sheets.rules.past.any())
    pasts = [c.before.amounts if c.before else None for c in some] if looks_back else [None] * len(some)
    days, places = [c.year.days for c in some], [c.place for c in some]
    sent, spoken = sheets.sent([c.row for c in some], days, pasts, applied, numbers, places)
    seen = screen(sent, sheets.rules)
    spoken |= seen.spoken | np.array([c.confirmed for c in some])
    said = [_told(BEFORE_FIGURES, c.gaps) if c.gaps else [] for c in some]
    opened = {n: _Opened(sheets, some[n], said[n]) for n in np.flatnonzero(spoken).tolist()}
    for n, one in opened.items():
        one.stop(n, seen)
    figures = _in_order(applied, seen, numbers)
    _absent(sheets, seen, sent.missing, figures, said)
    odd = _by_the_rules(sheets, seen, some, figures, said, opened)
    told = _written(sheets, (scheme, period), some, applied, numbers, figures, said)
    kept = _kept(sheets, (scheme, period), some, seen.amounts, figures.stands, opened)
    above, below = (np.where(figures.stands, part, 0) for part in (figures.numerators, figures.denominators))
    columns = dense_wire.Columns(above, below, figures.absence)
    shared = sheets.rule_set, sheets.catalogue
    return [
        None if n in odd else Clear(kept[n], c.event.profile.holder_id, *shared, c.place.groups, told[n], columns, n)
        for n, c in enumerate(some)
    ]


class _Opened:
    """A submission of which something is to be said beside its figures: that, by the rules."""

    def __init__(self, sheets: Sheets, candidate: Candidate, said: list[Said]) -> None:
        self._sheets, self._said = sheets, said
        self._findings: list[Finding] = []
        delivery = replace(wire.delivery(candidate.event, candidate.period), attributes=candidate.place.attributes)
        place = sheets.catalogue, candidate.previous, sheets.frozen, Around(candidate.gaps)
        self.case, findings, _ = rules.opened(delivery, *place)
        said.clear()  # the gaps are among the findings
        self.told(BEFORE_FIGURES, findings)

    def told(self, f: int, findings: Sequence[Finding]) -> None:
        """Findings of a figure, or of all else."""
        self._said += _told(f, findings)
        self._findings += findings

    def stop(self, n: int, seen: Screened) -> None:
        """Its figures that rest on a data point in which there is a fault are the rules' to judge."""
        if not self.case.stopped:
            return
        for f, name in enumerate(self._sheets.catalogue.key_figures):
            if not self.case.stopped.isdisjoint(self._sheets.catalogue.key_figure[name].parts):
                seen.open[f, n], seen.missing[f, n], seen.undefined[f, n] = True, False, False

    def close(self) -> None:
        """What is said of confirmations, when everything else has been."""
        confirmations = self.case.delivery.confirmations
        unused = confirming.unused(self._findings, confirmations, self._sheets.catalogue)
        self._said += _told(BEHIND_FIGURES, list(unused))


def _in_order(factors: Sequence[FactorColumn], seen: Screened, numbers: Any) -> Judged:
    """Every figure as it is where the rules need not be asked."""
    pair = ~(seen.missing | seen.open | seen.undefined)
    has_factors = factor_columns.of_each(factors, numbers, "multiplies")
    verdict = np.where(pair, PAIR, MISSING).astype(np.uint8)
    absence = np.where(seen.undefined, UNDEFINED, 0).astype(np.uint8)
    multiplied = pair & has_factors
    return Judged(verdict, absence, pair, pair.copy(), multiplied, seen.numerators, seen.denominators, seen.raw.copy())


def _absent(sheets: Sheets, seen: Screened, missing: Bytes, figures: Judged, said: list[list[Said]]) -> None:
    """Figures of which a part is missing: what becomes of them follows from which are, and why."""
    rows, columns = np.nonzero(seen.missing)
    if not len(rows):
        return
    parts = np.ascontiguousarray(missing[sheets.rules.parts].T)
    begins = [*sheets.rules.begins.tolist(), len(sheets.rules.parts)]
    found, pattern, at = [], b"", -1
    for n, f in sorted(zip(columns.tolist(), rows.tolist(), strict=True)):
        if n != at:
            at, pattern = n, parts[n].tobytes()
        why = f, pattern[begins[f] : begins[f + 1]]
        known = sheets.absences.get(why)
        if known is None:
            known = sheets.absences[why] = _absence(sheets, *why)
        found.append((f, n, known[0], known[1]))
        if known[2]:
            said[n] += known[2]
    rows, columns, verdict, absence = (np.array(column) for column in zip(*found, strict=True))
    figures.verdict[rows, columns], figures.absence[rows, columns] = verdict, absence


def _absence(sheets: Sheets, f: int, missing: bytes) -> tuple[int, int, list[Said]]:
    name = sheets.catalogue.key_figures[f]
    parts = zip(sheets.catalogue.key_figure[name].parts, missing, strict=True)
    amounts: dict[str, Amount] = {
        part: BY_NUMBER[number] if number else 0 for part, number in parts if number != Absence.ABSENT.value
    }
    figure, findings = verdicts.verdict(name, _case(sheets, Delivery(amounts, {}), {}))
    assert isinstance(figure.result, Absence)
    return wire.VERDICTS[figure.result], figure.result.value, _told(f, findings)


def _case(
    sheets: Sheets,
    delivery: Delivery,
    factors: Factors,
    previous: Previous | None = None,
    groups: tuple[str, ...] = (),
) -> Case:
    """What a figure's verdict rests on where there is nothing to say but of figures."""
    peers = Peers(sheets.frozen, groups) if sheets.frozen else None
    own = Basis(delivery.amounts, delivery.period or calendar_year(sheets.catalogue.year), factors, {})
    return Case(delivery, sheets.catalogue, set(), previous, peers, False, own, None)


def _by_the_rules(
    sheets: Sheets,
    seen: Screened,
    some: Sequence[Candidate],
    figures: Judged,
    said: list[list[Said]],
    opened: Mapping[int, _Opened],
) -> set[int]:
    """Figures that are open, one by one. Returns the submissions whose factors have no place in the columns."""
    odd: set[int] = set()
    cases = {n: one.case for n, one in opened.items()}
    rows, columns = np.nonzero(seen.open)
    for f, n in zip(rows.tolist(), columns.tolist(), strict=True):
        candidate = some[n]
        if n not in cases:
            delivery = rules.averaged(wire.delivery(candidate.event, candidate.period), sheets.catalogue)
            factors = normalisation.factors(candidate.period, candidate.place.attributes, sheets.catalogue)
            cases[n] = _case(sheets, delivery, factors, candidate.previous, candidate.place.groups)
        figure, findings = verdicts.verdict(sheets.catalogue.key_figures[f], cases[n])
        if n in opened:
            opened[n].told(f, findings)
        else:
            said[n] += _told(f, findings)
        if not _put_back(sheets, figure, f, n, candidate, figures):
            odd.add(n)
    for one in opened.values():
        one.close()
    return odd


def _put_back(sheets: Sheets, figure: Figure, f: int, n: int, candidate: Candidate, figures: Judged) -> bool:
    result, stands = figure.result, isinstance(figure.result, Pair)
    pair = result if isinstance(result, Pair) else figure.held
    figures.stands[f, n], figures.paired[f, n] = stands, pair is not None
    figures.verdict[f, n] = PAIR if isinstance(result, Pair) else wire.VERDICTS[result]
    figures.absence[f, n] = 0 if isinstance(result, Pair) else result.value
    figures.multiplied[f, n] = False
    if pair is None:
        return True
    figures.numerators[f, n], figures.denominators[f, n] = pair.numerator, pair.denominator
    applied = figure.compared.factors if figure.compared else ()
    column = sheets.columns[candidate.factors]
    if figure.compared and applied:
        figures.multiplied[f, n], figures.raw[f, n] = True, figure.compared.raw.numerator
    return applied == tuple(column.factors[k] for k in column.order[f])


def _told(f: int, findings: Sequence[Finding]) -> list[Said]:
    return [(int(finding.severity), f, k, wire.finding(finding)) for k, finding in enumerate(findings)]


def _written(
    sheets: Sheets,
    key: Key,
    some: Sequence[Candidate],
    applied: Sequence[FactorColumn],
    numbers: Any,
    figures: Judged,
    said: Told,
) -> list[bytes]:
    """SubmissionAssessed of each."""
    lists = factor_columns.told(applied, numbers, figures.multiplied)
    kinds = {kind: k for k, kind in enumerate(dict.fromkeys(zip(numbers.tolist(), lists, strict=True)))}
    columns = [(applied[number], order) for number, order in kinds]
    tables = [c.said(order) for c, order in columns]
    ends = [wire.ending(sheets.rule_set, [c.factors[k] for k in order]) for c, order in columns]
    kind = [kinds[one] for one in zip(numbers.tolist(), lists, strict=True)]
    parts = ("verdict", "absence", "paired", "numerators", "denominators", "multiplied", "raw")
    by_column = [np.ascontiguousarray(getattr(figures, part).T) for part in parts]
    factors = [np.stack([table[side] for table in tables])[kind] for side in (0, 1)]
    verdicts_ = sheets.layout.written(Verdicts(*by_column, *factors))
    findings = [b"".join([finding for *_, finding in sorted(some)]) if some else b"" for some in said]
    beginning = functools.partial(wire.beginning, behind=wire.behind_receipt(*key))
    return [
        b"".join((beginning(c.receipt, c.unit_id), verdicts_[n], findings[n], ends[kind[n]]))
        for n, c in enumerate(some)
    ]


def _kept(
    sheets: Sheets, key: Key, some: Sequence[Candidate], amounts: Whole, stands: Flags, opened: Mapping[int, _Opened]
) -> list[Accepted]:
    """What stands of each."""
    whole = np.ascontiguousarray(sheets.rules.used.standing(amounts, stands).T).tobytes()
    width, anything = 8 * len(sheets.names), np.asarray(stands.any(axis=0)).tolist()
    packed = [
        Packed(sheets.names, whole[n * width : (n + 1) * width] if anything[n] else b"") for n in range(len(some))
    ]
    for n, one in opened.items():
        those = [sheets.catalogue.key_figures[f] for f in np.flatnonzero(stands[:, n]).tolist()]
        packed[n] = Packed.of(rules.standing(those, one.case.delivery.amounts, sheets.catalogue), sheets.names)
    found = []
    for c, stand in zip(some, packed, strict=True):
        sent, first, last = c.receipt, c.year.first, c.year.last
        place = c.unit_id, *key, sent.receipt_id, sent.organisation_id, YEAR, first, last
        found.append(Accepted(*place, sent.revision, False, stand))
    return found
