"""What is said of a standing beside its numbers: whether this is the group it is looked at in, its class in words, its flags."""

from fractions import Fraction

from noegletal.v1 import benchmark_service_pb2 as api
from noegletal.v1 import statistics_pb2 as pb

from services.benchmark import classes, flags, funnel, spans_wire, statistics
from services.benchmark.flags import Looks
from services.benchmark.outliers import Changes
from services.benchmark.period import Period
from services.benchmark.statistics import Q1, Q3, Pair
from services.benchmark.view import View


class Described:
    """Describes standings of one period at one vintage.

    `before`: the period before it, None where there is none or its vintage is not known. `flagged`: whether flags are asked for.
    """

    def __init__(self, period: Period, view: View, before: View | None, *, flagged: bool) -> None:
        self._period, self._view, self._before, self._flagged = period, view, before, flagged
        self._shown = period.shown(view)
        self._quartiles: dict[tuple[int, str], tuple[Fraction, Fraction]] = {}
        self._looks: dict[tuple[int, str], Looks] = {}

    def add(self, message: api.PlacedStanding, row: int, column: int) -> api.PlacedStanding:
        """Add to a standing what is said of it."""
        group, groups = message.peer_group, self._view.groups[column]
        message.is_shown = group == self._shown.group(row, column)
        message.levels, message.level = len(groups), len(groups) - groups.index(group)
        figure = self._period.catalogue.key_figure[self._view.figures[row]]
        own = message.standing.numerator, message.standing.denominator
        if message.standing.quartile:
            quartiles = self._of_quartiles(row, group)
            within = classes.tolerance(figure)
            said = classes.of(message.standing.quartile, Fraction(*own), quartiles, figure.better, within)
            message.standing_class = f"STANDING_CLASS_{said.name}"  # type: ignore[assignment]
            message.class_text.update(classes.words(said, figure))
        if self._flagged:
            raised, blind = self.looks(row, group).at(message.unit_id, own)
            message.flags.extend(f"FLAG_{flag.name}" for flag in raised)  # type: ignore[misc]
            message.not_computable.extend(f"LOOK_{look.name}" for look in blind)  # type: ignore[misc]
        return message

    def looks(self, row: int, group: str) -> Looks:
        """A cell as its values are looked at."""
        if (row, group) not in self._looks:
            members, reading = self._shown.of(group).members, self._period.readings[row]
            name = self._view.figures[row]
            self._looks[row, group] = flags.looks(
                members.pairs(self._view, row),
                int(members.holders[row]),
                reading,
                funnel.basis(self._period.catalogue, name),
                self._period.catalogue.scale(name),
                self.changes(row, group),
            )
        return self._looks[row, group]

    def funnel(self, key_figure: str, group: str) -> pb.Funnel:
        """The funnel of a cell, or why it has none."""
        row, members = self._view.figures.index(key_figure), self._shown.of(group).members
        kind, scale = funnel.basis(self._period.catalogue, key_figure), self._period.catalogue.scale(key_figure)
        holders, reading = int(members.holders[row]), self._period.readings[row]
        return spans_wire.funnel(flags.funnel_of(members.pairs(self._view, row), holders, reading, kind, scale))

    def changes(self, row: int, group: str) -> Changes | None:
        """How the units of a cell changed since the period before; None where that says nothing."""
        members, before = self._shown.of(group).members, self._before
        if before is None or self._view.figures[row] not in before.figures:
            return None
        earlier = before.figures.index(self._view.figures[row])
        columns = members.order[row, : members.units[row]].tolist()
        now = dict(zip((self._view.unit_ids[c] for c in columns), members.pairs(self._view, row), strict=True))
        then = {unit: pair for unit in now if (pair := observed(before, earlier, before.column(unit)))}
        return flags.changes(then, now, int(members.holders[row]), self._period.readings[row])

    def _of_quartiles(self, row: int, group: str) -> tuple[Fraction, Fraction]:
        if (row, group) not in self._quartiles:
            values = self._shown.of(group).members.pairs(self._view, row)
            q1, q3 = (Fraction(*statistics.quantile(values, twentieths)) for twentieths in (Q1, Q3))
            self._quartiles[row, group] = q1, q3
        return self._quartiles[row, group]


def observed(view: View, row: int, column: int | None) -> Pair | None:
    """A unit's observation; None where it has none, or is not known."""
    if column is None or not view.reported[column] or view.absences[row, column]:
        return None
    return int(view.numerators[row, column]), int(view.denominators[row, column])
