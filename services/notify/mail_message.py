"""A letter as a mail: text and HTML from one template, the first picture inline, headers that stop it with one click. Pure."""

import functools
import hashlib
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from services.notify import charts
from services.notify.letter import Letter, Links
from services.notify.sentences import words
from services.notify.wording import plain

TEMPLATE = "mail.j2"
WHOLE = frozenset({"List-Unsubscribe", "Message-ID", "Content-ID"})
WIDTH = 76  # characters of a line of the text part
MOST_ADDRESS = 254  # characters. Source: RFC 3696, erratum 1690
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class _Policy(EmailPolicy):
    """Headers as mail programs read them: links and ids are never folded, which would encode them when they are long."""

    def fold(self, name: str, value: Any) -> str:
        return f"{name}: {value}{self.linesep}" if name in WHOLE else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii") if name in WHOLE else super().fold_binary(name, value)


POLICY = _Policy(linesep="\r\n", cte_type="7bit", max_line_length=78)


@dataclass(frozen=True)
class Sender:
    """Who mails come from: an address, with a name where it is wanted."""

    address: str
    name: str = "Nøgletal"

    @property
    def domain(self) -> str:
        """What follows the @: message ids are made in it."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a mail."""

    name: str
    content: bytes
    type: tuple[str, str]


@dataclass(frozen=True)
class _Picture:
    name: str
    alternative: str
    content: bytes


def address(url: str) -> str:
    """The mail address of an endpoint's URL, its domain in lower-case ASCII. Raises ValueError for anything but one address.

    Names, several addresses, headers after a question mark, quoted and encoded forms are refused: an address is an address.

    >>> address("mailto:anna@Blåby-Bolig.dk")
    'anna@xn--blby-bolig-25a.dk'
    """
    scheme, _, written = url.partition(":")
    local, at, domain = written.rpartition("@")
    if len(written) > MOST_ADDRESS:
        raise ValueError("address")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ValueError("domain") from None
    labels = ascii_domain.split(".")
    well = scheme == "mailto" and at and LOCAL.fullmatch(local) and len(local) <= 64 and len(ascii_domain) <= 253
    if not well or len(labels) < 2 or labels[-1].isdecimal() or not all(map(LABEL.fullmatch, labels)):
        raise ValueError("address")
    return f"{local}@{ascii_domain}"


def sender(written: str) -> Sender:
    """Who mails come from, as a setting says it: `noegletal@example.com` or `Name <address>`. Raises ValueError."""
    name, found = parseaddr(plain(written))
    return Sender(address(f"mailto:{found}"), name or "Nøgletal")


def message_id(notification_id: str, sender: Sender) -> str:
    """The Message-ID of a delivery, the same at every attempt: whoever gets it twice can see that it is one."""
    return f"<{notification_id}@{sender.domain}>"


def composed(
    letter: Letter,
    *,
    notification_id: str,
    sender: Sender,
    recipient: str,
    links: Links | None,
    at: datetime,
    notes: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
) -> EmailMessage:
    """The mail of a letter. The same arguments give the same bytes.

    recipient   an address as `address` gives it.
    links       of this delivery; the first there is is what a mail program's own button calls (RFC 8058). None: nothing leads
                to the address that could be stopped, and the mail has no button.
    at          when the message fell due.
    notes       sentences that follow what is told, such as where a file can be had.
    """
    pictures = _pictures(letter, notification_id, sender)
    parts = {form: _rendered(letter, form, links, pictures, notes) for form in ("text", "html")}
    mail = EmailMessage(POLICY)
    mail["Message-ID"] = message_id(notification_id, sender)
    mail["Date"] = format_datetime(at)
    mail["From"] = Address(plain(sender.name, 60), addr_spec=sender.address)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = letter.subject
    mail["Auto-Submitted"] = "auto-generated"
    if links is not None:
        mail["List-Unsubscribe"] = f"<{links.fewer or links.everything}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(parts["text"], cte="quoted-printable")
    mail.add_alternative(parts["html"], subtype="html", cte="quoted-printable")
    html = mail.get_payload()[1]  # type: ignore[index]
    for picture in filter(None, pictures):
        inline: Any = {
            "cid": f"<{picture.name}>",
            "disposition": "inline",
            "filename": words(letter.language)("mail.picture"),
        }
        html.add_related(picture.content, "image", "png", **inline)  # type: ignore[union-attr]
    for attached in attachments:
        mail.add_attachment(attached.content, *attached.type, filename=plain(attached.name, 100))
    mail["Content-Language"] = letter.language
    _name_boundaries(mail, notification_id)
    return mail


def as_sent(mail: EmailMessage) -> bytes:
    """The mail's bytes: seven bits, lines ended by CRLF."""
    return mail.as_bytes(policy=POLICY)


def _pictures(letter: Letter, notification_id: str, sender: Sender) -> list[_Picture | None]:
    """A picture for the first item that has a place; none for the others: one is looked at, three are not."""
    first = next((n for n, item in enumerate(letter.items) if item.place is not None), None)
    found: list[_Picture | None] = [None] * len(letter.items)
    if first is not None and (place := letter.items[first].place) is not None:
        name = f"placering.{notification_id}@{sender.domain}"
        said = charts.alternative(place, letter.language)
        found[first] = _Picture(name, said, charts.drawn(place, letter.language))
    return found


def _rendered(
    letter: Letter, form: str, links: Links | None, pictures: Sequence[_Picture | None], notes: Sequence[str]
) -> str:
    template = _environment(form == "html").get_template(TEMPLATE)
    given = {"letter": letter, "links": links, "pictures": pictures, "notes": notes, "t": words(letter.language)}
    text = str(template.render(form=form, **given))
    return _inlined(text) if form == "html" else re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


@functools.cache
def _environment(escaping: bool) -> Any:
    import jinja2

    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    made = jinja2.Environment(loader=loader, autoescape=escaping, undefined=jinja2.StrictUndefined)  # noqa: S701
    made.filters |= {"wrapped": _wrapped, "lines": _lines}
    return made


def _wrapped(text: str, indent: str = "") -> str:
    """Text in lines of a mail; those after the first are indented."""
    width = WIDTH - len(indent)
    wrapped = [
        textwrap.fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    ]
    return f"\n{indent}".join(wrapped)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.splitlines())


@functools.cache
def _inliner() -> Any:
    import css_inline

    return css_inline.CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)


def _inlined(html: str) -> str:
    """Styles where mail programs look for them: at each element."""
    return str(_inliner().inline(html))


def _name_boundaries(mail: EmailMessage, notification_id: str) -> None:
    """Boundaries that follow from the delivery instead of from chance."""
    for number, part in enumerate(p for p in mail.walk() if p.is_multipart()):
        part.set_boundary("=_" + hashlib.sha256(f"{notification_id}/{number}".encode()).hexdigest()[:40])
