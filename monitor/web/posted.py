"""Endpoints that are sent a form: read without blocking others, answered in a thread as every page is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

Form = Mapping[str, str]
"""What was sent; of fields that were sent several times, the texts one below the other."""


def posted(answer: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Files are passed over."""

    @wraps(answer)
    async def endpoint(request: Request) -> Response:
        async with request.form(max_fields=500) as form:
            texts: dict[str, list[str]] = {}
            for name, value in form.multi_items():
                if isinstance(value, str):
                    texts.setdefault(name, []).append(value)
        return await run_in_threadpool(answer, request, {name: "\n".join(each) for name, each in texts.items()})

    return endpoint
