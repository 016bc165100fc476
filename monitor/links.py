"""Links in messages, to what a reader can do with an alert: each good for one thing, one alert and a limited time.

A link carries a token: until when it is good, and a keyed digest (HMAC-SHA256) over that, the action and the alert. So
nothing is stored for a link, nobody makes one without the key, and the token of one link opens no other. Who holds a
link may do what it says, whoever they are: it came in a message, and may be passed on.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import quote

from monitor.errors import StateError
from monitor.model import Alert

Action = Literal["open", "ack", "mute", "wrong"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
LASTS: Final[Mapping[Action, timedelta]] = {
    "open": timedelta(days=30),
    "ack": timedelta(days=7),
    "mute": timedelta(days=30),
    "wrong": timedelta(days=30),
}
PREFIX: Final = "/a/"
KEY_FILE: Final = "links.key"
_KEY_BYTES: Final = 32
_PURPOSE: Final = b"monitor alert link 1"  # a key is used for one thing; a change of the token's form has another
_EXPIRY_BYTES: Final = 4  # minutes since 1970
_DIGEST_BYTES: Final = 16  # RFC 2104 §5: half of the digest; it keeps links short, and 2^128 is out of reach
_TOKEN_CHARS: Final = 27  # of those two in base64, without the padding
_LATEST: Final = 2 ** (8 * _EXPIRY_BYTES) - 1


class Bad(Enum):
    """Why a token opens nothing."""

    FORGED = "it is not ours, or belongs to another link"
    EXPIRED = "its time is over"


@dataclass(frozen=True, slots=True)
class Links:
    """`base` is where people reach us, without a '/' at its end; `key` as `key_in` has it."""

    base: str
    key: bytes = field(repr=False)

    def of(self, alert: Alert) -> dict[str, str]:
        """By action. Their time begins with the decision, so that each try to send has the same ones."""
        path = f"{self.base}{PREFIX}{quote(alert.id, safe='')}"
        return {
            action: f"{path}{'' if action == 'open' else f'/{action}'}?t="
            + make_token(self.key, action, alert.id, expires_at=alert.decided_at + LASTS[action])
            for action in ACTIONS
        }


def make_token(key: bytes, action: Action, alert_id: str, *, expires_at: datetime) -> str:
    """Good to the end of the minute of `expires_at`."""
    minutes = min(max(int(expires_at.timestamp() // 60), 0), _LATEST)
    expiry = minutes.to_bytes(_EXPIRY_BYTES, "big")
    return urlsafe_b64encode(expiry + _digest(key, action, alert_id, expiry)).rstrip(b"=").decode()


def judge_token(key: bytes, token: str, action: Action, alert_id: str, *, now: datetime) -> Bad | None:
    """None if it is good. Whether a forged one would be expired is not told."""
    raw = _bytes_of(token)
    expiry, digest = raw[:_EXPIRY_BYTES], raw[_EXPIRY_BYTES:]
    if not hmac.compare_digest(_digest(key, action, alert_id, expiry), digest):
        return Bad.FORGED
    ends_at = datetime.fromtimestamp(60 * (int.from_bytes(expiry, "big") + 1), UTC)
    return Bad.EXPIRED if now >= ends_at else None


def _bytes_of(token: str) -> bytes:
    """Empty for what is none; a token has one way of being written, so that no other is the same one."""
    if len(token) != _TOKEN_CHARS or not token.isascii():
        return b""
    try:
        raw = urlsafe_b64decode(token + "=")
    except ValueError:
        return b""
    return raw if urlsafe_b64encode(raw).rstrip(b"=").decode() == token else b""


def _digest(key: bytes, action: str, alert_id: str, expiry: bytes) -> bytes:
    """Each part with its length before it, so that no two say the same together."""
    parts = (_PURPOSE, action.encode(), alert_id.encode("utf-8", "surrogatepass"), expiry)
    told = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(key, told, hashlib.sha256).digest()[:_DIGEST_BYTES]


# --- the key --------------------------------------------------------------------------------------


def key_in(state: Path) -> bytes:
    """The key of this state directory, made if there is none. Raises StateError for one that others may know, or that
    is damaged: made anew without a word, it would make every link that was sent a dead one."""
    path = state / KEY_FILE
    try:
        return _read(path) or _made(path)
    except OSError as error:
        raise StateError(f"{path} cannot be used: {error.strerror}. Give this user permission to it.") from error


def at_hand(base: str, state: Path) -> Links:
    """For a sample message, which is kept nowhere: with this state directory's key, and nothing is written. Where there
    is none that can be used, with one of the moment: its links look alike and open nothing."""
    try:
        key = _read(state / KEY_FILE)
    except (OSError, StateError):
        key = None
    return Links(base, key or secrets.token_bytes(_KEY_BYTES))


def weakness(state: Path) -> str | None:
    """Why messages can have no links; None where they can. A key that is not there yet will be made."""
    try:
        _read(state / KEY_FILE)
    except StateError as error:
        return str(error)
    except OSError as error:
        return f"{state / KEY_FILE} cannot be read: {error.strerror}"
    return None


def _read(path: Path) -> bytes | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        key = file.read(_KEY_BYTES + 1) if stat.S_ISREG(about.st_mode) else b""
    if about.st_uid != os.geteuid() or about.st_mode & 0o077:
        raise StateError(
            f"{path} could be read by others, who could then make links. Remove it: a new one is made, and links in "
            "messages that were sent open nothing any more."
        )
    if len(key) != _KEY_BYTES:
        raise StateError(
            f"{path} is damaged. Remove it: a new one is made, and links in messages that were sent open nothing any "
            "more."
        )
    return key


def _made(path: Path) -> bytes:
    """Written whole under another name first. If another process was quicker, its key is the key."""
    key = secrets.token_bytes(_KEY_BYTES)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(descriptor)
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
    finally:
        fresh.unlink(missing_ok=True)
    return _read(path) or key
