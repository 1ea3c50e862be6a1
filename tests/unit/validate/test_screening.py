"""Many submissions at once are assessed as they are one by one: the same bytes for any batching, any form, any duplicate."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import definitions, quartiles
from services.cli import sector_data, simulate, tables
from services.cli.talk import Talk
from services.validate import account, dense_wire, received, wire
from services.validate.assessing import Taken, assess, rounds, take_in, unscreened
from services.validate.history import History
from services.validate.screening import Screener
from tests.unit.validate.sectors import in_row, submissions

FENCES = quartiles.load(Path(__file__).parents[2] / "data" / "fences" / "dk-almen-2023.toml")
PATIENT = settings(  # shrinking a sector takes minutes, and any of its submissions shows what is wrong
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
Batches = Sequence[Sequence[pb.SubmissionReceived]]


def taken(batches: Batches, frozen: quartiles.Frozen | None, *, screened: bool) -> tuple[list[Taken], History]:
    """What comes of batches of submissions, each held against those before it."""
    history, done = History([]), set[tuple[str, str]]()
    events = {event.receipt.receipt_id: event for batch in batches for event in batch}
    screener = Screener(None, frozen) if screened else unscreened
    judge = partial(assess, catalogue_year=None, history=history, frozen=frozen)
    found, known = [], received.nothing_known()
    for batch in batches:
        sent = received.arrived([one.SerializeToString(deterministic=True) for one in batch], known)
        numbers = np.arange(len(batch))
        some = take_in(
            sent, numbers, done, history, judge, lambda m: events[m.receipt_id].SerializeToString(), screener
        )
        assessed = some.assessed().numbers
        done |= set(zip(some.receipt_ids(assessed), [rules for *_, rules in some.places(assessed)], strict=True))
        found.append(some)
    return found, history


def told(found: Sequence[Taken]) -> list[object]:
    """Everything that leaves the service, and everything it keeps."""
    said, lists = [], dict[tuple[str, ...], int]()
    for some in found:
        kept = some.accounts(lambda names: lists.setdefault(names, len(lists)))
        names = {number: listed for listed, number in lists.items()}.__getitem__
        begins, whole = [0, *kept.ends], bytes(kept.content)
        units = [some.sent.unit_id(n) for n in kept.numbers.tolist()]
        accounts = [account.read(unit, whole, at, names) for unit, at in zip(units, begins, strict=False)]
        assessed = some.assessed()
        batches = dense_wire.observations(some.sent, some.together, some.records())
        said.append(
            (
                *(assessed.numbers.tolist(), bytes(assessed.content), assessed.ends, some.places(assessed.numbers)),
                [batch.SerializeToString(deterministic=True) for batch in batches],
                [(*one[:10], dict(one.amounts), one.event) for one in accounts],
            )
        )
    return said


@settings(PATIENT, max_examples=60)
@given(data=st.data(), fenced=st.booleans())
def test_together_is_one_by_one(data: st.DataObject, fenced: bool) -> None:
    events = data.draw(submissions())
    events += data.draw(st.lists(st.sampled_from(events), max_size=2))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(events)), max_size=3)))
    batches = [events[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True)]
    frozen = FENCES if fenced else None
    plain, _ = taken(batches, frozen, screened=False)
    together, _ = taken(batches, frozen, screened=True)
    assert told(together) == told(plain)


@settings(PATIENT, max_examples=15)
@given(events=submissions())
def test_a_row_says_what_the_amounts_say(events: list[pb.SubmissionReceived]) -> None:
    rows = []
    for event in events:
        rows.append(pb.SubmissionReceived())
        rows[-1].CopyFrom(event)
        if not event.HasField("row"):
            in_row(rows[-1])
    said = [bytes(some.assessed().content) for some in taken([events], None, screened=True)[0]]
    as_rows = [bytes(some.assessed().content) for some in taken([rows], None, screened=False)[0]]
    assert said == as_rows


def test_a_planted_sector_and_real_landlords(tmp_path: Path) -> None:
    simulate.write("dk-almen", 70, 2, 1, tmp_path, Talk(quiet=True))
    faults = tables.Faults()
    units = {u.unit_id: u for u in tables.read_units(tmp_path / "units.csv", faults)}
    almen = definitions.of("dk-almen", "2025")
    sent = tables.read_submissions(tmp_path / "submissions.csv", "dk-almen", almen, faults)
    english = sector_data.load()
    events = [passed_on(n, s, units[s.unit_id]) for n, s in enumerate(sent)]
    events += [passed_on(-n, english.submissions[u.unit_id], u) for n, u in enumerate(english.units[:150], start=1)]
    plain, together = [told(taken([events], None, screened=s)[0]) for s in (False, True)]
    assert together == plain


def passed_on(number: int, submission: pb.Submission, unit: tables.UnitRow) -> pb.SubmissionReceived:
    """A submission of a unit as ingest passes it on."""
    receipt = pb.Receipt(receipt_id=f"r{number}", revision=submission.revision or 1, outcome=1)
    receipt.organisation_id = unit.organisation_id
    profile = pb.Profile(unit_id=unit.unit_id, holder_id=unit.organisation_id, attributes=unit.attributes)
    event = pb.SubmissionReceived(submission=submission, receipt=receipt, profile=profile)
    in_row(event)
    return event


def test_what_shares_a_unit_is_assessed_in_turn() -> None:
    def of(*units: str | tuple[str, str]) -> list[list[int]]:
        events = []
        for unit in units:
            name, merged = unit if isinstance(unit, tuple) else (unit, "")
            events.append(pb.SubmissionReceived(submission=pb.Submission(unit_id=name)))
            events[-1].profile.attributes["merged_from"] = merged
        return [some.tolist() for some in rounds(received.of(events), np.arange(len(events)))]

    assert of("a", "b", "a", ("c", "a;b"), "b", "d") == [[0, 1, 5], [2], [3], [4]]
    assert of("a", "b", "a", "c", "a", "b") == [[0, 1, 3], [2, 5], [4]]
    assert of() == []


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["2023", "2024", "2025"])), max_size=30))
def test_a_round_is_of_one_account_and_keeps_each_units_order(sent: list[tuple[str, str]]) -> None:
    events = [pb.SubmissionReceived(submission=pb.Submission(unit_id=u, period_start=year)) for u, year in sent]
    raws, reader = [one.SerializeToString(deterministic=True) for one in events], received.Reader()
    reader(raws[::-1])  # an instance that has met them in another order
    several = [
        [some.tolist() for some in rounds(arrived, np.arange(len(events)))]
        for arrived in (received.of(events), reader(raws))
    ]

    assert several[0] == several[1]
    for some in several[0]:
        assert len({sent[n][0] for n in some}) == len(some)
        assert len({sent[n][1] for n in some}) == 1 or len({u for u, _ in sent}) == len(sent)
    for unit in {u for u, _ in sent}:
        mine = [n for some in several[0] for n in some if sent[n][0] == unit]
        assert mine == [n for n, (u, _) in enumerate(sent) if u == unit]


def test_rounds_are_few() -> None:
    years = [(unit, year) for unit in "abc" for year in ("2023", "2024", "2025")]
    events = [pb.SubmissionReceived(submission=pb.Submission(unit_id=u, period_start=year)) for u, year in years[1:]]
    found = [some.tolist() for some in rounds(received.of(events), np.arange(len(events)))]
    assert found == [[2, 5], [0, 3, 6], [1, 4, 7]]


@pytest.mark.parametrize(
    ("row", "sound"),
    [
        (pb.AmountRow(), True),
        (pb.AmountRow(data_points="a", values=bytes(8)), True),
        (pb.AmountRow(data_points="a\nb", values=bytes(16), missing=b"\0\1"), True),
        (pb.AmountRow(data_points="a\nb", values=bytes(8)), False),
        (pb.AmountRow(data_points="a", values=bytes(9)), False),
        (pb.AmountRow(data_points="a", values=bytes(8), missing=b"\0\0"), False),
        (pb.AmountRow(data_points="a"), False),
    ],
)
def test_a_row_has_as_many_names_as_numbers(row: pb.AmountRow, sound: bool) -> None:
    assert wire.sound(row) is sound
