"""What a check remembers of its rules files as plain data, and whether that still holds.

It holds while every file is as it was, every `${…}` has a value if it had one and none if it had none, and each address
that is made of them can be used. Whatever else: None, and the files are read as if nothing were remembered, which tells
what is wrong. Imports no more than it needs; `recall` makes a `Config` of it.
"""

from __future__ import annotations

import marshal
import os

from monitor.compiled import Shelf, key_of
from monitor.regular import digest_of, secret_in

TYPE_CHECKING = False  # that of `typing` would cost its import
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

NAME = "rules"

# The keys of the data:
#   files       (path, SHA-256) of each that was read
#   references  (in a file, name, folder of the rules file, has a value) of each ${…}
#   filled      (kind, pieces) of each text with a ${…} in it: a piece is a text, or the number of a reference
#   feed_ids    of all feeds, as JSON
#   reading     of those whose articles are read, as JSON
#   shown       the warnings, as they are printed
#   schema      version of the database that the code knows
#   is_never_idle   each check has something to do: a sign of life to send, or a daily test perhaps
#   config      what `recall` makes a Config of


class Remembered:
    """`filled` are the texts that hold secrets, in the order of the data."""

    def __init__(self, data: dict[str, Any], filled: tuple[str, ...]) -> None:
        self.data, self.filled = data, filled


def key(main: str) -> bytes:
    """`main` is the rules file as it was named: messages name it so."""
    return key_of("rules", main)


def load(shelf: Shelf, main: str, environ: Mapping[str, str]) -> Remembered | None:
    raw = shelf.load(NAME, key(main))
    if raw is None:
        return None
    data = marshal.loads(raw)  # noqa: S302 - the shelf's own: see `compiled`
    try:
        filled = _holds(data, environ)
    except (OSError, ValueError):  # a file with a secret that cannot be read
        return None
    return None if filled is None else Remembered(data, filled)


def _holds(data: dict[str, Any], environ: Mapping[str, str]) -> tuple[str, ...] | None:
    if any(digest_of(path) != digest for path, digest in data["files"]):
        return None
    values = []
    for in_file, name, folder, had_value in data["references"]:
        values.append(_value(in_file, name, folder, environ))
        if (values[-1] is not None) is not had_value:
            return None
    filled = tuple(_fill(pieces, values) for _, pieces in data["filled"])
    return filled if _are_usable([kind for kind, _ in data["filled"]], filled) else None


def save(shelf: Shelf, main: str, data: dict[str, Any]) -> None:
    """Nothing is saved if there is a value among the data that marshal does not know."""
    try:
        raw = marshal.dumps(data)
    except ValueError:
        return
    shelf.save(NAME, key(main), raw)


def _value(in_file: bool, name: str, folder: str, environ: Mapping[str, str]) -> str | None:
    """What a reference stands for, as `config` looks it up."""
    if not in_file:
        return environ.get(name, "").strip() or None
    return secret_in(os.path.join(folder, os.path.expanduser(name)))  # noqa: PTH111, PTH118


def _fill(pieces: Sequence[str | int], values: Sequence[str | None]) -> str:
    return "".join([piece if isinstance(piece, str) else values[piece] or "" for piece in pieces])


def _are_usable(kinds: Sequence[str], filled: Sequence[str]) -> bool:
    if not filled:
        return True
    from monitor.rules.usable import CHECKS  # takes a moment, and only `${…}` need it

    return all(CHECKS[kind](text) for kind, text in zip(kinds, filled, strict=True))
