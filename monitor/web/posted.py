"""Endpoints that are sent a form, which the guard has read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

Form = Mapping[str, str]
"""What was sent; of fields that were sent several times, the texts one below the other."""


def posted(answer: Callable[[Request, Form], Response]) -> Callable[[Request], Response]:
    """Files are passed over."""

    @wraps(answer)
    def endpoint(request: Request) -> Response:
        texts: dict[str, list[str]] = {}
        for name, value in request.state.form.multi_items():
            if isinstance(value, str):
                texts.setdefault(name, []).append(value)
        return answer(request, {name: "\n".join(each) for name, each in texts.items()})

    return endpoint
