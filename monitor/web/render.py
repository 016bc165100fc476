"""From values to a page. What a feed, a service or an operator wrote goes through `foreign` or `display`: escaped by
the templates, cleaned of what is invisible or turns the line around, and kept from disordering what stands beside."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, Final

import regex
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from monitor.alerts.answered import in_arabic
from monitor.alerts.clean import safe_link
from monitor.alerts.words import SEVERITIES, ago, moment
from monitor.arabic import arabic
from monitor.model import Severity
from monitor.text.clean import display
from monitor.web.addresses import feed_at, rule_at
from monitor.web.below import KEY, in_page
from monitor.web.frame import frame
from monitor.web.pages import sections
from monitor.web.said import in_words, of_problem, place_of
from monitor.web.static_files import static
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import counted, text

# Drawn within 12 by 12, for a font may lack a sign: told apart by form, not by colour alone.
SHAPES: Final = {
    Severity.CRITICAL: "M3.6 0h4.8L12 3.6v4.8L8.4 12H3.6L0 8.4V3.6zM5 2.5v4.3h2V2.5zM5 8v1.9h2V8z",  # a stop sign
    Severity.HIGH: "M6 .6 12 11.4H0z",
    Severity.MEDIUM: "M6 0 12 6 6 12 0 6z",
    Severity.LOW: "M6 11.4 0 .6h12z",
    Severity.INFO: "M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0zM6 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
}
# Marks, Arabic signs that hold the number behind them, first parts of Korean syllables.
_HEAPED: Final = r"\p{M}\u0600-\u0605\u1100-\u115f\ua960-\ua97c"
_HEAP: Final = regex.compile(rf"([{_HEAPED}]{{12}})[{_HEAPED}]+")
# Indian consonants joined by a virama.
_JOIN: Final = r"[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u1039\u17d2]\p{L}"
_JOINED: Final = regex.compile(rf"((?:{_JOIN}){{12}})(?:{_JOIN})+")


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A whole page or a part of one, as the template has it. In it stand: `visit`, `t(key, **numbers)`,
    `n(key, count)` for what is counted, `spoken(sentence)` for what is made in English, `path`, `csrf()`, `refused`
    (what is wrong with the rules files), and what stands in `page`, `frame` and `_environment`."""
    return HTMLResponse(page(request, template, **values), status_code=status)


def page(request: Request, template: str, **values: Any) -> str:
    visit = visit_of(request)
    told: dict[str, Any] = {
        "visit": visit,
        "t": partial(text, visit.language),
        "n": partial(counted, visit.language),
        "csrf": partial(_csrf, visit),
        "sections": sections(),
        "path": request.url.path,
        "query": request.url.query,
        "refused": desk_of(request).refused,
        "times": partial(_times, visit),
        "ago": partial(_ago, visit),
        "severity": partial(_severity, visit),
        "answered": partial(_answered, visit),
        "spoken": partial(in_words, visit.language),
        "what_of": partial(of_problem, visit.language),
        "place_of": partial(place_of, visit.language),
        **frame(request, visit),
    }
    made = calm(_TEMPLATES.get_template(template).render({**told, **values}))
    return in_page(made, request.scope.get(KEY, ""))


def calm(page: str) -> str:
    """Without heaps: hundreds of marks on a letter, or of joined letters, are one to a browser, which breaks no line
    within it. No script needs a dozen."""
    return _JOINED.sub(r"\1", _HEAP.sub(r"\1", page))


def foreign(written: str | None) -> Markup:
    """In an element of its own, so that its direction is its own."""
    return Markup(f'<bdi dir="auto">{escape(display(written or ""))}</bdi>')  # noqa: S704 - escaped; .format is slow


def _times(visit: Visit, at: datetime | None) -> Markup:
    """The reader's time, with UTC where that differs. Which zone that is, the foot of the page says."""
    if at is None:
        return Markup("–")
    local = moment(at, language=visit.language, zone=visit.zone, now=visit.now, short=True)
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(at.isoformat(timespec="seconds"), local)


def _ago(visit: Visit, at: datetime | None) -> Markup:
    if at is None:
        return Markup("–")
    stamp = at.isoformat(timespec="seconds")
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(stamp, ago(visit.now - at, visit.language))


def _severity(visit: Visit, severity: Severity) -> Markup:
    """Never by colour alone: a shape and a word."""
    word = SEVERITIES[visit.language][severity]
    return Markup(
        '<span class="severity {}"><svg class="shape" viewBox="0 0 12 12" width="11" height="11" aria-hidden="true">'
        '<path fill="currentColor" fill-rule="evenodd" d="{}"/></svg> {}</span>'
    ).format(severity.value, SHAPES[severity], word)


def _answered(visit: Visit, answer: str) -> Markup:
    """What a server answered, in the reader's language where that is known."""
    told = (in_arabic(answer) or arabic(answer)) if visit.language == "ar" else ""
    return Markup("{}").format(told) if told else Markup('<bdi dir="auto" lang="en">{}</bdi>').format(display(answer))


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
    made.filters |= {"rule_at": rule_at, "feed_at": feed_at}
    return made


_TEMPLATES: Final = _environment()
