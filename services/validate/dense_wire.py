"""The figures of many submissions as columns, and as the dense batches that go to the benchmarks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from noegletal.v1 import observations_pb2 as dense
from numpy.typing import NDArray

from services.catalogue.definitions import Catalogue
from services.validate.account import Accepted
from services.validate.key_figures import Pair
from services.validate.wire import Assessed


@dataclass(frozen=True)
class Columns:
    """U x F key figures of submissions assessed together. `stands`: there is a pair, else whatever numbers."""

    numerators: NDArray[np.int64]
    denominators: NDArray[np.int64]
    absences: NDArray[np.uint8]
    stands: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Together:
    """What submissions that were assessed together have in common; the same as nothing but itself."""

    place: tuple[str, str, str]  # scheme, reporting period, rule set
    catalogue: Catalogue
    columns: Columns


class Clear(NamedTuple):
    """One of many submissions that were assessed together: of a whole year, with no fault in its data points.

    kept      what stands of it
    assessed  SubmissionAssessed
    number    its column
    """

    receipt_id: str
    unit_id: str
    organisation_id: str
    holder_id: str
    revision: int
    groups: tuple[str, ...]
    kept: Accepted
    assessed: bytes
    number: int
    rule_set: str
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

    @property
    def place(self) -> tuple[str, str, str]:
        """The scheme, reporting period and rule set of its figures."""
        return self.together.place

    def said(self) -> bytes:
        """SubmissionAssessed."""
        return self.assessed


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
    told = [i[:TOLD] if isinstance(i, Clear) else _told(i) for i in items]
    receipt_ids, unit_ids, sent_by, held_by, revisions, groups = zip(*told, strict=True)
    names, organisations, holders = _Dictionary(), _Dictionary(), _Dictionary()
    indices = {some: names.numbers(some) for some in dict.fromkeys(groups)}
    above, below, absences = _gathered(items, len(catalogue.key_figures))
    return dense.ObservationsAccepted(
        scheme=scheme,
        period=period,
        method_version=rule_set,
        key_figures=catalogue.key_figures,
        unit_ids=unit_ids,
        organisation_index=organisations.numbers(sent_by),
        organisations=organisations.words,
        holder_index=holders.numbers(held_by),
        holders=holders.words,
        peer_group_count=[len(g) for g in groups],
        peer_group_index=[index for some in groups for index in indices[some]],
        peer_groups=names.words,
        revisions=revisions,
        withdrawn=bytes([not isinstance(i, Clear) and i.withdrawn for i in items]),
        numerators=above.astype("<i8", copy=False).tobytes(),
        denominators=below.astype("<i8", copy=False).tobytes(),
        absences=absences.tobytes(),
        receipt_ids=receipt_ids,
    )


def _told(item: Assessed) -> tuple[str, str, str, str, int, tuple[str, ...]]:
    """What a Clear begins with."""
    return item.receipt_id, item.unit_id, item.organisation_id, item.holder_id, item.revision, item.groups


def _gathered(
    items: Sequence[Assessed | Clear], figures: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """F x U numerators and denominators, 0 where there is none, and absences, in this order."""
    shape = len(items), figures
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
                above[at, n], below[at, n] = figure.result.numerator, figure.result.denominator
            else:
                absences[at, n] = figure.result.value
    for shared, (places, numbers) in together.items():
        taken = _taken(shared.columns, numbers)
        if len(places) == len(items):
            return taken
        above[places], below[places], absences[places] = taken[0].T, taken[1].T, taken[2].T
    return above.T, below.T, absences.T


def _taken(columns: Columns, numbers: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Numerators, denominators and absences of some of the submissions, as `_gathered`."""
    stands = columns.stands[numbers]
    above, below = columns.numerators[numbers] * stands, columns.denominators[numbers] * stands
    return above.T, below.T, columns.absences[numbers].T


TOLD = Clear._fields.index("kept")  # fields before it are said of each


class _Dictionary:
    """Words by their number, in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def numbers(self, words: Sequence[str]) -> list[int]:
        known = self._numbers
        for word in dict.fromkeys(words):
            known.setdefault(word, len(known))
        return [known[word] for word in words]

    @property
    def words(self) -> list[str]:
        return list(self._numbers)
