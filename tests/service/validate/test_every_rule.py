"""A fixture per rule and refusal, named after its defect, through the real service; and its neighbour in which it is mended.

Each is delivered twice, after the same department's year before.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from noegletal.v1 import assessment_pb2 as out
from noegletal.v1 import submission_pb2 as pb

from services.catalogue import codes
from services.validate.app import Settings, create_app
from tests.service.delivery import Bench, examples
from tests.service.validate.defects import ACCEPTED, CASES, ERROR, REFUSED_AS_A_WHOLE

EXAMPLES = examples("submission-received")
FENCES = Path(__file__).parents[2] / "data" / "fences" / "dk-almen-2023.toml"
NOT_DELIVERED = {"NT-2001", "NT-2010"}  # what a fixture is told of figures it is not about


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(create_app(Settings(kafka="unused", database=f"sqlite:///{tmp_path}/v.db", fences=FENCES)))
    made.deliver("submission-received", [EXAMPLES["department-2023"]])
    yield made
    made.close()


def _assessed(bench: Bench, event: pb.SubmissionReceived) -> out.SubmissionAssessed:
    """What is said of an event, which is delivered twice and said once."""
    before = len(bench.outbox("submission-assessed"))
    bench.deliver("submission-received", [event])
    once = bench.outbox()
    bench.deliver("submission-received", [event, event])
    assert bench.outbox() == once
    (said,) = [a.message for a in bench.outbox("submission-assessed")[before:]]
    assert isinstance(said, out.SubmissionAssessed)
    return said


def _example(name: str) -> pb.SubmissionReceived:
    event = pb.SubmissionReceived()
    event.CopyFrom(EXAMPLES[name])
    return event


def _found(said: out.SubmissionAssessed) -> set[str]:
    return {f.code for f in said.findings} - NOT_DELIVERED


@pytest.mark.parametrize("name", CASES)
def test_a_defect_is_found_weighed_and_told_in_both_languages(bench: Bench, name: str) -> None:
    case = CASES[name]
    said = _assessed(bench, _example(name))
    finding = next(f for f in said.findings if f.code == case.code and case.figure in ("", f.key_figure or case.figure))
    assert finding.severity == case.severity
    assert codes.words(finding.code, finding.parameters) == {"da": case.da, "en": case.en}
    assert next(f.verdict for f in said.figures if f.key_figure == case.figure) == case.verdict


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.mended])
def test_the_mended_neighbour_is_not_told(bench: Bench, name: str) -> None:
    case, event = CASES[name], _example(name)
    kept = [a for a in event.submission.amounts if a.data_point not in case.mended]
    mended = [pb.Amount(data_point=n, value=v) for n, v in case.mended.items() if v is not None]
    del event.submission.amounts[:]
    event.submission.amounts.extend([*kept, *mended])
    said = _assessed(bench, event)
    told = {f.code for f in said.findings if case.figure in ("", f.key_figure or case.figure)}
    assert case.code not in told
    assert next(f.verdict for f in said.figures if f.key_figure == case.figure) == ACCEPTED


@pytest.mark.parametrize("name", REFUSED_AS_A_WHOLE)
def test_what_is_refused_as_a_whole_is_told_in_both_languages(bench: Bench, name: str) -> None:
    code, da, en = REFUSED_AS_A_WHOLE[name]
    said = _assessed(bench, _example(name))
    assert said.verdict == out.SUBMISSION_VERDICT_REFUSED
    (finding,) = said.findings
    assert (finding.code, finding.severity) == (code, ERROR)
    assert codes.words(finding.code, finding.parameters) == {"da": da, "en": en}


def test_an_ordinary_year_after_an_ordinary_year_raises_nothing(bench: Bench) -> None:
    said = _assessed(bench, _example("department-2024"))
    assert _found(said) == set()
    accepted = {f.key_figure for f in said.figures if f.verdict == ACCEPTED}
    assert accepted == {"OEK-105", "OEK-114", "OEK-118", "OEK-HUS", "DRI-TID"}


def test_a_reason_lets_a_held_figure_go_and_is_told_with_it(bench: Bench) -> None:
    said = _assessed(bench, _example("reason-given"))
    assert next(f.verdict for f in said.figures if f.key_figure == "OEK-114") == ACCEPTED
    finding = next(f for f in said.findings if f.code == "NT-2012")
    words = codes.words(finding.code, finding.parameters)
    assert words["da"].endswith("Bekræftet: »Kælderen blev tømt efter skybruddet.«")


def test_the_fences_are_named_in_the_rule_set_of_what_they_judge_and_of_nothing_else(bench: Bench) -> None:
    for name in ("department-2024", "typical"):
        bench.deliver("submission-received", [EXAMPLES[name]])
    rule_sets = [a.message.rule_set for a in bench.outbox("submission-assessed")]  # type: ignore[union-attr]
    assert ["+fences-2023#" in r for r in rule_sets] == [False, True, False]  # 2023 itself, 2024, another scheme


def test_every_rule_about_figures_has_a_fixture() -> None:
    covered = {case.code for case in CASES.values()}
    assert {code for code in codes.entries() if "NT-2001" <= code <= "NT-2029"} == covered
