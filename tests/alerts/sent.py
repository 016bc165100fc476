"""A message as it went out, made readable: for people, who look at it in a snapshot, and for what must hold of it."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import parse_qs

from tests.alerts.everywhere import Got

_SHOWN_HEADERS: Final = ("Content-Type", "X-Priority", "X-Monitor-Signature", "X-Markdown")
_MAIL_HEADERS: Final = (
    "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type", "X-Application",
)  # fmt: skip


# --- for people


def written(got: Got) -> str:
    """A request, its JSON a line a value. What is invisible shows as its code point."""
    head = [f"{got.method} {'https' if got.tls else 'http'}://{got.host}{got.path}"]
    head += [f"{name}: {got.headers[name]}" for name in _SHOWN_HEADERS if name in got.headers]
    body = list(_flat(got.json)) if "json" in got.headers.get("Content-Type", "") else [got.body.decode()]
    return "\n".join([*map(visible, head), "", *map(visible, body), ""])


def written_mail(content: bytes) -> str:
    mail = _mail(content)
    head = [f"{name}: {_stable(str(mail[name]))}" for name in _MAIL_HEADERS if mail[name]]
    parts = [part for part in mail.walk() if not part.is_multipart()]
    bodies = [line for part in parts for line in _part(part)]
    return "\n".join([*map(visible, head), *map(visible, bodies), ""])


def _part(part: EmailMessage) -> Iterator[str]:
    yield ""
    yield f"--- {part.get_content_type()}"
    yield from str(part.get_content()).rstrip().splitlines()


def _stable(header: str) -> str:
    return re.sub(r'boundary="?[^";]+"?', 'boundary="…"', header)


def _flat(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _flat(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value:
        for index, each in enumerate(value):
            yield from _flat(each, f"{path}[{index}]")
    elif isinstance(value, str) and "\n" in value:
        yield f"{path}:"
        yield from (f"    | {line}" for line in value.split("\n"))
    else:
        yield f"{path}: {json.dumps(value, ensure_ascii=False)}"


def visible(line: str) -> str:
    """With the code points of what no eye sees, or takes for something else."""
    return "".join(
        f"<U+{ord(char):04X}>" if unicodedata.category(char) in ("Cf", "Cc", "Cs", "Co", "Zl", "Zp") else char
        for char in line
    )


# --- for what must hold


@dataclass(frozen=True)
class Seen:
    """What a reader is shown: the lines, in order; and the tags and addresses that are live in it."""

    lines: tuple[str, ...]
    tags: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()


def _mail(content: bytes) -> EmailMessage:
    read = message_from_bytes(content, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def seen_in_mail(content: bytes) -> dict[str, Seen]:
    """By kind of part, the subject as the first line of each."""
    mail = _mail(content)
    shown = {}
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            shown["plain"] = Seen((str(mail["Subject"]), *str(part.get_content()).split("\n")))
        elif part.get_content_type() == "text/html":
            read = seen_in_html(str(part.get_content()))
            shown["html"] = read  # which begins with the subject
    return shown


def seen(service: str, got: Got) -> dict[str, Seen]:
    """As the service shows it: once, or once marked up and once as plain text."""
    read = got.json if "json" in got.headers.get("Content-Type", "") else parse_qs(got.body.decode())
    match service:
        case "slack" | "slack-bot":
            blocks = [block["text"] for block in read["attachments"][0]["blocks"] if "text" in block]
            return {"mrkdwn": _slack("\n".join(block["text"] for block in blocks))}
        case "telegram":
            return {"html": seen_in_html(read["text"])}
        case "discord":
            return {"markdown": _markdown(read["content"])}
        case "ntfy" | "json":
            return {"text": _text(f"{read['title']}\n{read['message']}")}
        case "matrix":
            marked_up = {"html": seen_in_html(read["formatted_body"])} if "formatted_body" in read else {}
            return marked_up | {"plain": _text(read["body"])}
        case "teams":
            blocks = read["attachments"][0]["content"]["body"]
            return {"card": _markdown("\n".join(block["text"] for block in blocks))}
        case "whatsapp":
            return {"text": _text(read["text"]["body"])}
        case "signal":
            return {"text": _text(read["message"])}
        case "mattermost":
            return {"markdown": _markdown(read["text"])}
    raise AssertionError(service)


def _text(text: str) -> Seen:
    return Seen(tuple(text.split("\n")))


def _slack(text: str) -> Seen:
    """mrkdwn: '<…>' is live, and '&lt;' is shown as '<'."""
    live = re.findall(r"<([^>]*)>", text)
    shown = re.sub(r"<([^>|]*)(?:\|([^>]*))?>", lambda found: found[2] or found[1], text)
    lines = tuple(
        html.unescape(line) if line.startswith("http") else html.unescape(line.replace("*", ""))
        for line in shown.split("\n")
    )
    return Seen(lines, frozenset(each for each in live if not each.startswith("http")), frozenset(_addresses(live)))


def _addresses(live: list[str]) -> Iterator[str]:
    yield from (html.unescape(each.partition("|")[0]) for each in live if each.startswith("http"))


def _markdown(text: str) -> Seen:
    """CommonMark: a link hides its target behind a text; a backslash before punctuation is not shown."""
    hidden = re.findall(r"(?<!\\)\]\(([^)]*)\)", text)
    lines = []
    for line in map(str.rstrip, text.split("\n")):
        bare = line[1:-1] if re.fullmatch(r"<https?://[^>]*>", line) else line
        if not bare.startswith(("http://", "https://")):
            bare = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", bare.replace("**", ""))
        lines.append(bare.strip())
    return Seen(tuple(lines), frozenset(), frozenset(hidden))


_BREAKS: Final = frozenset(
    ("br", "p", "div", "h1", "h2", "h3", "tr", "td", "li", "ul", "table", "blockquote", "title", "hr")
)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: set[str] = set()
        self.targets: set[str] = set()
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.targets |= {value or "" for name, value in attrs if name in ("href", "src", "background", "action")}
        self.tags |= {f"{tag}@{name}" for name, _ in attrs if name.startswith("on")}
        if tag in ("style", "head"):
            self.silent += 1
        if tag in _BREAKS:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "head"):
            self.silent -= 1
        if tag in _BREAKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)


def seen_in_html(text: str) -> Seen:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    lines = (line.strip() for line in "".join(reader.text).splitlines())
    return Seen(tuple(line for line in lines if line), frozenset(reader.tags), frozenset(reader.targets))
