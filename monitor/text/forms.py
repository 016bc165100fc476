"""The forms of a word: stems with their endings, folded, and how each is made up."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from monitor.text.fold import fold_letters, fold_spelled


@dataclass(frozen=True, slots=True)
class Endings:
    """What replaces the last `strip` letters, without the article and behind it."""

    strip: int
    bare: tuple[str, ...]
    definite: tuple[str, ...]


class Stem(NamedTuple):
    """Forms that begin alike. `root` is what they begin with, folded; `bare` and `definite` (behind the article) are
    what may follow it, folded, each with the ending as it is spelled.

    `written` is the word that they are forms of, `cut` how many of its letters the root has. `never`: the letters that
    no token has at this beginning: إ for plurals like أنفاق (tunnels) beside إنفاق (spending), أ for إمام beside أمام.
    """

    root: str
    bare: Mapping[str, str]
    definite: Mapping[str, str]
    written: str
    cut: int
    never: str = ""

    def how(self, ending: str) -> str:
        """How the form with this spelled ending is made up: اشتباك+ات, or the word itself."""
        root = self.written[: self.cut]
        return self.written if root + ending == self.written else f"{root}+{ending}"


@dataclass(frozen=True, slots=True)
class Forms:
    """Every folded form of one word, as stems with their endings. An earlier stem is the better explanation."""

    stems: tuple[Stem, ...] = ()

    def __or__(self, other: Forms) -> Forms:
        return Forms((*self.stems, *(stem for stem in other.stems if stem not in self.stems)))

    def behind_article(self) -> Forms:
        return Forms(tuple(stem._replace(bare={}) for stem in self.stems))

    def without(self, unwanted: Callable[[str], bool]) -> Forms:
        """Without the folded forms that are not wanted."""
        return Forms(tuple(_some_of(stem, _wanted(stem, unwanted)) for stem in self.stems))

    def told_apart(self, never: Callable[[str], str]) -> Forms:
        """Each folded form with the letters that a token never has at its beginning; '' if it may have any."""
        return Forms(tuple(part for stem in self.stems for part in _parts(stem, never)))

    def readings(self, form: str, *, definite: bool) -> Iterator[tuple[Stem, str]]:
        """Every way in which a folded form is one of these: the stem, and the ending as it is spelled."""
        for stem in self.stems:
            if form.startswith(stem.root):
                ending = (stem.definite if definite else stem.bare).get(form[len(stem.root) :])
                if ending is not None:
                    yield stem, ending

    @property
    def bare(self) -> dict[str, str]:
        """Every form without the article, with how it is made up. Made anew each time: for showing and for tests."""
        return self._listed("bare")

    @property
    def definite(self) -> dict[str, str]:
        return self._listed("definite")

    def _listed(self, side: Literal["bare", "definite"]) -> dict[str, str]:
        listed: dict[str, str] = {}
        for stem in self.stems:
            for folded, ending in getattr(stem, side).items():
                listed.setdefault(stem.root + folded, stem.how(ending))
        return listed


def expand(written: str, endings: Endings) -> Forms:
    cut = len(written) - endings.strip
    root, alone = fold_letters(written[:cut]), fold_spelled(written[:cut])
    if alone == root:
        return Forms((Stem(root, _table(endings.bare), _table(endings.definite), written, cut),))
    # شيء is folded شء, but شيئا keeps its letters.
    longer = Stem(root, _table(_some(endings.bare)), _table(_some(endings.definite)), written, cut)
    bare, definite = ({"": ""} if "" in side else {} for side in (endings.bare, endings.definite))
    return Forms((longer, Stem(alone, bare, definite, written, cut)))


def _some(endings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, endings))


@cache
def _table(endings: tuple[str, ...]) -> Mapping[str, str]:
    """One table for all words that take these endings."""
    return {fold_letters(ending): ending for ending in reversed(endings)}


def _wanted(stem: Stem, unwanted: Callable[[str], bool]) -> set[str]:
    return {ending for ending in (*stem.bare, *stem.definite) if not unwanted(stem.root + ending)}


def _parts(stem: Stem, never: Callable[[str], str]) -> Iterator[Stem]:
    letters = {ending: never(stem.root + ending) for ending in (*stem.bare, *stem.definite)}
    for those in dict.fromkeys(letters.values()):
        yield _some_of(stem, {ending for ending, never in letters.items() if never == those})._replace(never=those)


def _some_of(stem: Stem, wanted: Container[str]) -> Stem:
    """The stem with these endings, as folded, or itself, so that tables stay shared."""
    bare, definite = (
        {folded: ending for folded, ending in side.items() if folded in wanted} for side in (stem.bare, stem.definite)
    )
    unchanged = len(bare) == len(stem.bare) and len(definite) == len(stem.definite)
    return stem if unchanged else stem._replace(bare=bare, definite=definite)
