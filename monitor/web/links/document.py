"""An HTML page of ours: no script, nothing from elsewhere, and nothing live that came from a feed."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from typing import Final

from monitor.alerts.words import Language
from monitor.links import MARK
from monitor.serve import Page
from monitor.text.clean import display

_CSS: Final = """
:root { color-scheme: light dark; --ink: #1a1a1a; --faint: #595959; --paper: #fff; --line: #d0d0d0; --act: #0b57d0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececec; --faint: #b0b0b0; --paper: #161616; --line: #444; --act: #a8c7fa; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.3rem; line-height: 1.5; margin: .5rem 0; }
h2 { font-size: 1rem; margin: 1.5rem 0 .25rem; color: var(--faint); }
p, ul, fieldset { margin: .5rem 0; } ul { padding-inline-start: 1.25rem; }
fieldset { border: 1px solid var(--line); } label { display: block; padding: .25rem 0; }
small, .faint { color: var(--faint); } a { color: var(--act); } code { direction: ltr; unicode-bidi: isolate; }
button { font: inherit; padding: .5rem 1.5rem; border: 1px solid var(--act); border-radius: .25rem;
  background: var(--act); color: var(--paper); }
"""
_STYLE: Final = b64encode(hashlib.sha256(_CSS.encode()).digest()).decode()
_HEADERS: Final = (
    (
        "Content-Security-Policy",
        f"default-src 'none'; style-src 'sha256-{_STYLE}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "same-origin"),  # the address is a secret; 'no-referrer' would hide the origin of our own form
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("X-Robots-Tag", "noindex, nofollow"),
)

_EMPTY: Final = ("input", "meta")


class Html(str):
    """Markup of ours. What is not of this type is text, and is escaped."""

    __slots__ = ()


def tag(element: str, /, *inside: str, **attributes: str | bool) -> Html:
    """An element; an attribute that is True has no value, one that is False is left out. `class_` is `class`."""
    written = "".join(
        f" {key.rstrip('_')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not False
    )
    return Html(f"<{element}{written}>{joined(*inside)}" + ("" if element in _EMPTY else f"</{element}>"))


def joined(*parts: str) -> Html:
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def foreign(text: str) -> Html:
    """What a feed or an operator wrote, within a line of ours: readable, and unable to disorder the line."""
    return tag("bdi", shown(text))


def shown(text: str) -> str:
    """As people read it: no markup, no escapes, nothing invisible."""
    return display(text)


def command(*words: str) -> Html:
    return tag("code", shown(" ".join(words)))


def listed(items: Iterable[str]) -> Html:
    return tag("ul", *(tag("li", item) for item in items))


def document(title: str, *inside: str, language: Language, status: int = 200) -> Page:
    head = joined(
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"{shown(title)} {MARK}"),
        tag("style", Html(_CSS)),
    )
    page = tag(
        "html",
        tag("head", head),
        tag("body", tag("main", *inside)),
        lang=language,
        dir="rtl" if language == "ar" else "ltr",
    )
    return Page(status, f"<!doctype html>{page}", "text/html; charset=utf-8", _HEADERS)
