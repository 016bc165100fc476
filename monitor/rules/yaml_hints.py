"""What the author most likely did when YAML cannot read a line. Looks at the line more than at the parser's words,
which differ between libyaml and the pure parser."""

from __future__ import annotations

import re

import yaml

from monitor.language import Location
from monitor.rules.characters import invisible
from monitor.rules.problems import Report, shown

_Told = tuple[Location, str, str, str]  # where, code, what, remedy


def explain(error: yaml.MarkedYAMLError, lines: list[str], file: str, report: Report) -> None:
    """Tell the one problem at which the parser stopped."""
    at = _where(error.problem_mark, file)
    begun = _where(error.context_mark, file) if error.context_mark else None
    message = f"{error.context or ''} {error.problem or ''}"
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    for hint in (_unseen, _reference, _reserved, _decoration, _colon, _unclosed, _quoted, _dash):
        told = hint(at, begun, message, line)
        if told:
            report.error(*told)
            return
    report.error(*_misfit(at, begun, message, lines))


def _where(mark: yaml.Mark | None, file: str) -> Location:
    return Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1, 1)


def _unseen(at: Location, _begun: Location | None, _message: str, line: str) -> _Told | None:
    for offset, name in invisible(line):
        if offset < len(line) - len(line.lstrip()) or offset < at.column:
            there = Location(at.file, at.line, offset + 1)
            return there, "R102", f"the invisible character {name} stands in this line", "delete it, or retype the line"
    return None


def _reference(at: Location, _begun: Location | None, _message: str, line: str) -> _Told | None:
    start = line.find("${")
    if start < 0 or not start <= at.column <= start + 3:
        return None
    there = Location(at.file, at.line, start + 1)
    what = "a ${…} inside { } or [ ] must stand in quotes"
    return there, "R103", what, 'write it as "${NAME}", with the quotes'


def _reserved(at: Location, _begun: Location | None, message: str, line: str) -> _Told | None:
    sign = line[at.column - 1 : at.column]
    if "cannot start any token" not in message or sign not in tuple("@`%\t"):
        return None
    name = "a tab" if sign == "\t" else f"'{sign}'"
    remedy = f'put it in quotes: "{shown(line[at.column - 1 :].strip())}"' if sign != "\t" else "use spaces"
    return at, "R103", f"no value can begin with {name}: YAML keeps this sign for itself", remedy


def _decoration(_at: Location, begun: Location | None, message: str, line: str) -> _Told | None:
    if begun is None or not any(f"{kind}" in message for kind in ("an alias", "an anchor", "a tag")):
        return None
    sign = line[begun.column - 1 : begun.column]
    if sign == "*":
        remedy = "for any ending of a word write {starts: word}; for a '*' in the text, put the text in quotes"
        return begun, "R109", "'*' at the beginning of a value is a YAML alias, and aliases are not allowed", remedy
    what = f"'{sign}' at the beginning of a value is an anchor or a tag, and neither is allowed"
    return begun, "R109", what, "remove the sign, or put the whole text in quotes"


def _colon(at: Location, _begun: Location | None, message: str, line: str) -> _Told | None:
    if "mapping values are not allowed" not in message:
        return None
    first = re.search(r":\s", line[: at.column - 1])
    if not first:
        return None
    name, text = line[: first.start()].strip(" -{"), line[first.end() :].strip().strip("“”„")
    remedy = f"a text with ': ' in it must stand in quotes: {shown(name)}: \"{shown(text)}\""
    return at, "R104", "a second ':' on this line", remedy


def _unclosed(at: Location, begun: Location | None, message: str, _line: str) -> _Told | None:
    if begun is None:
        return None
    if "quoted scalar" in message and "end of stream" in message:
        return begun, "R106", "a quotation mark opens here and is never closed", "close it at the end of the text"
    for kind, sign, name in (("flow sequence", "]", "list"), ("flow mapping", "}", "block")):
        if kind in message and at.line > begun.line:
            remedy = f"close it with '{sign}' — or, better, put each item on a line of its own"
            return begun, "R106", f"a {name} opens here and is not closed", remedy
        if kind in message:
            return at, "R106", f"a ',' or '{sign}' is missing before this", "put texts with signs in them in quotes"
    if "end of stream" in message:
        return begun, "R106", "what begins here is never ended: is the file cut off?", "look at the end of the file"
    return None


def _quoted(at: Location, _begun: Location | None, message: str, line: str) -> _Told | None:
    before = line[: at.column - 1].rstrip()
    if "escape" in message:
        remedy = "use single quotes '…', or write each backslash twice"
        return at, "R103", "a backslash in double quotes begins an escape that does not exist", remedy
    if not before.endswith(("'", '"')) or ("did not find" not in message and "expected" not in message):
        return None
    remedy = "put the quotes around the whole text, or leave them out; inside '…' write an apostrophe twice"
    return at, "R106", "the text goes on after the closing quotation mark", remedy


def _dash(at: Location, _begun: Location | None, message: str, _line: str) -> _Told | None:
    if "sequence entries are not allowed" not in message:
        return None
    return at, "R113", "a list cannot begin on this line", "put '- …' on the next line, indented by two more spaces"


def _misfit(at: Location, begun: Location | None, message: str, lines: list[str]) -> _Told:
    if at.line > len(lines) or not "".join(lines[at.line - 1 :]).strip():
        what = "the file ends in the middle of something: is it cut off?"
        return begun or at, "R106", what, "complete the line (a setting is 'name: value')"
    if "expected ':'" in message or "expected ':'" in message.replace("could not find ", ""):
        return begun or at, "R113", "this line is no 'name: value' and no list item", "is a ':' or a '- ' missing?"
    if "mapping values" in message:
        remedy = "indent it like the lines of the same block; or is a ':' missing in the line above?"
        line = lines[at.line - 1]
        start = Location(at.file, at.line, len(line) - len(line.lstrip()) + 1)
        return start, "R113", "this line does not fit to the line above", remedy
    since = f" that begins on line {begun.line}" if begun and begun.line < at.line else ""
    remedy = "all lines of one block begin in the same column; the items of a list begin with '- '"
    return at, "R113", f"this line does not fit into the block{since}", remedy
