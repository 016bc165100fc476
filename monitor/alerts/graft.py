"""What Apprise has no word for, put into the request that it is about to send. Runs in the sending process only.

Mentions that are dead whatever the text says, link previews that stay off, follow-ups that hang on the first message,
a text that is not written six bytes a letter: each is a documented field of the service's own interface.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import requests

from monitor.alerts.styles import STYLES
from monitor.alerts.threads import HANGING

Fields = dict[str, Any]

SUPPRESS_EMBEDS: Final = 1 << 2  # Discord's message flag
SLACK_HEADER: Final = 150  # characters
_COLOURS: Final = {"critical": "attention", "high": "warning", "medium": "warning", "low": "accent", "info": "accent"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is being sent, as the monitor asked for it. `thread`: the name of the message that it hangs on."""

    schema: str
    title: str = ""
    body: str = ""
    alternative: str = ""  # the body as plain text, where it is something else
    severity: str = "info"
    link: str = ""
    tags: tuple[str, ...] = ()
    rtl: bool = False
    thread: str | None = None


def graft(request: requests.PreparedRequest, post: Post) -> None:
    """Change the request in place, if it is the one that carries the message: logins and the like stay as they are."""
    if post.schema not in STYLES:
        return
    payload = _payload(request)
    if payload is None or not _carries(payload):
        return
    try:
        payload = _grafted(payload, post)
    except (AttributeError, KeyError, TypeError, ValueError):
        return  # an operator's own template of another shape goes as it is; the text is harmless by itself
    query = {**_QUERIES.get(post.schema, {}), **(_THREAD_QUERIES.get(post.schema, {}) if post.thread else {})}
    _rewrite(request, payload, query)


def _grafted(payload: Fields, post: Post) -> Fields:
    if post.schema in _GRAFTS:
        payload = _GRAFTS[post.schema](payload, post)
    if post.thread is not None and post.schema in HANGING:
        payload = HANGING[post.schema].hang(payload, post.thread)
    return payload


def _payload(request: requests.PreparedRequest) -> Fields | None:
    content_type = str(request.headers.get("Content-Type", ""))
    if "json" not in content_type or not isinstance(request.body, str | bytes):
        return None
    try:
        read = json.loads(request.body)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _carries(payload: Fields) -> bool:
    """Whether this is the message itself."""
    return any(key in payload for key in ("text", "content", "message", "body", "attachments", "template"))


def _rewrite(request: requests.PreparedRequest, payload: Fields, query: Mapping[str, str]) -> None:
    written = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
    if isinstance(request.url, str) and query:
        parts = urlsplit(request.url)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True)) | dict(query)
        request.url = urlunsplit(parts._replace(query=urlencode(asked)))
    request.body = written
    request.headers["Content-Length"] = str(len(written))


# --- one for each service


def _slack(payload: Fields, post: Post) -> Fields:
    """`fallback` is what a notification shows of an attachment; names of emoji in a title are text.

    Nothing is added to what a workflow is sent: it knows its own variables only.
    """
    if "attachments" not in payload:
        return payload
    for attachment in payload["attachments"]:
        attachment.setdefault("fallback", post.title or post.body.partition("\n")[0])
        for block in attachment.get("blocks", ()):
            if block.get("type") == "header":
                block["text"] = {"type": "plain_text", "text": _slack_title(post.title), "emoji": False}
    return payload | {"unfurl_links": False, "unfurl_media": False}


def _slack_title(title: str) -> str:
    escaped = html.escape(title, quote=False)
    return escaped if len(escaped) <= SLACK_HEADER else "".join(char for char in title if char not in "&<>")


def _telegram(payload: Fields, _post: Post) -> Fields:
    """Apprise writes two characters for a line end; Telegram counts both."""
    return payload | {"text": str(payload.get("text", "")).replace("\r\n", "\n")}


def _discord(payload: Fields, _post: Post) -> Fields:
    """Only whom the address names (`ping=`) is pinged; Apprise tells Discord so by a name that it does not know."""
    named = payload.pop("allow_mentions", {})
    flags = int(payload.get("flags") or 0) | SUPPRESS_EMBEDS
    return payload | {"allowed_mentions": {"parse": [], **named}, "flags": flags}


def _matrix(payload: Fields, post: Post) -> Fields:
    """`m.mentions`, empty, says that nobody is meant, '@room' in the text or not (specification 1.7)."""
    if "msgtype" not in payload:
        return payload
    plain = {"body": post.alternative} if post.alternative else {}
    return payload | plain | {"m.mentions": {}}


def _teams(payload: Fields, post: Post) -> Fields:
    """A block a line, for a TextBlock shows a single line end as a space; and nobody mentioned whom the text names.

    A card of the operator's own template stays as it is.
    """
    for attachment in payload.get("attachments", ()):
        card = attachment.get("content", {})
        if not any(block.get("id") == "body" for block in card.get("body", ())):
            continue
        blocks = [made for block in card["body"] for made in _teams_blocks(block, post)]
        rtl = {"rtl": True, "version": "1.5"} if post.rtl else {}  # the version that knows of it
        attachment["content"] = card | {"body": blocks, "msteams": {"width": "full"}} | rtl
    return payload


def _teams_blocks(block: Fields, post: Post) -> list[Fields]:
    if block.get("id") == "title":
        return [block | {"wrap": True, "color": _COLOURS.get(post.severity, "default")}]
    if block.get("id") != "body":
        return [block]
    lines = [line for line in str(block.get("text", "")).splitlines() if line.strip()]
    return [{"type": "TextBlock", "text": line, "wrap": True, "spacing": "Small"} for line in lines]


def _ntfy(payload: Fields, post: Post) -> Fields:
    """In the body, for a header takes ASCII only, and Apprise escapes the escapes of an address."""
    added: Fields = {"tags": list(post.tags)} if post.tags else {}
    if post.link:
        added["click"] = post.link
    return added | payload


def _gotify(payload: Fields, post: Post) -> Fields:
    if not post.link:
        return payload
    extras = payload.get("extras", {}) | {"client::notification": {"click": {"url": post.link}}}
    return payload | {"extras": extras}


_GRAFTS: Final[Mapping[str, Callable[[Fields, Post], Fields]]] = {
    "slack": _slack,
    "tgram": _telegram,
    "discord": _discord,
    "matrix": _matrix,
    "matrixs": _matrix,
    "workflow": _teams,
    "workflows": _teams,
    "ntfy": _ntfy,
    "ntfys": _ntfy,
    "gotify": _gotify,
    "gotifys": _gotify,
}
# Discord answers with the message only if it is asked to wait for it; else 204 may stand for one that is lost.
_QUERIES: Final[Mapping[str, Mapping[str, str]]] = {"discord": {"wait": "true"}}
_THREAD_QUERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "gchat": {"messageReplyOption": "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"}
}
