"""How a follow-up hangs on the first message of its story: what a service calls a message, and how it is named.

A service that is not in the table gives messages no name, or takes none: Discord's and Slack's webhooks, Teams, ntfy,
Gotify, Pushover. There the follow-up says of itself what it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hanging:
    """`name`: out of the answer to a message, what it is called; None if it does not say. `hang`: the payload of a
    message that hangs on the one of that name."""

    name: Callable[[Fields], object]
    hang: Callable[[Fields, str], Fields]


def _at(*path: str | int) -> Callable[[Fields], object]:
    """What stands at a place of an answer; None if there is nothing."""

    def find(fields: object) -> object:
        for step in path:
            if isinstance(step, int):
                fields = fields[step] if isinstance(fields, list) and len(fields) > step else None
            else:
                fields = fields.get(step) if isinstance(fields, dict) else None
        return fields

    return find


def _telegram(payload: Fields, name: str) -> Fields:
    """Without a reply where the message was deleted, rather than not at all."""
    if not name.isdecimal():
        return payload
    return payload | {"reply_parameters": {"message_id": int(name), "allow_sending_without_reply": True}}


def _matrix(payload: Fields, name: str) -> Fields:
    """A thread (MSC3440, in the specification since 1.4), which clients without threads show as a reply."""
    reply = {"rel_type": "m.thread", "event_id": name, "is_falling_back": True, "m.in_reply_to": {"event_id": name}}
    return payload | {"m.relates_to": reply}


def _signal(payload: Fields, name: str) -> Fields:
    if not name.isdecimal():
        return payload
    return payload | {"quote_timestamp": int(name), "quote_author": payload["number"], "quote_message": "…"}


_MATRIX: Final = Hanging(_at("event_id"), _matrix)
_MATTERMOST: Final = Hanging(_at("id"), lambda payload, name: payload | {"root_id": name})  # as a bot
_SIGNAL: Final = Hanging(_at("timestamp"), _signal)
_ROCKET: Final = Hanging(_at("message", "_id"), lambda payload, name: payload | {"tmid": name})

HANGING: Final[Mapping[str, Hanging]] = {
    "slack": Hanging(_at("ts"), lambda payload, name: payload | {"thread_ts": name}),  # as a bot
    "tgram": Hanging(_at("result", "message_id"), _telegram),
    "matrix": _MATRIX,
    "matrixs": _MATRIX,
    "mmost": _MATTERMOST,
    "mmosts": _MATTERMOST,
    "whatsapp": Hanging(_at("messages", 0, "id"), lambda payload, name: payload | {"context": {"message_id": name}}),
    "signal": _SIGNAL,
    "signals": _SIGNAL,
    "gchat": Hanging(_at("thread", "name"), lambda payload, name: payload | {"thread": {"name": name}}),
    "rocket": _ROCKET,
    "rockets": _ROCKET,
}

LONGEST_NAME: Final = 500  # characters; a longer one is none


def named(schema: str, bodies: Sequence[str]) -> str | None:
    """What the service called the message, by its last answer that says so."""
    hanging = HANGING.get(schema)
    if hanging is None:
        return None
    for body in reversed(bodies):
        name = hanging.name(_fields(body))
        if isinstance(name, str | int) and not isinstance(name, bool) and 0 < len(str(name)) <= LONGEST_NAME:
            return str(name)
    return None


def marked(name: str, schema: str, targets: Sequence[str]) -> str:
    """The name with a mark of whom it was sent to: in another room the same name is another message, or none."""
    return f"{_mark(schema, targets)} {name}"


def unmarked(thread: str | None, schema: str, targets: Sequence[str]) -> str | None:
    """The name, if it is one of this room's."""
    mark, _, name = (thread or "").partition(" ")
    return name if name and mark == _mark(schema, targets) else None


def _mark(schema: str, targets: Sequence[str]) -> str:
    told = "\n".join((schema, *sorted(targets)))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:8]


def _fields(body: str) -> Fields:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
