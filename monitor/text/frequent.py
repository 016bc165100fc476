"""How often the words of Arabic news are met."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def frequent_words() -> Mapping[str, float]:
    """Folded words with ة as ه, by the share of articles that have them, 0 to 1. Every word of 1 article in 200.

    Counted by us over 24,203 articles of three newsrooms of 2018; see NOTICE.
    """
    text = (files("monitor.text") / "frequent.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {word: int(share) / 1000 for share, words in lines for word in words.split()}
