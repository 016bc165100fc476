"""From operations to routes: read, done, answered in a thread as every page is."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.errors import StateError
from monitor.web.api.asked import body, link_to_next, not_there, query
from monitor.web.api.operation import PLACES, Answer, Call, Operation
from monitor.web.api.problems import PREFIX, Refused, problem
from monitor.web.etags import has, tag_of

log = logging.getLogger(__name__)

_IN_BRACES: Final = re.compile(r"\{(\w+)\}")


def routes(operations: Iterable[Operation]) -> list[Route]:
    """One of each address, so that what is not among its methods is told with those that are."""
    by_path: dict[str, dict[str, Operation]] = {}
    for each in operations:
        by_path.setdefault(each.path, {})[each.method] = each
    return [
        Route(f"{PREFIX}{path}", _endpoint(methods), methods=[*methods], name=next(iter(methods.values())).id)
        for path, methods in by_path.items()
    ]


def _endpoint(methods: Mapping[str, Operation]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        operation = methods["GET" if request.method == "HEAD" else request.method]
        raw = await request.body() if operation.body is not None else b""
        return await run_in_threadpool(_answered, operation, request, raw)

    return endpoint


def _answered(operation: Operation, request: Request, raw: bytes) -> Response:
    try:
        return _response(operation, request, operation.act(_call(operation, request, raw)))
    except Refused as refused:
        return problem(refused.status, refused.detail, errors=refused.errors, headers=refused.headers)
    except StateError as error:
        log.warning("api.no_state", extra={"what": str(error)})
        return problem(503, f"The recorded state cannot be used: {error}", headers={"Retry-After": "5"})


def _call(operation: Operation, request: Request, raw: bytes) -> Call:
    """Raises Refused, of all that is wrong the path first."""
    path = {name: str(request.path_params[name]) for name in _IN_BRACES.findall(operation.path)}
    for name, value in path.items():
        if len(value) > PLACES[name].most or not re.fullmatch(PLACES[name].pattern, value):
            raise not_there(name)
    asked = query(operation.query, request.query_params)
    sent = body(operation.body, raw, request.headers.get("content-type", "")) if operation.body is not None else None
    return Call(request, path, asked, sent)


def _response(operation: Operation, request: Request, answer: Answer) -> Response:
    if isinstance(answer.told, Response):
        return answer.told
    content = answer.told.model_dump_json().encode()
    headers = dict(answer.headers)
    if operation.paged:
        headers |= link_to_next(request.url.path, request.query_params, getattr(answer.told, "next", None))
    if operation.method == "GET":
        headers["ETag"] = tag = tag_of(content)
        headers["Vary"] = "Accept-Language, Cookie"
        if has(request, tag):
            return Response(status_code=304, headers=headers)
    return Response(content, answer.status, headers, "application/json")
