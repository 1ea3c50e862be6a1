"""One scheme and period as the book keeps it: its series, what was last published, and what is worked out of it."""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from services.benchmark.cell_columns import GroupCells
from services.benchmark.priced import Prices
from services.benchmark.publication import Shown
from services.benchmark.series import PeriodSeries
from services.benchmark.standing import Reading, Readings
from services.benchmark.view import View
from services.catalogue import peer_groups
from services.catalogue.definitions import Catalogue


@dataclass
class Period:
    """One scheme and period: its series, what was last published, and the cells of the vintage at hand."""

    scheme: str
    name: str
    catalogue: Catalogue
    state: PeriodSeries
    published: View
    cells: dict[str, GroupCells] = field(default_factory=dict)  # group -> as last published
    group_vintage: dict[str, int] = field(default_factory=dict)  # group -> vintage it was last published at
    snapshot_at: int = 0
    partition: int | None = None  # that its batches come on
    registered_until: int = 0  # position of the registry
    _places: dict[str, tuple[int, str]] = field(default_factory=dict)  # group -> its place in ladder order
    _shown: Shown | None = None
    _view: View | None = None

    @functools.cached_property
    def readings(self) -> Readings:
        """How each key figure is read."""
        return tuple(
            Reading(f.publicity == "public", f.better, f.min_units or 0, f.mean_meaningful)
            for f in self.catalogue.key_figure.values()
        )

    @functools.cached_property
    def prices(self) -> Prices:
        """How gaps are priced."""
        return Prices.of_catalogue(self.catalogue)

    @property
    def monthly(self) -> bool:
        """Whether it is a month of the calendar, such as 2024-06, and not a year."""
        return "-" in self.name

    def view(self) -> View:
        """The state as it now is."""
        if self._view is None or self._view.vintage != self.state.vintage:
            self._view = self.state.freeze()
        return self._view

    def shown(self, view: View, touched: Sequence[str] | None = None) -> Shown:
        """Where units are looked at in a view; with `touched`, a later one than the last published, which is kept."""
        kept = self._shown if self._shown is not None and self._shown.view is self.published else None
        if kept is not None and view is kept.view and not touched:
            return kept
        if touched is None or kept is None or view.method_version != kept.view.method_version:
            fresh = Shown(view, self.readings, self.groups(view))
        else:
            groups = {*kept.groups} - {*touched} | {g for g in touched if view.expected(g)}
            fresh = kept.after(view, self.in_order(groups), touched, sorted(self.state.submitted))
        if touched is not None:
            self._shown = fresh
        return fresh

    def groups(self, view: View) -> list[str]:
        """Groups that anybody belongs to or is expected in, in ladder order."""
        return self.in_order(g for g in {*view.membership, *view.registered} if view.expected(g))

    def in_order(self, groups: Iterable[str]) -> list[str]:
        """Groups in ladder order, each once."""
        found = set(groups)
        for group in found - self._places.keys():
            self._places[group] = peer_groups.order(group, self.catalogue)
        return sorted(found, key=self._places.__getitem__)
