"""Where a text names a newsroom, whatever it says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.language import Newsroom
from monitor.lexicon.newsrooms import own_last
from monitor.text.fold import unify_ta
from monitor.text.tokens import Token, tokenize

# What Arabic writes to the word behind it. 'لل' is the article behind ل: للأناضول.
_PARTICLES = ("و", "ف", "ل", "ب", "ك", "ول", "فل", "وب")
_LONGEST = 6  # words of a spelling that anybody prints


@dataclass(frozen=True, slots=True)
class Mention:
    """The words [first, last) name a newsroom. `particle` is written to the first of them.

    `plain`: by a spelling that is it wherever it stands; otherwise by a name that may be an ordinary word.
    """

    newsroom: str
    first: int
    last: int
    plain: bool
    particle: str = ""


@dataclass(frozen=True, slots=True)
class _Spelling:
    words: tuple[str, ...]  # folded
    surface: tuple[str, ...]
    newsroom: str
    plain: bool


class Words:
    """A stretch of a text: its folded words (ة as ه), and what stands between them."""

    def __init__(self, clean: str, tokens: Sequence[Token]) -> None:
        self.folded = tuple(unify_ta(token.folded) for token in tokens)
        self.surface = tuple(token.surface.word for token in tokens)
        ends = [0, *(token.end for token in tokens)]
        starts = [*(token.start for token in tokens), len(clean)]
        self._gaps = tuple(clean[end:start] for end, start in zip(ends, starts, strict=True))

    def __len__(self) -> int:
        return len(self.folded)

    def before(self, word: int) -> str:
        """What stands between a word and the one before, or the beginning of the text."""
        return self._gaps[word]

    def after(self, last: int) -> str:
        """What stands behind the words up to `last`, which is not among them."""
        return self._gaps[last]


class Spellings:
    """Finds newsrooms by their credits and names. A credit beats a name; what the operator wrote, what is shipped."""

    def __init__(self, newsrooms: Iterable[Newsroom]) -> None:
        known: dict[tuple[str, ...], _Spelling] = {}
        for newsroom in own_last(newsrooms):
            for spelling in _spellings(newsroom):
                if spelling.words and (spelling.plain or not _is_plain(known.get(spelling.words))):
                    known[spelling.words] = spelling
        self._by_first: dict[str, list[_Spelling]] = {}
        for words in sorted(known, key=lambda words: (-len(words), words)):
            self._by_first.setdefault(words[0], []).append(known[words])

    def mentions(self, words: Words) -> Iterator[Mention]:
        """In order; none within another."""
        at = 0
        while at < len(words):
            found = self._at(words, at)
            if found:
                yield found
            at = found.last if found else at + 1

    def whole(self, text: str) -> str | None:
        """The newsroom that all of a text names, or None."""
        words = Words(text, tokenize(text)[: _LONGEST + 1])
        found = self._at(words, 0) if words else None
        return found.newsroom if found and found.last == len(words) and not found.particle else None

    def _at(self, words: Words, at: int) -> Mention | None:
        for particle, rest in _readings(words.folded[at]):
            for spelling in self._by_first.get(rest, ()):
                if _stands(spelling, words, at):
                    last = at + len(spelling.words)
                    return Mention(spelling.newsroom, at, last, spelling.plain, particle)
        return None


def _is_plain(known: _Spelling | None) -> bool:
    return known is not None and known.plain


def _spellings(newsroom: Newsroom) -> Iterator[_Spelling]:
    """The full name of an agency means it wherever it stands, as a credit does: «وكالة الوادي»."""
    for plain, texts in ((True, newsroom.credits), (False, newsroom.name.values())):
        for text in texts:
            tokens = tokenize(text)
            words = tuple(unify_ta(token.folded) for token in tokens)
            means_it = plain or (newsroom.agency and len(words) > 1)
            yield _Spelling(words, tuple(token.surface.word for token in tokens), newsroom.id, means_it)


def _readings(word: str) -> Iterator[tuple[str, str]]:
    """The word itself, and what is left of it without each particle that it may begin with."""
    yield "", word
    for particle in _PARTICLES:
        if word.startswith(particle) and len(word) > len(particle) + 1:
            yield particle, word[len(particle) :]
    for particle in ("لل", "ولل"):
        if word.startswith(particle):
            yield particle[:-1], "ال" + word[len(particle) :]


def _stands(spelling: _Spelling, words: Words, at: int) -> bool:
    last = at + len(spelling.words)
    return (
        words.folded[at + 1 : last] == spelling.words[1:]
        and all(map(_cased, words.surface[at:last], spelling.surface))
        and not any(_ends_sentence(words.before(word)) for word in range(at + 1, last))
    )


def _cased(found: str, wanted: str) -> bool:
    """A Latin word has the capitals of its spelling: SANA is an agency, Sana a name."""
    if len(wanted) > 1 and wanted.isupper():
        return found.isupper()
    return found[:1].isupper() or not wanted[:1].isupper()


def _ends_sentence(gap: str) -> bool:
    return "\n" in gap or any(sign in gap for sign in "!؟?:;؛()،,")
