"""Mails as they are sent, one of each sort: what the golden files under tests/data/mail are made of.

`python -m tests.unit.notify.mails` writes the golden files anew; look at them before they are committed.
"""

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from services.notify import digest as telling
from services.notify import gathering, letter, mail_facts, mail_message, mailing, moves, notices, payload, receipts
from services.notify.gathering import Gathered
from services.notify.kinds import Kind
from services.notify.letter import Links
from services.notify.mail_store import Mailbox
from services.notify.matching import Match, Subscription
from services.notify.moves import Moved
from services.notify.payload import Due
from services.notify.receipts import Assessed, Finding
from services.notify.sentences import words
from services.notify.wording import About, Said

FOLDER = Path(__file__).resolve().parents[2] / "data" / "mail"
SENDER = mail_message.sender("Nøgletal <noegletal@example.com>")
STOP = "https://noegletal.example.com/unsubscribe/0b0e2a7c-5d0c-5f0e-8a4e-0d6a3f4c9b11.H5gwfV0v3ygvXIuonXpqnowXVVjFSp4tqrWNhmWkIuU"
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)

RECEIPT = {
    "da": {
        "subject": "Afdeling 12-3 2024: 10 nøgletal er med",
        "text": "Indberetning file:12-3:2024, revision 2: 10 nøgletal er med, 0 venter på bekræftelse, 0 er afvist, 0 mangler.\n"
        "I får beskeden, fordi I følger kvitteringer.",
    },
    "en": {
        "subject": "Unit 12-3 2024: 10 key figures are in",
        "text": "Submission file:12-3:2024, revision 2: 10 key figures are in, 0 wait for confirmation, 0 are refused, "
        "0 are missing.\nYou are told because you follow receipts.",
    },
}
FIGURES: list[dict[str, Any]] = [
    {
        "text": {
            "da": "Renholdelse pr. m²: nr. 41 → 17 af 63: egne tal −26, naboers rettelser +2.",
            "en": "Cleaning per m²: rank 41 → 17 of 63: own figure −26, peers' corrections +2.",
        },
        "priced": {
            "da": "Under medianen: 184.000 kr. om året.",
            "en": "Below the median: 184,000 kr. a year.",
        },
        "place": {"units": 63, "position": 17, "before": 41, "lower": 0, "upper": 0},
        "worth": -184_000,
    },
    {
        "text": {
            "da": "Elforbrug pr. bolig: mellem 25 % og 50 % → mellem 50 % og 75 % i udgivelse 2.",
            "en": "Electricity per dwelling: between 25% and 50% → between 50% and 75% in release 2.",
        },
        "priced": {},
        "place": {"units": 0, "position": 0, "before": 0, "lower": 50, "upper": 75},
        "worth": None,
    },
]


def body(kind: str, words: Any, figures: list[dict[str, Any]], **data: Any) -> str:
    """A payload as a mail's delivery holds it."""
    named = {"unit_id": "12-3", "scheme": "dk-almen", "period": "2024", "event_id": "e", "subscription_ids": ["su-1"]}
    named["language"] = "da"
    mail = {"figures": figures, "awaited": False}
    content = {
        "type": f"noegletal.{kind}",
        "timestamp": AT.isoformat(),
        "data": {**named, "words": words, "mail": mail},
    }
    content["data"] |= data  # type: ignore[operator]
    return json.dumps(content)


def moved(unit: str, figures: list[dict[str, Any]]) -> str:
    """The payload of standings that moved."""
    words = {
        code: {"subject": subject.format(unit=unit), "text": "\n".join([*(f["text"][code] for f in figures), why])}
        for code, subject, why in (
            ("da", "Afdeling {unit} 2024: placeringen er ændret", "I får beskeden, fordi I har skiftet kvartil."),
            ("en", "Unit {unit} 2024: standing changed", "You are told because your quarter changed."),
        )
    }
    return body("standing-changed", words, figures, unit_id=unit)


def _gathered() -> list[Gathered]:
    waiting = [moved("12-3", FIGURES), *(moved(f"20-{n}", FIGURES[1:]) for n in range(1, 4))]
    waiting.append(moved("7-1", [FIGURES[0] | {"worth": 52_000, "place": None}]))
    return [
        Gathered(f"e-{n}", f"2026-10-{n + 1:02}", 2, gathering.topic(2, b), b, gathering.worth(b))
        for n, b in enumerate(waiting)
    ]


def digest() -> str:
    """The payload of a month's digest: five units, three told in full."""
    given = {"organisation_id": "boligby", "event_id": "d-1", "seq": 9, "at": AT.isoformat()}
    return telling.together(_gathered(), month="2026-10", **given)  # type: ignore[arg-type]


def _standings() -> list[Moved]:
    """The figures as events tell them."""
    parts = {"parts": [{"step": "own_figure", "position": -26}]}
    about = (About("OEK-116", "12-3", "all"), About("EL-1", "12-3", "all"))
    first, second = (Moved(a, "2024", f["text"], parts, 2, "lower") for a, f in zip(about, FIGURES, strict=True))
    return [second, replace(first, kroner=-184_000, money={"da": "kr.", "en": "kr."})]


def _said(kind: Kind, said: Said, **mail: Any) -> str:
    """A message as a mailbox gets it."""
    due = Due("boligby", kind, "e", said, facts={"unit_id": "12-3"}, mail=mail)
    box = Mailbox("ep-1", "da", at_once=True, secret="s")
    return mailing.body(due, Match("ep-1", (Subscription("su-1", "ep-1"),)), box, 1, AT.isoformat())


def _answered(kind: Kind, refused: int) -> str:
    """What became of a submission of ten figures."""
    points = [("konto_114", "-38173"), ("konto_115", "-12"), ("konto_116", "-7"), ("konto_118", "-1")][: 2 * refused]
    findings = [Finding("NT-2003", {"data_point": point, "value": value}) for point, value in points]
    counts = {"accepted": 10 - refused, "held": 0, "refused": refused, "missing": 0}
    what = Assessed("12-3", "2024", "file:12-3:2024", 1, "accepted", findings=findings, **counts)
    return _said(kind, receipts.said(what, kind, moves.landing(_standings())), places=PLACES)


PLACES = {mail_facts.place_of("12-3", "OEK-116"): FIGURES[0]["place"], "12-3/EL-1": FIGURES[1]["place"]}
STANDING = moves.standing_changed("12-3", "2024", _standings(), own_submission=False)
BODIES = {
    "receipt": _answered(Kind.RECEIPT, 0),
    "refusal": _answered(Kind.REFUSAL, 2),
    "standing": _said(Kind.STANDING_CHANGED, STANDING, places=PLACES),
    "digest": digest(),
    "test": payload.payload(
        notices.test("boligby", "ep-1", "e", signed=False), Match("ep-1", ()), seq=1, at=AT.isoformat()
    ),
}


def mail(name: str, language: str) -> EmailMessage:
    """One of the mails in a language."""
    links = None if name == "test" else Links(STOP, f"{STOP}?what=everything")
    return mail_message.composed(
        letter.written(BODIES[name], language),
        notification_id="0b0e2a7c-5d0c-5f0e-8a4e-0d6a3f4c9b11",
        sender=SENDER,
        recipient="anna@example.com",
        links=links,
        at=AT,
        notes=[words(language)("mail.attached")] if name == "refusal" else [],
    )


def parts(name: str, language: str) -> dict[str, str]:
    """The text and HTML of a mail, by the name of their golden file."""
    sent = mail(name, language)
    found = {kind: sent.get_body((kind,)) for kind in ("plain", "html")}
    assert found["plain"] is not None
    assert found["html"] is not None
    headers = "".join(
        f"{field}: {value}\n" for field, value in sent.items() if not field.startswith(("Content-T", "MIME"))
    )
    return {
        f"{name}.{language}.txt": headers + "\n" + found["plain"].get_content(),
        f"{name}.{language}.html": found["html"].get_content(),
    }


def every() -> dict[str, str]:
    """Every golden file."""
    return {file: text for name in BODIES for code in ("da", "en") for file, text in parts(name, code).items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in every().items():
        (FOLDER / file).write_text(text)
