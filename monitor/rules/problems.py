"""Telling an author what is wrong: codes, places, quoted lines with secrets masked, suggestions."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from monitor.errors import Problem
from monitor.language import Location
from monitor.rules.masking import mask, printable

# Stable: people search for them. docs/errors.md explains each; a test insists.
CODES: Mapping[str, str] = {
    "R101": "a tab in the indentation",
    "R102": "an invisible or control character",
    "R103": "a value that begins with a sign YAML keeps for itself",
    "R104": "a second ':' in one line",
    "R105": "the same setting twice",
    "R106": "something opened and not closed",
    "R107": "an empty file",
    "R108": "a file too large or too deep",
    "R109": "an anchor, alias, merge key or tag",
    "R110": "a second document in one file",
    "R111": "a file that is not UTF-8",
    "R112": "a file that cannot be read or included",
    "R113": "lines that do not fit together",
    "R114": "no line end after the last line",
    "R115": "a word lost behind '#'",
    "R116": "a search text over several lines",
    "R117": "a file that is still being written",
    "R201": "an unknown setting",
    "R203": "an unknown severity",
    "R204": "not a length of time",
    "R205": "an id that cannot be used",
    "R206": "a rule that can find nothing",
    "R207": "the wrong kind of value",
    "R208": "a setting that is missing",
    "R209": "a value that is not possible here",
    "R210": "a setting with nothing in it",
    "R301": "a comma inside one search text",
    "R302": "a name written as a word",
    "R303": "a search text that is too short",
    "R304": "search signs inside a plain text",
    "R305": "an unknown place",
    "R306": "an unknown group",
    "R307": "a regular expression that cannot be used",
    "R308": "the same id or address twice",
    "R309": "a secret in the file",
    "R310": "an unknown channel",
    "R311": "an unknown feed or tag",
    "R312": "an unknown event",
    "R313": "a circle",
    "R314": "an address that cannot be used",
    "R315": "a ${…} that cannot be read",
    "R316": "a ${…} without a value",
    "R317": "a rule without feeds",
    "R318": "a channel that takes no alerts",
    "R319": "a query that cannot be read",
    "R320": "a clause that can never hold",
    "R321": "an operator in small letters",
    "R325": "a newsroom that is nearly a known one",
    "R326": "an unknown rule",
    "R330": "a template that cannot be used",
    "R331": "articles that nothing can read",
    "R401": "a rule without tests",
    "R405": "a word with several meanings",
    "R406": "a very short search text",
    "R407": "a place and nothing else",
    "R408": "a rule that looks no more",
    "R409": "near without two things to bind",
    "R410": "a channel that no rule uses",
    "R411": "the same search text twice",
    "R412": "a group that no rule uses",
    "R413": "a shipped place changed",
    "R420": "a search text that another one finds",
    "R421": "the name of a place as a word",
    "R422": "a search text that its own rule excludes",
    "R423": "a test that an exclusion defeats",
    "R424": "words in none of the rule's languages",
    "R425": "feeds in none of the rule's languages",
    "R426": "two rules that find the same",
    "R427": "a rule that repeats another",
    "R428": "a search text that can never be found",
    "R429": "articles that are read for no rule",
    "R430": "a rule for articles that are not read",
}

Level = Literal["error", "warning"]
MAX_PROBLEMS = 500  # of one reading; a file with more has one cause, and nobody reads on
_MAX_SUGGESTIONS = 100  # difflib costs milliseconds a word over a gazetteer
_QUOTED = 160  # characters of a source line


class Refused(ValueError):
    """A value that its setting cannot take. `at` is where, when it is not simply where the value stands. `quoted`: its
    line may be shown; not where a password may stand in it, which looks like any word."""

    def __init__(self, code: str, what: str, remedy: str, at: Location | None = None, *, quoted: bool = True) -> None:
        super().__init__(f"{code}: {what}")
        self.code, self.what, self.remedy, self.at, self.quoted = code, what, remedy, at, quoted


class Report:
    """Collects problems while files are read. Quotes the line of each, masked."""

    def __init__(self) -> None:
        self._lines: dict[str, Sequence[str]] = {}
        self._order: dict[str, int] = {}
        self._problems: dict[tuple[str, int, int, str, str], Problem] = {}
        self._suggested = 0
        self._left_off: set[tuple[str, int, int, str, str]] = set()
        self._failed = False
        self.failed_to_read = False  # a file is missing from what was read: names in it cannot be judged

    def anew(self) -> Report:
        """A report of the same files with nothing told yet."""
        fresh = Report()
        fresh._lines, fresh._order = self._lines, self._order
        return fresh

    def add_file(self, name: str, lines: Sequence[str]) -> None:
        """Make a file's lines known, so that they can be quoted. Files are told in the order they are added."""
        self._lines[name] = lines
        self._order.setdefault(name, len(self._order))

    def error(self, at: Location, code: str, what: str, remedy: str) -> None:
        self._tell("error", at, code, what, remedy)

    def warning(self, at: Location, code: str, what: str, remedy: str) -> None:
        self._tell("warning", at, code, what, remedy)

    def unreadable(self, at: Location, code: str, what: str, remedy: str) -> None:
        """An error that leaves a whole file out."""
        self.failed_to_read = True
        self.error(at, code, what, remedy)

    def refused(self, error: Refused, at: Location) -> None:
        self._tell("error", error.at or at, error.code, error.what, error.remedy, quoted=error.quoted)

    def suggest(
        self, word: str, known: Iterable[str], otherwise: str, *, called: Callable[[str], Sequence[str]] | None = None
    ) -> str:
        """A remedy: `did you mean …?` when something known is `called` so, or is close; else `otherwise`."""
        if self._suggested >= _MAX_SUGGESTIONS:
            return otherwise
        self._suggested += 1
        named = called(word) if called else ()
        if named:
            return f"did you mean {' or '.join(repr(name) for name in named)}?"
        return did_you_mean(word, known) or otherwise

    def lines(self, file: str) -> Sequence[str]:
        """Those of a file, as far as it is known."""
        return self._lines.get(file, ())

    def quote(self, at: Location) -> str:
        """The line at a place, stripped, cut and safe to show; '' when there is none."""
        lines = self._lines.get(at.file, ())
        if not 1 <= at.line <= len(lines):
            return ""
        return _shown_line(lines[at.line - 1])

    @property
    def failed(self) -> bool:
        """Whether any error was told."""
        return self._failed

    def problems(self) -> tuple[Problem, ...]:
        """In file order, then by line and column."""
        ordered = sorted(self._problems.values(), key=lambda p: (self._order.get(p.file, 0), p.line, p.column, p.code))
        return (*ordered, self._and_more(ordered[-1])) if self._left_off else tuple(ordered)

    def _and_more(self, last: Problem) -> Problem:
        return Problem(
            file=last.file, line=last.line, column=last.column, level=last.level, code=last.code,
            what=f"… and {len(self._left_off)} more problems", remedy="mend these first",
        )  # fmt: skip

    def _tell(self, level: Level, at: Location, code: str, what: str, remedy: str, *, quoted: bool = True) -> None:
        self._failed = self._failed or level == "error"
        key = (at.file, at.line, at.column, code, what)
        if key in self._problems:
            return
        if len(self._problems) >= MAX_PROBLEMS:
            self._left_off.add(key)
            return
        self._problems[key] = Problem(
            file=at.file, line=at.line, column=at.column, level=level, code=code, what=what, remedy=remedy,
            source=self.quote(at) if quoted else "",
        )  # fmt: skip


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean 'near'?`, or '' when nothing known is close enough."""
    options = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word[:80].casefold(), options, n=1, cutoff=0.6)
    return f"did you mean '{options[close[0]]}'?" if close else ""


def shown(value: str) -> str:
    """A value as it may stand in a message: masked, cut, on one line, nothing invisible in it.

    Of a text whose `${…}` was filled in, what stands in the file.
    """
    text = printable(" ".join(mask(getattr(value, "written", value)).split()))
    return text if len(text) <= 60 else f"{text[:57]}…"


@lru_cache(maxsize=4096)
def _shown_line(line: str) -> str:
    text = printable(mask(line.strip()))
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"
