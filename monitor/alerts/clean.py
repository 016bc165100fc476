"""Text from a feed made fit for a message: a plain line that commands no terminal and no chat service."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from monitor.alerts.words import FSI, PDI, Language

WORD_JOINER = "\u2060"  # invisible, zero width, and enough for no service to see a mention or a link

# Bidirectional controls (UAX #9): a feed could show a reader words in an order that it was not written in. With them
# goes what is invisible and says nothing; U+200C and U+200D stay, Persian and emoji are spelt with them.
_INVISIBLE = frozenset("\u00ad\u061c\u180e\u200b\u200e\u200f\ufeff") | {
    chr(code)
    for code in (*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))
}

# '@everyone', '<!channel>', '<@U12>', '<users/all>', '<https://evil|trusted>', and the joint of '[text](address)'.
_LIVE = re.compile(r"@(?=\S)|<(?=[!@#/\w])|\](?=\()")

# 'https://evil.example', 'evil.example', '/start' and '#topic' of Telegram, ':smile:'. A time like 14:05:06 is none.
_FOLLOWED = re.compile(r":(?=/)|(?<=[^\W_])\.(?=[^\W\d_]{2})|(?<![\w/])/(?=[A-Za-z])|#(?=\w)|:(?=[a-z][\w+-]*:)")

_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")

# What may not stand in an address as it is (RFC 3986): an IRI's letters may, and clients link them.
_NOT_IN_LINKS = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\"<>\\^`{|}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_MENTION_IN_LINK = re.compile(r"@(?=everyone|here|channel|all\b)", re.IGNORECASE)
LONGEST_LINK = 2000  # characters; no newsroom's is longer, and some clients cut there


def one_line(text: str) -> str:
    """Plain text as a single line: no control character, no bidirectional control, no half of a pair, no mention."""
    return defuse(flat(text))


def flat(text: str) -> str:
    """As `one_line`, with what chat services would obey still in it."""
    if text.isprintable() and _INVISIBLE.isdisjoint(text):  # nearly every one, and hundreds of a page
        return " ".join(text.split())
    kept = "".join(" " if _breaks(char) else char for char in text if char not in _INVISIBLE)
    return " ".join(kept.split())


def _breaks(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def dead(text: str) -> str:
    """A line of a feed in which no program finds an address to follow, a command, a topic or a drawn face either."""
    return _FOLLOWED.sub(lambda live: live[0] + WORD_JOINER, text)


def name(text: str) -> str:
    """One harmless line of a name that others chose. A feed may be called by its host, which stays as it is."""
    line = one_line(text)
    return line if _HOST.fullmatch(line) else dead(line)


def joints(text: str) -> tuple[int, ...]:
    """Where `defuse`, then `dead` break a text, each as a position in it; sorted, none twice."""
    return tuple(sorted({live.end() for pattern in (_LIVE, _FOLLOWED) for live in pattern.finditer(text)}))


def defuse(text: str) -> str:
    """Break what a chat service would take for a mention, a command or a link with a hidden target."""
    return _LIVE.sub(lambda live: live[0] + WORD_JOINER, text)


def safe_link(link: str | None) -> str:
    """The bare address, working as published but unable to break out of its line; '' if there is none to show."""
    link = re.sub(r"[\t\r\n]", "", (link or "").strip())  # which browsers pass over, wherever they stand
    if len(link) > LONGEST_LINK or _scheme(link) not in ("http", "https"):
        return ""
    escaped = _NOT_IN_LINKS.sub(lambda bad: quote(bad[0], errors="replace"), link)
    return _MENTION_IN_LINK.sub("%40", escaped)


def _scheme(link: str) -> str:
    try:
        return urlsplit(link).scheme.lower()
    except ValueError:  # '[' without ']' where a host should be
        return ""


def host_of(link: str) -> str:
    """The host that a link leads to, without 'www.'; '' if it has none."""
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return ""
    return one_line(host.removeprefix("www."))


def direction(text: str) -> Language | None:
    """Which way the text runs by its first strong character (UAX #9, rule P2); None if it has none."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "ar"
        if kind == "L":
            return "en"
    return None


def within(language: Language, text: str) -> str:
    """The text for use in a line of this language: isolated where it runs, or begins, the other way."""
    return text if direction(text) == language else f"{FSI}{text}{PDI}"
