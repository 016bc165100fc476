"""The editor of one rule: three boxes beside the YAML, each kept in step with the other; the change shown before it is
written, with what the rule's own tests say of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.errors import ConfigError
from monitor.language import Rule
from monitor.model import FIELDS as PARTS
from monitor.model import Severity
from monitor.rules.lint import of_one_rule
from monitor.web import drafting
from monitor.web.addresses import ID, rule_at
from monitor.web.drafting import Editing, Outcome, Trouble
from monitor.web.editing.passage import NotHere
from monitor.web.editing.places import scalar
from monitor.web.explained import Speaker
from monitor.web.pages.rules import rule_of
from monitor.web.posted import Form, posted
from monitor.web.render import render
from monitor.web.saving import NotSaved, opened, save
from monitor.web.visit import desk_of, visit_of
from monitor.web.workshop.bench import NoAnswer
from monitor.web.workshop.studio import studio_of
from monitor.web.writable import hindered

_TERM: Final = re.compile(r'name:"([^"\\]+)"|([^\s"\'():{}\[\]|*~,&#!%@`>-]+)')
_PLAIN_QUERY: Final = re.compile(rf"(?:{_TERM.pattern})(?: (?:{_TERM.pattern}))*")
_OPERATOR: Final = re.compile(r"\b(?:AND|OR|NOT|NEAR)\b")
LONGEST: Final = 4000  # characters of a box that an address fills in
LONGEST_SENT: Final = 60_000  # of a box or the YAML: no rule is so long, and comparing lines takes their square
# Boxes that an address may fill in, as a search that is saved does.
_FILLED_IN: Final = ("all", "any", "none", "near", "title_ar", "title_en", "search_in", "feeds", "languages")


def new(request: Request) -> Response:
    desk, asked = desk_of(request), request.query_params
    wanted = {name: _lines_of(asked.getlist(name)) for name in _FILLED_IN}
    wanted["search_in"] = _lines_of(",".join(asked.getlist("search_in")).split(","))
    query = " ".join(asked.get("query", "").split())[:LONGEST]
    if in_boxes := terms_of(query):
        wanted["all"] = "\n".join(filter(None, (wanted["all"], *in_boxes)))
    file = _file(request, asked.get("file", ""))
    taken = frozenset(rule.id for rule in desk.config.rules)
    filled = {name: told for name, told in wanted.items() if told}
    try:
        draft = drafting.of_new(opened(desk, file), filled, taken, query="" if in_boxes else query)
    except NotSaved as error:
        return refused(request, error)
    return editor_page(request, draft)


def terms_of(query: str) -> list[str]:
    """A query of words and names that all have to be there, as lines of a box; [] for one that says more."""
    if not _PLAIN_QUERY.fullmatch(query) or _OPERATOR.search(query):
        return []
    return [f"{{name: {scalar(name)}}}" if name else word for name, word in _TERM.findall(query)]


def edit(request: Request) -> Response:
    rule = rule_of(request)
    try:
        draft = drafting.of_rule(opened(desk_of(request), Path(rule.at.file)), rule.id)
    except NotSaved as error:
        return refused(request, error)
    except NotHere as error:
        return render(request, "rule_editor_not.html", key=error.key, rule=rule, detail="")
    return editor_page(request, draft)


@posted
def boxes_changed(request: Request, form: Form) -> Response:
    """The YAML beside the boxes, as those now have it."""
    draft = drafting.boxes_to_yaml(sent(request, form))
    return render(request, "rule_editor_yaml.html", **_values(request, _judged(request, draft)))


@posted
def yaml_changed(request: Request, form: Form) -> Response:
    """The boxes beside the YAML, as that now has them."""
    draft = drafting.yaml_to_boxes(sent(request, form))
    return render(request, "rule_editor_boxes.html", **_values(request, _judged(request, draft)))


@posted
def done(request: Request, form: Form) -> Response:
    draft = sent(request, form)
    if form.get("do") == "read":
        return editor_page(request, _judged(request, drafting.yaml_to_boxes(draft)))
    draft = drafting.boxes_to_yaml(draft)
    if form.get("do") == "write" or draft.troubles:
        return editor_page(request, draft if draft.troubles else _judged(request, draft))
    return _previewed(request, draft, form)


# --- seeing what it amounts to, and saving it


def _previewed(request: Request, draft: Editing, form: Form) -> Response:
    found = sound(request, draft)
    if isinstance(found, Response):
        return found
    agreed = hashlib.sha256(found.raw).hexdigest()
    if form.get("do") == "save" and form.get("agreed") == agreed:
        return _saved(request, draft, found)
    tests, trouble = _tests(request, draft, found)
    weak = () if found.config is None else of_one_rule(found.config, found.rule_id)
    return editor_page(
        request, draft, found=found, tests=tests, trouble=trouble, agreed=agreed, rule=rule_in(found), weak=weak
    )


def _saved(request: Request, draft: Editing, found: Outcome) -> Response:
    desk = desk_of(request)
    try:
        save(desk, draft.file, found.raw, shown=draft.digest, now=visit_of(request).now)
    except NotSaved as error:
        return editor_page(request, replace(draft, troubles=(_not_saved(error),)), found=found)
    except ConfigError as error:
        return editor_page(request, draft, found=replace(found, config=None, problems=error.problems))
    return RedirectResponse(f"{rule_at(found.rule_id)}?saved", status_code=303)


def _tests(request: Request, draft: Editing, found: Outcome) -> tuple[list[dict[str, Any]] | None, NoAnswer | None]:
    if not rule_in(found).tests:
        return [], None
    try:
        return studio_of(request).tests(found.rule_id, {draft.file: found.raw}), None
    except NoAnswer as error:
        return None, error


def rule_in(found: Outcome) -> Rule:
    assert found.config is not None, "the rules are sound with it"
    return next(rule for rule in found.config.rules if rule.id == found.rule_id)


def _judged(request: Request, draft: Editing) -> Editing:
    """With what is wrong with it beside its fields."""
    if draft.troubles:
        return draft
    try:
        found = drafting.outcome(desk_of(request), draft)
    except NotSaved as error:
        return replace(draft, troubles=(_not_saved(error),))
    if isinstance(found, Trouble):
        return replace(draft, troubles=(found,))
    draft = replace(draft, names=found.names)
    if found.troubles or not found.problems:
        return replace(draft, troubles=found.troubles)
    return replace(draft, troubles=(Trouble(about="yaml", problem=found.problems[0]),))


# --- pages


def editor_page(request: Request, draft: Editing, **more: Any) -> Response:
    status = 422 if draft.troubles and request.method == "POST" else 200
    values = {"found": None, "tests": None, "trouble": None, "agreed": "", "rule": None, "weak": (), **more}
    return render(request, "rule_editor.html", status=status, **_values(request, draft), **values)


def _values(request: Request, draft: Editing) -> dict[str, Any]:
    config = desk_of(request).config
    named = draft.values.get("notify", "").split("\n")
    channels = [channel.id for channel in config.channels if not channel.operations]
    return {
        "draft": draft,
        "address": f"{rule_at(draft.rule_id)}/edit" if draft.rule_id else "/rules/new",
        "severities": list(reversed(Severity)),
        "channels": [*channels, *(name for name in named if name and name not in channels)],
        "parts": PARTS,
        "feeds": sorted({*(feed.id for feed in config.feeds), *(f"tag:{t}" for f in config.feeds for t in f.tags)}),
        "speaker": Speaker(visit_of(request).language, config.lexicon),
        "files": config.files,
        "hindered": hindered([draft.file]),
        "link": str(draft.file.resolve()) if draft.file.is_symlink() else "",
    }


def refused(request: Request, error: NotSaved) -> Response:
    return render(
        request, "rule_editor_not.html", key=f"saving.{error.reason}", rule=None, detail=f"{error.path}: {error.detail}"
    )


def _not_saved(error: NotSaved) -> Trouble:
    return Trouble(about="file", key=f"saving.{error.reason}", detail=error.detail)


def sound(request: Request, draft: Editing) -> Outcome | Response:
    """What a draft amounts to where the rules are sound with it; else the page that says what is wrong."""
    try:
        found = drafting.outcome(desk_of(request), draft)
    except NotSaved as error:
        return refused(request, error)
    if isinstance(found, Trouble):
        return editor_page(request, replace(draft, troubles=(found,)))
    if found.config is None:
        return editor_page(request, replace(draft, troubles=found.troubles), found=found)
    return found


def sent(request: Request, form: Form) -> Editing:
    """Raises HTTPException."""
    if max(map(len, form.values()), default=0) > LONGEST_SENT:
        raise HTTPException(413)
    rule_id = form.get("rule", "")
    if "rule" in request.path_params and rule_id != request.path_params["rule"]:
        raise HTTPException(404)
    return drafting.sent(form, rule_id, _file(request, form.get("file", "")))


def _file(request: Request, wanted: str) -> Path:
    """One of the rules files; the main one where none is named. Raises HTTPException for any other."""
    files = desk_of(request).config.files
    found = next((path for path in files if str(path) == wanted), None)
    if wanted and found is None:
        raise HTTPException(404)
    return found or files[0]


def _lines_of(told: list[str]) -> str:
    return "\n".join(told)[:LONGEST]


ROUTES: Final = (
    Route("/rules/new", new),
    Route("/rules/new", done, methods=["POST"]),
    Route("/rules/sync/boxes", boxes_changed, methods=["POST"]),
    Route("/rules/sync/yaml", yaml_changed, methods=["POST"]),
    Route(f"/rules/{{rule:{ID}}}/edit", edit),
    Route(f"/rules/{{rule:{ID}}}/edit", done, methods=["POST"]),
)
