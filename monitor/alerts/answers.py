"""What was seen on the wire, and the words in it. No text that leaves here holds a part of the address."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import unquote


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. `body` is whole up to a mebibyte; `retry_after` and `date` are the headers, '' if absent."""

    host: str
    status: int
    retry_after: str = ""
    date: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """No answer. `may_have_arrived`: the request, or the whole mail, was written before it went wrong."""

    host: str
    what: str
    may_have_arrived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A mail server's 4xx or 5xx. `enhanced` is the code of RFC 3463 ('5.1.1'), '' if none."""

    command: str
    code: int
    enhanced: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail server's word that it has the whole mail."""

    code: int
    words: str


Event = Answer | Broken | Refusal | Taken


# --- in words


def word_of(events: Sequence[Event], url: str) -> str:
    """What the service said to the message that it took, for people: 'HTTP 200: ok'. '' if nothing was heard."""
    said = [event for event in events if isinstance(event, Taken) or (isinstance(event, Answer) and _is_message(event))]
    match said[-1] if said else None:
        case Taken() as taken:
            return f"SMTP {taken.code}: {_shown(taken.words, url)}".removesuffix(": ")
        case Answer() as answer:
            if is_own_host(answer.host, url):
                words = _facts(answer.body, _KNOWN)
            else:
                words = words_of(answer) or _facts(answer.body, None)
            return f"HTTP {answer.status}{at_host(answer.host, url, 'from')}: {_shown(words, url)}".removesuffix(": ")
        case _:
            return ""


def _is_message(answer: Answer) -> bool:
    """Whether it may answer a message: a logout that follows one says nothing of it."""
    return answer.body.strip() != "{}"


# Of a server of the operator's own only these, for it may say anything, what it was sent as a secret among it.
_KNOWN: Final = frozenset(("event", "event_id", "id", "ok", "status", "success", "timestamp"))


def _facts(body: str, known: frozenset[str] | None) -> str:
    """The plain facts of a JSON answer ('ok: true, ts: 17.2'), or a short text as it is; only the `known` ones."""
    fields = fields_of(body)
    if not fields:
        text = "" if body.lstrip()[:1] in ("<", "{", "[") else body.strip()
        return text if known is None or text.lower() == "ok" else ""
    plain = [
        (key, value)
        for key, value in fields.items()
        if isinstance(value, bool | int | float | str) and (known is None or key in known)
    ]
    return ", ".join(f"{key}: {json.dumps(value) if isinstance(value, bool) else value}" for key, value in plain[:6])


def at_host(host: str, url: str, word: str = "at") -> str:
    """' from hooks.slack.com'; '' for a host that the operator wrote, which is part of the address."""
    return f" {word} {host}" if host and not is_own_host(host, url) else ""


def is_own_host(host: str, url: str) -> bool:
    return host.lower() in unquote(url).lower()


def words_shown(answer: Answer, url: str) -> str:
    """The service's own words, from the field in which Telegram, Slack, Discord and ntfy put them."""
    return _shown(words_of(answer), url)


def _shown(words: str, url: str) -> str:
    """Somebody else's words as one printable line without anything of the address."""
    scrubbed = scrub(words, url)
    return " ".join("".join(char if char.isprintable() else " " for char in scrubbed).split())[:120]


def words_of(answer: Answer) -> str:
    fields = fields_of(answer.body)
    return next((fields[key] for key in ("description", "error", "message") if isinstance(fields.get(key), str)), "")


def fields_of(body: str) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def retry_after(answer: Answer) -> float | None:
    """The wait that the service asks for, in seconds: the header (RFC 9110), or Telegram's and Discord's field."""
    said = answer.retry_after.strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", said):
        return float(said)
    fields = fields_of(answer.body)
    inner = fields.get("parameters")
    for place in (fields, inner if isinstance(inner, dict) else {}):
        wait = place.get("retry_after")
        if isinstance(wait, int | float) and not isinstance(wait, bool) and 0 < wait < 1e9:
            return float(wait)
    return _until(said, answer.date)


def _until(when: str, date: str) -> float | None:
    """A Retry-After that is a date, measured on the server's own clock: neither of ours need be right."""
    try:
        wait = parsedate_to_datetime(when) - parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return None
    return max(wait.total_seconds(), 0.0)


def scrub(text: str, url: str) -> str:
    """Somebody else's text without anything that stands in the address (parts of three characters and more)."""
    rest = url.partition("://")[2]
    parts = {part for form in (rest, unquote(rest)) for part in re.split(r"[^\w.+-]+", form) if len(part) >= 3}
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "***")
    return text
