"""What a drawing of numbers shows, for whoever does not see it."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.alerts.words import Language
from monitor.web.words import text


def described(series: Sequence[tuple[str, int]], language: Language) -> str:
    """How many in all, and the most of one label ('' for a line without labels)."""
    total = sum(number for _, number in series)
    if not total:
        return text(language, "plot.nothing")
    label, most = max(series, key=lambda each: each[1])
    if not label:
        return text(language, "plot.most", total=f"{total:,}", most=f"{most:,}")
    return text(language, "plot.most_of", total=f"{total:,}", most=f"{most:,}", label=label)
