"""Who looks, in which language, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Literal, cast, get_args

from starlette.requests import HTTPConnection, Request

from monitor.alerts.words import Language
from monitor.web.desk import Desk

Theme = Literal["auto", "light", "dark"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)
LANGUAGE_COOKIE: Final = "monitor_language"
THEME_COOKIE: Final = "monitor_theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`user` is who may be named as the author of what is done; '' on a page without a log-in. `csrf` is what a form
    has to bring back; '' where this request may do nothing."""

    language: Language
    zone: tzinfo
    now: datetime
    theme: Theme = "auto"
    user: str = ""
    csrf: str = ""

    @property
    def direction(self) -> Literal["rtl", "ltr"]:
        return "rtl" if self.language == "ar" else "ltr"


def desk_of(request: HTTPConnection) -> Desk:
    return cast(Desk, request.app.state.desk)


def visit_of(request: Request) -> Visit:
    """Made once a request. The language: what the reader chose, else what the browser asks for, else what the rules
    say."""
    known: Visit | None = getattr(request.state, "visit", None)
    if known is None:
        desk = desk_of(request)
        config = desk.config
        known = request.state.visit = Visit(
            language=_language(request, "en" if config.language == "en" else "ar"),
            zone=config.timezone,
            now=desk.clock.now(),
            theme=next((each for each in THEMES if each == request.cookies.get(THEME_COOKIE)), "auto"),
            user=getattr(request.state, "user", ""),
            csrf=getattr(request.state, "csrf", ""),
        )
    return known


def _language(request: Request, usual: Language) -> Language:
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    wanted = [chosen or "", *(each.strip()[:2] for each in request.headers.get("accept-language", "").split(","))]
    return next((language for each in wanted for language in LANGUAGES if each == language), usual)
