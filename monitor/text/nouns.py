"""The shipped table of news nouns: broken plurals, and what their letters do not tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from monitor.text.fold import fold, spell


@dataclass(frozen=True, slots=True)
class NounEntry:
    """`plurals` are broken ones, spelled with their hamza; `feminine`: the word also takes ة and ات (persons).

    `masculine`: a person all the same, but with ة it would be another word (مستوطنة is a settlement, no settler).
    `defective`: its final ي is dropped when nothing stands before or behind it (قاض, القاضي).
    `below`: with أ for its إ it would be another word (أمام, in front of, is no إمام).
    `owned`: with ي it is two of them in construct, or mine (جسري الفرات), for nobody makes an adjective of it.
    `other`: nothing else is known of it than that it is no form of another noun (عدوان is no two enemies).
    `never` are words side by side that are another one (معبراً عن, expressing), without particles.
    """

    plurals: tuple[str, ...] = ()
    feminine: bool = False
    masculine: bool = False
    defective: bool = False
    below: bool = False
    owned: bool = False
    other: bool = False
    never: tuple[str, ...] = ()


_UNKNOWN = NounEntry()


def noun_entry(word: str) -> NounEntry:
    """What the table knows of a singular, however it is spelled."""
    entry = _table().get(fold(word), _UNKNOWN)
    return _UNKNOWN if entry.below and spell(word).startswith("أ") else entry


def is_broken_plural(word: str) -> bool:
    """Whether this is, as written, a plural of the table and no singular of it."""
    return fold(word) in _plurals() and noun_entry(word) is _UNKNOWN


def is_another_noun(folded: str, entry: NounEntry) -> bool:
    """Whether this is a noun of the table with an entry of its own: عدوان, aggression, is no two enemies."""
    return _table().get(folded, entry) is not entry


def singular_of(plural: str) -> str:
    """The first noun of the table with this broken plural, however it is spelled; '' for none."""
    folded = fold(plural)
    return next((noun for noun, entry in _rows() if folded in map(fold, entry.plurals)), "")


@cache
def _table() -> dict[str, NounEntry]:
    rows = dict(_rows())
    short = {fold(noun[:-1]): entry for noun, entry in rows.items() if entry.defective}
    return short | {fold(noun): entry for noun, entry in rows.items()}


@cache
def _plurals() -> frozenset[str]:
    return frozenset(fold(plural) for _, entry in _rows() for plural in entry.plurals)


def _rows() -> Iterator[tuple[str, NounEntry]]:
    """Lines of `noun<TAB>plurals<TAB>flags<TAB>never`; a line that begins with # is a comment."""
    text = (files("monitor.text") / "nouns.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            noun, plurals, flags, never = (*line.split("\t"), "", "", "")[:4]
            yield (
                noun,
                NounEntry(
                    plurals=tuple(plurals.split()),
                    feminine="f" in flags,
                    masculine="m" in flags,
                    defective="d" in flags,
                    below="h" in flags,
                    owned="y" in flags,
                    other="w" in flags,
                    never=tuple(never.split(", ")) if never else (),
                ),
            )
