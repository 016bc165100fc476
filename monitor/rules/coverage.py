"""Whether one search text is found wherever another is: tried on every form of it, not reasoned about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from monitor.language import Term, Word
from monitor.rules.atoms import Atom
from monitor.text.document import Text, read_text
from monitor.text.heads import Heads
from monitor.text.patterns import Phrase
from monitor.text.terms import Pattern

_ARTICLE = "ال"


def always_contains(inner: Atom, outer: Atom) -> bool:
    """Whether every text in which `inner` is found has `outer`, too."""
    text = read_text(inner.text)
    if not any(outer.find(text)):
        return False
    return _is_form(inner, outer, text) or all(any(outer.find(read_text(form))) for form in _forms(inner))


def _is_form(inner: Atom, outer: Atom, text: Text) -> bool:
    """A word written in one of the forms of another (خزانات beside خزان): all that it looks like in news are, too."""
    words = isinstance(inner.item, Term) and isinstance(outer.item, Term | Word) and len(text.tokens) == 1
    return words and any(outer.at(text, 0))


@lru_cache(maxsize=1024)
def _forms(atom: Atom) -> tuple[str, ...]:
    """Everything that the search text may look like in a text, particles apart; as its author wrote it, first."""
    forms = {atom.text: None}
    for pattern in atom.patterns:
        forms |= dict.fromkeys(form for form in _candidates(pattern) if pattern.at(read_text(form), 0) is not None)
    return tuple(forms)


def _candidates(pattern: Pattern) -> Iterator[str]:
    """One word of a phrase at a time in each of its forms, the others in any."""
    slots = pattern.slots if isinstance(pattern, Phrase) else (pattern,)
    words = [sorted({form for head in _listed(slot.heads) for form in (head, _ARTICLE + head)}) for slot in slots]
    if not all(words):
        return
    for at, forms in enumerate(words):
        for form in forms:
            yield " ".join([*(others[0] for others in words[:at]), form, *(others[0] for others in words[at + 1 :])])


def _listed(heads: Heads) -> Iterator[str]:
    """What can be listed of the words with which something can begin."""
    yield from heads.words
    for root, endings, _ in heads.stems:
        yield from (root + ending for ending in endings)
