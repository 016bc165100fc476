"""The playground: a text, and what each rule, or one that is written here, says of it while it is typed.

Nothing here can hang the server: rules are tried in a process of its own that is ended when it takes longer than a few
seconds (`workshop`), each regular expression has its own limit of time there, and text and rule have a size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import ConfigError, Problem, StateError
from monitor.given import Given, Unreadable, at_address, is_address
from monitor.given_text import entry_of
from monitor.model import FetchFailure
from monitor.rules.yaml_nodes import hint
from monitor.web import rule_list
from monitor.web.desk import Desk
from monitor.web.editing.passage import NotHere
from monitor.web.explained import Speaker, spans_of
from monitor.web.feeds.preview import Busy, Preview, a_turn, objection
from monitor.web.leading import stopped
from monitor.web.pages.rules import marked, written
from monitor.web.posted import Form, posted
from monitor.web.render import render
from monitor.web.saving import NotSaved
from monitor.web.trying import placed
from monitor.web.visit import desk_of, visit_of
from monitor.web.workshop.bench import NoAnswer
from monitor.web.workshop.studio import studio_of

LONGEST_TEXT: Final = 20_000  # characters
LONGEST_RULE: Final = 20_000
ENTRIES: Final = 5  # of a feed


def playground(request: Request) -> Response:
    asked = request.query_params
    if asked.get("text") and (instead := stopped(request)):
        return instead
    form = {"text": asked.get("text", ""), "rule": asked.get("rule", ""), "yaml": ""}
    if form["rule"] and "own" in asked:
        rule = next((each for each in desk_of(request).config.rules if each.id == form["rule"]), None)
        form["yaml"] = written(request, rule)[0] if rule is not None else ""
    if form["text"] and not is_address(form["text"]):
        return _page(request, form, _told(request, form))
    if not request.state.by_link:
        studio_of(request).warm()
    return _page(request, form, {})


@posted
def tried(request: Request, form: Form) -> Response:
    """The whole page; of an address only when its button was pressed."""
    return _page(request, form, _told(request, form, fetches=form.get("do") == "fetch"))


@posted
def as_typed(request: Request, form: Form) -> Response:
    """The part of the page that answers."""
    return render(request, "playground_told.html", **_values(request, form, _told(request, form)))


# --- how


def _told(request: Request, form: Mapping[str, str], *, fetches: bool = False) -> dict[str, Any]:
    """`entries` with what rules say of each; or what is in the way of that: `key`, `detail`, `problems`."""
    given, snippet = form.get("text", ""), form.get("yaml", "").strip("\n")
    if not given.strip():
        return {}
    if len(given) > LONGEST_TEXT or len(snippet) > LONGEST_RULE:
        return _not("playground.too_long")
    if is_address(given) and not fetches:
        return _not("playground.address")
    desk = desk_of(request)
    against = objection(given.strip(), desk.config.feeds, desk.clock.now()) if is_address(given) else None
    if against is not None:
        return _objected(against)
    try:
        ids, changed = _tried_on(desk, snippet) if snippet.strip() else ([*filter(None, [form.get("rule")])], {})
        found = _looked_up(desk, given) if is_address(given) else [Given(entry=entry_of(given))]
        told = studio_of(request).explain([each.entry for each in found], ids, changed)
    except ConfigError as error:
        return _not("saving.unsound", problems=_errors(error))
    except NoAnswer as error:
        return _not(error.key, error.detail)
    except (NotHere, NotSaved) as error:
        return _not(error.key if isinstance(error, NotHere) else f"saving.{error.reason}")
    except Busy:
        return _not("feed_adding.busy")
    except (Unreadable, StateError) as error:
        return _not("playground.unreadable", str(error))
    except yaml.YAMLError as error:
        return _unread(error, snippet)
    return {
        "entries": [
            {"given": one, "spans": spans_of(each["rules"]), **each} for one, each in zip(found, told, strict=True)
        ]
    }


def _unread(error: yaml.YAMLError, snippet: str) -> dict[str, Any]:
    if told := hint(error, snippet):
        at = {"line": told.at.line, "column": told.at.column}
        return {**_not("editor.no_rule", told.what), "at": at, "remedy": told.remedy}
    mark, what = getattr(error, "problem_mark", None), str(getattr(error, "problem", "") or "")
    if mark is None:
        return _not("playground.no_rule", what)
    return {**_not("editor.no_rule", what), "at": {"line": mark.line + 1, "column": mark.column + 1}}


def _not(key: str, detail: str = "", problems: Sequence[Problem] = ()) -> dict[str, Any]:
    return {"key": key, "at": {}, "detail": detail, "remedy": "", "problems": problems}


def _objected(against: Preview) -> dict[str, Any]:
    """Why an address is not even asked."""
    if against.failure is None:
        return _not("feed_adding.placeholder")
    if against.failure.failure is FetchFailure.FORBIDDEN_ADDRESS:
        return _not("feed_adding.inside")
    return _not("playground.unreadable", against.failure.detail)


def _looked_up(desk: Desk, url: str) -> list[Given]:
    """Raises Busy, Unreadable, StateError."""
    with a_turn():
        return at_address(url, limit=ENTRIES, feeds=desk.config.feeds, state=desk.state, fresh=False)


def _tried_on(desk: Desk, snippet: str) -> tuple[list[str], Mapping[Path, bytes]]:
    """Raises ConfigError, NotHere, NotSaved, yaml.YAMLError."""
    draft = placed(desk, snippet)
    draft.sound(desk)
    return [draft.rule_id], draft.changed


def _errors(error: ConfigError) -> list[Problem]:
    return [problem for problem in error.problems if problem.level == "error"]


def _page(request: Request, form: Mapping[str, str], told: Mapping[str, Any]) -> Response:
    return render(request, "playground.html", **_values(request, form, told))


def _values(request: Request, form: Mapping[str, str], told: Mapping[str, Any]) -> dict[str, Any]:
    visit, config = visit_of(request), desk_of(request).config
    return {
        "form": {name: form.get(name, "") for name in ("text", "rule", "yaml", "normal")},
        "told": told,
        "rules": [(rule.id, rule_list.title_of(rule, visit.language)) for rule in config.rules],
        "titles": {rule.id: rule_list.title_of(rule, visit.language) for rule in config.rules},
        "speaker": Speaker(visit.language, config.lexicon),
        "marked": marked,
        "longest": LONGEST_TEXT,
    }


ROUTES: Final = (
    Route("/rules/try", playground),
    Route("/rules/try", tried, methods=["POST"]),
    Route("/rules/try/told", as_typed, methods=["POST"]),
)
