"""A rule that is written somewhere else than in the rules files, as if it stood there: to be tried. Nothing is
written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from monitor.config import Config, load_with
from monitor.errors import Problem
from monitor.web.desk import Desk
from monitor.web.editing.passage import NotHere, Passage, elsewhere_the_same, first_id, passage, with_new
from monitor.web.editing.places import composed, lines
from monitor.web.saving import Draft, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """`raw`: `file` with the rule, and nothing else of it changed. `begins`: the rule's first line there, from 1, and
    `column` that of its dash. `in_force`: a rule of its id is, in whose place it stands here."""

    rule_id: str
    in_force: bool
    file: Path
    raw: bytes
    begins: int
    column: int

    @property
    def changed(self) -> Mapping[Path, bytes]:
        return {self.file: self.raw}

    def sound(self, desk: Desk) -> Config:
        """What all rules would be with it. Raises ConfigError."""
        return load_with(desk.path, {**desk.standing, **self.changed}, environ=desk.environ)

    def place_of(self, problem: Problem) -> tuple[int, int] | None:
        """Line and column within the rule, from 1; None for a problem of something else."""
        line, column = problem.line - self.begins + 1, problem.column - self.column
        return (line, max(1, column)) if Path(problem.file) == self.file and line >= 1 else None


def placed(desk: Desk, snippet: str) -> Placed:
    """Instead of the rule of its id, or behind all others, of the rules in force: also while the files are broken.
    `snippet` is one rule as it stands in a list of them, its dash in the first column. Raises NotHere, NotSaved, and
    yaml.YAMLError with the place in the snippet."""
    composed(snippet)
    rule_id = first_id(snippet)
    known = next((rule for rule in desk.config.rules if rule.id == rule_id), None)
    file = _file(desk, Path(known.at.file) if known else desk.config.files[0])
    there, after = _put(file.text, known.id if known else None, snippet)
    begins, column = (there.line, there.dash) if there else _placed_at(file.text, after)
    return Placed(
        rule_id=rule_id,
        in_force=known is not None,
        file=file.path,
        raw=file.exactly(after),
        begins=begins,
        column=column,
    )


def as_snippet(rule: Mapping[str, Any]) -> str:
    """A rule that was written as JSON."""
    return yaml.safe_dump([rule], allow_unicode=True, sort_keys=False, width=1 << 30)


def _file(desk: Desk, path: Path) -> Draft:
    """Raises NotSaved."""
    raw = desk.standing.get(path)
    return opened(desk, path) if raw is None else Draft(path, raw, "")


def _put(text: str, instead_of: str | None, snippet: str) -> tuple[Passage | None, str]:
    """Where it stands in a file, None for a new rule, and the file with it. Raises NotHere."""
    try:
        there = passage(text, instead_of) if instead_of else None
        after = there.with_snippet(snippet) if there else with_new(text, snippet)
    except yaml.YAMLError as error:
        raise NotHere("the rules file cannot be read as it is now; mend that first", "editor.unreadable") from error
    with suppress(yaml.YAMLError):
        if elsewhere_the_same(text, after, number=there.number if there else None):
            return there, after
    raise NotHere("more than one rule is written here", "editor.not_one")


def _placed_at(before: str, after: str) -> tuple[int, int]:
    """The line, from 1, and the column of the dash of what was put in."""
    old, new = lines(before), lines(after)
    same = next((number for number, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), len(old))
    at = next((number for number in range(same, len(new)) if new[number].lstrip().startswith("-")), same)
    return at + 1, len(new[at]) - len(new[at].lstrip())
