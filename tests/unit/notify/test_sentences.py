"""Sentences as data: numbers in, sentence out, in both languages; no language lacks one, and none stands in the code."""

import ast
import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from noegletal.v1 import notification_pb2

from services.notify import presets, sentences
from services.notify.kinds import Kind
from services.notify.sentences import LANGUAGES, Kroner, Phrase, Spoken, catalogue, said, written

IDS = {
    language: {m.id if isinstance(m.id, str) else m.id[0]: m for m in catalogue(language) if m.id}
    for language in LANGUAGES
}
SCOPES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
BY_LANGUAGE = {"sentences.py": 2}  # locales and the unit of money; no sentences
COUNTS = {"accepted": 5, "held": 0, "refused": 2, "missing": 1, "open": 3, "count": 5}
NAMED = {"unit": "H4567", "period": "2024", "submission": "s-1", "revision": "2"}
ONE = {**NAMED, **COUNTS, "accepted": 1, "count": 1}
TOLD = Spoken({"da": "Elevatorer: nr. 12 → 17 af 63.", "en": "Lifts: rank 12 → 17 of 63."})
BEST, SECOND = Phrase("quarter.judged.4"), Phrase("quarter.judged.3")
VALUE = Phrase("limit.value", {"limit": Decimal("61.50"), "shown": Spoken({"da": "kr. pr. m²", "en": "kr. per m²"})})
RELEASED = {
    "number": 2,
    "kind": Phrase("release.kind.revised"),
    "released": 1,
    "held_back": 2,
    "waiting": 3,
    "suppressed": 1234,
}
SINCE = datetime(2026, 11, 24, 9, 5, tzinfo=timezone(timedelta(hours=1)))
DUE = {"scheme": "dk-almen", "period": "2024", "day": date(2025, 4, 1)}
TABLE: list[tuple[str, dict[str, Any], str, str]] = [
    ("receipt.subject.accepted", {**NAMED, **COUNTS}, "Afdeling H4567 2024: 5 nøgletal er med", "Unit H4567 2024: 5 key figures are in"),
    ("receipt.subject.accepted", ONE, "Afdeling H4567 2024: 1 nøgletal er med", "Unit H4567 2024: 1 key figure is in"),
    ("receipt.subject.open", {**NAMED, **COUNTS}, "Afdeling H4567 2024: 5 nøgletal er med, 3 er ikke", "Unit H4567 2024: 5 key figures are in, 3 are not"),
    ("receipt.counts", {**NAMED, **COUNTS, "missing": 1234}, "Indberetning s-1, revision 2: 5 nøgletal er med, 0 venter på bekræftelse, 2 er afvist, 1.234 mangler.", "Submission s-1, revision 2: 5 key figures are in, 0 waiting for confirmation, 2 refused, 1,234 missing."),
    ("receipt.refused", NAMED, "Indberetning s-1 er afvist som helhed.", "Submission s-1 is refused as a whole."),
    ("landing", {"told": TOLD, "quarter": BEST}, "Elevatorer: nr. 12 → 17 af 63. I ligger i den bedste fjerdedel.", "Lifts: rank 12 → 17 of 63. You are in the best quarter."),
    ("priced.above", {"amount": Kroner(184000)}, "På niveau med medianen: 184.000 kr. om året.", "At the median's level: 184,000 kr. a year."),
    ("crossed.quarter", {**NAMED, "before": SECOND, "after": BEST, "told": TOLD}, "Afdeling H4567 2024: nu i den bedste fjerdedel, før i den bedre halvdel, uden for den bedste fjerdedel. Elevatorer: nr. 12 → 17 af 63.", "Unit H4567 2024: now in the best quarter, before in the better half, outside the best quarter. Lifts: rank 12 → 17 of 63."),
    ("crossed.up", {**NAMED, "limit": VALUE, "told": TOLD}, "Afdeling H4567 2024: nu på eller over jeres grænse, 61,50 kr. pr. m². Elevatorer: nr. 12 → 17 af 63.", "Unit H4567 2024: now at or above your limit, 61.50 kr. per m². Lifts: rank 12 → 17 of 63."),
    ("quartile.subject", {**NAMED, "count": 1}, "Afdeling H4567 2024: et nøgletal har skiftet plads", "Unit H4567 2024: a key figure has changed place"),
    ("quartile.subject", {**NAMED, "count": 12}, "12 nøgletal har skiftet plads, blandt andet i afdeling H4567", "12 key figures have changed place, among them in unit H4567"),
    ("release.counts", {**RELEASED, "count": 1}, "Frigivelse 2 (revideret): 1 celle er ude, 2 holdes tilbage og viser det, de viste før, 3 venter på flere indberetninger, 1.234 vises ikke, fordi der er for få, eller en enkelt fylder for meget.", "Release 2 (revised): 1 cell is out, 2 held back and showing what they showed before, 3 waiting for more submissions, 1,234 not shown because there are too few or one is too much of it."),
    ("release.figure", {**RELEASED, "released": 12, "count": 12, "figure": "BS05"}, "BS05: ude for 12 grupper, 2 holdes tilbage, 3 venter, 1.234 vises ikke.", "BS05: out for 12 peer groups, 2 held back, 3 waiting, 1,234 not shown."),
    ("corrected.subject", {"scheme": "dk-almen", "period": "2024", "count": 1}, "dk-almen 2024: et offentliggjort tal er rettet eller trukket tilbage", "dk-almen 2024: a published figure is corrected or withdrawn"),
    ("peer-groups.subject", {"count": 3}, "3 grupper viser andre medianer end før", "3 peer groups show other medians than before"),
    ("peer-groups.lost", {"scheme": "uk-tsm", "period": "2024", "group": "all", "count": 2, "figures": "A, B"}, "uk-tsm 2024, gruppe all: medianen vises ikke længere for 2 nøgletal: A, B.", "uk-tsm 2024, peer group all: the median is no longer shown for 2 key figures: A, B."),
    ("reminder.subject.before", {**DUE, "count": 1}, "dk-almen 2024: 1 afdeling mangler, frist 1. april 2025", "dk-almen 2024: 1 unit missing, deadline 1 April 2025"),
    ("reminder.after", DUE, "Fristen for dk-almen 2024 var 1. april 2025. I kan stadig indberette.", "The deadline for dk-almen 2024 was 1 April 2025. You can still submit."),
    ("reminder.missing", {"count": 2, "units": 1234}, "Vi har ikke tal fra 2 af jeres 1.234 afdelinger:", "We have no figures of 2 of your 1,234 units:"),
    ("definition.subject", {"scheme": "dk-almen", "year": "2026", "count": 2}, "dk-almen 2026: definitionen er ændret for 2 nøgletal", "dk-almen 2026: the definition has changed for 2 key figures"),
    ("definition.ahead", {"year": "2026", "day": date(2026, 1, 1)}, "Ændringen gælder perioder, der slutter i 2026, fra 1. januar 2026.", "The change holds for periods that end in 2026, from 1 January 2026."),
    ("more", {"count": 1}, "… og 1 mere.", "… and 1 more."),
    ("endpoint.failing.text", {"since": SINCE, "failures": 12, "answer": "HTTP 500"}, "Siden 24.11.2026 kl. 08.05 UTC er 12 forsøg i træk mislykkedes. Seneste svar: HTTP 500. Vi prøver igen i tre døgn.", "Since 2026-11-24 08:05 UTC, 12 attempts in a row have failed. Last answer: HTTP 500. We go on trying for three days."),
    ("digest.subject", {"subject": "Afdeling 12-3 2024: placeringen er ændret", "count": 1}, "Afdeling 12-3 2024: placeringen er ændret – og 1 mere", "Afdeling 12-3 2024: placeringen er ændret – and 1 more"),
    ("digest.month", {"news": Phrase("digest.news", {"count": 1}), "month": "oktober 2026"}, "1 nyhed i jeres nøgletal i oktober 2026.", "1 item of news in your key figures in oktober 2026."),
    ("digest.burst", {"news": Phrase("digest.news", {"count": 1234})}, "1.234 nyheder på én gang.", "1,234 items of news at once."),
    ("digest.answers", {"count": 1234}, "1.234 svar på det, I har sendt.", "1,234 answers to what you sent."),
    ("digest.stopped", {"shown": 3}, "Her er 3 af dem; det, der skal rettes, står først.", "Here are 3 of them; what is to be corrected comes first."),
    ("digest.kind.standing-changed", {"count": 1}, "1 ændret placering", "1 changed standing"),
    ("digest.kind.peer-group-changed", {"count": 2}, "2 ændrede grupper", "2 changed peer groups"),
    ("digest.kind.endpoint-failing", {"count": 1}, "1 modtager, der svigter", "1 failing endpoint"),
    ("chart.alternative.rank", {"position": 17, "units": 63}, "Nr. 17 af 63.", "Number 17 of 63."),
    ("chart.band", {"lower": 25, "upper": 50}, "I: mellem 25 % og 50 %", "you: between 25% and 50%"),
    ("stop", {"count": 2, "subscriptions": "su-1 su-2"}, "Stop netop denne besked: noegletal subscriptions remove su-1 su-2", "To stop exactly this message: noegletal subscriptions remove su-1 su-2"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "danish", "english"), TABLE)
def test_numbers_in_sentence_out(name: str, given: dict[str, Any], danish: str, english: str) -> None:
    assert (said(Phrase(name, given), "da"), said(Phrase(name, given), "en")) == (danish, english)


@pytest.mark.parametrize(
    ("value", "danish", "english"),
    [
        (1234567, "1.234.567", "1,234,567"),
        (Decimal("1234.5"), "1.234,5", "1,234.5"),
        (Decimal("-0.30"), "−0,30", "−0.30"),
        (Decimal("1E+3"), "1.000", "1,000"),
        (Kroner(184000), "184.000 kr.", "184,000 kr."),
        (Kroner(Decimal("-1999.50")), "−2.000 kr.", "−2,000 kr."),
        (Kroner(12, {"da": "pund", "en": "pounds"}), "12 pund", "12 pounds"),
        (date(2026, 11, 3), "3. november 2026", "3 November 2026"),
        (date(2027, 5, 1), "1. maj 2027", "1 May 2027"),
        ("x\n[id]", "x [id]", "x [id]"),
    ],
)
def test_values_as_each_language_writes_them(value: Any, danish: str, english: str) -> None:
    assert (written(value, "da"), written(value, "en")) == (danish, english)


def test_no_sentence_lacks_a_language() -> None:
    assert set(IDS["da"]) == set(IDS["en"])
    for language in LANGUAGES:
        for name, message in IDS[language].items():
            texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            assert all(texts), (language, name)
            assert not message.fuzzy


@pytest.mark.parametrize("name", sorted(IDS["da"]))
def test_no_placeholder_differs(name: str) -> None:
    used = {language: _placeholders(IDS[language][name].string) for language in LANGUAGES}
    assert used["da"] == used["en"]


SERVICE = Path(sentences.__file__).parent


@pytest.mark.parametrize("template", ["mail.j2", "pages.j2"])
def test_what_a_template_says_is_in_the_catalogues(template: str) -> None:
    text = (SERVICE / template).read_text()
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>|<[^>]*>|&[a-z]+;", "", text, flags=re.DOTALL)

    assert set(re.findall(r'\bt\("([^"]+)"\)', text)) <= set(IDS["da"])
    assert set(re.findall(r"[^\W\d_]{2,}", bare)) <= {"Nøgletal", "eml"}


@pytest.mark.parametrize("module", sorted(p.name for p in SERVICE.glob("*.py")))
def test_no_sentence_stands_in_the_code(module: str) -> None:
    tree = ast.parse((SERVICE / module).read_text())
    docs = {ast.get_docstring(n, clean=False) for n in ast.walk(tree) if isinstance(n, SCOPES)}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    danish = [text for text in texts if re.search("[æøåÆØÅ]", text) and text not in docs]
    keys = [[k.value for k in n.keys if isinstance(k, ast.Constant)] for n in ast.walk(tree) if isinstance(n, ast.Dict)]

    assert set(danish) <= {"Nøgletal"}
    assert sum(set(found) == set(LANGUAGES) for found in keys) == BY_LANGUAGE.get(module, 0)


def test_every_kind_that_gathers_is_counted_in_words() -> None:
    gathers = set(Kind) - {Kind.DIGEST, Kind.TEST}
    assert {f"digest.kind.{kind.type.removeprefix('noegletal.')}" for kind in gathers} <= set(IDS["da"])


def test_an_id_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        said(Phrase("no.such"), "da")


def test_kinds_are_the_contracts() -> None:
    known = {n: v for n, v in notification_pb2.NotificationKind.items() if v}
    assert {f"NOTIFICATION_KIND_{kind.name}": kind.value for kind in Kind} == known


def test_presets_speak_both_languages_and_keep_what_gathering_allows() -> None:
    assert set(presets.entries()) == {"leader", "operations", "technical"}
    for one in presets.entries().values():
        assert set(one.text) == set(one.put_off) == set(LANGUAGES)
        assert all(_placeholders(text) == {"count", "most"} for text in one.put_off.values())
        if Kind.QUARTILE_CHANGED in one.kinds:
            assert 1 + 30 // one.gather_days < one.most_per_month


def _placeholders(string: Any) -> set[str]:
    texts = string if isinstance(string, (tuple, list)) else (string,)
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
