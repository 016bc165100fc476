"""Secrets that must not show, and a text without them. The last of several guards: nothing shows one on purpose.

An address is hidden whole and in its parts: libraries quote a path without its host, a query without its path, user
name and password as HTTP's basic authentication writes them, and all of it percent-encoded or decoded.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

MASK = "***"

SHORTEST = 4  # characters; what is shorter stands in too many words that are no secret
SHORTEST_PART = 6
# Words that people make, of which addresses and our own events and ids consist: no secret, unless as a password.
_WORDS = re.compile(r"[a-z]{1,16}(?:[-_.][a-z]{1,16})*(?:[-_.][0-9]{1,4})?")

_HOST = re.compile(r"(?:localhost|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+|\[[0-9a-f:.]*\])(?::\d*)?", re.IGNORECASE)

_hidden: tuple[str, ...] = ()  # the longest first, so that no part is masked before its whole
_lock = threading.Lock()


def hide(secrets: Iterable[str]) -> None:
    """From now on `mask` shows none of these texts, nor what is secret of them where they are addresses."""
    global _hidden
    found = {part for secret in secrets for part in parts(secret)}
    with _lock:
        _hidden = tuple(sorted({*_hidden, *found}, key=lambda text: (-len(text), text)))


def mask(text: str) -> str:
    """The text without what is hidden."""
    for secret in _hidden:
        if secret in text:
            text = text.replace(secret, MASK)
    return text


def parts(secret: str) -> frozenset[str]:
    """What must not show of a secret, in every way that it may be written."""
    found = {secret} if len(secret) >= SHORTEST else set()
    if "://" in secret:
        found |= {part for part in _of_address(secret) if len(part) >= SHORTEST}
    else:  # 'Bearer …', or a header's value
        found |= {word for word in secret.split() if _tells(word)}
    return frozenset(way for part in found for way in _ways(part) if len(way) >= SHORTEST)


def _of_address(address: str) -> Iterator[str]:
    try:
        split = urlsplit(address)
    except ValueError:  # brackets that are no IPv6 address
        split = urlsplit(address.replace("[", "").replace("]", ""))
    user_info, at, _ = split.netloc.rpartition("@")
    if at:
        user, _, password = user_info.partition(":")
        yield password
        yield unquote(password)
        yield from _telling(user)
        yield _basic(unquote(user), unquote(password))
    host = split.netloc.rpartition("@")[2]
    if not _HOST.fullmatch(host):  # tgram://TOKEN/…, slack://TOKEN/…: what stands for a host is none
        yield host
        for piece in host.split(":"):
            yield from _telling(piece)
    if _tells(split.path.strip("/")):
        yield split.path
    for piece in (*split.path.split("/"), split.fragment):
        yield from _telling(piece)
    for name, value in parse_qsl(split.query, keep_blank_values=True):
        yield from _telling(value)
        yield from (word for word in value.split() if _tells(word))
        yield from _telling(name)


def _telling(piece: str) -> Iterator[str]:
    plain = unquote(piece)
    if _tells(plain):
        yield piece
        yield plain


def _tells(piece: str) -> bool:
    """Whether a piece is more than a word or a small number that anybody may write."""
    return len(piece) >= SHORTEST_PART and not _WORDS.fullmatch(piece)


def _basic(user: str, password: str) -> str:
    from base64 import b64encode

    return b64encode(f"{user}:{password}".encode("utf-8", "surrogatepass")).decode()


def _ways(part: str) -> Iterator[str]:
    """As it is, percent-encoded to any taste, and as a query writes it."""
    yield part
    encoded = quote(part, safe="", errors="replace")
    yield encoded
    yield quote(encoded, safe="")  # an address within an address
    yield quote(part, safe="/", errors="replace")
    yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), encoded)
    yield encoded.replace("%20", "+")
