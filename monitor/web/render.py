"""From values to a page. What a feed, a service or an operator wrote goes through `foreign` or `display`: escaped by
the templates, cleaned of what is invisible or turns the line around, and kept from disordering what stands beside."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.alerts.clean import safe_link
from monitor.alerts.words import SEVERITIES, ago, moment
from monitor.model import Severity
from monitor.text.clean import display
from monitor.web.frame import frame
from monitor.web.pages import sections
from monitor.web.static_files import static
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import text

# Every system font has them; the coloured circles of messages need a font of emoji.
SHAPES: Final = {
    Severity.CRITICAL: "◆",
    Severity.HIGH: "▲",
    Severity.MEDIUM: "●",
    Severity.LOW: "▼",
    Severity.INFO: "○",
}
STATIC: Final = resources.files("monitor.web") / "static"


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page or a part of one, as the template has it. In it stand: `visit`, `t(key, **numbers)`, `path`,
    `csrf()`, `refused` (what is wrong with the rules files), and what stands in `page`, `frame` and `_environment`."""
    return HTMLResponse(page(request, template, **values), status_code=status)


def page(request: Request, template: str, **values: Any) -> str:
    visit = visit_of(request)
    told: dict[str, Any] = {
        "visit": visit,
        "t": partial(text, visit.language),
        "csrf": partial(_csrf, visit),
        "sections": sections(),
        "path": request.url.path,
        "query": request.url.query,
        "refused": desk_of(request).refused,
        "times": partial(_times, visit),
        "ago": partial(_ago, visit),
        "severity": partial(_severity, visit),
        **frame(request, visit),
    }
    return _TEMPLATES.get_template(template).render({**told, **values})


def foreign(written: str | None) -> Markup:
    """In an element of its own, so that its direction is its own."""
    return Markup(f'<bdi dir="auto">{escape(display(written or ""))}</bdi>')  # noqa: S704 - escaped; .format is slow


def _times(visit: Visit, at: datetime | None) -> Markup:
    """The reader's time, with UTC where that differs."""
    if at is None:
        return Markup("–")
    local = moment(at, language=visit.language, zone=visit.zone, now=visit.now)
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(at.isoformat(timespec="seconds"), local)


def _ago(visit: Visit, at: datetime | None) -> Markup:
    if at is None:
        return Markup("–")
    stamp = at.isoformat(timespec="seconds")
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(stamp, ago(visit.now - at, visit.language))


def _severity(visit: Visit, severity: Severity) -> Markup:
    """Never by colour alone: a shape and a word."""
    word = SEVERITIES[visit.language][severity]
    return Markup('<span class="severity {}"><span aria-hidden="true">{}</span> {}</span>').format(
        severity.value, SHAPES[severity], word
    )


def _csrf(visit: Visit) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(visit.csrf)


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("monitor.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static
    made.filters |= {"display": display, "foreign": foreign, "safe_link": safe_link, "escape": escape}
    return made


_TEMPLATES: Final = _environment()
