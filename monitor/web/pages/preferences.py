"""`/preferences`: the language and the look that a reader wants, kept in cookies of their browser."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.web.access.cookies import Kind
from monitor.web.pages import Section
from monitor.web.paths import own
from monitor.web.visit import LANGUAGE_COOKIE, LANGUAGES, THEME_COOKIE, THEMES

KEPT_FOR: Final = 365 * 24 * 3600  # seconds
_COOKIES: Final = {"language": (LANGUAGE_COOKIE, LANGUAGES), "theme": (THEME_COOKIE, THEMES)}


def prefer(request: Request) -> Response:
    """What the form names of `language` and `theme`; then `back` to where it was sent from."""
    form = request.state.form
    answer = RedirectResponse(_back(str(form.get("back", ""))), status_code=303)
    for name, (cookie, allowed) in _COOKIES.items():
        wanted = str(form.get(name, ""))
        if wanted in allowed:
            kind: Kind = request.state.cookies
            answer.set_cookie(
                cookie,
                wanted,
                max_age=KEPT_FOR,
                path=kind.below or "/",
                samesite="lax",
                httponly=True,
                secure=kind.secure,
            )
    return answer


def _back(written: str) -> str:
    """A path of ours, without the language that its address asks for."""
    path, _, query = own(written).partition("?")
    asked = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "lang"]
    return path + (f"?{urlencode(asked)}" if asked else "")


SECTIONS: Final[tuple[Section, ...]] = ()
ROUTES: Final = [Route("/preferences", prefer, methods=["POST"])]
