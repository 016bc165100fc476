"""“Try on the last 30 days”: a rule as it stands, or as it is being edited against what stands, over what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.model import Hold, Severity, Span
from monitor.plots import bars
from monitor.web import drafting, rule_list
from monitor.web.addresses import ID, rule_at
from monitor.web.explained import Speaker
from monitor.web.links.words import HOLDS
from monitor.web.pages.rule_editor import editor_page, rule_in, sent, sound
from monitor.web.pages.rules import marked, percent, rule_of
from monitor.web.plot_words import described
from monitor.web.posted import Form, posted
from monitor.web.render import render
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import text
from monitor.web.workshop.jobs import Job
from monitor.web.workshop.studio import studio_of

DAYS: Final = 30


@posted
def of_rule(request: Request, form: Form) -> Response:
    """As it stands."""
    del form
    rule = rule_of(request)
    title = rule_list.title_of(rule, visit_of(request).language)
    return _begun(request, before=[], after=[rule.id], changed={}, about={"title": title, "rule": rule.id})


@posted
def of_draft(request: Request, form: Form) -> Response:
    """As it is being edited: against the one in force, where there is one."""
    draft = drafting.boxes_to_yaml(sent(request, form))
    if draft.troubles:
        return editor_page(request, draft)
    found = sound(request, draft)
    if isinstance(found, Response):
        return found
    about = {
        "title": rule_list.title_of(rule_in(found), visit_of(request).language),
        "rule": draft.rule_id,
        "back": {
            "rule": draft.rule_id,
            "file": str(draft.file),
            "digest": draft.digest,
            "yaml": draft.snippet,
            "seen": draft.seen_json,
        },
    }
    before = [draft.rule_id] if draft.rule_id else []
    return _begun(request, before=before, after=[found.rule_id], changed={draft.file: found.raw}, about=about)


def trial(request: Request) -> Response:
    return render(request, "trial.html", **_values(request, _job(request)))


def part(request: Request) -> Response:
    """What the page asks for again and again until it is over."""
    return render(request, "trial_part.html", **_values(request, _job(request)))


@posted
def stop(request: Request, form: Form) -> Response:
    del form
    job = _job(request)
    job.stop()
    return RedirectResponse(_address(job), status_code=303)


# --- how


def _begun(
    request: Request,
    *,
    before: Sequence[str],
    after: Sequence[str],
    changed: Mapping[Path, bytes],
    about: Mapping[str, Any],
) -> Response:
    studio = studio_of(request)
    job = studio.begin_trial(before=before, after=after, changed=changed, days=DAYS, about=about)
    if job is not None:
        return RedirectResponse(_address(job), status_code=303)
    other = studio.jobs.running
    return render(request, "trial_busy.html", status=409, other=_address(other) if other else "", back=about)


def _job(request: Request) -> Job:
    job = studio_of(request).jobs.get(request.path_params["job"])
    if job is None:
        raise HTTPException(404)
    return job


def _address(job: Job) -> str:
    return f"/rules/trials/{quote(job.id, safe='')}"


def _values(request: Request, job: Job) -> dict[str, Any]:
    visit = visit_of(request)
    return {
        "job": job,
        "address": _address(job),
        "result": job.result,
        "speaker": Speaker(visit.language, desk_of(request).config.lexicon),
        "plot": lambda told, key: _plot(told, key, visit),
        "instant": lambda at: datetime.fromisoformat(at) if at else None,
        "level": Severity,
        "hold_word": HOLDS[visit.language],
        "hold_of": lambda name: Hold[name],
        "shown": _shown,
        "percent": percent,
        "back": rule_at(job.about["rule"]) if job.about["rule"] else "/rules",
    }


def _shown(alert: Mapping[str, Any]) -> Markup:
    spans = [Span(field=field, start=start, end=end, clause=clause) for field, start, end, clause in alert["spans"]]
    return marked(alert["title"], spans)


def _plot(told: Mapping[str, Any], key: str, visit: Visit) -> Markup:
    series = [(f"{date.fromisoformat(day):%d/%m}", number) for day, number in told["days"]]
    title = text(visit.language, key, number=told["alerts"])
    description = described(series, visit.language)
    drawn = bars(series, title=title, description=description, rtl=visit.direction == "rtl")
    return Markup(drawn)  # noqa: S704 - numbers, days, escaped words


ROUTES: Final = (
    Route("/rules/trial", of_draft, methods=["POST"]),
    Route("/rules/trials/{job}", trial),
    Route("/rules/trials/{job}/part", part),
    Route("/rules/trials/{job}/stop", stop, methods=["POST"]),
    Route(f"/rules/{{rule:{ID}}}/trial", of_rule, methods=["POST"]),
)
