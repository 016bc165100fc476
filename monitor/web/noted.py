"""Notes of explanations, in which the parts of a rule stand by their titles: put into the reader's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from monitor.arabic.forms import FSI, PDI

_NAMED: Final = re.compile(r"(?:place|event|group) (\S+)")
# What stands between titles, and what a weight or a count of others is.
_BETWEEN: Final = {", ": "، ", " or ": " أو ", " and ": " و", " + ": " + ", "(": "(", ")": ")"}
_REST: Final = re.compile(r", | or | and | \+ |[()]| \d+| ?(\d+) more")


def titles_of(clause: Mapping[str, Any]) -> Iterator[str]:
    """Of a clause and of all below it."""
    yield clause["title"]
    for part in clause["parts"]:
        yield from titles_of(part)


def with_names(note: str, titles: Mapping[str, str]) -> str:
    """An English note with names in the place of ids."""
    found = {title: shown for title, shown in titles.items() if _NAMED.fullmatch(title)}
    pattern = _any_of(found)
    return pattern.sub(lambda title: found[title[0]], note) if pattern else note


class Inside(Mapping[str, str]):
    """Pieces of a note that are made of titles, as Arabic has them; the note as a whole is none of these."""

    def __init__(self, note: str, titles: Mapping[str, str]) -> None:
        bare = {
            found[1]: shown.partition(": ")[2] or shown
            for title, shown in titles.items()
            if (found := _NAMED.fullmatch(title))
        }
        self._note, self._titles = note, {**bare, **titles}
        self._pattern = _any_of(self._titles)

    def __getitem__(self, piece: str) -> str:
        if piece == self._note or self._pattern is None:
            raise KeyError(piece)
        parts = self._pattern.split(piece)
        return "".join(self._isolated(part) if number % 2 else self._between(part) for number, part in enumerate(parts))

    def __iter__(self) -> Iterator[str]:
        return iter(self._titles)

    def __len__(self) -> int:
        return len(self._titles)

    def _isolated(self, title: str) -> str:
        return f"{FSI}{self._titles[title]}{PDI}"

    def _between(self, text: str) -> str:
        """Raises KeyError where something else stands there than what joins titles."""
        told, at = [], 0
        while at < len(text):
            found = _REST.match(text, at)
            if found is None:
                raise KeyError(text)
            told.append(f"غيرها ({found[1]})" if found[1] else _BETWEEN.get(found[0], found[0]))
            at = found.end()
        return "".join(told)


def _any_of(titles: Mapping[str, str]) -> re.Pattern[str] | None:
    """The longest that stands there."""
    return re.compile(f"({'|'.join(map(re.escape, sorted(titles, key=len, reverse=True)))})") if titles else None
