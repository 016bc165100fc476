"""A query cut into words, quotes, signs and operators, each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from monitor.rules.problems import did_you_mean, shown
from monitor.rules.values import MAX_NEAR, plain_words

Kind = Literal["word", "quoted", "prefix", "(", ")", "AND", "OR", "NOT", "NEAR", "ONEAR"]

FIELDS = ("title", "summary", "body")
NAMES = ("place", "group", "event", "name")
LIKE = "(قصف OR تدمير) NEAR/8 جسر NOT title:رياضة"  # shown where an example helps

_CLOSING: Mapping[str, str] = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_WORD = re.compile(r"[^\s()\"“”„«»]+")
_PREFIX = re.compile(r"([^\W\d_]+):")
_NEAR = re.compile(r"(O?NEAR)/(\d+)")
_OTHER_NEAR = re.compile(r"O?NEAR\W?\d*|(?i:O?NEAR)[/~]\S*|(?:W|N|WITHIN|ADJ|PRE)/\d+|ADJ\d+")
_ORDERED = re.compile("ONEAR|PRE|ADJ")
_COMMA = re.compile(r"[،؛,;](?!(?<=\d.)\d)")  # a number may have one inside
_SIGNS: Mapping[str, str] = {
    "&": "AND", "&&": "AND", "+": "AND", "و": "AND", "|": "OR", "||": "OR", "أو": "OR", "او": "OR", "!": "NOT",
    "-": "NOT", "ANDNOT": "NOT", "XOR": "OR",
}  # fmt: skip
_FIELD_HABITS: Mapping[str, str] = {
    "headline": "title", "intitle": "title", "عنوان": "title", "العنوان": "title", "description": "summary",
    "lead": "summary", "ملخص": "summary", "text": "body", "content": "body", "article": "body", "نص": "body",
    "location": "place", "city": "place", "مكان": "place", "مجموعة": "group", "حدث": "event", "in": "title",
}  # fmt: skip


class Piece(NamedTuple):
    """`text` is a word, what stands in quotes, the name of a prefix, or the operator; `start` is an offset of the
    query, `number` the distance of NEAR and ONEAR."""

    kind: Kind
    text: str
    start: int
    number: int = 0


class Mistake(Exception):
    """What is wrong at which offset of the query, and what to do."""

    def __init__(self, start: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.start, self.what, self.remedy = start, what, remedy


def pieces(query: str) -> Iterator[Piece]:
    """In order. Raises `Mistake` at the first thing that is no part of a query."""
    at = 0
    while at < len(query):
        char = query[at]
        if char.isspace():
            at += 1
        elif char in "()":
            yield Piece("(" if char == "(" else ")", char, at)
            at += 1
        elif char in _CLOSING:
            end = _closing(query, at)
            yield Piece("quoted", query[at + 1 : end], at)
            at = end + 1
        elif char in "”»":
            raise Mistake(at, f"{char} closes a quotation that nothing opens", 'put straight quotes around it: "…"')
        else:
            piece, at = _word(query, at)
            yield piece


def _closing(query: str, start: int) -> int:
    ends = [end for sign in _CLOSING[query[start]] if (end := query.find(sign, start + 1)) >= 0]
    if not ends:
        raise Mistake(start, "this quotation is never closed", 'close it with the same sign: "…"')
    behind = query[min(ends) + 1 :]
    if re.match(r"~\d", behind):
        raise Mistake(min(ends) + 1, "'~' is no distance here", "write it between two words: first NEAR/5 second")
    return min(ends)


def _word(query: str, start: int) -> tuple[Piece, int]:
    prefix = _PREFIX.match(query, start)
    if prefix:
        return Piece("prefix", _prefix(prefix[1], start), start), prefix.end()
    found = _WORD.match(query, start)
    assert found is not None, "white space, parentheses and quotes are taken before"
    word = found[0]
    return _operator(word, start) or Piece("word", _plain(word, start), start), found.end()


def _prefix(name: str, start: int) -> str:
    if name in FIELDS or name in NAMES:
        return name
    known = (*FIELDS, *NAMES)
    habit = _FIELD_HABITS.get(plain_words(name))
    meant = f"did you mean '{habit}'?" if habit else did_you_mean(name, known)
    remedy = meant or f"there are {', '.join(f'{each}:' for each in known)}; a ':' that is meant itself needs quotes"
    raise Mistake(start, f"'{shown(name)}:' is no part of an entry and no kind of name", remedy)


def _operator(word: str, start: int) -> Piece | None:
    if word in ("AND", "OR", "NOT"):
        return Piece(word, word, start)  # type: ignore[arg-type]  # mypy does not narrow a text by `in`
    near = _NEAR.fullmatch(word)
    if near:
        if int(near[2]) > MAX_NEAR:
            raise Mistake(start, f"'{shown(word)}' is too far", f"at most {MAX_NEAR} words; 8 to 15 are usual")
        return Piece("ONEAR" if near[1] == "ONEAR" else "NEAR", word, start, int(near[2]))
    if _OTHER_NEAR.fullmatch(word):
        name = "ONEAR" if _ORDERED.match(word.upper()) else "NEAR"
        number = re.search(r"\d+", word)
        what = f"'{shown(word)}' {'is no distance here' if number else 'does not say how many words'}"
        raise Mistake(start, what, f"write {name}/{number[0] if number else 8}: at most so many words between")
    return None


def _plain(word: str, start: int) -> str:
    if "${" in word:
        raise Mistake(start, "${…} is filled in under 'feeds' and 'channels' only", "write the word itself")
    if word in _SIGNS:
        raise Mistake(start, f"'{word}' is searched for as it stands", f"write {_SIGNS[word]}")
    if (comma := _COMMA.search(word)) is not None:
        raise Mistake(start + comma.start(), f"'{comma[0]}' joins nothing here", "write OR or AND between the words")
    if word[0] in "-+!" and len(word) > 1:
        meant = f"NOT {word[1:]}" if word[0] in "-!" else f"AND {word[1:]}"
        raise Mistake(start, f"'{word[0]}' before a word means nothing here", f"write {shown(meant)}")
    if "*" in word[:-1] or word == "*":
        raise Mistake(
            start, "'*' stands for any ending, at the end of a word", "write the beginning of the word: begin*"
        )
    if "?" in word or "؟" in word or "~" in word:
        sign = next(sign for sign in "?؟~" if sign in word)
        raise Mistake(start, f"'{sign}' is no wildcard here", "plain words find their forms by themselves; remove it")
    return word
