"""Events that are nobody's own: protobuf on one side, what is told on the other."""

from collections.abc import Mapping

from noegletal.v1 import benchmark_pb2, release_pb2

from services.notify import editions
from services.notify.release_news import OUTCOMES, WITHDRAWAL, WITHDRAWN, Cell, Outcome, Release, change
from services.notify.sentences import LANGUAGES, Spoken

DECIDED: Mapping[int, Outcome] = dict(enumerate((*OUTCOMES, WITHDRAWN), 1))
KINDS = {1: "provisional", 2: "revised", 3: "final", 4: WITHDRAWAL}
MEDIAN = 1 << 3  # the bit of a cell's shown
SHOWN = ("units", "holders", "rounding_base", "pooled", "p10", "q1", "median", "q3", "p90")


def usable(event: release_pb2.ReleaseDecided) -> bool:
    """Whether it says which release it is, and nothing we have no words for."""
    named = bool(event.scheme and event.period and event.number and event.kind in KINDS)
    return named and all(one.outcome in DECIDED for one in event.decisions)


def shown(event: release_pb2.ReleaseDecided) -> list[tuple[str, str, str]]:
    """(key figure, peer group, numbers as published) of cells that go out; no numbers where one shows nothing from here on."""
    kept = [one for one in event.decisions if DECIDED[one.outcome] in ("released", "suppressed", WITHDRAWN)]
    return [(one.key_figure, one.peer_group, _numbers(one)) for one in kept]


def release(event: release_pb2.ReleaseDecided, before: Mapping[tuple[str, str], tuple[int, str]]) -> Release:
    """A release. `before`: what earlier ones show, by key figure and peer group: number and numbers."""
    cells = []
    for one in event.decisions:
        earlier, outcome = before.get((one.key_figure, one.peer_group)), DECIDED[one.outcome]
        changed = change(earlier, outcome, _numbers(one))
        cells.append(Cell(one.key_figure, one.peer_group, outcome, changed, earlier[0] if earlier else 0))
    names = figure_names(event.scheme, event.period)
    return Release(event.scheme, event.period, event.number, KINDS[event.kind], cells, names)


def medians(event: benchmark_pb2.BenchmarkUpdated) -> set[str]:
    """Key figures whose median is shown."""
    return {name for name, bits in zip(event.key_figures, event.shown, strict=False) if bits & MEDIAN}


def figure_names(scheme: str, period: str) -> Mapping[str, Spoken]:
    """Key figure -> id and name; empty where we know no such scheme or year."""
    edition = editions.known(scheme, period)
    figures = edition.key_figure if edition else {}
    return {
        name: Spoken({language: f"{name} {figure.name.of(language)}" for language in LANGUAGES})
        for name, figure in figures.items()
    }


def _numbers(one: release_pb2.CellDecision) -> str:
    """What a cell shows, to compare; empty where it shows nothing."""
    return "|".join(str(getattr(one, name)) for name in SHOWN) if one.outcome == 1 else ""
