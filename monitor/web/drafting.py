"""A rule that is being edited on a page: its boxes and its YAML, kept in step; what the file, and all rules, would be
with it. Nothing is written here."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import yaml

from monitor.config import Config
from monitor.config import load_with as rules_with
from monitor.errors import ConfigError, Problem
from monitor.rules.masking import mask
from monitor.web.desk import Desk
from monitor.web.editing import boxes
from monitor.web.editing.boxes import FIELDS, NoRule, read_boxes, write_boxes
from monitor.web.editing.items import NotAnItem
from monitor.web.editing.names import Named, names_in, texts_of, with_places
from monitor.web.editing.passage import NotHere, Passage, elsewhere_the_same, first_id, passage, with_new
from monitor.web.editing.places import lines, scalar
from monitor.web.editing.settings import Beyond
from monitor.web.editing.where import box_at
from monitor.web.saving import Draft as File
from monitor.web.saving import opened

AROUND: Final = 3  # lines of the file shown about a change
CHOICE: Final = "take:"  # begins the fields of a form that say what a name is to be taken for
_SKELETON: Final = "- id: {id}\n  severity: medium\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something about the draft that its author has to see to. `about`: the field that it stands beside ('yaml' for the
    rule's text as a whole, 'file'), `line` the line of that, from 1; 0 for none. `key`: of the words of the pages,
    filled in with `told`; '' where `detail` says all, in English. `remedy`: what to do, where `detail` does not say it.
    `problem`: what was found in the file, with its place there."""

    about: str
    line: int = 0
    key: str = ""
    told: Mapping[str, object] = field(default_factory=dict)
    detail: str = ""
    remedy: str = ""
    problem: Problem | None = None

    @property
    def label(self) -> str:
        """The key of what its field is called."""
        return "rules.column.severity" if self.about == "severity" else f"editor.{self.about}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """`rule_id` is '' for a new rule, `digest` that of the file as it was shown. `values` are the boxes as they stand
    on the page, `seen` as they were when its YAML was last read."""

    rule_id: str
    file: Path
    digest: str
    snippet: str
    values: Mapping[str, str]
    seen: Mapping[str, str]
    troubles: tuple[Trouble, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)  # by names of places: what they are to be taken for
    names: tuple[Named, ...] = ()

    @property
    def beside(self) -> tuple[str, ...]:
        """Settings that have no box."""
        try:
            return boxes.beside_boxes(self.snippet)
        except NoRule:
            return ()

    @property
    def seen_json(self) -> str:
        return json.dumps(dict(self.seen), ensure_ascii=False)

    def wrong(self, name: str) -> tuple[Trouble, ...]:
        return tuple(each for each in self.troubles if each.about == name)


# --- beginning


def of_rule(file: File, rule_id: str) -> Editing:
    """Raises NotHere."""
    snippet = _passage(file.text, rule_id).snippet
    return _read(Editing(rule_id=rule_id, file=file.path, digest=file.digest, snippet=snippet, values={}, seen={}))


def of_new(file: File, wanted: Mapping[str, str], taken: frozenset[str], *, query: str = "") -> Editing:
    """With boxes filled as asked, and a query, which has none."""
    number = next(number for number in range(1, len(taken) + 2) if f"rule-{number}" not in taken)
    snippet = _SKELETON.format(id=f"rule-{number}") + (f"  query: {scalar(query)}\n" if query else "")
    begun = Editing(rule_id="", file=file.path, digest=file.digest, snippet=snippet, values={}, seen={})
    begun = _read(begun)
    return boxes_to_yaml(replace(begun, values={**begun.values, **wanted}))


def sent(form: Mapping[str, str], rule_id: str, file: Path) -> Editing:
    """What a page brought back."""
    try:
        seen = json.loads(form.get("seen", "{}"))
    except (ValueError, RecursionError):
        seen = {}
    known = {name: str(seen.get(name, "") if isinstance(seen, dict) else "") for name in FIELDS}
    values = {name: _as_seen(name, _unix(form.get(name, "")), known[name]) for name in FIELDS}
    return Editing(
        rule_id=rule_id,
        file=file,
        digest=form.get("digest", ""),
        snippet=_unix(form.get("yaml", "")),
        values=values,
        seen=known,
        chosen={name.removeprefix(CHOICE): value for name, value in form.items() if name.startswith(CHOICE)},
    )


def _as_seen(name: str, now: str, seen: str) -> str:
    """Boxes that are ticked come in the page's order, which says nothing."""
    same = name in boxes.NAMES and set(now.split("\n")) == set(seen.split("\n"))
    return seen if same else now


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- keeping in step


def boxes_to_yaml(draft: Editing) -> Editing:
    """Every box that was changed since the YAML was read is written into it."""
    changed = {name: value for name, value in draft.values.items() if value != draft.seen.get(name, "")}
    snippet, troubles = draft.snippet, list[Trouble]()
    for name, value in changed.items():
        try:
            snippet = write_boxes(snippet, {name: value})
        except NoRule as error:
            troubles.append(_unread(error))
            break
        except NotAnItem as error:
            troubles.append(Trouble(about=name, key="editor.not_an_item", detail=str(error)))
        except Beyond:
            troubles.append(Trouble(about=name, key="editor.beyond"))
    failed = {trouble.about for trouble in troubles}
    values = draft.values
    read = _read(replace(draft, snippet=snippet))
    if not read.values:
        return replace(draft, troubles=tuple(troubles))
    # A box whose text could not be written shows what its author typed; another shows what was understood.
    shown = {name: values[name] if name in failed else read.values[name] for name in FIELDS}
    return replace(read, values=shown, troubles=tuple(troubles))


def yaml_to_boxes(draft: Editing) -> Editing:
    return _read(draft)


def _read(draft: Editing) -> Editing:
    try:
        values = read_boxes(draft.snippet)
    except NoRule as error:
        return replace(draft, troubles=(_unread(error),))
    return replace(draft, values=values, seen=values, troubles=())


def _unread(error: NoRule) -> Trouble:
    where = {"line": error.line, "column": error.column}
    return Trouble(about="yaml", key="editor.no_rule", told=where, detail=str(error), remedy=error.remedy)


# --- what it amounts to


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The file with the draft in it. `config` is None where the rules would not be sound: then `problems` say why, and
    `troubles` what of it is about the rule itself. `same`: nothing would change. `names`: the names of places that
    stand in the draft as words, and what they were taken for."""

    raw: bytes
    diff: tuple[tuple[str, str], ...]
    same: bool
    rule_id: str
    names: tuple[Named, ...] = ()
    config: Config | None = None
    problems: tuple[Problem, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def outcome(desk: Desk, draft: Editing) -> Outcome | Trouble:
    """Raises NotSaved for a file that cannot be read."""
    file = opened(desk, draft.file)
    if file.digest != draft.digest:
        return Trouble(about="file", key="saving.changed")
    try:
        there = _passage(file.text, draft.rule_id) if draft.rule_id else None
        names = _names(desk, draft, there)
        snippet = with_places(draft.snippet, names)
        after = there.with_snippet(snippet) if there else with_new(file.text, snippet)
        if not elsewhere_the_same(file.text, after, number=there.number if there else None):
            return Trouble(about="yaml", key="editor.not_one")
    except NotHere as error:
        return Trouble(about="file", key=error.key)
    except yaml.YAMLError:
        return _problems_of_yaml(draft)
    mark = b"\xef\xbb\xbf" if file.raw.startswith(b"\xef\xbb\xbf") else b""
    raw = mark + after.encode("utf-8")
    found = Outcome(
        raw=raw,
        diff=tuple(_diff(file.text, after)),
        same=raw == file.raw,
        rule_id=first_id(draft.snippet),
        names=names,
    )
    try:
        return replace(found, config=rules_with(desk.path, {draft.file: raw}, environ=desk.environ))
    except ConfigError as error:
        begins = (there.line, there.dash) if there else _first_line(file.text, after)
        problems = tuple(each for each in error.problems if each.level == "error")
        troubles = tuple(_beside(draft, begins, problems))
        return replace(found, problems=problems, troubles=troubles)


def _names(desk: Desk, draft: Editing, there: Passage | None) -> tuple[Named, ...]:
    before = texts_of(there.snippet) if there else frozenset[str]()
    return names_in(draft.snippet, desk.config.lexicon.places, chosen=draft.chosen, written_before=before)


def _passage(text: str, rule_id: str) -> Passage:
    try:
        return passage(text, rule_id)
    except yaml.YAMLError as error:
        raise NotHere("the file cannot be read", "editor.unreadable") from error


def _problems_of_yaml(draft: Editing) -> Trouble:
    try:
        read_boxes(draft.snippet)
    except NoRule as error:
        return _unread(error)
    return Trouble(about="yaml", key="editor.not_one")


def _first_line(before: str, after: str) -> tuple[int, int]:
    """Of what was put in, with the column of its dash."""
    old, new = lines(before), lines(after)
    same = next((number for number, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), len(old))
    at = next((number for number in range(same, len(new)) if new[number].lstrip().startswith("-")), same)
    return at + 1, len(new[at]) - len(new[at].lstrip())


def _beside(draft: Editing, place: tuple[int, int], problems: tuple[Problem, ...]) -> Iterator[Trouble]:
    """Each problem of the rule's own lines beside the field of its setting. `place`: the line of the file that the rule
    begins on, and the column of its dash."""
    begins, dash = place
    height = len(lines(draft.snippet))
    for problem in problems:
        line = problem.line - begins + 1
        if Path(problem.file) == draft.file and 1 <= line <= height:
            about, of_box = box_at(draft.snippet, line, problem.column - dash)
            yield Trouble(about=about, line=of_box, problem=problem)


def _diff(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Lines with what they are: 'ins', 'del', 'at' (where in the file) or ''. What stands around a rule may hold a
    secret: feeds, channels."""
    old, new = ([line.rstrip("\r\n") for line in lines(text)] for text in (before, after))
    for line in list(difflib.unified_diff(old, new, n=AROUND, lineterm=""))[2:]:
        kind = {"+": "ins", "-": "del", "@": "at"}.get(line[:1], "")
        yield kind, line if kind else mask(line)
