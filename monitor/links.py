"""Links in messages, to what a reader can do with an alert: each good for one thing, one alert and a limited time.

A link carries a token: until when it is good, and a keyed digest (HMAC-SHA256) over that, the action and the alert. So
nothing is stored for a link, nobody makes one without the key, and the token of one link opens no other. Who holds a
link may do what it says, whoever they are: it came in a message, and may be passed on.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import quote

from monitor import keyfile
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
MARK: Final = "· monitor"  # ends the title of every page behind a link, by which `doctor` knows them
_LOSS: Final = "links in messages that were sent open nothing any more"
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
    return keyfile.key_in(state / KEY_FILE, loss=_LOSS)


def keep_key(state: Path, key: bytes) -> None:
    """For a state that moved here: links that were sent stay good. A key that is there stays."""
    with contextlib.suppress(OSError, StateError):
        keyfile.keep(state / KEY_FILE, key, loss=_LOSS)


def known_key(state: Path) -> bytes | None:
    """The key of this state directory, if there is one that can be used; nothing is written."""
    try:
        return keyfile.read(state / KEY_FILE, loss=_LOSS)
    except (OSError, StateError):
        return None


def at_hand(base: str, state: Path) -> Links:
    """For a sample message, which is kept nowhere: with this state directory's key, and nothing is written. Where there
    is none that can be used, with one of the moment: its links look alike and open nothing."""
    return Links(base, known_key(state) or secrets.token_bytes(keyfile.KEY_BYTES))


def weakness(state: Path) -> str | None:
    """Why messages can have no links; None where they can. A key that is not there yet will be made."""
    try:
        keyfile.read(state / KEY_FILE, loss=_LOSS)
    except StateError as error:
        return str(error)
    except OSError as error:
        return f"{state / KEY_FILE} cannot be read: {error.strerror}"
    return None
