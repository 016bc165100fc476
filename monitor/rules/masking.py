"""Keeping secrets and invisible characters out of everything that is shown. Pure; text in, text out.

Errs on the safe side: a harmless address masked costs a reader a moment, a token shown costs a channel.
"""

from __future__ import annotations

import re
import unicodedata

# `scheme://` and whatever follows it. Credentials may stand anywhere in an Apprise address, also as the host.
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://([^\s\"'<>،]*)")
_REFERENCES_ONLY = re.compile(r"(?:\$\{[^}]*\})+")
_PLAIN_HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?::\d{1,5})?")

_SENSITIVE_KEY = re.compile(
    r"""(?ix) ( (?<![\w-]) [\w-]*
        (?: authorization | cookie | token | secret | passw(?:or)?d | api[_-]?key | proxy ) [\w-]*
        ["']? \s* [:=] \s*) (?! \s* \$\{) (\S.*)"""
)
# What tokens look like: long, letters and digits mixed. Ids that people make are small words joined by signs.
_RUN = re.compile(r"[\w$+/=:.-]{20,}")
_WORDY = re.compile(r"[a-z]+(?:[-_.](?:[a-z]{1,16}|[0-9]{1,4}))+")

MASK = "***"
LONGEST = 2000  # of what is masked piece by piece; longer is not shown at all


def mask(text: str) -> str:
    """The text without its secrets: addresses keep their scheme (and a public web host), tokens nothing."""
    if len(text) > LONGEST:
        return f"({len(text):,} characters)"
    text = _ADDRESS.sub(_mask_address, text)
    text = _SENSITIVE_KEY.sub(lambda found: found[1] + MASK, text)
    return _RUN.sub(lambda found: MASK if looks_like_token(found[0]) else found[0], text)


def looks_like_token(run: str) -> bool:
    """Whether a single word looks made by a machine to be kept secret."""
    if len(run) < 20 or _WORDY.fullmatch(run):
        return False
    return any("0" <= char <= "9" for char in run) and any("A" <= char <= "Z" or "a" <= char <= "z" for char in run)


def _mask_address(found: re.Match[str]) -> str:
    scheme, rest = found[1], found[2]
    if _REFERENCES_ONLY.fullmatch(rest):
        return found[0]
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if scheme.lower() in ("http", "https") and _PLAIN_HOST.fullmatch(host):
        return f"{scheme}://{host}" + ("" if rest == host else f"/{MASK}")
    return f"{scheme}://{MASK}"


def printable(text: str) -> str:
    """The text with every control, invisible and bidirectional character spelled out as its code point."""
    return "".join(_spelled(char) for char in text)


def _spelled(char: str) -> str:
    if char == "\t":
        return "<tab>"
    # ZWNJ and ZWJ belong to Persian and Kurdish words.
    if char in "\u200c\u200d" or char.isprintable() or char == " ":
        return char
    return f"<U+{ord(char):04X}>" if unicodedata.category(char) != "Zs" else f"<{code_point(char)}>"


def code_point(char: str) -> str:
    """`U+200F RIGHT-TO-LEFT MARK`."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'CONTROL')}".strip()
