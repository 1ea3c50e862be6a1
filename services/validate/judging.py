"""From screened columns to assessments: absences and open figures by the rules, the rest as it stands. Pure.

What is written of a submission comes out of the columns: a figure that the rules judged is put back into them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import count, repeat
from typing import Any, NamedTuple

import numpy as np

from services.validate import confirming, dense_wire, rules, verdicts, wire
from services.validate.account import Accepted
from services.validate.compiled import Bytes, Flags, Whole
from services.validate.dense_wire import Clear
from services.validate.doubts import Previous
from services.validate.fences import Peers
from services.validate.finding import Finding
from services.validate.history import YEAR, Span
from services.validate.judged import DOUBTFUL, LACKING, PAIR, Judged, in_order
from services.validate.key_figures import Absence, Amount, Amounts, Pair
from services.validate.neighbours import Around
from services.validate.normalisation import Factors
from services.validate.packed import NONE, Packed
from services.validate.periods import Period, calendar_year
from services.validate.received import Received
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
from services.validate.sheet import Place, Sheets
from services.validate.verdict_bytes import Verdicts
from services.validate.verdicts import Case, Delivery, Figure

BY_NUMBER: Mapping[int, Absence] = {absence.value: absence for absence in Absence}
NOT_SENT = ABSENT, UNREADABLE
BEFORE_FIGURES, BEHIND_FIGURES = -1, 2**31
Said = tuple[int, int, int, bytes]  # severity, figure, place among its findings, the finding's bytes
Told = defaultdict[int, list[Said]]  # by the number of a submission
Key = tuple[str, str]  # scheme, reporting year


class Candidate(NamedTuple):
    """A submission that may be screened: its place among those handed in, and what was read of it.

    gaps      what is said of the periods beside it; nothing is held for it
    before    the account of the year before that it is held against
    factors   number of its period's and profile's column
    """

    at: int
    received: Received
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
        return Previous(self.before.period, self.before.amounts.unpacked()) if self.before else None

    def delivery(self) -> Delivery:
        """As rules look at it."""
        sent = self.received
        if sent.message is None:
            return wire.delivery_of(self.row, sent.profile.attributes, self.period)
        return wire.delivery(sent.message, self.period)


def judged(sheets: Sheets, scheme: str, period: str, some: Sequence[Candidate]) -> list[Clear | None]:
    """The assessments of submissions of one scheme and reporting year; None where one has no place in the columns."""
    _, received, rows, confirmed, gaps, before, _, years, places, factors = zip(*some, strict=True)
    sent, spoken = sheets.sent(rows, [year.days for year in years], before, factors, places)
    seen = screen(sent, sheets.rules)
    spoken |= seen.spoken | np.array(confirmed)
    said = Told(list, {n: _told(BEFORE_FIGURES, beside) for n, beside in enumerate(gaps) if beside})
    opened = {n: _Opened(sheets, some[n], said[n]) for n in np.flatnonzero(spoken).tolist()}
    for n, one in opened.items():
        one.stop(seen.state[n])
    figures, left = in_order(seen, sent.factors, sheets.factors.stacked().multiplies)
    _absent(sheets, seen, np.flatnonzero(left & LACKING).tolist(), sent, figures, said)
    odd = _by_the_rules(sheets, (sent, seen), some, opened, np.flatnonzero(left & DOUBTFUL).tolist(), figures, said)
    assessed = _written(sheets, (scheme, period), [one.head for one in received], sent.factors, figures, said)
    stands = _standing(sheets, sent.amounts, figures.stands, opened)
    columns = dense_wire.Columns(figures.numerators, figures.denominators, figures.absence, figures.stands)
    together = dense_wire.Together((scheme, period, sheets.rule_set), sheets.catalogue, columns)
    found: list[Clear | None] = [*_clear(together, received, years, places, assessed, stands)]
    for n in odd:
        found[n] = None
    return found


def _clear(
    together: dense_wire.Together,
    received: Sequence[Received],
    years: Sequence[Span],
    places: Sequence[Place],
    assessed: Sequence[bytes],
    stands: Sequence[Packed],
) -> Iterator[Clear]:
    """What came of each. `assessed`: SubmissionAssessed; `stands`: the amounts that stand."""
    scheme, period, rule_set = together.place
    units, _, _, receipts, organisations, holders, _, revisions, *_ = zip(*received, strict=True)
    firsts, lasts, groups = [y.first for y in years], [y.last for y in years], [p.groups for p in places]
    identity = units, repeat(scheme), repeat(period), receipts, organisations, repeat(YEAR), firsts, lasts
    kept = map(_accepted, zip(*identity, revisions, repeat(False), stands, repeat(None)))
    told = receipts, units, organisations, revisions, holders, groups
    return map(_made, zip(*told, repeat(rule_set), kept, assessed, count(), repeat(together)))


# Of as many columns as there are fields: without a call of Python's for each.
_accepted, _made = partial(tuple.__new__, Accepted), partial(tuple.__new__, Clear)


class _Opened:
    """A submission of which something is to be said beside its figures: that, by the rules."""

    def __init__(self, sheets: Sheets, candidate: Candidate, said: list[Said]) -> None:
        self._sheets, self._said = sheets, said
        self._findings: list[Finding] = []
        delivery = replace(candidate.delivery(), attributes=candidate.place.attributes)
        place = sheets.catalogue, candidate.previous, sheets.frozen, Around(candidate.gaps)
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
            lacks = np.flatnonzero(seen.state[n] == LACKS).tolist()
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


def _alone(sheets: Sheets, sent: Sent, n: int, f: int, candidate: Candidate) -> Case:
    """What one figure's verdict rests on where its submission is not opened: the data points it looks at."""
    at, before = sheets.looks_at[f], None
    if candidate.before and sheets.looks_back:
        there = {sheets.names[d]: amount for d in at if (amount := sent.before.item(n, d)) != NONE}
        before = Previous(candidate.before.period, there)
    delivery = Delivery(_delivered(sheets, sent, n, at), {}, period=candidate.period)
    factors = sheets.factors.columns[candidate.factors].found
    return _case(sheets, delivery, factors, before, candidate.place.groups)


def _by_the_rules(
    sheets: Sheets,
    columns: tuple[Sent, Screened],
    some: Sequence[Candidate],
    opened: Mapping[int, _Opened],
    those: Sequence[int],
    figures: Judged,
    said: Told,
) -> set[int]:
    """Figures of those submissions that are open, one by one. Returns whose factors have no place in the columns."""
    odd, (sent, seen) = set[int](), columns
    doubtful = np.argwhere(seen.state[those] == OPEN).tolist() if those else ()
    for k, f in doubtful:
        n = those[k]
        case = opened[n].case if n in opened else _alone(sheets, sent, n, f, some[n])
        figure, findings = verdicts.verdict(sheets.catalogue.key_figures[f], case)
        if n in opened:
            opened[n].told(f, findings)
        else:
            said[n] += _told(f, findings)
        if not _put_back(sheets, figure, (n, f), some[n], figures):
            odd.add(n)
    for one in opened.values():
        one.close()
    return odd


def _put_back(sheets: Sheets, figure: Figure, at: tuple[int, int], candidate: Candidate, figures: Judged) -> bool:
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
    return applied == sheets.factors.columns[candidate.factors].of_figure(at[1])


def _told(f: int, findings: Sequence[Finding]) -> list[Said]:
    return [(int(finding.severity), f, k, wire.finding(finding)) for k, finding in enumerate(findings)]


def _written(
    sheets: Sheets, key: Key, heads: Sequence[bytes], columns: Whole, figures: Judged, said: Told
) -> list[bytes]:
    """SubmissionAssessed of each. `heads`: it up to the unit."""
    f = figures
    verdicts_ = Verdicts(f.verdict, f.absence, f.paired, f.numerators, f.denominators, f.multiplied, f.raw, columns)
    bodies, told = sheets.layout.written(verdicts_, sheets.factors.stacked().order)
    found = [b""] * len(heads)
    for n, some in said.items():
        found[n] = b"".join([finding for *_, finding in sorted(some)])
    endings = map(sheets.endings.__getitem__, zip(columns.tolist(), told, strict=True))
    return [*map(b"".join, zip(heads, repeat(wire.behind_receipt(*key)), bodies, found, endings))]


def _standing(sheets: Sheets, amounts: Whole, stands: Flags, opened: Mapping[int, _Opened]) -> list[Packed]:
    """The amounts that stand of each."""
    whole, width = standing(amounts, stands, sheets.rules).tobytes(), 8 * len(sheets.names)
    anything = np.asarray(stands.any(axis=1)).tolist()
    names = sheets.names
    packed = [Packed(names, whole[n * width : (n + 1) * width] if there else b"") for n, there in enumerate(anything)]
    for n, one in opened.items():
        those = [sheets.catalogue.key_figures[f] for f in np.flatnonzero(stands[n]).tolist()]
        packed[n] = Packed.of(rules.standing(those, one.case.delivery.amounts, sheets.catalogue), sheets.names)
    return packed
