"""Mails: as they were looked at, in both languages; and that nobody's words become a header, a link or markup."""

import json
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify import charts, letter, links, mail_message
from services.notify.charts import Place
from services.notify.letter import Links
from services.notify.mail_message import Attachment
from services.notify.sentences import words
from tests.unit.notify import mails

EVERY = [(name, code) for name in mails.BODIES for code in ("da", "en")]
HOSTILE = "x\r\nBcc: all@example.com\r\n\r\n<script>alert(1)</script>\x1b[31m\u202e"


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_mail_is_as_it_was_looked_at(name: str, language: str) -> None:
    for file, text in mails.parts(name, language).items():
        assert text == (mails.FOLDER / file).read_text(), "python -m tests.unit.notify.mails writes it anew"


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_headers_and_parts(name: str, language: str) -> None:
    sent = mails.mail(name, language)
    read = message_from_bytes(mail_message.as_sent(sent), policy=default)

    assert read["Message-ID"] == "<0b0e2a7c-5d0c-5f0e-8a4e-0d6a3f4c9b11@example.com>"
    stops = name != "test"  # to whose address no subscription leads
    header = f"\r\nList-Unsubscribe: <{mails.STOP}>\r\n".encode()
    assert (header in mail_message.as_sent(sent)) == stops  # neither folded nor encoded
    assert read["List-Unsubscribe-Post"] == ("List-Unsubscribe=One-Click" if stops else None)
    assert (read["Content-Language"], read["Auto-Submitted"]) == (language, "auto-generated")
    assert len(read["Subject"]) <= 78
    html, text = read.get_body(("html",)), read.get_body(("plain",))  # type: ignore[attr-defined]
    assert f'<html lang="{language}">' in html.get_content()
    assert "<style" not in html.get_content()
    for part in (html.get_content(), text.get_content()):
        few, all_ = map(words(language), ("mail.fewer", "mail.everything"))
        assert part.index(few) < part.index(all_) if stops else (few not in part and all_ not in part)
    assert all(len(line) <= 78 or "http" in line for line in text.get_content().splitlines())
    assert max(map(len, mail_message.as_sent(sent).split(b"\r\n"))) <= 998
    assert mail_message.as_sent(sent).isascii()


def test_the_first_place_is_drawn_and_shown_where_it_belongs() -> None:
    read = message_from_bytes(mail_message.as_sent(mails.mail("digest", "da")), policy=default)
    pictures = [part for part in read.walk() if part.get_content_type() == "image/png"]

    assert len(pictures) == 1
    named = str(pictures[0]["Content-ID"]).strip("<>")
    html = read.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert f'src="cid:{named}" alt="Nr. 17 af 63."' in html
    assert pictures[0].get_payload(decode=True).startswith(b"\x89PNG")  # type: ignore[union-attr]


def test_long_names_stay_whole() -> None:
    domain = ".".join(["meget-langt-navn-paa-en-boligforening"] * 3) + ".dk"
    sent = _composed(
        mails.BODIES["standing"], sender=mail_message.Sender(f"tal@{domain}"), recipient=f"{'x' * 60}@{domain}"
    )
    raw, read = mail_message.as_sent(sent), message_from_bytes(mail_message.as_sent(sent), policy=default)

    html = read.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    named = html.partition('src="cid:')[2].partition('"')[0]
    assert f"\r\nContent-ID: <{named}>\r\n".encode() in raw
    assert raw.startswith(f"Message-ID: <n-1@{domain}>\r\n".encode())
    assert [a.addr_spec for a in read["To"].addresses] == [f"{'x' * 60}@{domain}"]


def test_the_same_mail_has_the_same_bytes() -> None:
    first, second = (mail_message.as_sent(mails.mail("standing", "da")) for _ in range(2))

    assert first == second


def test_nobodys_words_become_a_header_or_markup() -> None:
    words = {code: {"subject": HOSTILE, "text": f"{HOSTILE}\n{HOSTILE}\nwhy"} for code in ("da", "en")}
    figure = mails.FIGURES[0] | {"text": {"da": HOSTILE, "en": HOSTILE}, "priced": {}, "place": None}
    for figures in ([], [figure]):
        sent = _composed(
            mails.body("receipt", words, figures), attachments=[Attachment(HOSTILE, b"x", ("text", "csv"))]
        )
        read = message_from_bytes(mail_message.as_sent(sent), policy=default)

        assert read["Bcc"] is None
        assert set(read.keys()) == set(sent.keys())
        html = read.get_body(("html",)).get_content()  # type: ignore[attr-defined]
        assert "<script" not in html
        assert "\x1b" not in html + str(read["Subject"])


@settings(max_examples=30)
@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_is_said_the_mail_reads_as_one_mail(subject: str, text: str) -> None:
    words = {"da": {"subject": subject, "text": f"{text}\nwhy"}}
    written = letter.written(mails.body("receipt", words, []), "da")

    assert len(written.subject.splitlines()) <= 1
    assert len(written.subject) <= 78
    assert all(len(line.splitlines()) <= 1 for item in written.items for line in item.lines)


def test_an_attachment_travels_along() -> None:
    sent = _composed(
        mails.BODIES["refusal"], attachments=[Attachment("ret-dette.xlsx", b"PK", ("application", "x-test"))]
    )
    read = message_from_bytes(mail_message.as_sent(sent), policy=default)

    [attached] = list(read.iter_attachments())  # type: ignore[attr-defined]
    assert (attached.get_filename(), attached.get_content()) == ("ret-dette.xlsx", b"PK")
    assert read["Content-Language"] == "da"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("mailto:anna@boligby.dk", "anna@boligby.dk"),
        ("mailto:Anna.B+drift@BOLIGBY.dk", "Anna.B+drift@boligby.dk"),
        ("mailto:drift@blåby.dk", "drift@xn--blby-roa.dk"),
    ],
)
def test_an_address_is_an_address(url: str, expected: str) -> None:
    assert mail_message.address(url) == expected


NO_ADDRESSES = [
    *("", "mailto:", "anna@boligby.dk", "https://boligby.dk", "mailto:anna", "mailto:@boligby.dk", "mailto:anna@"),
    *("mailto:anna@boligby", "mailto:anna@127.0.0.1", "mailto:anna@[127.0.0.1]", "mailto:anna@boligby..dk"),
    *("mailto:a@b.dk?bcc=c@d.dk", "mailto:a@b.dk,c@d.dk", "mailto:a@b.dk\r\nBcc: c@d.dk", "mailto:a@b.dk%0aBcc:c@d.dk"),
    *("mailto:Anna <anna@boligby.dk>", 'mailto:"a b"@boligby.dk', "mailto:å@boligby.dk", "mailto:.a@b.dk"),
    *("mailto:a@-b.dk", f"mailto:{'a' * 65}@boligby.dk", f"mailto:a@{'b' * 64}.dk", f"mailto:a@{'b.' * 130}dk"),
    f"mailto:{'a' * 64}@{'b' * 60}.{'b' * 60}.{'b' * 60}.dk56789",
]


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_anything_else_is_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(address|domain)$"):
        mail_message.address(url)


def test_a_sender_may_have_a_name() -> None:
    assert (
        str(mail_message.sender("Tal & co <tal@example.com>")) == "Sender(address='tal@example.com', name='Tal & co')"
    )
    assert mail_message.sender("tal@example.com").name == "Nøgletal"


def test_a_link_proves_that_we_wrote_it() -> None:
    ours = links.token("n-1", "secret")

    assert links.is_ours(ours, "secret")
    assert links.named(ours) == "n-1"
    forged = [
        links.token("n-1", "other"),
        links.token("n-2", "secret").replace("n-2", "n-1"),
        "n-1",
        "n-1.",
        "",
        "n-1.æ",
    ]
    assert not any(links.is_ours(token, "secret") for token in forged)


@pytest.mark.parametrize(
    ("place", "drawn"),
    [
        (Place(63, 17, 41), True),
        (Place(2, 2, 1), True),
        (Place(1, 1), False),  # alone
        (Place(501, 3), False),  # too many to tell apart
        (Place(9, 10), False),  # no such position
        (Place(0, 0, 0, 25, 50), True),
        (Place(0, 0), False),
        (Place(0, 0, 0, 50, 50), False),
    ],
)
def test_which_places_make_a_picture(place: Place, drawn: bool) -> None:
    assert charts.can_be_drawn(place) == drawn
    if drawn:
        assert charts.drawn(place, "en").startswith(b"\x89PNG")


def test_a_picture_shows_ticks_the_own_one_longest_and_labelled() -> None:
    layers = charts._ranks(Place(9, 3, 7), "da")
    rules = {layer["mark"]["color"]: layer["mark"] for layer in layers if layer["mark"]["type"] == "rule"}
    labels = {layer["mark"]["text"] for layer in layers if layer["mark"]["type"] == "text"}

    lengths = {colour: mark["y2"] - mark["y"] for colour, mark in rules.items()}
    assert max(lengths, key=lambda colour: lengths[colour]) == "#D55E00"
    assert {"#0072B2", charts.PEER} < set(rules)
    assert labels >= {"I: nr. 3", "før: nr. 7", "midten", "nr. 1", "nr. 9"}
    assert all(layer["mark"]["aria"] is False for layer in layers)


def test_a_band_gives_no_peer_and_no_place_away() -> None:
    told = json.dumps(charts._band(Place(0, 0, 0, 25, 50), "en"))

    assert "between 25% and 50%" in told
    assert "no. " not in told


def _composed(body: str, **given: Any) -> Any:
    usual = {"sender": mails.SENDER, "recipient": "anna@example.com"}
    links = Links("https://x.example.com/a", "https://x.example.com/b")
    written = letter.written(body, "da")
    return mail_message.composed(written, notification_id="n-1", links=links, at=mails.AT, **{**usual, **given})
