"""Pages that start work or give out a file do so when a page of ours, or a person, asks for it: a link on another site
leads to a word of that first, with the address to go on to. Else any site could have a browser begin them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from monitor.web.render import render

Endpoint = Callable[[Request], Response]


def not_by_link(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    def asked(request: Request) -> Response:
        return stopped(request) or endpoint(request)

    return asked


def stopped(request: Request) -> Response | None:
    """What to answer instead, where a link on another site led here."""
    return render(request, "by_link.html", status=403) if request.state.by_link else None
