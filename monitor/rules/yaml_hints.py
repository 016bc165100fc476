"""What the author most likely did when YAML cannot read a line. Looks at the line more than at the parser's words,
which differ between libyaml and the pure parser."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

import yaml

from monitor.language import Location
from monitor.rules.characters import invisible
from monitor.rules.problems import shown

MAX_DEPTH: Final = 20
TOO_DEEP: Final = f"more than {MAX_DEPTH} blocks and lists inside one another"
FLATTER: Final = "write it flatter; groups keep long lists out of rules"


class Stop(NamedTuple):
    """The one problem at which the parser stopped. With the text that begins `quote` characters into its line in
    quotes, the parser could go on; None: nobody can say how. `since` and `stopped`: the lines on which what is broken
    begins, and on which the parser gave up. Without a `what` it is told already."""

    at: Location
    code: str
    what: str
    remedy: str
    quote: int | None = None
    since: int | None = None
    stopped: int = 0


def explain(error: yaml.MarkedYAMLError, lines: list[str], file: str) -> Stop:
    at = _where(error.problem_mark, file)
    begun = _where(error.context_mark, file) if error.context_mark else None
    message = f"{error.context or ''} {error.problem or ''}"
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    for hint in (
        _nested,
        _unseen,
        _reference,
        _reserved,
        _greater,
        _decoration,
        _colon,
        _more,
        _unclosed,
        _quoted,
        _dash,
    ):
        told = hint(at, begun, message, line)
        if told:
            quote = told.quote if told.at.line == at.line else None
            return told._replace(quote=quote, stopped=at.line)
    return _misfit(at, begun, message, lines)._replace(since=begun.line if begun else None, stopped=at.line)


def is_too_deep(error: yaml.MarkedYAMLError) -> bool:
    """Whether it stopped where more brackets are open than libyaml counts, about a thousand: it reads on behind each
    opening bracket before it tells of the first, so nobody comes to see that there are too many."""
    return "nesting" in (error.problem or "")


def _nested(at: Location, _begun: Location | None, message: str, _line: str) -> Stop | None:
    return Stop(at, "R108", TOO_DEEP, FLATTER) if "nesting" in message else None


def _where(mark: yaml.Mark | None, file: str) -> Location:
    return Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1, 1)


def _unseen(at: Location, _begun: Location | None, _message: str, line: str) -> Stop | None:
    for offset, name in invisible(line):
        if offset < len(line) - len(line.lstrip()) or offset < at.column:
            there = Location(at.file, at.line, offset + 1)
            what = f"the invisible character {name} stands in this line"
            return Stop(there, "R102", what, "delete it, or retype the line")
    return None


def _reference(at: Location, _begun: Location | None, _message: str, line: str) -> Stop | None:
    start = line.find("${")
    if start < 0 or not start <= at.column <= start + 3:
        return None
    there = Location(at.file, at.line, start + 1)
    what = "a ${…} inside { } or [ ] must stand in quotes"
    return Stop(there, "R103", what, 'write it as "${NAME}", with the quotes', quote=start)


def _reserved(at: Location, _begun: Location | None, message: str, line: str) -> Stop | None:
    sign = line[at.column - 1 : at.column]
    if "cannot start any token" not in message or sign not in tuple("@`%\t"):
        return None
    name = "a tab" if sign == "\t" else f"'{sign}'"
    remedy = f'put it in quotes: "{shown(line[at.column - 1 :].strip())}"' if sign != "\t" else "use spaces"
    what = f"no value can begin with {name}: YAML keeps this sign for itself"
    return Stop(at, "R103", what, remedy, quote=at.column - 1)


def _greater(at: Location, _begun: Location | None, _message: str, line: str) -> Stop | None:
    """`killed: >=5`: to YAML, '>' at the beginning begins a text of many lines."""
    found = _COMPARISON.search(line)
    if not found or at.column < found.start(1) + 1:
        return None
    there = Location(at.file, at.line, found.start(1) + 1)
    what = "a value that begins with '>' means something else to YAML"
    return Stop(there, "R103", what, f'put it in quotes: "{found[1]}"', quote=found.start(1))


_COMPARISON = re.compile(r":\s+(>\s*=\s*\d+)\s*(?:#.*)?$")


def _decoration(_at: Location, begun: Location | None, message: str, line: str) -> Stop | None:
    if begun is None or not any(f"{kind}" in message for kind in ("an alias", "an anchor", "a tag")):
        return None
    sign = line[begun.column - 1 : begun.column]
    if sign == "*":
        remedy = "for any ending of a word write {starts: word}; for a '*' in the text, put the text in quotes"
        what = "'*' at the beginning of a value is a YAML alias, and aliases are not allowed"
        return Stop(begun, "R109", what, remedy, quote=begun.column - 1)
    what = f"'{sign}' at the beginning of a value is an anchor or a tag, and neither is allowed"
    return Stop(begun, "R109", what, "remove the sign, or put the whole text in quotes", quote=begun.column - 1)


def _colon(at: Location, _begun: Location | None, message: str, line: str) -> Stop | None:
    if "mapping values are not allowed" not in message:
        return None
    first = re.search(r":\s", line[: at.column - 1])
    if not first:
        return None
    name, text = line[: first.start()].strip(" -{"), line[first.end() :].strip().strip("“”„")
    remedy = f"a text with ': ' in it must stand in quotes: {shown(name)}: \"{shown(text)}\""
    return Stop(at, "R104", "a second ':' on this line", remedy, quote=_text_start(line, first))


def _text_start(line: str, colon: re.Match[str]) -> int:
    """Where the text begins that holds a colon too many. No setting has an Arabic name: there the text is the item."""
    name = line[: colon.start()]
    item = re.match(r"\s*(?:-\s+)+", name)
    if item and not name.isascii():
        return item.end()
    return colon.end() + len(line[colon.end() :]) - len(line[colon.end() :].lstrip())


def _inner_start(line: str, at: Location) -> int | None:
    """Where in brackets the text begins that has a second colon here."""
    if line[at.column - 1 : at.column] != ":":
        return None
    before = list(re.finditer(r"(?:[\[{,]|:(?=\s))\s*", line[: at.column - 1]))
    return before[-1].end() if before else None


def _more(at: Location, _begun: Location | None, message: str, line: str) -> Stop | None:
    """`- *word more`: the alias itself was told when it was read."""
    alias = re.search(r"(?:^|[\s,\[{])(\*\S+)\s+$", line[: at.column - 1])
    return Stop(at, "R109", "", "", quote=alias.start(1)) if alias and "expected" in message else None


def _unclosed(at: Location, begun: Location | None, message: str, line: str) -> Stop | None:
    if begun is None:
        return None
    if "quoted scalar" in message and "end of stream" in message:
        remedy = "close it at the end of the text"
        return Stop(begun, "R106", "a quotation mark opens here and is never closed", remedy)
    for kind, sign, name in (("flow sequence", "]", "list"), ("flow mapping", "}", "block")):
        if kind in message and at.line > begun.line:
            remedy = f"close it with '{sign}' — or, better, put each item on a line of its own"
            return Stop(begun, "R106", f"a {name} opens here and is not closed", remedy)
        if kind in message:
            what = f"a ',' or '{sign}' is missing before this"
            return Stop(at, "R106", what, "put texts with signs in them in quotes", quote=_inner_start(line, at))
    if "end of stream" in message:
        what = "what begins here is never ended: is the file cut off?"
        return Stop(begun, "R106", what, "look at the end of the file")
    return None


_QUOTED_BEFORE = re.compile(r"(?:^|[\s,\[{])((['\"])(?:(?!\2).)*\2)$")


def _quoted(at: Location, begun: Location | None, message: str, line: str) -> Stop | None:
    before = line[: at.column - 1].rstrip()
    if "escape" in message:
        remedy = "use single quotes '…', or write each backslash twice"
        what = "a backslash in double quotes begins an escape that does not exist"
        return Stop(at, "R103", what, remedy, quote=begun.column - 1 if begun and begun.line == at.line else None)
    if not before.endswith(("'", '"')) or ("did not find" not in message and "expected" not in message):
        return None
    remedy = "put the quotes around the whole text, or leave them out; inside '…' write an apostrophe twice"
    quoted = _QUOTED_BEFORE.search(before)
    start = quoted.start(1) if quoted else None
    return Stop(at, "R106", "the text goes on after the closing quotation mark", remedy, quote=start)


def _dash(at: Location, _begun: Location | None, message: str, _line: str) -> Stop | None:
    if "sequence entries are not allowed" not in message:
        return None
    remedy = "put '- …' on the next line, indented by two more spaces"
    return Stop(at, "R113", "a list cannot begin on this line", remedy, quote=at.column - 1)


def _misfit(at: Location, begun: Location | None, message: str, lines: list[str]) -> Stop:
    if at.line > len(lines) or not "".join(lines[at.line - 1 :]).strip():
        what = "the file ends in the middle of something: is it cut off?"
        return Stop(begun or at, "R106", what, "complete the line (a setting is 'name: value')")
    if "expected ':'" in message or "expected ':'" in message.replace("could not find ", ""):
        what = "this line is no 'name: value' and no list item"
        return Stop(begun or at, "R113", what, "is a ':' or a '- ' missing?")
    if "mapping values" in message:
        remedy = "indent it like the lines of the same block; or is a ':' missing in the line above?"
        line = lines[at.line - 1]
        start = Location(at.file, at.line, len(line) - len(line.lstrip()) + 1)
        return Stop(start, "R113", "this line does not fit to the line above", remedy)
    since = f" that begins on line {begun.line}" if begun and begun.line < at.line else ""
    remedy = "all lines of one block begin in the same column; the items of a list begin with '- '"
    return Stop(at, "R113", f"this line does not fit into the block{since}", remedy)
