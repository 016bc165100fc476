"""What is said between the monitor and a process that reads what strangers wrote."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

REQUEST: Final = struct.Struct("!II")  # bytes of the header, then of the body
REPLY: Final = struct.Struct("!I")

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Nonsense(ValueError):
    """A reply that no process of ours gives."""


@dataclass(frozen=True, kw_only=True)
class Speech(Generic[Question, Answer]):
    """`child` is the module that the process runs, `needs` the library without which it cannot. `pack` gives the pieces
    of a request; `unpack` reads the reply to it, of at most `largest` bytes, and raises `Nonsense`: whoever wrote the
    document may have taken the process over."""

    child: str
    needs: str
    pack: Callable[[Question], Sequence[bytes]]
    unpack: Callable[[bytearray, Question], Answer]
    largest: int
