"""Does this Python's expat hold what hostile feeds do to it? Tried in a process that may die of it."""

from __future__ import annotations

import contextlib
import resource
import time
from typing import Final
from xml.parsers import expat

DEEP: Final = 100_000  # entities, each within the last: CVE-2024-8176 ends the process from about 20,000
SHORT, LONG = 1 << 17, 1 << 20  # bytes of one token: CVE-2023-52425 reads it again from its beginning at each piece
PIECE: Final = 1024
SLOW: Final = 3  # the exit code
# Eight times the token takes eight times as long, or up to sixty-four times.
MOST_TIMES: Final = 24.0
_CPU_SECONDS: Final = 20


def main(kind: str) -> None:
    """Ends with 0 if expat holds, with SLOW, or by the signal that it dies of."""
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if kind == "deep":
        deep()
    elif big():
        raise SystemExit(SLOW)


def deep() -> None:
    """A chain of entities, as CVE-2024-8176 has it."""
    chain = "".join(f'<!ENTITY e{n} "&e{n + 1};">' for n in range(DEEP))
    document = f'<!DOCTYPE x [{chain}<!ENTITY e{DEEP} "x">]><x>&e0;</x>'
    with contextlib.suppress(expat.ExpatError):  # refused: that is well
        expat.ParserCreate().Parse(document, True)


def big() -> bool:
    """Whether a long token that comes in pieces takes far more than its length."""
    _seconds(SHORT)
    return _seconds(LONG) > MOST_TIMES * max(_seconds(SHORT), 0.0005)


def _seconds(size: int) -> float:
    parser = expat.ParserCreate()
    begun = time.process_time()
    parser.Parse(b"<x a='", False)
    for _ in range(size // PIECE):
        parser.Parse(b"y" * PIECE, False)
    parser.Parse(b"'/>", True)
    return time.process_time() - begun
