"""`/api/v1/`: what programs may ask for, as a list for people. The rest of `/api/v1` is in `monitor.web.api`."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.web.api.document import as_text, document
from monitor.web.api.endpoint import routes
from monitor.web.api.problems import PREFIX
from monitor.web.api.resources import all_operations
from monitor.web.below import KEY
from monitor.web.etags import has, tag_of
from monitor.web.render import render
from monitor.web.visit import desk_of

DOCUMENT: Final = f"{PREFIX}/openapi.json"


@lru_cache(maxsize=2)
def _written(below: str) -> tuple[bytes, str]:
    """The document and its tag."""
    content = as_text(all_operations(), server=f"{below}/").encode()
    return content, tag_of(content)


@cache
def _listed() -> list[tuple[str, list[dict[str, Any]]]]:
    """By tag, in the order of the document: method, address, parameters, what is sent and answered."""
    told = document(all_operations())
    schemas = told["components"]["schemas"]
    found: dict[str, list[dict[str, Any]]] = {each["name"]: [] for each in told["tags"]}
    for path, methods in told["paths"].items():
        for method, each in methods.items():
            found[each["tags"][0]].append({"method": method.upper(), "path": path, **_details(each, schemas)})
    return list(found.items())


def _details(operation: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    model = schemas.get(str(sent.get("$ref", "")).rpartition("/")[2], {})
    required = model.get("required", ())
    body = [
        {"name": name, "required": name in required, "what": each.get("description", "")}
        for name, each in model.get("properties", {}).items()
    ]
    query = [
        {"name": each["name"], "required": each["required"], "what": each.get("description", "")}
        for each in operation.get("parameters", ())
        if each["in"] == "query"
    ]
    return {
        "id": operation["operationId"],
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "query": query,
        "body": body,
    }


def page(request: Request) -> Response:
    base = desk_of(request).config.web or str(request.base_url).rstrip("/")
    return render(request, "api.html", listed=_listed(), document=DOCUMENT, base=base)


def openapi(request: Request) -> Response:
    content, tag = _written(request.scope.get(KEY, ""))
    headers = {"ETag": tag}
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


SECTIONS: Final = ()
ROUTES: Final = [Route(f"{PREFIX}/", page), Route(DOCUMENT, openapi), *routes(all_operations())]
