"""Whether the pages answer, for whoever watches the process: it tells nothing else, and so asks for nothing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

SECTIONS = ()


def health(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok\n")


ROUTES = (Route("/healthz", health, methods=["GET"]),)
