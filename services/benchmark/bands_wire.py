"""Places among released numbers as StandingChanged carries them, and its explanations in catalogue order."""

from collections.abc import Iterator, Mapping, Sequence

from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import band_sentences, bands, wire
from services.benchmark.bands import Change
from services.benchmark.sentences import LANGUAGES
from services.benchmark.standing import Readings
from services.benchmark.state import View
from services.catalogue.definitions import Catalogue

Told = Mapping[int, Sequence[tuple[int, pb.Explanation]]]  # column -> row and explanation, of public figures


def changes(
    period: str, catalogue: Catalogue, readings: Readings, a: View, b: View, told: Told, submitted: Sequence[int]
) -> Iterator[pb.StandingChanged]:
    """The event of every unit that is told anything. `submitted`: columns of those whose own record changed."""
    placed, own = bands.changes(a, b, submitted, readings), set(submitted)
    for column in sorted({*told, *placed}):
        banded = [(one[0], _banded(period, catalogue, a, b, column, one)) for one in placed.get(column, ())]
        said = sorted([*told.get(column, ()), *banded], key=lambda one: one[0])
        explanations = [explanation for _, explanation in said]
        yield wire.standing_changed(
            catalogue.scheme, period, a, b, column, own=column in own, explanations=explanations
        )


def _banded(period: str, catalogue: Catalogue, a: View, b: View, column: int, change: Change) -> pb.Explanation:
    row, before, after = change
    figure = catalogue.key_figure[b.figures[row]]
    message = pb.Explanation(
        unit_id=b.unit_ids[column],
        scheme=catalogue.scheme,
        period=period,
        peer_group=after.group,
        key_figure=b.figures[row],
        vintage_before=a.vintage,
        vintage_after=b.vintage,
        method_version=b.method_version,
        after=wire.banded(after.own, after.shown),
        text={lang: band_sentences.sentence(before, after, figure, catalogue, lang) for lang in LANGUAGES},
        method_version_before=a.method_version if a.method_version != b.method_version else "",
    )
    if before is not None:
        message.before.CopyFrom(wire.banded(before.own, before.shown))
        message.peer_group_before = before.group if before.group != after.group else ""
    return message
