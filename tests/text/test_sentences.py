from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.text.sentences import sentence_starts
from monitor.text.tokens import Tokens, tokenize

# How it was told before, chunk by chunk between white space.
_TAIL = regex.compile(
    r"(?:(?<!\.)\.(?:\.\.++)?+(?!\.)|[!?؟…۔。！？])[\"'»”’)\]}›〉》」』】）］｝﴾]*+$", regex.V1
)  # fmt: skip
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n|\u2029")

_BITS = [
    "قصف", "د", "دَ", "A", "b c", "3", "٣", "é", "\u064e", "ـ", "\u200f", "\ufe76", ".", ".", "..", "...", "!", "؟", "…",
    "。", " ", " ", "  ", "\n", "\n\n", "\n \n", "\u2029", "\u00a0", "\u0085", "\x1c",
    "»", '"', "”", "’", "'", ")", "]",
    "}", "﴾", "،", "(", "«", "-",
]  # fmt: skip
texts = st.lists(st.sampled_from(_BITS), max_size=12).map("".join)


def _ends(clean: str) -> Iterator[int]:
    yield from (found.start() for found in _PARAGRAPH.finditer(clean))
    words = tokenize(clean)
    for chunk in re.finditer(r"\S+", clean):
        inside = [word for word in words if chunk.start() <= word.start < chunk.end()]
        tail = clean[inside[-1].end : chunk.end()] if inside else chunk.group()
        is_initial = tail == "." and inside and len(inside[-1].folded) == 1
        if chunk.end() < len(clean) and _TAIL.search(tail) and not is_initial:
            yield chunk.end()


def by_chunks(clean: str) -> list[int]:
    words = tokenize(clean)
    starts = {sum(word.start < end for word in words) for end in _ends(clean)}
    return sorted(start for start in starts if 0 < start < len(words))


@given(texts)
@settings(max_examples=500)
@example("د. أحمد دَ. أحمد هـ. علي")
@example("انتهى.﴾ بدأ")
def test_sentences_end_as_they_do_chunk_by_chunk(clean: str) -> None:
    for plain in (True, False):
        places = Tokens(clean, plain=plain).places
        if plain and places != [(word.start, word.end) for word in tokenize(clean)]:
            continue  # it is not plain
        assert [start for start in sentence_starts(clean, places) if start < len(places)] == by_chunks(clean)


_INITIALS = [
    ("قال د. سامر", []),
    ("قال دُ. سامر", []),
    ("قال هـ. سامر", [2]),  # the stretching is no part of the word, so the dot does not follow it
    ("قال د.\u00a0سامر", []),
    ("قال د.. سامر", []),
    ("قال د... سامر", [2]),
    ("قال د.» سامر", [2]),
    ("قال من. سامر", [2]),
    ("قال 3. سامر", []),
    ("د. سامر", []),
]


@pytest.mark.parametrize(("clean", "starts"), _INITIALS)
def test_a_single_letter_with_its_dot_ends_no_sentence(clean: str, starts: list[int]) -> None:
    assert sentence_starts(clean, Tokens(clean, plain=False).places) == starts


@pytest.mark.parametrize("clean", ["", ".", " . . ", "\n\n", "\u2029\u2029", "...قصف", "! قصف"])
def test_what_ends_before_the_first_word_begins_no_sentence(clean: str) -> None:
    assert sentence_starts(clean, Tokens(clean, plain=False).places) == []


def test_starts_are_in_order_and_none_twice() -> None:
    clean = "انتهى.\n\n\u2029! بدأ؟ نعم"
    assert sentence_starts(clean, Tokens(clean, plain=True).places) == [1, 2]


def test_many_dots_are_read_in_one_pass() -> None:
    clean = "." * 200_000 + " قصف" + ". . " * 100_000 + "\n " * 100_000
    assert len(sentence_starts(clean, Tokens(clean, plain=True).places)) == 1
