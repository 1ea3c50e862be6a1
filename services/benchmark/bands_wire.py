"""Places among released numbers as StandingChanged carries them."""

from collections.abc import Mapping, Sequence

from noegletal.v1 import benchmark_pb2 as pb

from services.benchmark import band_sentences, wire
from services.benchmark import bands as found
from services.benchmark.bands import Change
from services.benchmark.standing import Readings
from services.benchmark.view import View
from services.catalogue.definitions import Catalogue
from services.catalogue.sentences import LANGUAGES


def bands(
    period: str, catalogue: Catalogue, readings: Readings, a: View, b: View, submitted: Sequence[int]
) -> Mapping[int, list[pb.Explanation]]:
    """Column -> its places among released numbers to be told of. `submitted`: columns of those whose own record changed."""
    placed = found.changes(a, b, submitted, readings)
    return {
        column: [_banded(period, catalogue, a, b, column, one) for one in changes] for column, changes in placed.items()
    }


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
