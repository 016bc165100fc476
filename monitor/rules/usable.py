"""What an address or a header may look like once its `${…}` are filled in. Pure, and quick to import: a check that
knows its rules files from last time asks nothing else of them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

FEED_SCHEMES = ("http", "https")
PROXY_SCHEMES = ("http", "socks5", "socks5h")

_UNSAFE = re.compile(r"[\x00-\x20\x7f\\<>\"^`{|}]")
_APPRISE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S")
SHORTEST_KEY = 16  # characters; what is shorter can be guessed
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def unusable(url: str, schemes: tuple[str, ...]) -> str:
    """Why an address cannot be used, without a word of it; '' when it can."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return "its host or port is wrong"
    if _UNSAFE.search(url):
        return "a space or a sign stands in it that no address has"
    if parts.scheme not in schemes:
        return f"it does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    return "" if host else "it has no host"


def is_notification_address(url: str) -> bool:
    return bool(_APPRISE.match(url)) and not _CONTROL.search(url)


def is_header_value(value: str) -> bool:
    """One line of ASCII."""
    return value.isascii() and not _CONTROL.search(value)


def is_key(value: str) -> bool:
    """Whether messages may be signed with it."""
    return len(value) >= SHORTEST_KEY


CHECKS = {
    "feed": lambda value: not unusable(value, FEED_SCHEMES),
    "proxy": lambda value: not unusable(value, PROXY_SCHEMES),
    "channel": is_notification_address,
    "header": is_header_value,
    "key": is_key,
}
"""Whether a filled-in value may stand where it does."""
