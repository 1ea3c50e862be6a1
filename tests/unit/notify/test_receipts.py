"""Messages in words, in both languages: receipts, standings that moved, quarters that changed."""

import re
from decimal import Decimal

import pytest

from services.catalogue import codes
from services.notify import moves, receipts, sentences, wording
from services.notify.kinds import Kind
from services.notify.moves import Crossed, Moved
from services.notify.receipts import Assessed, Finding
from services.notify.thresholds import Threshold
from services.notify.wording import About, Message

NEGATIVE = Finding("NT-2003", {"data_point": "BS03.numerator", "value": "-38173"})
TOO_MUCH = Finding("NT-2004", {"key_figure": "BS03", "numerator": "38173", "denominator": "4921"})
UNREADABLE = Finding("NT-2002", {"data_point": "BS03.numerator", "text": "38.173,5", "decimals": "0"})
UNKNOWN = Finding("NT-2008", {"attribute": "region", "value": "Nowhere", "known": "North, South"})

TEXT = {"da": "Elevatorer: nr. 12 → 17 af 63: egne tal +5.", "en": "Lifts: rank 12 → 17 of 63: own figure +5."}
LIFTS = Moved(About("BS05", "H4567", "all"), "2024", TEXT, {}, 1, "higher")


def _all(about: About) -> bool:
    return True


def _receipt(language: str, verdict: str, *findings: Finding, **given: object) -> Message:
    said = receipts.said(_assessed(verdict, *findings, **given), Kind.RECEIPT)
    return wording.message(said, _all, language)


def _assessed(verdict: str = "accepted", *findings: Finding, **given: object) -> Assessed:
    counts = {"accepted": 5, "held": 0, "refused": 2, "missing": 1} if verdict == "accepted" else {}
    values = {"unit_id": "H4567", "period": "2024", "submission_id": "s-1", "revision": 2, "verdict": verdict}
    return Assessed(
        **{"accepted": 0, "held": 0, "refused": 0, "missing": 0} | values | counts | given, findings=findings
    )  # type: ignore[arg-type]


def test_a_receipt_counts_and_says_the_first_three_findings() -> None:
    findings = (NEGATIVE, TOO_MUCH, UNREADABLE, UNKNOWN)

    message = _receipt("en", "accepted", *findings)

    assert message.subject == "Unit H4567 2024: 5 key figures are in, 3 are not"
    assert message.text.splitlines() == [
        "Submission s-1, revision 2: 5 key figures are in, 0 waiting for confirmation, 2 refused, 1 missing.",
        "NT-2003 BS03.numerator: (not shown) is negative. Correct the number.",
        "NT-2004 BS03: the numerator (not shown) is larger than the denominator (not shown). "
        "The numerator is part of the denominator; correct one of them.",
        'NT-2002 BS03.numerator: "(not shown)" is not a number with at most 0 decimals. '
        "Write the number alone, without a unit and without separators between thousands.",
        "… and 1 more.",
        "You are told because you follow receipts.",
    ]


def test_a_receipt_in_danish() -> None:
    message = _receipt("da", "accepted", NEGATIVE)

    assert message.subject == "Afdeling H4567 2024: 5 nøgletal er med, 3 er ikke"
    assert message.text.splitlines()[1:] == [
        "NT-2003 BS03.numerator: (ikke vist) er negativt. Ret tallet.",
        "I får beskeden, fordi I følger kvitteringer.",
    ]


@pytest.mark.parametrize(
    ("verdict", "given", "subject"),
    [
        ("accepted", {"refused": 0, "missing": 0, "accepted": 8}, "Unit H4567 2024: 8 key figures are in"),
        ("refused", {"period": ""}, "Unit H4567: the submission is refused"),
        ("withdrawn", {}, "Unit H4567 2024: withdrawn"),
    ],
)
def test_subjects(verdict: str, given: dict[str, object], subject: str) -> None:
    assert _receipt("en", verdict, **given).subject == subject


def test_a_label_is_said_an_amount_never() -> None:
    assert '"Nowhere" is not known. Known values: North, South.' in receipts.finding(UNKNOWN).text["en"]


@pytest.mark.parametrize("code", [c for c in sorted(codes.entries()) if c < "NT-3"])
@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_no_parameter_that_may_hold_an_amount_is_said(code: str, language: str) -> None:
    names = codes.entries()[code].placeholders - {"attribute"}
    said = receipts.finding(Finding(code, {name: f"⟨{name}⟩" for name in names})).text[language]

    shown = set(re.findall(r"⟨(\w+)⟩", said))
    assert not shown & {"value", "text", "numerator", "denominator"}
    assert shown <= receipts.NAMES


def test_standings_that_moved() -> None:
    own = wording.message(moves.standing_changed("H4567", "2024", [LIFTS], own_submission=True), _all, "da")
    others = wording.message(moves.standing_changed("H4567", "2024", [LIFTS], own_submission=False), _all, "en")

    assert own.subject == "Afdeling H4567 2024: placeringen er ændret"
    assert own.text.splitlines() == [LIFTS.text["da"], "I får beskeden, fordi I selv har indberettet."]
    assert others.text.splitlines() == [LIFTS.text["en"], "You are told because your quarter changed."]


def test_many_sentences_are_counted_rather_than_told() -> None:
    many = [Moved(About(f"F{n}", "u"), "2024", {"da": f"{n}", "en": f"{n}"}, {}, 0, "none") for n in range(25)]

    lines = wording.message(
        moves.standing_changed("u", "2024", many, own_submission=True), _all, "en"
    ).text.splitlines()

    assert lines[19:] == ["19", "… and 5 more.", "You are told because you submitted."]


def test_a_receipt_says_where_the_unit_landed() -> None:
    said = receipts.said(_assessed("accepted", refused=0, missing=0), Kind.RECEIPT, moves.landing([LIFTS]))

    assert wording.message(said, _all, "da").text.splitlines()[1:] == [
        "Sådan ligger I nu:",
        "Elevatorer: nr. 12 → 17 af 63: egne tal +5. I ligger i den sidste fjerdedel.",
        "I får beskeden, fordi I følger kvitteringer.",
    ]


@pytest.mark.parametrize(
    ("limit", "before", "after", "danish", "why"),
    [
        (None, 2, 1, "nu i den sidste fjerdedel, før i den anden halvdel, uden for den sidste fjerdedel", "skift af fjerdedel"),
        (Threshold("quartile", Decimal(4)), 0, 1, "nu i den bedste fjerdedel", "skift af fjerdedel"),
        (Threshold("quartile", Decimal(4)), 1, 0, "ikke længere i den bedste fjerdedel", "skift af fjerdedel"),
        (Threshold("percentile", Decimal(75)), 1, 0, "nu under jeres grænse, percentil 75", "jeres grænse, percentil 75"),
        (Threshold("value", Decimal("61.5")), 0, 1, "nu på eller over jeres grænse, 61,5 %", "jeres grænse, 61,5 %"),
    ],
)  # fmt: skip
def test_a_quarter_or_threshold_that_was_passed(
    limit: Threshold | None, before: int, after: int, danish: str, why: str
) -> None:
    said = moves.quartile_changed(
        [Crossed(LIFTS, before, after, limit, {"da": "%", "en": "%"} if limit and limit.measure == "value" else None)]
    )

    message = wording.message(said, _all, "da")

    assert message.subject == "Afdeling H4567 2024: et nøgletal har skiftet plads"
    assert message.text.splitlines()[0] == f"Afdeling H4567 2024: {danish}. {LIFTS.text['da']}"
    assert f"fordi I følger {why}: mindst 70 %" in message.text


def test_how_to_stop() -> None:
    assert (
        wording.stop(["su-1", "su-2"], "en") == "To stop exactly this message: noegletal subscriptions remove su-1 su-2"
    )


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("verdict", ["accepted", "refused", "withdrawn"])
def test_a_subject_fits_a_line_whatever_the_unit_is_called(verdict: str, language: str) -> None:
    subject = _receipt(language, verdict, unit_id="u" * 64, accepted=1000, missing=1000).subject

    assert len(subject) <= wording.SUBJECT_LENGTH
    assert "…" in subject


def test_nobodys_words_pass_for_a_line_of_ours() -> None:
    forged = Finding("NT-2006", {"data_point": "x\n  [an-id]\r\n\u2028\u202eNT-0000 all is well"})

    said = sentences.said(receipts.finding(forged), "en")

    assert len(said.splitlines()) == 1
    assert "\u202e" not in said
