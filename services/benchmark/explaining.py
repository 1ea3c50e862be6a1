"""Answers to why, over gRPC: of a unit, of a cell, of an organisation. Given in the database thread."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from noegletal.v1 import benchmark_pb2 as pb
from noegletal.v1 import explanation_pb2 as out

from services.benchmark import (
    alignment,
    cell_explanation,
    cell_sentences,
    priced,
    publication,
    questions,
    released,
    replay,
    store,
)
from services.benchmark.book import Book
from services.benchmark.cell_explanation import CellExplanation, Change
from services.benchmark.explanation import Explanation
from services.benchmark.period import Period
from services.benchmark.questions import Between
from services.benchmark.view import View
from services.catalogue.sentences import LANGUAGES, Measure
from services.chassis.rpc import Refusal, caller

EXPLANATIONS_A_PAGE, MOST_EXPLANATIONS = 500, 2000


@dataclass(frozen=True)
class Explainer:
    """Explains out of the books. The rest is how reads find a period, a caller's own unit and a vintage; each may refuse."""

    book: Book
    periods: Callable[[str, str], list[Period]]
    own: Callable[[View, str], int]
    vintage: Callable[[Any, Period, int, str], View]

    def unit(self, connection: Any, request: Any) -> pb.Explanation:
        """Why a unit's standing differs."""
        periods = [(period, period.view()) for period in self.periods(request.scheme, request.period)]
        period, _ = questions.newest(periods, request.unit_id)
        row = self._row(period, request.key_figure)
        before = request.vintage_before or store.before_last_move(
            connection, period.scheme, period.name, request.unit_id
        )
        methods = (request.method_version_before, request.method_version_after)
        b = self.vintage(connection, period, request.vintage_after or period.state.vintage, methods[1])
        column = self.own(b, request.unit_id)
        between = self._between(connection, period, self.vintage(connection, period, before, methods[0]), b)
        explained = between.explain(row, column, request.peer_group)
        if explained.before is None and explained.after is None:
            raise Refusal("NT-3002", grpc.StatusCode.NOT_FOUND, unit=request.unit_id, what=request.key_figure)
        return self._unit(between, row, column, explained, request.measure)

    def cell(self, connection: Any, request: Any) -> out.CellExplanation:
        """Why a cell differs."""
        period = self.periods(request.scheme, request.period)[-1]
        row, group = self._row(period, request.key_figure), request.peer_group or publication.EVERYBODY
        if not period.readings[row].public:
            return self._released(connection, period, request, group)
        between = self._asked(connection, period, request, request.method_version_before, request.method_version_after)
        _expected(period, group, between.a, between.b)
        figure = period.catalogue.key_figure[request.key_figure]
        show, reading = figure.show, period.readings[row]
        explained = cell_explanation.explain(
            between.a, between.b, row, group, reading, between.again, show.factor, show.decimals
        )
        message = out.CellExplanation(
            scheme=period.scheme,
            period=period.name,
            peer_group=group,
            key_figure=request.key_figure,
            vintage_before=between.a.vintage,
            vintage_after=between.b.vintage,
            method_version_before=between.a.method_version,
            method_version_after=between.b.method_version,
            decimals=show.decimals,
            unit={language: show.unit.of(language) for language in LANGUAGES},
        )
        _fill(message, explained)
        for told, change in zip(message.changes, explained.changes, strict=True):
            told.text.update({language: cell_sentences.sentence(change, figure, language) for language in LANGUAGES})
        return message

    def _released(self, connection: Any, period: Period, request: Any, group: str) -> out.CellExplanation:
        """How a protected cell's released numbers differ: at two vintages, or the newest release from the one before."""
        name, figure = request.key_figure, period.catalogue.key_figure[request.key_figure]
        vintage = request.vintage_after or store.published(connection, period.scheme, period.name)
        b = self.vintage(connection, period, vintage, request.method_version_after)
        _expected(period, group, b)
        made = {one.number: one for one in b.releases}
        after = released.shown(b.releases, name, group)
        if request.vintage_before:
            a = self.vintage(connection, period, request.vintage_before, request.method_version_before)
            made |= {one.number: one for one in a.releases}
            before = released.shown(a.releases, name, group)
        else:
            before = released.shown([one for one in b.releases if after and one.number < after.number], name, group)
        message = out.CellExplanation(
            scheme=period.scheme,
            period=period.name,
            peer_group=group,
            key_figure=name,
            vintage_before=request.vintage_before or (made[before.number].vintage if before else 0),
            vintage_after=b.vintage,
            method_version_before=made[before.number].method_version if before else "",
            method_version_after=made[after.number].method_version if after else "",
            decimals=figure.show.decimals,
            unit={language: figure.show.unit.of(language) for language in LANGUAGES},
            release_before=before.number if before else 0,
            release_after=after.number if after else 0,
        )
        if before is None or after is None:
            too_few = released.suppressed(b.releases, name, group)
            message.suppression = pb.SUPPRESSION_TOO_FEW if too_few else pb.SUPPRESSION_NOT_RELEASED
            return message
        explained = cell_explanation.of_releases(before, after, figure.show.factor, figure.show.decimals)
        _fill(message, explained)
        for told, change in zip(message.changes, explained.changes, strict=True):
            for language in LANGUAGES:
                told.text[language] = cell_sentences.released(change, figure, language, before, after)
        return message

    def organisation(self, connection: Any, request: Any) -> tuple[out.OrganisationExplanation, str]:
        """What became of all units of an organisation: a page of explanations, and the token of the next."""
        organisation = caller().acting_for(request.organisation_id)
        period = self.periods(request.scheme, request.period)[-1]
        between = self._asked(connection, period, request, "", "")
        if request.key_figure:
            self._row(period, request.key_figure)
        found = list(self._all(between, organisation, request.key_figure))
        if not found:
            raise Refusal("NT-3202", grpc.StatusCode.NOT_FOUND, organisation=organisation, what=period.name)
        first, size = _place(request)
        page = [self._unit(between, row, c, e, request.measure) for row, c, e in found[first : first + size]]
        message = out.OrganisationExplanation(
            organisation_id=organisation,
            scheme=period.scheme,
            period=period.name,
            vintage_before=between.a.vintage,
            vintage_after=between.b.vintage,
            figures=_tallies(found, period.state.figures),
            explanations=page,
        )
        return message, str(first + size) if first + size < len(found) else ""

    def _all(self, between: Between, organisation: str, key_figure: str) -> Iterator[tuple[int, int, Explanation]]:
        """(row, column, explanation) of every unit and figure there is a standing of, by unit."""
        b = between.b
        own = [c for c, owner in enumerate(b.organisations) if owner == organisation and c < len(b.unit_ids)]
        for column in sorted(own, key=lambda c: b.unit_ids[c]):
            for row, name in enumerate(b.figures):
                if key_figure in ("", name):
                    explained = between.explain(row, column, "")
                    if explained.before is not None or explained.after is not None:
                        yield row, column, explained

    def _unit(self, between: Between, row: int, column: int, explained: Explanation, measure: int) -> pb.Explanation:
        if measure not in (0, *Measure):
            raise Refusal("NT-3006", grpc.StatusCode.INVALID_ARGUMENT, field="measure", value=str(measure))
        period, a, b = between.period, between.a, between.b
        asked = Measure(measure or Measure.POSITION)
        message = self.book.explanation(period, row, column, explained, a, b, measure=asked)
        gap = priced.of(explained.after, b, row, column, period.catalogue)
        if gap is not None:
            catalogue = period.catalogue
            money = catalogue.data_point[catalogue.key_figure[message.key_figure].numerator[0]].unit
            for language in LANGUAGES:
                message.priced_text[language] = cell_sentences.priced(gap, money.of(language), language)
        return message

    def _asked(self, connection: Any, period: Period, request: Any, method_a: str, method_b: str) -> Between:
        """The publications a question is about; the newest and the one before it where it does not say."""
        place = (connection, period.scheme, period.name)
        after = request.vintage_after or store.published(*place)
        before = request.vintage_before or store.published_before(*place, after)
        a, b = self.vintage(connection, period, before, method_a), self.vintage(connection, period, after, method_b)
        return self._between(connection, period, a, b)

    def _between(self, connection: Any, period: Period, a: View, b: View) -> Between:
        first = alignment.aligned(a, b)
        return Between(period, first, b, replay.reassessed(connection, period, first, b))

    def _row(self, period: Period, key_figure: str) -> int:
        if key_figure not in period.state.figures:
            known = ", ".join(period.state.figures)
            raise Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=key_figure, known=known)
        return period.state.figures.index(key_figure)


def _expected(period: Period, group: str, *views: View) -> None:
    if not any(view.expected(group) for view in views):
        known = ", ".join(period.groups(views[-1]))
        raise Refusal("NT-3001", grpc.StatusCode.NOT_FOUND, what=group, known=known)


def _fill(message: out.CellExplanation, explained: CellExplanation) -> None:
    message.units_before, message.units_after = explained.units_before, explained.units_after
    message.suppression = f"SUPPRESSION_{explained.suppression.name}"  # type: ignore[assignment]
    message.changes.extend(_change(change) for change in explained.changes)


def _change(change: Change) -> out.CellChange:
    message = out.CellChange(
        statistic=f"CELL_STATISTIC_{change.statistic.name}",
        before_e9=change.before_e9,
        after_e9=change.after_e9,
        before_shown=change.before_shown,
        after_shown=change.after_shown,
    )
    for part in change.parts:
        message.parts.add(
            step=f"STEP_{part.step.name}",
            value_e9=part.value_e9,
            shown=part.shown,
            units=part.units,
            organisations=part.organisations,
        )
    return message


def _tallies(found: Sequence[tuple[int, int, Explanation]], figures: Sequence[str]) -> list[out.FigureTally]:
    tallies: dict[int, out.FigureTally] = {}
    for row, _, explained in found:
        one = tallies.setdefault(row, out.FigureTally(key_figure=figures[row]))
        before, after = explained.before, explained.after
        if before is None or after is None:
            one.joined, one.left = one.joined + (before is None), one.left + (after is None)
        else:
            one.risen += after.position < before.position
            one.fallen += after.position > before.position
            one.level += after.position == before.position
    return [tallies[row] for row in sorted(tallies)]


def _place(request: Any) -> tuple[int, int]:
    if request.page_token and not request.page_token.isdecimal():
        raise Refusal("NT-3006", grpc.StatusCode.INVALID_ARGUMENT, field="page_token", value=request.page_token[:32])
    return int(request.page_token or 0), min(request.page_size or EXPLANATIONS_A_PAGE, MOST_EXPLANATIONS)
