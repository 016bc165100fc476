"""The console as a channel: a block of text for each message."""

from __future__ import annotations

import sys
import threading
import unicodedata
from typing import TextIO

from monitor.alerts.render import Message


class Console:
    """Prints whole messages, one after the other, also from many threads."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """Without a stream: to what `sys.stdout` is when a message comes."""
        self._stream = stream
        self._turn = threading.Lock()

    def print(self, message: Message) -> None:
        """Raises OSError or ValueError if nobody reads any more."""
        stream = sys.stdout if self._stream is None else self._stream
        lines = [line for line in (message.title, *message.body.split("\n")) if line]
        block = "\n".join(harmless(line) for line in lines) + "\n\n"
        encoding = stream.encoding or "utf-8"
        with self._turn:
            stream.write(block.encode(encoding, "replace").decode(encoding))
            stream.flush()


def harmless(line: str) -> str:
    """Without anything that a terminal obeys: escapes and other controls, C0 and C1 (ECMA-48)."""
    return "".join(char for char in line if unicodedata.category(char) not in ("Cc", "Cs"))
