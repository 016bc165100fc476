"""An entry version, small enough to be compared with many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from monitor.model import Facts, Sketch
from monitor.stories.keys import Within, keys, no_parents
from monitor.stories.marks import marks
from monitor.stories.names import names
from monitor.stories.ornaments import plain_prose, plain_title
from monitor.stories.runs import sample
from monitor.stories.spots import spots
from monitor.stories.wording import digest, hashed, numbered
from monitor.text.document import Document, read_text

# A run of three telling words is what copies share and retellings do not. A long text keeps the runs whose hash ends in
# two zeros: as good as MinHash for finding copies, and cheaper (bench/stories.py). A short one keeps all of its runs.
MANY_RUNS = 64
_MOST_WORDS = 280  # normal words of all fields together; agencies tell what is new first
_BODY_CHARS = 2_400
_MOST_TELLING = 90  # telling words kept


def sketch(document: Document, facts: Facts, *, seen_at: datetime, within: Within = no_parents) -> Sketch:
    """`within` tells what a place lies within, the nearest first, its country last. Without it a town and its quarter
    have no key in common."""
    title = read_text(plain_title(document.title.clean)).words
    prose = _prose(document)
    told_at = document.entry.published_at or seen_at
    telling_title, telling = _telling(title), _telling(prose)
    words = tuple(islice(dict.fromkeys((*telling_title, *telling)), _MOST_TELLING))
    mark = document.fingerprint
    bare = Sketch(
        text=mark.text,
        headline=mark.headline,
        grams=_sampled(_runs([*telling_title, 0, *telling])),
        facts=facts,
        told_at=told_at,
        language=document.language,
        words=words,
        title=min(len(dict.fromkeys(telling_title)), len(words)),
        spots=spots((*title, *prose)),
        names=names(_begins(document), (*title, *prose[:60])),
        marks=marks(title, prose, told_at=told_at),
    )
    return replace(bare, keys=keys(bare, within=within))


def _prose(document: Document) -> tuple[str, ...]:
    """The summary, and the body as far as it tells more: many feeds repeat the one in the other."""
    summary = read_text(plain_prose(document.summary.clean)).words
    if len(summary) >= _MOST_WORDS:
        return summary[:_MOST_WORDS]
    body = read_text(plain_prose(document.body.clean[:_BODY_CHARS])).words
    if body[: len(summary)] == summary or len(set(summary) - set(body)) * 10 < len(summary):
        return body[:_MOST_WORDS]
    return (*summary, *body)[:_MOST_WORDS]


def _begins(document: Document) -> str:
    """The title and how the text begins, as written."""
    prose = document.summary.clean or document.body.clean[:_BODY_CHARS]
    return f"{plain_title(document.title.clean)}. {plain_prose(prose)}"


def _telling(words: Sequence[str]) -> list[int]:
    return [word for word in map(hashed, numbered(words)) if word]


def _runs(words: Sequence[int]) -> frozenset[int]:
    """Hashes of every three words in a row; 0 stands between title and text, so that no run crosses it."""
    return frozenset(
        digest(f"{one} {two} {three}")
        for one, two, three in zip(words, words[1:], words[2:], strict=False)
        if one and two and three
    )


def _sampled(runs: frozenset[int]) -> frozenset[int]:
    return runs if len(runs) <= MANY_RUNS else sample(runs)
