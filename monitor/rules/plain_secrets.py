"""What looks like a secret in the text of a file, comments and all. Pure.

Reading a file refuses a secret where one is expected, in addresses and headers. This looks everywhere, so it only
warns, and only of what is hardly ever anything else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from monitor.errors import Problem
from monitor.rules.masking import looks_like_token, mask, printable
from monitor.rules.secrets import has_secret

SHORTEST: Final = 8  # characters of a value that is looked for: shorter ones stand in texts by chance
_ADDRESS: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://[^\s\"'<>،]+")
_SETTING: Final = re.compile(
    r"""(?ix)(?<![\w-])["']?[\w-]*(?:authorization|cookie|token|secret|passw(?:or)?d|api[_-]?key)["']?\s*[:=]\s*
        ["']?(?:(?:bearer|basic|token)\s+)?([^\s"'#,{}\[\]]{8,})"""
)
# As those who give them out write them: the bots of Telegram, Slack, GitHub, AWS, Stripe; keys in PEM.
_KNOWN: Final = re.compile(
    r"\b\d{8,10}:[A-Za-z0-9_-]{35}\b|\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bgh[opsur]_[A-Za-z0-9]{36}|\bAKIA[A-Z0-9]{16}\b"
    r"|\b[rs]k_live_[A-Za-z0-9]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)


def plain_secrets(text: str, file: str, values: Collection[str] = ()) -> Iterator[Problem]:
    """A warning for each line. `values`: texts that are secrets, those of the environment."""
    sought = [value for value in values if len(value) >= SHORTEST]
    for number, line in enumerate(text.splitlines(), 1):
        at = min(_found(line, sought), default=None)
        if at is not None:
            yield Problem(
                file=file,
                line=number,
                column=at + 1,
                level="warning",
                code="R309",
                what="what stands here looks like a secret, and everybody who may read the database can read it",
                remedy="put it into an environment variable or a file, write ${NAME} or ${file:/path}, and change it",
                source=_shown(line.strip(), sought),
            )


def _found(line: str, values: Collection[str]) -> Iterator[int]:
    """Where one begins."""
    yield from (line.index(value) for value in values if value in line)
    yield from (found.start() for found in _KNOWN.finditer(line))
    yield from (found.start() for found in _ADDRESS.finditer(line) if has_secret(found[0]))
    for found in _SETTING.finditer(line):
        if "${" not in found[0] and "://" not in found[1] and looks_like_token(found[1].ljust(20, "x")):
            yield found.start(1)


def _shown(line: str, values: Collection[str]) -> str:
    for value in sorted(values, key=len, reverse=True):
        line = line.replace(value, "***")
    return printable(mask(_KNOWN.sub("***", line)))
