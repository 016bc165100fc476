"""Words that share their middle with a search text: حماية beside حماة. The last resort of explain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.language import Name, Plain
from monitor.text.document import Text
from monitor.text.fold import unify_ta
from monitor.text.tokens import Token, tokenize


def look_alikes(item: Plain, text: Text) -> Iterator[tuple[int, int, str]]:
    """The words [first, last) that a reader may take for an item of one Arabic word, and why they are not."""
    words = tokenize(item.text)
    if len(words) != 1 or not "\u0620" <= words[0].folded[:1] <= "\u06ff":
        return
    word = words[0].folded
    for index, token in enumerate(text.tokens):
        reason = _likeness(word, token, item)
        if reason:
            yield index, index + 1, reason


def _likeness(word: str, token: Token, item: Plain) -> str:
    before = token.folded.removesuffix(word)
    if before not in ("", token.folded) and _PARTICLES.fullmatch(before):
        return f"a word of its own, though it looks like {item.text} with particles"
    core = _core(word)
    if len(core) < 3 or core not in {_core(parse.rest) for parse in token.surface.parses}:
        return ""
    if isinstance(item, Name):
        return f"no form of the name {item.text}: particles may stand before a name, nothing behind it"
    return f"no form of {item.text}, but another word"


_PARTICLES = re.compile("[وف]?[بكل]?(?:ال|ل)?")
_ENDINGS = ("ات", "ون", "ين", "ان", "ها", "هم", "يه", "وي", "ي", "ه", "ا")


def _core(folded: str) -> str:
    """A word without article and endings, as careless stemming would have it."""
    word = unify_ta(folded).removeprefix("ال")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
    return word
