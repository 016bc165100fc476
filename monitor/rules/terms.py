"""What a search text may look like. Everything refused here would load and then find nothing, or everything."""

from __future__ import annotations

import re

from monitor.language import Location
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Refused, shown
from monitor.text.tokens import tokenize

MAX_PATTERN = 1000  # characters of a regular expression
MAX_REPEATED = 10_000  # atoms of one with its repetitions written out, as `regex` does: each takes some 300 bytes
# A slash between letters stands for "or" as well; between digits it is a date or a fraction.
_OPERATOR = re.compile(r"(?:^|\s)(AND|OR|أو|NOT|O?NEAR(?:/\d+)?)(?=\s|$)|(\*|\||(?<=[^\W\d])/(?=[^\W\d]))")
# What an item of its own begins with, without the space behind its colon: YAML takes it for a text.
_ITEM = re.compile(r"(place|event|group|name|verb|word|exact|starts|regex|title|summary|body|all|any|sentence):(?=\S)")
_COMMA = re.compile("[،؛,;]")
_NUMBER_COMMA = re.compile(r"(?<=\d)[,،](?=\d)")


def words(written: Scalar) -> Scalar:
    """A word or phrase to look for."""
    _refuse_shape(written)
    _refuse_item(written)
    _refuse_commas(written)
    _refuse_operators(written)
    _refuse_short(written)
    return written


def spelling(written: Scalar) -> Scalar:
    """A spelling of a place; a comma may be part of a name."""
    _refuse_shape(written)
    _refuse_short(written)
    return written


def _refuse_short(written: Scalar) -> None:
    if length(written) < 2:
        left = "nothing of it is left" if not length(written) else "one letter is left"
        what = f"the search text '{shown(written)}' is too short: {left} once marks and signs are taken off"
        raise Refused("R303", what, "write at least two letters; a single letter stands in almost every headline")


surface = words


def beginning(written: Scalar) -> Scalar:
    """The first letters of a word."""
    if written.endswith("*") and "*" not in written[:-1]:
        remedy = f"leave the '*' out: {{starts: {shown(written[:-1])}}}"
        raise Refused("R304", "'starts' means any ending already", remedy, written.at)
    words(written)
    if len(written.split()) > 1:
        remedy = "write one word's beginning here; for a phrase, write the phrase as a plain text"
        raise Refused("R209", f"'{shown(written)}' has several words, and 'starts' takes one", remedy)
    return written


def length(written: str) -> int:
    """How many letters and digits are left of a text once it is normalized."""
    return sum(len(token.folded) for token in tokenize(written))


def _refuse_shape(written: Scalar) -> None:
    if written.multiline:
        what = "a search text runs over several lines, which YAML joins into one phrase"
        raise Refused("R116", what, "is a '- ' missing on the second line? A long phrase goes in quotes")
    if "${" in written:
        raise Refused("R315", "${…} is filled in under 'feeds' and 'channels' only", "write the search text itself")


def _refuse_item(written: Scalar) -> None:
    item = _ITEM.match(written)
    if not item:
        return
    what = f"'{item[0]}' is searched for literally in a plain text"
    raise Refused("R304", what, f"put a space behind the ':', as in  {item[0]} {shown(written[item.end() :])}")


def _refuse_commas(written: Scalar) -> None:
    comma = _COMMA.search(_NUMBER_COMMA.sub("0", written))
    if not comma:
        return
    kind = "an Arabic comma" if comma[0] in "،؛" else "a comma"
    first = shown(_COMMA.split(written)[0].strip())
    remedy = f"one search text a line:  - {first}  and so on; in [a, b] the comma is the Latin ','"
    raise Refused("R301", f"{kind} stands inside one search text: «{shown(written)}»", remedy, _inside(written, comma))


def _refuse_operators(written: Scalar) -> None:
    sign = _OPERATOR.search(written)
    if not sign:
        return
    found = sign[1] or sign[2]
    raise Refused("R304", f"'{found}' is searched for literally in a plain text", _operator_remedy(found, written))


def _operator_remedy(found: str, written: str) -> str:
    if found == "*":
        stem = shown(written.split("*")[0].split(" ")[-1].strip())
        return f"plain words find their forms by themselves; for any ending write {{starts: {stem or 'word'}}}"
    if found in ("OR", "|", "أو", "/"):
        return "put the words into a list: [first, second]; a word 'أو' that is meant itself: {exact: …}"
    if found == "AND":
        return "put each word on a line of its own under 'all'"
    if found == "NOT":
        return "put what must not be there under 'none'"
    return "put the words under 'all' and write 'near: 8 words' in the rule"


def _inside(written: Scalar, found: re.Match[str]) -> Location:
    """Where in the file a part of a text stands; the text itself where quotes may have moved things."""
    if not written.plain:
        return written.at
    return Location(written.at.file, written.at.line, written.at.column + found.start())


def pattern(written: Scalar) -> Scalar:
    """A regular expression that compiles and asks for something."""
    import regex  # not cheap, and few rules have one

    from monitor.rules.compile import folded_pattern

    if len(written) > MAX_PATTERN:
        raise Refused("R307", f"the regular expression has more than {MAX_PATTERN} characters", "use words and lists")
    if _EMPTY_ALTERNATIVE.search(_without_classes(written)):
        what = f"the regular expression '{shown(written)}' has an empty alternative, so it matches every text"
        raise Refused("R307", what, "remove the '|' that has nothing on one side")
    if _written_out(folded_pattern(written)) > MAX_REPEATED:
        what = f"the regular expression '{shown(written)}' repeats too much: more than {MAX_REPEATED:,} characters"
        raise Refused("R307", what, "write smaller numbers in { }, or '+' for any number")
    try:
        compiled = regex.compile(folded_pattern(written), regex.IGNORECASE)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        detail = str(error) if isinstance(error, regex.error) else "it is too deep"
        what = f"the regular expression cannot be read: {shown(detail)}"
        raise Refused(
            "R307", what, "put it in single quotes; a bracket or sign that is meant itself needs '\\'"
        ) from None
    if _matches_empty(compiled):
        what = f"the regular expression '{shown(written)}' matches the empty text, so it matches everywhere"
        raise Refused("R307", what, "ask for at least one letter: '+' instead of '*'")
    return written


_ESCAPED_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_EMPTY_ALTERNATIVE = re.compile(r"^\||\|$|\|\||\(\||\(\?:\||\|\)")


_LEAST = re.compile(r"[(]|[)]|\{\s*(\d+)\s*(?:,\s*\d*\s*)?\}|.", re.DOTALL)


def _written_out(expression: str) -> int:
    """How many atoms it has when what must be repeated, {3} or {3,}, is written so often."""
    done, last = [0], [0]  # for each parenthesis that is open: the atoms before the last one, and that one
    for found in _LEAST.finditer(_without_classes(expression)):
        if found[1]:
            last[-1] *= max(1, int(found[1]))
            continue
        atom = done.pop() + last.pop() if found[0] == ")" and len(done) > 1 else 1
        done[-1] += last[-1]
        last[-1] = atom
        if found[0] == "(":
            done.append(0)
            last.append(0)
    return sum(done) + sum(last)


def _without_classes(written: str) -> str:
    return _ESCAPED_OR_CLASS.sub("x", written)


def _matches_empty(compiled: object) -> bool:
    try:
        return compiled.search("", timeout=0.05) is not None  # type: ignore[attr-defined]
    except TimeoutError:
        return False
