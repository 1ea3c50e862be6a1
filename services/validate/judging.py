"""From screened columns to assessments: absences and open figures by the rules, the rest as it stands. Pure.

What is written of a submission comes out of the columns: a figure that the rules judged is put back into them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from services import pieces
from services.pieces import Piece
from services.validate import confirming, rules, verdicts, wire
from services.validate.clear import Clear, Columns
from services.validate.compiled import Bytes, Flags, Whole
from services.validate.doubts import Previous
from services.validate.fences import Peers
from services.validate.finding import Finding
from services.validate.history import Span
from services.validate.judged import DOUBTFUL, LACKING, PAIR, Judged, in_order
from services.validate.key_figures import Absence, Amount, Amounts, Pair
from services.validate.neighbours import Around
from services.validate.normalisation import Factors
from services.validate.packed import NONE
from services.validate.past import Past
from services.validate.periods import Period, calendar_year
from services.validate.placed import Kinds, Place, Placed
from services.validate.received import Arrived
from services.validate.rolling import Basis
from services.validate.screen import (
    ABSENT,
    LACKS,
    OPEN,
    UNREADABLE,
    Screened,
    Sent,
    screen,
    standing,
)
from services.validate.sheet import Sheets
from services.validate.verdict_bytes import Verdicts
from services.validate.verdicts import Case, Delivery, Figure

BY_NUMBER: Mapping[int, Absence] = {absence.value: absence for absence in Absence}
NOT_SENT = ABSENT, UNREADABLE
BEFORE_FIGURES, BEHIND_FIGURES = -1, 2**31
Said = tuple[int, int, int, bytes]  # severity, figure, place among its findings, the finding's bytes
Told = defaultdict[int, list[Said]]  # by the number of a submission


@dataclass(frozen=True)
class Candidates:
    """U submissions of one scheme and account that may be screened, of different units.

    numbers   of them in `sent`
    kinds     what their profiles say
    """

    scheme: str
    period: Period
    year: Span
    sheets: Sheets
    placed: Placed
    sent: Arrived
    numbers: Whole
    kinds: Kinds
    past: Past

    def place(self, n: int) -> Place:
        """What one's profile says."""
        place, _ = self.placed.kinds[self.kinds.kinds.item(n)]
        return place

    def delivery(self, n: int) -> Delivery:
        """One as rules look at it."""
        return wire.delivery(self.sent[self.numbers.item(n)], self.period)

    def confirmed(self) -> Flags:
        """U: something is confirmed."""
        those = [n for n, message in self.sent.messages.items() if message.submission.confirmations]
        found: Flags = np.isin(self.numbers, those) if those else np.zeros(len(self.numbers), dtype=np.bool_)
        return found


def judged(some: Candidates) -> Clear:
    """The assessments of all of them but those that have no place in the columns."""
    sheets = some.sheets
    sent, spoken = sheets.sent(some.sent, some.numbers, some.year.days, some.past, some.kinds)
    seen = screen(sent, sheets.rules)
    spoken |= seen.spoken | some.confirmed()
    distinct = {id(gaps): gaps for gaps in some.past.gaps.values()}  # many have the same
    told = {number: _told(BEFORE_FIGURES, gaps) for number, gaps in distinct.items()}
    said = Told(list, {n: [*told[id(gaps)]] for n, gaps in some.past.gaps.items()})
    opened = {n: _Opened(some, n, said[n]) for n in spoken.nonzero()[0].tolist()}
    for n, one in opened.items():
        one.stop(seen.state[n])
    figures, left = in_order(seen, sent.factors, sheets.factors.stacked().multiplies)
    _absent(sheets, seen, (left & LACKING).nonzero()[0].tolist(), sent, figures, said)
    odd = _by_the_rules(some, (sent, seen), opened, (left & DOUBTFUL).nonzero()[0].tolist(), figures, said)
    amounts = standing(sent.amounts, figures.stands, sheets.rules)
    anything = np.asarray(figures.stands.any(axis=1))
    for n, one in opened.items():
        amounts[n] = one.standing(figures.stands[n])
        anything[n] = bool((amounts[n] != NONE).any())
    found = Clear(
        place=(some.scheme, some.year.name, sheets.rule_set),
        days=(some.year.first, some.year.last),
        catalogue=sheets.catalogue,
        columns=Columns(figures.numerators, figures.denominators, figures.absence, figures.stands),
        numbers=some.numbers,
        of=np.arange(len(some.numbers)),
        units=some.past.units,
        years=some.past.years,
        groups=some.placed.groups,
        grouped=some.kinds.groups,
        amounts=amounts,
        anything=anything,
        said=_written(sheets, sent.factors, figures, said),
    )
    return found.without(odd) if odd else found


class _Opened:
    """A submission of which something is to be said beside its figures: that, by the rules."""

    def __init__(self, some: Candidates, n: int, said: list[Said]) -> None:
        self._sheets, self._said = some.sheets, said
        self._findings: list[Finding] = []
        delivery, before = replace(some.delivery(n), attributes=some.place(n).attributes), some.past.before(n)
        previous = Previous(before.period, before.amounts.unpacked()) if before else None
        place = some.sheets.catalogue, previous, some.sheets.frozen, Around(some.past.gaps.get(n, ()))
        self.case, findings, _ = rules.opened(delivery, *place)
        said.clear()  # the gaps are among the findings
        self.told(BEFORE_FIGURES, findings)

    def told(self, f: int, findings: Sequence[Finding]) -> None:
        """Findings of a figure, or of all else."""
        self._said += _told(f, findings)
        self._findings += findings

    def stop(self, state: Bytes) -> None:
        """Its figures that rest on a data point in which there is a fault are the rules' to judge. `state`: F, of its figures."""
        for f, name in enumerate(self._sheets.catalogue.key_figures if self.case.stopped else ()):
            if not self.case.stopped.isdisjoint(self._sheets.catalogue.key_figure[name].parts):
                state[f] = OPEN

    def standing(self, stands: Flags) -> Whole:
        """D: the amounts that stand. `stands`: F, of its figures."""
        sheets = self._sheets
        those = [sheets.catalogue.key_figures[f] for f in stands.nonzero()[0].tolist()]
        found = rules.standing(those, self.case.delivery.amounts, sheets.catalogue)
        return np.array([found.get(name, NONE) for name in sheets.names], dtype=np.int64)

    def close(self) -> None:
        """What is said of confirmations, when everything else has been."""
        confirmations = self.case.delivery.confirmations
        unused = confirming.unused(self._findings, confirmations, self._sheets.catalogue)
        self._said += _told(BEHIND_FIGURES, list(unused))


def _absent(sheets: Sheets, seen: Screened, lacking: Sequence[int], sent: Sent, figures: Judged, said: Told) -> None:
    """Figures of which a part is missing: what becomes of them follows from which are, and why. `lacking`: whose."""
    alike: dict[bytes, list[int]] = {}
    if lacking:
        reasons = np.hstack([sent.missing[lacking], seen.state[lacking] == LACKS])
        whole, width = reasons.tobytes(), reasons.shape[1]
        for k, n in enumerate(lacking):
            alike.setdefault(whole[k * width : (k + 1) * width], []).append(n)
    for why, some in alike.items():
        known, n = sheets.absences.get(why), some[0]
        if known is None:
            delivered = _delivered(sheets, sent, n, range(len(sheets.names)))
            lacks = (seen.state[n] == LACKS).nonzero()[0].tolist()
            known = sheets.absences[why] = _absences(sheets, delivered, lacks)
        at, verdict, absence, findings = known
        those = np.ix_(some, at)
        figures.verdict[those], figures.absence[those] = verdict, absence
        for n in some:
            said[n] += findings


def _absences(sheets: Sheets, amounts: Amounts, lacks: Sequence[int]) -> tuple[Any, Bytes, Bytes, list[Said]]:
    """Numbers of figures of which a part is missing, with the verdict, the absence and the findings on them."""
    found, said, case = [], list[Said](), _case(sheets, Delivery(amounts, {}), {})
    for f in lacks:
        figure, findings = verdicts.verdict(sheets.catalogue.key_figures[f], case)
        assert isinstance(figure.result, Absence)
        found.append((f, wire.VERDICTS[figure.result], figure.result.value))
        said += _told(f, findings)
    at, verdict, absence = np.array(found).T
    return at, verdict.astype(np.uint8), absence.astype(np.uint8), said


def _delivered(sheets: Sheets, sent: Sent, n: int, at: Iterable[int]) -> dict[str, Amount]:
    """Some amounts of one submission as they were screened, with the averages that follow from day sums."""
    there = ((sheets.names[d], sent.amounts.item(n, d), sent.missing.item(n, d)) for d in at)
    return {name: BY_NUMBER[why] if why else amount for name, amount, why in there if why not in NOT_SENT}


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


def _alone(some: Candidates, sent: Sent, n: int, f: int) -> Case:
    """What one figure's verdict rests on where its submission is not opened: the data points it looks at."""
    sheets = some.sheets
    at, previous = sheets.looks_at[f], None
    if sheets.looks_back and (before := some.past.before(n)):
        there = {sheets.names[d]: amount for d in at if (amount := sent.before.item(n, d)) != NONE}
        previous = Previous(before.period, there)
    delivery = Delivery(_delivered(sheets, sent, n, at), {}, period=some.period)
    factors = sheets.factors.columns[some.kinds.factors[n]].found
    return _case(sheets, delivery, factors, previous, some.place(n).groups)


def _by_the_rules(
    some: Candidates,
    columns: tuple[Sent, Screened],
    opened: Mapping[int, _Opened],
    those: Sequence[int],
    figures: Judged,
    said: Told,
) -> set[int]:
    """Figures of those submissions that are open, one by one. Returns whose factors have no place in the columns."""
    odd, (sent, seen), sheets = set[int](), columns, some.sheets
    doubtful = np.argwhere(seen.state[those] == OPEN).tolist() if those else ()
    for k, f in doubtful:
        n = those[k]
        case = opened[n].case if n in opened else _alone(some, sent, n, f)
        figure, findings = verdicts.verdict(sheets.catalogue.key_figures[f], case)
        if n in opened:
            opened[n].told(f, findings)
        else:
            said[n] += _told(f, findings)
        if not _put_back(sheets, figure, (n, f), some.kinds.factors.item(n), figures):
            odd.add(n)
    for one in opened.values():
        one.close()
    return odd


def _put_back(sheets: Sheets, figure: Figure, at: tuple[int, int], factors: int, figures: Judged) -> bool:
    """Put a figure into its columns; whether its factors are those of their number."""
    result, stands = figure.result, isinstance(figure.result, Pair)
    pair = result if isinstance(result, Pair) else figure.held
    figures.stands[at], figures.paired[at] = stands, pair is not None
    figures.verdict[at] = PAIR if isinstance(result, Pair) else wire.VERDICTS[result]
    figures.absence[at] = 0 if isinstance(result, Pair) else result.value
    if pair is None:
        return True
    figures.numerators[at], figures.denominators[at] = pair.numerator, pair.denominator
    applied = figure.compared.factors if figure.compared else ()
    if figure.compared and applied:
        figures.multiplied[at], figures.raw[at] = True, figure.compared.raw.numerator
    return applied == sheets.factors.columns[factors].of_figure(at[1])


def _told(f: int, findings: Sequence[Finding]) -> list[Said]:
    return [(int(finding.severity), f, k, wire.finding(finding)) for k, finding in enumerate(findings)]


def _written(sheets: Sheets, factors: Whole, figures: Judged, said: Told) -> list[Piece]:
    """SubmissionAssessed of each behind its period, in pieces: figures, findings, ending. `factors`: U numbers."""
    f = figures
    verdicts_ = Verdicts(f.verdict, f.absence, f.paired, f.numerators, f.denominators, f.multiplied, f.raw, factors)
    content, ends, told = sheets.layout.written(verdicts_, sheets.factors.stacked().order)
    findings, numbers = [b""], np.zeros(len(ends), dtype=np.int64)
    for n, some in said.items():
        numbers[n] = len(findings)
        findings.append(b"".join([finding for *_, finding in sorted(some)]))
    endings = pieces.chosen(sheets.endings.contents, sheets.endings.numbers(factors, told))
    return [(content, pieces.between(ends)), pieces.chosen(findings, numbers), endings]
