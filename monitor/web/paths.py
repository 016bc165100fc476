"""Where to go on from here, as a form or a link brings it back: never away from our pages."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

# Browsers take '//' and '/\\' for another host, read '\\' as '/' everywhere, and drop tabs and line ends.
_OWN: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own(written: object) -> str:
    """A path of ours, with its query; the first page for anything else."""
    return written if isinstance(written, str) and _OWN.fullmatch(written) else "/"


def within(address: str, *, host: str, below: str) -> str:
    """The path of ours that a whole address on `host` names, without the path that our pages are below; the first page
    for anything else."""
    try:
        named = urlsplit(address)
    except ValueError:
        return "/"
    if named.netloc != host or not named.path.startswith(f"{below}/"):
        return "/"
    return own(named.path.removeprefix(below) + (f"?{named.query}" if named.query else ""))
