"""Pages for people as HTML, from one template. Pure."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from services.notify.sentences import words

# Nothing is fetched, run, framed or remembered; styles are the page's own.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


def page(name: str, language: str, /, **given: Any) -> str:
    """One page: stop, said, outbox or mail. `language`: da or en."""
    return str(_template().render(page=name, language=language, t=words(language), **given))


def language(asked: Mapping[str, str]) -> str:
    """The language a query asks for; Danish where it asks for none we have.

    >>> language({"lang": "en"}), language({"lang": "fr"})
    ('en', 'da')
    """
    return "en" if asked.get("lang") == "en" else "da"


@functools.cache
def _template() -> Any:
    import jinja2

    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template("pages.j2")
