"""A rule that a program sends to be tried: read as if it stood in the rules file, every mistake told with its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import Field, JsonValue

from monitor.errors import ConfigError, Problem
from monitor.rules.yaml_nodes import hint
from monitor.web.api.asked import MOST_WRONG
from monitor.web.api.problems import Refused, Wrong
from monitor.web.desk import Desk
from monitor.web.editing.passage import NotHere
from monitor.web.saving import NotSaved
from monitor.web.trying import Placed, as_snippet, placed
from monitor.web.words import TEXTS

LONGEST: Final = 20_000  # code points of a rule, as in the playground
Draft = Annotated[str, Field(max_length=LONGEST)] | dict[str, JsonValue]
WHAT: Final = (
    "A rule that is not in force: as an object with the keys that a rule has in the rules, or as text, its lines there"
    " with the dash in the first column. In the place of the rule of its id, if there is one. Nothing is written."
)


def draft_of(desk: Desk, sent: str | dict[str, JsonValue]) -> Placed:
    """A rule with which all rules are sound. Raises Refused."""
    snippet = sent.strip("\r\n") if isinstance(sent, str) else as_snippet(sent)
    if len(snippet) > LONGEST:
        raise _refused(f"The rule is longer than {LONGEST:,} characters.")
    try:
        draft = placed(desk, snippet)
    except NotHere as error:
        raise _refused(f"It cannot be put into the rules: {error}.") from None
    except NotSaved as error:
        raise _refused(f"It cannot be put into the rules: {TEXTS['en'][f'saving.{error.reason}']}") from None
    except yaml.YAMLError as error:
        raise _refused(_unread(error, snippet)) from None
    try:
        draft.sound(desk)
    except ConfigError as error:
        wrong = list(_mistakes(draft, error.problems))[:MOST_WRONG]
        raise Refused(422, "The rules are not sound with it.", errors=wrong) from None
    return draft


def _unread(error: yaml.YAMLError, snippet: str) -> str:
    if told := hint(error, snippet):
        return f"This is no YAML: line {told.at.line}: {told.code}: {told.what}: {told.remedy}"
    what, mark = getattr(error, "problem", None) or "it cannot be read", getattr(error, "problem_mark", None)
    return f"This is no YAML: {f'line {mark.line + 1}: ' if mark else ''}{what}."


def _refused(what: str) -> Refused:
    return Refused(422, what, errors=[Wrong(where="body.draft", what=what)])


def _mistakes(draft: Placed, problems: tuple[Problem, ...]) -> Iterator[Wrong]:
    for problem in problems:
        if problem.level == "error":
            place = draft.place_of(problem)
            at = f"line {place[0]}" if place else f"{Path(problem.file).name}:{problem.line}"
            what = f"{at}: {problem.code}: {problem.what}: {problem.remedy}"
            yield Wrong(where="body.draft", what=what, column=place[1] if place else None)
