"""The figures of many submissions as columns, and as the dense batches that go to the benchmarks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count

import numpy as np
from noegletal.v1 import observations_pb2 as dense

from services.kernels import kernel
from services.validate.clear import Clear
from services.validate.compiled import Bytes, Flags, Whole
from services.validate.key_figures import Pair
from services.validate.received import Arrived
from services.validate.wire import Assessed


def observations(
    sent: Arrived | None, together: Sequence[Clear], alone: Iterable[tuple[int, Assessed]]
) -> list[dense.ObservationsAccepted]:
    """The figures of assessed submissions as dense batches, one per scheme, period and rule set, in order of arrival.

    alone    those assessed by themselves, with their numbers
    A submission refused as a whole gives no observations: the revision before it stands.
    """
    batches: dict[tuple[str, str, str], tuple[list[Clear], list[tuple[int, Assessed]]]] = defaultdict(lambda: ([], []))
    for clear in together:
        batches[clear.place][0].append(clear)
    for number, item in alone:
        if not item.refused:
            batches[item.place][1].append((number, item))
    firsts = {key: _first(*some) for key, some in batches.items() if any(map(len, some[0])) or some[1]}
    return [_batch(*key, sent, *batches[key]) for key in sorted(firsts, key=firsts.__getitem__)]


def _first(together: Iterable[Clear], alone: Iterable[tuple[int, Assessed]]) -> int:
    """The first to arrive."""
    return min([*(int(clear.numbers.min()) for clear in together if len(clear)), *(number for number, _ in alone)])


def cause(batch: dense.ObservationsAccepted) -> list[str]:
    """What a batch follows from. A month's submission makes a record anew with each correction in its window."""
    again = [str(revision) for revision in batch.revisions] if "-" in batch.period else []
    return ["observations", batch.method_version, *batch.receipt_ids, *again]


@dataclass
class _Whose:
    """Whose the figures of a batch are, column by column."""

    receipt_ids: list[str] = field(default_factory=list)
    unit_ids: list[str] = field(default_factory=list)
    sent_by: list[str] = field(default_factory=list)
    revisions: list[int] = field(default_factory=list)
    held_by: list[str] = field(default_factory=list)
    groups: list[tuple[str, ...]] = field(default_factory=list)
    withdrawn: list[bool] = field(default_factory=list)

    def together(self, sent: Arrived, clear: Clear) -> None:
        """Add those that were assessed together."""
        at, known = clear.numbers, sent.known
        profiles = known.profiles.said
        self.receipt_ids += sent.receipt_ids[at].tolist()
        self.unit_ids += map(known.units.said.__getitem__, sent.units[at].tolist())
        self.sent_by += map(known.organisations.said.__getitem__, sent.organisations[at].tolist())
        self.revisions += sent.revisions[at].tolist()
        self.held_by += [profiles[n].holder_id for n in sent.profiles[at].tolist()]
        self.groups += map(clear.groups.__getitem__, clear.grouped.tolist())
        self.withdrawn += [False] * len(at)

    def alone(self, item: Assessed) -> None:
        """Add one that was assessed by itself."""
        self.receipt_ids.append(item.receipt_id)
        self.unit_ids.append(item.unit_id)
        self.sent_by.append(item.organisation_id)
        self.revisions.append(item.revision)
        self.held_by.append(item.holder_id)
        self.groups.append(item.groups)
        self.withdrawn.append(item.withdrawn)

    def ordered(self, order: Sequence[int]) -> "_Whose":
        """In another order."""
        return _Whose(*([*map(column.__getitem__, order)] for column in vars(self).values()))


def _batch(
    scheme: str,
    period: str,
    rule_set: str,
    sent: Arrived | None,
    together: Sequence[Clear],
    alone: Sequence[tuple[int, Assessed]],
) -> dense.ObservationsAccepted:
    catalogue = together[0].catalogue if together else alone[0][1].catalogue
    assert catalogue is not None
    numbers = [*(clear.numbers for clear in together), np.array([number for number, _ in alone], dtype=np.int64)]
    order = np.concatenate(numbers).argsort(kind="stable")
    of = _Whose()
    for clear in together:
        assert sent is not None
        of.together(sent, clear)
    for _, item in alone:
        of.alone(item)
    of = of.ordered(order.tolist())
    names, organisations, holders = (defaultdict[str, int](count().__next__) for _ in range(3))  # by first use
    indices = {some: [names[name] for name in some] for some in dict.fromkeys(of.groups)}
    places = np.empty_like(order)
    places[order] = np.arange(len(order))
    above, below, absences = _gathered(together, [item for _, item in alone], places, len(catalogue.key_figures))
    return dense.ObservationsAccepted(
        scheme=scheme,
        period=period,
        method_version=rule_set,
        key_figures=catalogue.key_figures,
        unit_ids=of.unit_ids,
        organisation_index=map(organisations.__getitem__, of.sent_by),
        organisations=organisations,
        holder_index=map(holders.__getitem__, of.held_by),
        holders=holders,
        peer_group_count=map(len, of.groups),
        peer_group_index=chain.from_iterable(map(indices.__getitem__, of.groups)),
        peer_groups=names,
        revisions=of.revisions,
        withdrawn=bytes(of.withdrawn),
        numerators=above.astype("<i8", copy=False).tobytes(),
        denominators=below.astype("<i8", copy=False).tobytes(),
        absences=absences.tobytes(),
        receipt_ids=of.receipt_ids,
    )


def _gathered(
    together: Sequence[Clear], alone: Sequence[Assessed], places: Whole, figures: int
) -> tuple[Whole, Whole, Bytes]:
    """F x U numerators and denominators, 0 where there is none, and absences. `places`: of each in turn."""
    shape, begin = (figures, len(places)), 0
    above, below, absences = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.uint8)
    for clear in together:
        c, at = clear.columns, places[begin : begin + len(clear)]
        _gather(c.numerators, c.denominators, c.absences, c.stands, clear.of, at, above, below, absences)
        begin += len(clear)
    for item, at in zip(alone, places[begin:].tolist(), strict=True):
        for n, figure in enumerate(item.assessment.figures):
            if isinstance(figure.result, Pair):
                above[n, at], below[n, at] = figure.result.numerator, figure.result.denominator
            else:
                absences[n, at] = figure.result.value
    return above, below, absences


@kernel(
    "void(i8[:,::1], i8[:,::1], u1[:,::1], b1[:,::1], i8[::1], i8[::1], i8[:,::1], i8[:,::1], u1[:,::1])",
)
def _gather(
    numerators: Whole,
    denominators: Whole,
    absent: Bytes,
    stands: Flags,
    numbers: Whole,
    places: Whole,
    above: Whole,
    below: Whole,
    absences: Bytes,
) -> None:
    """Put some of U x F figures where they belong in F x U."""
    for f in range(len(above)):
        for k in range(len(numbers)):
            n, at = numbers[k], places[k]
            if stands[n, f]:
                above[f, at], below[f, at] = numerators[n, f], denominators[n, f]
            absences[f, at] = absent[n, f]
