"""What an asker sees when something went wrong: the frame with a plain word and a remedy; a bare page where even that
cannot be made."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from html import escape
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.errors import StateError
from monitor.web.api.problems import is_api, problem
from monitor.web.headers import HEADERS
from monitor.web.render import render
from monitor.web.words import TEXTS

log = logging.getLogger(__name__)


def show(
    request: Request, status: int, key: str, *, detail: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """`key` names a text; with `.remedy` behind it, one that says what to do. htmx gets the part that it puts into the
    page, a program what it can read, others a whole page."""
    if is_api(request.url.path):
        told = (TEXTS["en"].get(each, "") for each in (key, f"{key}.api"))
        return problem(status, " ".join(filter(None, (*told, detail))), headers=headers)
    template = "trouble_part.html" if request.headers.get("hx-request") else "trouble.html"
    try:
        answer: Response = render(request, template, status=status, key=key, detail=detail)
    except Exception:  # whatever it is: the asker is told what they can do
        log.exception("page.frame_broke")
        answer = bare(status, key)
    answer.headers.update(headers or {})
    return answer


def bare(status: int, key: str) -> HTMLResponse:
    """In both languages, of nothing that could break."""
    parts = "".join(
        f'<section lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">'
        f"<h2>{escape(texts.get(key, texts['error.500']))}</h2>"
        f"<p>{escape(texts.get(f'{key}.remedy', ''))}</p></section>"
        for language, texts in TEXTS.items()
    )
    head = f'<html lang="ar"><meta charset="utf-8"><title>{status}</title>'
    return HTMLResponse(f"<!doctype html>{head}<main><h1>{status}</h1>{parts}</main>", status_code=status)


def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    key = f"error.{error.status_code}"
    return show(request, error.status_code, key if key in TEXTS["en"] else "error.refused", headers=error.headers)


def without_state(request: Request, error: Exception) -> Response:
    log.warning("page.no_state", extra={"what": str(error)})
    return show(request, 503, "error.state", detail=str(error))


HANDLERS: Final[Mapping[type[Exception], Callable[[Request, Exception], Response]]] = {
    HTTPException: refused,
    StateError: without_state,
}


class Broken:
    """Middleware, within what sets the headers: an error of ours is an answer like others, and is logged once.

    (A handler for Exception would answer outside of all middleware, and the error would be raised on.)
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:  # whatever broke, the reader gets a page, and the log the reason
            log.exception("page.broke")
            if begun:
                raise
            answer = show(Request(scope, receive), 500, "error.500")
            for name, value in HEADERS.items():
                answer.headers.setdefault(name, value)
            await answer(scope, receive, send)
