"""One scheme and period as the book keeps it: its series, what was last published, and what is worked out of it."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.benchmark.cells import GroupCells
from services.benchmark.publication import Shown
from services.benchmark.series import PeriodSeries
from services.benchmark.standing import Reading, Readings
from services.benchmark.state import View
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
    _shown: Shown | None = None
    _view: View | None = None

    @functools.cached_property
    def readings(self) -> Readings:
        """How each key figure is read."""
        return tuple(
            Reading(f.publicity == "public", f.better, f.min_units or 0, f.mean_meaningful)
            for f in self.catalogue.key_figure.values()
        )

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
        same = (
            self._shown and self._shown.view is self.published and view.method_version == self.published.method_version
        )
        if touched is None or self._shown is None or not same:
            fresh = Shown(view, self.readings, self.groups(view))
        else:
            changed = sorted(self.state.submitted) if view is not self.published else []
            fresh = self._shown.after(view, self.groups(view), touched, changed)
        if touched is not None:
            self._shown = fresh
        return fresh

    def groups(self, view: View) -> list[str]:
        """Groups that anybody belongs to or is expected in, in ladder order."""
        known = {*view.membership, *view.registered}
        return sorted(
            (g for g in known if view.expected(g)), key=lambda group: peer_groups.order(group, self.catalogue)
        )
