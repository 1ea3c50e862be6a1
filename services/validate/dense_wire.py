"""The figures of many submissions as columns, and as the dense batches that go to the benchmarks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import NamedTuple

import numpy as np
from noegletal.v1 import observations_pb2 as dense

from services.catalogue.definitions import Catalogue
from services.kernels import kernel
from services.validate.account import Accepted
from services.validate.compiled import Bytes, Flags, Whole
from services.validate.key_figures import Pair
from services.validate.wire import Assessed


@dataclass(frozen=True)
class Columns:
    """U x F key figures of submissions assessed together. `stands`: there is a pair, else whatever numbers."""

    numerators: Whole
    denominators: Whole
    absences: Bytes
    stands: Flags


@dataclass(frozen=True, eq=False)
class Together:
    """What submissions that were assessed together have in common; the same as nothing but itself."""

    place: tuple[str, str, str]  # scheme, reporting period, rule set
    catalogue: Catalogue
    columns: Columns


class Clear(NamedTuple):
    """One of many submissions that were assessed together: of a whole year, with no fault in its data points.

    The first six, to `groups`, are what the benchmarks are told of whose it is.

    kept      what stands of it
    said      SubmissionAssessed
    number    its column
    """

    receipt_id: str
    unit_id: str
    organisation_id: str
    revision: int
    holder_id: str
    groups: tuple[str, ...]
    rule_set: str
    kept: Accepted
    said: bytes
    number: int
    together: Together

    @property
    def refused(self) -> bool:
        """None of them is."""
        return False

    @property
    def withdrawn(self) -> bool:
        """Nor takes one its unit out."""
        return False

    @property
    def catalogue(self) -> Catalogue:
        """Its definitions."""
        return self.together.catalogue


def observations(items: Iterable[Assessed | Clear]) -> list[dense.ObservationsAccepted]:
    """The figures of assessed submissions as dense batches, one per scheme, period and rule set, in order of arrival.

    A submission refused as a whole gives no observations: the revision before it stands.
    """
    batches: dict[tuple[str, str, str], list[Assessed | Clear]] = defaultdict(list)
    for item in items:
        if isinstance(item, Clear):
            batches[item.together.place].append(item)
        elif not item.refused:
            batches[item.place].append(item)
    return [_batch(*key, some) for key, some in batches.items()]


def cause(batch: dense.ObservationsAccepted) -> list[str]:
    """What a batch follows from. A month's submission makes a record anew with each correction in its window."""
    again = [str(revision) for revision in batch.revisions] if "-" in batch.period else []
    return ["observations", batch.method_version, *batch.receipt_ids, *again]


def _batch(scheme: str, period: str, rule_set: str, items: Sequence[Assessed | Clear]) -> dense.ObservationsAccepted:
    catalogue = items[0].catalogue
    assert catalogue is not None
    told = [i[:6] if isinstance(i, Clear) else _told(i) for i in items]
    receipt_ids, unit_ids, sent_by, revisions, held_by, groups = zip(*told, strict=True)
    names, organisations, holders = (defaultdict[str, int](count().__next__) for _ in range(3))  # by first use
    indices = {some: [names[name] for name in some] for some in dict.fromkeys(groups)}
    above, below, absences = _gathered(items, len(catalogue.key_figures))
    return dense.ObservationsAccepted(
        scheme=scheme,
        period=period,
        method_version=rule_set,
        key_figures=catalogue.key_figures,
        unit_ids=unit_ids,
        organisation_index=map(organisations.__getitem__, sent_by),
        organisations=organisations,
        holder_index=map(holders.__getitem__, held_by),
        holders=holders,
        peer_group_count=map(len, groups),
        peer_group_index=chain.from_iterable(map(indices.__getitem__, groups)),
        peer_groups=names,
        revisions=revisions,
        withdrawn=bytes([not isinstance(i, Clear) and i.withdrawn for i in items]),
        numerators=above.astype("<i8", copy=False).tobytes(),
        denominators=below.astype("<i8", copy=False).tobytes(),
        absences=absences.tobytes(),
        receipt_ids=receipt_ids,
    )


def _told(item: Assessed) -> tuple[str, str, str, int, str, tuple[str, ...]]:
    return item.receipt_id, item.unit_id, item.organisation_id, item.revision, item.holder_id, item.groups


def _gathered(items: Sequence[Assessed | Clear], figures: int) -> tuple[Whole, Whole, Bytes]:
    """F x U numerators and denominators, 0 where there is none, and absences, in this order."""
    shape = figures, len(items)
    above, below, absences = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.uint8)
    together: dict[Together, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for at, item in enumerate(items):
        if isinstance(item, Clear):
            places, numbers = together[item.together]
            places.append(at)
            numbers.append(item.number)
            continue
        for n, figure in enumerate(item.assessment.figures):
            if isinstance(figure.result, Pair):
                above[n, at], below[n, at] = figure.result.numerator, figure.result.denominator
            else:
                absences[n, at] = figure.result.value
    for shared, (places, numbers) in together.items():
        c = shared.columns
        which = np.array(numbers), np.array(places)
        _gather(c.numerators, c.denominators, c.absences, c.stands, *which, above, below, absences)
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
