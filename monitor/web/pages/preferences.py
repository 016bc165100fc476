"""`/preferences`: the language and the look that a reader wants, kept in cookies of their browser."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.web.pages import Section
from monitor.web.visit import LANGUAGE_COOKIE, LANGUAGES, THEME_COOKIE, THEMES

KEPT_FOR: Final = 365 * 24 * 3600  # seconds
_COOKIES: Final = {"language": (LANGUAGE_COOKIE, LANGUAGES), "theme": (THEME_COOKIE, THEMES)}


def prefer(request: Request) -> Response:
    """What the form names of `language` and `theme`; then `back` to where it was sent from."""
    form = request.state.form
    answer = RedirectResponse(local(str(form.get("back", ""))), status_code=303)
    for name, (cookie, allowed) in _COOKIES.items():
        wanted = str(form.get(name, ""))
        if wanted in allowed:
            secure = request.state.secure
            answer.set_cookie(cookie, wanted, max_age=KEPT_FOR, samesite="lax", httponly=True, secure=secure)
    return answer


def local(written: str) -> str:
    """A path of ours, without the language that its address asks for; '/' for anything else.

    Browsers read `\\` as `/` and drop tabs and line ends, so that `/\\evil.example` would lead away.
    """
    if (
        not written.startswith("/")
        or written[1:2] in ("/", "\\")
        or any(each <= " " or each == "\\" for each in written)
    ):
        return "/"
    try:
        parts = urlsplit(written)
    except ValueError:
        return "/"
    if parts.scheme or parts.netloc:
        return "/"
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return parts.path + (f"?{urlencode(asked)}" if asked else "")


SECTIONS: Final[tuple[Section, ...]] = ()
ROUTES: Final = [Route("/preferences", prefer, methods=["POST"])]
