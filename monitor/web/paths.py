"""Where to go on from here, as a form or a link brings it back: never away from our pages."""

from __future__ import annotations

import re
from typing import Final

# Browsers take '//' and '/\\' for another host, read '\\' as '/' everywhere, and drop tabs and line ends.
_OWN: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own(written: object) -> str:
    """A path of ours, with its query; the first page for anything else."""
    return written if isinstance(written, str) and _OWN.fullmatch(written) else "/"
