"""Peer groups one can be compared in, or no longer, as a message. Available: the median is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.notify.release_news import group_name
from services.notify.sentences import Phrase
from services.notify.wording import About, Item, Said


@dataclass(frozen=True)
class Changed:
    """A median that is shown from a vintage on, or no longer."""

    scheme: str
    period: str
    peer_group: str
    key_figure: str
    vintage: int
    shown: bool

    @property
    def about(self) -> About:
        """What it is about."""
        return About(self.key_figure, peer_group=self.peer_group, scheme=self.scheme)


def net(changes: Iterable[Changed]) -> list[Changed]:
    """What remains of changes, oldest first: the newest of each cell; none where the cell is as it was before them.

    >>> came, went = Changed("s", "2024", "all", "A", 3, True), Changed("s", "2024", "all", "A", 4, False)
    >>> net([came]) == [came], net([came, went])
    (True, [])
    """
    by_cell: dict[tuple[str, str, About], list[Changed]] = {}
    for one in changes:
        by_cell.setdefault((one.scheme, one.period, one.about), []).append(one)
    return [found[-1] for found in by_cell.values() if found[0].shown == found[-1].shown]


def said(changed: Sequence[Changed]) -> Said:
    """Medians that came or went, by peer group."""
    parts: dict[tuple[str, str, str, bool], list[str]] = {}
    for one in changed:
        parts.setdefault((one.scheme, one.period, one.peer_group, one.shown), []).append(one.key_figure)
    count = len({part[:3] for part in parts})
    return Said(
        Phrase("peer-groups.subject", {"count": count}),
        Phrase("why.peer-groups"),
        (),
        [_item(part, figures) for part, figures in parts.items()],
    )


def _item(part: tuple[str, str, str, bool], figures: Sequence[str]) -> Item:
    scheme, period, group, shown = part
    named = {"scheme": scheme, "period": period, "group": group_name(group)}
    says = Phrase(
        f"peer-groups.{'available' if shown else 'lost'}",
        {**named, "count": len(figures), "figures": ", ".join(figures)},
    )
    facts: Mapping[str, object] = {
        "scheme": scheme,
        "period": period,
        "peer_group": group,
        "available": shown,
        "key_figures": list(figures),
    }
    return Item(About(peer_group=group, scheme=scheme), says, facts)
