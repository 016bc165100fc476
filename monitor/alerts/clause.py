"""What a span says it was found for."""

from __future__ import annotations

import re

_TOLL = re.compile(r"(killed|wounded) (>=|<=|[<>=])\d+")


def is_toll(clause: str) -> bool:
    """'killed >=5': a condition on numbers, and no search text that begins so."""
    return _TOLL.fullmatch(clause) is not None
