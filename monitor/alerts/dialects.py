"""How each format writes plain text so that nothing in it is taken for markup, and how it shows what is marked."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from monitor.alerts.clean import WORD_JOINER, safe_link
from monitor.alerts.words import FSI, PDI

Format = Literal["text", "html", "telegram", "slack", "markdown", "matrix"]
"""html: a mail. telegram: its subset of HTML. slack: mrkdwn. markdown: CommonMark. matrix: its subset of HTML."""
FORMATS: Final[tuple[Format, ...]] = get_args(Format)

# What WhatsApp, Signal and Slack take for bold, italic, struck through and code at the beginning or the end of a word
# can be escaped in none of them. Signs that look the same stand for it there.
_LOOKS: Final[Mapping[str, str]] = {"*": "∗", "_": "ˍ", "~": "∼", "`": "‵"}
_STYLING = re.compile(r"(?<![^\W_])[*_~`]+|[*_~`]+(?![^\W_])|`")

# CommonMark 2.4; '@' and addresses are made harmless by `clean` already. '&' begins an entity, '|' hides in Discord.
_MARKDOWN = re.compile(r"[\\`*_~\[\]<>|&]")
_BLOCK = re.compile(r"^(?=[#>+=-])|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])|(?<=^\d\d\d)(?=[.)])|(?<=^\d{4})(?=[.)])")


@dataclass(frozen=True, slots=True)
class Dialect:
    """`escape`: a line of plain text as it is written in the format, `inside`: the same within a line.

    `address`: a link that people shall see and follow. `strong`: a marked piece of text, given with the characters
    around it ('' at the ends). `link`: words that lead to an address of ours. Both are None where there is no such
    thing: an address is then shown itself.
    """

    escape: Callable[[str], str]
    inside: Callable[[str], str]
    address: Callable[[str], str]
    strong: Callable[[str, str, str], str] | None = None
    link: Callable[[str, str], str] | None = None


def _plain_styling(text: str) -> str:
    return _STYLING.sub(lambda found: "".join(_LOOKS[sign] for sign in found[0]), text)


# --- HTML


def _html(text: str) -> str:
    return html.escape(text).replace(FSI, "<bdi>").replace(PDI, "</bdi>")


def _mark(piece: str, _before: str, _after: str) -> str:
    return f'<mark style="background-color:#ffe58a;color:#1f2328">{_html(piece)}</mark>'


def _bold(piece: str, _before: str, _after: str) -> str:
    return f"<b>{html.escape(piece)}</b>"


def _anchor(label: str, address: str) -> str:
    return f'<a href="{html.escape(address)}">{html.escape(label)}</a>'


# --- Slack


def _slack(text: str) -> str:
    """Slack's own three (api.slack.com, formatting). '&gt;' at the beginning of a line would still make a quotation."""
    escaped = _slack_inside(text)
    return WORD_JOINER + escaped if escaped.startswith("&gt;") else escaped


def _slack_inside(text: str) -> str:
    return _slack_signs(_plain_styling(text))


def _slack_signs(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_strong(piece: str, before: str, after: str) -> str:
    """Slack sees bold only between spaces or ends; anywhere else the asterisks would show."""
    escaped = _slack_inside(piece)
    stands_free = (not before or before.isspace()) and (not after or after.isspace())
    return f"*{escaped}*" if stands_free and "*" not in piece else escaped


def _slack_link(label: str, address: str) -> str:
    return f"<{_slack_signs(address).replace('|', '%7C')}|{_slack_inside(label)}>"


# --- Markdown


def _markdown(text: str) -> str:
    return _BLOCK.sub(r"\\", _MARKDOWN.sub(lambda sign: "\\" + sign[0], text))


def _markdown_inside(text: str) -> str:
    return _MARKDOWN.sub(lambda sign: "\\" + sign[0], text)


def _markdown_strong(piece: str, _before: str, _after: str) -> str:
    """Between letters or digits '**' opens and closes whatever stands around it (CommonMark 6.2)."""
    escaped = _markdown_inside(piece)
    return f"**{escaped}**" if piece and piece[0].isalnum() and piece[-1].isalnum() else escaped


def _markdown_link(label: str, address: str) -> str:
    return f"[{_markdown_inside(label)}]({address.replace('(', '%28').replace(')', '%29')})"


DIALECTS: Final[Mapping[Format, Dialect]] = {
    "text": Dialect(_plain_styling, _plain_styling, str),
    "html": Dialect(_html, _html, html.escape, _mark, _anchor),
    # Neither knows <bdi>; the isolating characters do the same.
    "telegram": Dialect(html.escape, html.escape, html.escape, _bold, _anchor),
    "matrix": Dialect(html.escape, html.escape, html.escape, _bold, _anchor),
    "slack": Dialect(_slack, _slack_inside, _slack_signs, _slack_strong, _slack_link),
    # In angle brackets no sign of the address is taken for markup, and Discord shows no preview.
    "markdown": Dialect(_markdown, _markdown_inside, "<{}>".format, _markdown_strong, _markdown_link),
}


def address(dialect: Dialect, link: str) -> str:
    """The address, so that it can be followed; '' for what is none, whatever a template hands over."""
    safe = safe_link(link)
    return dialect.address(safe) if safe else ""
