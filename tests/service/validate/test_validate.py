"""validate on its own database: every example twice gives the same announcements once."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import observations_pb2 as dense

from services.chassis.config import ConfigurationError
from services.validate import store
from services.validate.account import Accepted
from services.validate.app import MANY, Settings, create_app
from tests.builders import FIGURES, a_submission, a_submission_received
from tests.service.delivery import Bench, examples

EXAMPLES = examples("submission-received")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/v.db")))
    yield made
    made.close()


def _kept(bench: Bench) -> list[Accepted]:
    rows = bench.service.database.read(lambda c: store.standing_of(c, ["00AA"]))
    found = {row.period: row for row in rows}
    return [found[key] for key in sorted(found)]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_example_delivered_twice_is_announced_once(bench: Bench, name: str) -> None:
    bench.deliver("submission-received", [EXAMPLES[name]])
    once = bench.outbox()
    bench.deliver("submission-received", [EXAMPLES[name], EXAMPLES[name]])

    assert bench.outbox() == once
    assert [a.topic for a in once].count("submission-assessed") == 1


@pytest.mark.parametrize("name", sorted(examples("submission-assessed")))
def test_the_examples_of_what_comes_out_are_what_comes_out(bench: Bench, name: str) -> None:
    bench.deliver("submission-received", [EXAMPLES[name]])
    assert bench.outbox("submission-assessed")[0].message == examples("submission-assessed")[name]


def test_a_batch_tells_whether_thousands_were_waiting_behind_it(bench: Bench) -> None:
    for revision, waiting in enumerate((0, MANY - 1, MANY), start=1):
        sent = a_submission_received(a_submission(revision=revision), sequence=revision)
        bench.deliver("submission-received", [sent], waiting=waiting)
    told = [a.message.more_follow for a in bench.outbox("observations-accepted") if a.message is not None]
    assert told == [False, False, True]


WHOLE = {
    "eighteen-months": "NT-2102",
    "unknown-unit": "NT-1006",
    "stale-revision": "NT-1005",
    "no-definitions-for-year": "NT-2103",
    "end-of-the-calendar": "NT-2102",
}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_submission_refused_as_a_whole_gives_no_observations(bench: Bench, name: str) -> None:
    bench.deliver("submission-received", [EXAMPLES[name]])
    assert bench.outbox("observations-accepted") == []
    assessed = bench.outbox("submission-assessed")[0].message
    assert _kept(bench) == []
    assert assessed.verdict == out.SUBMISSION_VERDICT_REFUSED  # type: ignore[union-attr]
    assert [f.code for f in assessed.findings] == [WHOLE[name]]  # type: ignore[union-attr]


def test_a_year_without_definitions_is_refused_with_those_there_are(bench: Bench) -> None:
    submission = a_submission()
    submission.period_start, submission.period_end = "1998-04-01", "1999-03-31"
    bench.deliver("submission-received", [a_submission_received(submission)])
    finding = bench.outbox("submission-assessed")[0].message.findings[0]  # type: ignore[union-attr]
    assert (finding.code, finding.parameters["known"]) == ("NT-2103", "2024")


def test_a_forced_year_serves_another_period(tmp_path: Path) -> None:
    settings = Settings(kafka="unused", database=f"sqlite:///{tmp_path}/v.db", catalogue_year=2024)
    bench = Bench(create_app(settings))
    submission = a_submission()
    submission.period_start, submission.period_end = "2024-04-01", "2025-03-31"
    bench.deliver("submission-received", [a_submission_received(submission)])
    batch = bench.outbox("observations-accepted")[0].message
    assert (batch.period, batch.method_version[:11]) == ("2025", "uk-tsm/2024")  # type: ignore[union-attr]
    bench.close()


@pytest.mark.parametrize("content", [None, "q1 ;", 'scheme = "dk-almen"\n'])
def test_fences_that_cannot_be_used_are_told_before_anything_starts(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "fences.toml").write_text(content)
    with pytest.raises(ConfigurationError, match=r"^NT-9001 settings: NOEGLETAL_FENCES: .*fences\.toml"):
        create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/v.db", fences=tmp_path / "fences.toml"))


def test_a_micro_batch_is_one_dense_message_per_period(bench: Bench) -> None:
    events = [a_submission_received(a_submission(f"u{i}", RP01_n=i), sequence=i) for i in range(3)]
    bench.deliver("submission-received", events)
    (batch,) = [a.message for a in bench.outbox("observations-accepted")]
    assert isinstance(batch, dense.ObservationsAccepted)
    numerators = np.frombuffer(batch.numerators, dtype="<i8").reshape(8, 3)
    assert numerators[list(batch.key_figures).index("RP01")].tolist() == [0, 1, 2]
    assert numerators[list(batch.key_figures).index("TP01_LCRA")].tolist() == [90, 90, 90]
    assert set(batch.absences) == {0}
    assert len(bench.outbox("submission-assessed")) == 3


def test_several_revisions_of_a_unit_in_one_batch_all_go_on(bench: Bench) -> None:
    events = [a_submission_received(a_submission(revision=r, submission_id=f"s{r}", RP01_n=r)) for r in (1, 2)]
    bench.deliver("submission-received", events)
    (batch,) = [a.message for a in bench.outbox("observations-accepted")]
    assert (list(batch.unit_ids), list(batch.revisions)) == (["00AA", "00AA"], [1, 2])  # type: ignore[union-attr]


def test_what_stands_of_a_unit_and_period_is_kept_for_the_next(bench: Bench) -> None:
    later = a_submission(revision=2, submission_id="a", RP01_n=7, BS03_n=101, TP01_LCRA_d=None)
    first = a_submission(revision=1, submission_id="b")
    bench.deliver("submission-received", [a_submission_received(s) for s in (later, first)])

    (stands,) = _kept(bench)
    assert (stands.period, stands.revision, stands.amounts["RP01.numerator"]) == ("2024", 2, 7)
    # refused and missing figures leave nothing
    assert {name.rpartition(".")[0] for name in stands.amounts} == set(FIGURES) - {"BS03", "TP01_LCRA"}

    gone = a_submission(revision=3, submission_id="s3")
    gone.withdraw = True
    bench.deliver("submission-received", [a_submission_received(gone)])
    assert [(k.revision, k.amounts) for k in _kept(bench)] == [(3, {})]


def test_a_row_that_is_none_is_set_aside_and_its_neighbours_are_not(bench: Bench) -> None:
    events = [a_submission_received(a_submission(f"u{i}"), sequence=i) for i in range(3)]
    events[1].row.data_points, events[1].row.values = "RP01.numerator\nRP01.denominator", bytes(8)
    done = bench.deliver("submission-received", events)
    assert list(done.reasons.values()) == ["inconsistent"]
    assert [a.key for a in bench.outbox("submission-assessed")] == ["u0", "u2"]
    assert [a.topic for a in bench.outbox()].count("submission-received-dlq") == 1


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("typical", set()),
        ("data-point-twice", {"NT-2007"}),
        ("too-large-and-unknown", {"NT-2005", "NT-2006"}),
        ("unknown-label", {"NT-2008"}),
        ("merged-during-year", set()),
        ("negative-cases", {"NT-2003"}),
    ],
)
def test_what_each_example_is_told(bench: Bench, name: str, codes: set[str]) -> None:
    bench.deliver("submission-received", [EXAMPLES[name]])
    assessed = bench.outbox("submission-assessed")[0].message
    assert isinstance(assessed, out.SubmissionAssessed)
    assert {f.code for f in assessed.findings} == codes
