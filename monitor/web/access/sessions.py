"""Who is logged in, and what a form has to bring back: both kept in what is signed, and nothing for a visitor here.

A session's cookie says who and until when, under a keyed digest (HMAC-SHA256). Into the digest goes what the user
proved themselves with, so that a new password ends every session of theirs, wherever it is.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from monitor import keyfile
from monitor.errors import StateError
from monitor.model import Access
from monitor.web.access.ended import Ended

log = logging.getLogger(__name__)

KEY_FILE: Final = "web.key"
LASTS: Final = timedelta(days=7)
NAMELESS: Final = "token"  # whoever logs in with the token, which names nobody
_SESSION: Final = b"monitor web session 1"  # a key is used for one thing; a change of the form has another
_FORM: Final = b"monitor web form 1"
_LONGEST: Final = 400  # characters of a cookie
_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    user: str
    ends_at: datetime


class Sessions:
    """Safe from any thread."""

    def __init__(self, state: Path) -> None:
        self._key, self._ended = _key_of(state), Ended(state)

    def begin(self, user: str, access: Access, *, now: datetime) -> str:
        """The cookie of a new one; for a user that `access` lets in."""
        ends_at = now + LASTS
        told = f"{new_id()}.{int(ends_at.timestamp())}.{user}"
        proof = proof_of(user, access)
        assert proof is not None, "they have just proved it"
        return f"{_coded(told.encode())}.{self._digest(_SESSION, told, proof)}"

    def of(self, cookie: str, access: Access, *, now: datetime) -> Session | None:
        """None if it is not ours, is over, or its user has another password by now, or none."""
        coded, _, digest = cookie.partition(".")
        told = _decoded(coded) if len(cookie) <= _LONGEST else ""
        parts = told.split(".", 2)
        proof = proof_of(parts[2], access) if len(parts) == 3 else None
        if proof is None or not hmac.compare_digest(self._digest(_SESSION, told, proof), _ascii(digest)):
            return None
        session = Session(parts[0], parts[2], datetime.fromtimestamp(int(parts[1]), UTC))
        return session if now < session.ends_at and session.id not in self._ended else None

    def end(self, session: Session, *, now: datetime) -> None:
        try:
            self._ended.add(session.id, ends_at=session.ends_at, now=now)
        except OSError as error:
            log.warning("web.ended_unwritten", extra={"what": error.strerror or str(error)})

    def form_token(self, bound_to: str) -> str:
        """What a form of this visitor has to bring back."""
        return self._digest(_FORM, bound_to)

    def is_form_token(self, brought: str, bound_to: str) -> bool:
        return hmac.compare_digest(self.form_token(bound_to), _ascii(brought))

    def _digest(self, purpose: bytes, *parts: str) -> str:
        """Each part with its length before it, so that no two say the same together."""
        raw = [purpose, *(part.encode("utf-8", "surrogatepass") for part in parts)]
        told = b"".join(len(each).to_bytes(4, "big") + each for each in raw)
        return _coded(hmac.new(self._key, told, hashlib.sha256).digest())


def proof_of(user: str, access: Access) -> str | None:
    """What a user proves themselves with now; None where nobody of this name may log in."""
    if user == NAMELESS and access.token is not None:
        return access.token.reveal()
    return dict(access.users).get(user)


def new_id() -> str:
    return secrets.token_urlsafe(16)


def is_id(written: str) -> bool:
    return bool(_ID.fullmatch(written))


def _key_of(state: Path) -> bytes:
    """That of the state directory; where there can be none, one of the moment: sessions end with this process then."""
    if not state.is_dir():
        return secrets.token_bytes(keyfile.KEY_BYTES)
    try:
        return keyfile.key_in(state / KEY_FILE, loss="everybody has to log in again")
    except StateError as error:
        log.warning("web.no_key", extra={"what": str(error)})
        return secrets.token_bytes(keyfile.KEY_BYTES)


def _coded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(coded: str) -> str:
    try:
        return urlsafe_b64decode(coded.encode("ascii") + b"=" * (-len(coded) % 4)).decode("utf-8")
    except ValueError:
        return ""


def _ascii(brought: str) -> str:
    """`compare_digest` takes no other text."""
    return brought if brought.isascii() else ""
