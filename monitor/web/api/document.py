"""The OpenAPI 3.1 document, made of the operations and their models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from monitor.web.api.operation import PLACES, Leads, Operation
from monitor.web.api.problems import MEDIA, PREFIX, Problem, title

VERSION: Final = "1.0.0"  # of the contract, not of monitor: what is added makes it 1.1, and nothing is taken away
_REF: Final = "#/components/schemas/{model}"
_ABOUT: Final = """\
Alerts, stories, rules, feeds and what became of each, for programs.

Times are RFC 3339 in UTC. Ids are strings. What may be null says so; lists and texts are empty rather than null. Texts
of feeds are plain text on one line, without markup and invisible signs; offsets in them count code points, half-open.
Keys may be added to an answer; those that are here stay, and mean the same.

Lists are paged: hand `next` back as `after`, or follow the `Link` header. What comes meanwhile disturbs no page.

Whoever may look at the pages may ask here. Programs send the token (`web.token` in the rules) as `Authorization:
Bearer`; a browser that is logged in has its cookie, and has to send the `X-CSRF-Token` of a page with what changes
something. Without any way to log in, whoever is on the same machine may read, and changes something as a browser does.
"""
_TAGS: Final[Mapping[str, str]] = {
    "alerts": "What somebody was told of, and what readers said of it.",
    "stories": "One event, as told by one or many newsrooms.",
    "search": "Full text over everything that was read.",
    "rules": "The rules in force, how each fares, what they say of a text.",
    "trials": "What rules would have sent in the past.",
    "feeds": "What is read, and how that goes.",
    "mutes": "What nobody wants to hear of for a while.",
    "deliveries": "Messages, and what became of each.",
    "operations": "Whether it sees, runs and tells.",
}
_PROBLEMS: Final[Mapping[int, str]] = {
    400: "What was sent cannot be read.",
    401: "Nobody is named who may look, or the token is wrong.",
    403: "Whoever asks may not: from elsewhere, or without the token of a page.",
    404: "There is nothing of this id.",
    408: "What was sent came too slowly.",
    409: "Not now: what is there already is in the way.",
    413: "More was sent than is taken: 1 MiB.",
    415: "What was sent says that it is no JSON.",
    421: "The host that was asked for is none of ours.",
    422: "What is asked for or was sent does not make sense; `errors` says what of it.",
    429: "One asks at a time; `Retry-After` says when again.",
    500: "An error of ours; the log has it.",
    503: "The recorded state cannot be used, or all are busy.",
}
_OF_ANY: Final = (401, 403, 404, 421, 422, 500, 503)
_OF_WRITING: Final = (400, 408, 413)
_RETRIED: Final = (429, 503)


def document(operations: Iterable[Operation], *, server: str = "/") -> dict[str, Any]:
    known = sorted(operations, key=lambda each: (list(_TAGS).index(each.tag), each.path, each.method))
    of_models, schemas = _schemas(known)
    paths: dict[str, dict[str, Any]] = {}
    for each in known:
        paths.setdefault(f"{PREFIX}{each.path}", {})[each.method.lower()] = _operation(each, of_models)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "monitor",
            "version": VERSION,
            "summary": "Alerts of regional-conflict news, and all that became of them.",
            "description": _ABOUT,
        },
        "servers": [{"url": server}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": name, "description": what} for name, what in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": {str(status): _problem(status) for status in _PROBLEMS},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "`web.token` of the rules."},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "monitor_session",
                    "description": "Of whoever is logged in; by TLS it is `__Host-monitor_session`.",
                },
            },
        },
    }


def as_text(operations: Iterable[Operation], *, server: str = "/") -> str:
    """As it is kept in the documentation."""
    return json.dumps(document(operations, server=server), ensure_ascii=False, indent=1) + "\n"


def _schemas(known: Sequence[Operation]) -> tuple[Mapping[type[BaseModel], dict[str, Any]], dict[str, Any]]:
    """What to write for each model, and what that leads to."""
    wanted: dict[tuple[type[BaseModel], Literal["validation", "serialization"]], None] = {}
    wanted[Problem, "serialization"] = None
    for each in known:
        if each.answers is not None:
            wanted[each.answers, "serialization"] = None
        if each.body is not None:
            wanted[each.body, "validation"] = None
    found, definitions = models_json_schema(list(wanted), ref_template=_REF)
    of_models = {model: found[model, mode] for model, mode in wanted}
    return of_models, {name: _tidy(schema) for name, schema in sorted(definitions["$defs"].items())}


def _operation(each: Operation, of_models: Mapping[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": each.id, "tags": [each.tag], "summary": each.summary}
    if each.description:
        told["description"] = each.description
    parameters = [*_of_path(each), *_of_query(each.query)]
    if parameters:
        told["parameters"] = parameters
    if each.body is not None:
        content = {"application/json": {"schema": of_models[each.body]}}
        told["requestBody"] = {"required": True, "content": content}
    told["responses"] = _responses(each, of_models)
    return told


def _of_path(each: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", each.path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PLACES[name].what,
            "schema": {
                "type": "string", "pattern": PLACES[name].pattern, "minLength": 1, "maxLength": PLACES[name].most,
            },
            "example": PLACES[name].example,
        }
        for name in names
    ]  # fmt: skip


def _of_query(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template=_REF)
    parameters = []
    for name, of_field in schema.get("properties", {}).items():
        inner = _tidy(_without_null(_resolved(of_field, schema.get("$defs", {}))))
        told: dict[str, Any] = {"name": name, "in": "query", "required": name in schema.get("required", ())}
        if "description" in inner:
            told["description"] = inner.pop("description")
        if inner.get("type") == "array":
            told |= {"style": "form", "explode": True}
        parameters.append(told | {"schema": inner})
    return parameters


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter is left out rather than null."""
    if "anyOf" in schema:
        (kept,) = (each for each in schema["anyOf"] if each.get("type") != "null")
        schema = {**kept, **{name: value for name, value in schema.items() if name != "anyOf"}}
    return {name: value for name, value in schema.items() if not (name == "default" and value in (None, [], ()))}


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """With what it refers to in its place: a parameter's schema stands alone."""
    if isinstance(schema, list):
        return [_resolved(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        there = definitions[schema["$ref"].rpartition("/")[2]]
        schema = {**there, **{name: value for name, value in schema.items() if name != "$ref"}}
    return {name: _resolved(value, definitions) for name, value in schema.items() if name != "title"}


def _tidy(schema: Any) -> Any:
    """Without the titles that pydantic makes of names, which say nothing."""
    if isinstance(schema, list):
        return [_tidy(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {key: _tidy(each) for key, each in value.items()} if name == "properties" else _tidy(value)
        for name, value in schema.items()
        if not (name == "title" and isinstance(value, str))
    }


def _responses(each: Operation, of_models: Mapping[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    headers = {"Link": _LINK} if each.paged else {}
    good = _good(each, of_models)
    if each.leads:
        good["links"] = {to: _link(leads, to) for leads in each.leads for to in leads.to}
    told: dict[str, Any] = {"200": good}
    if each.method == "GET" and each.answers is not None:
        good["headers"] = {"ETag": _ETAG, **headers}
        told["304"] = {"description": "It is as `If-None-Match` says.", "headers": {"ETag": _ETAG}}
    if each.created:
        told["201"] = {**good, "description": "Made; `Location` says where it is.", "headers": {"Location": _LOCATION}}
    problems = {*_OF_ANY, *each.problems, *(() if each.method == "GET" else _OF_WRITING)}
    problems |= {415} if each.body is not None else set()
    for status in sorted(problems):
        told[str(status)] = {"$ref": f"#/components/responses/{status}"}
    return told


def _link(leads: Leads, to: str) -> dict[str, Any]:
    return {"operationId": to, "parameters": {leads.place: f"$response.body#{leads.pointer}"}}


def _good(each: Operation, of_models: Mapping[type[BaseModel], dict[str, Any]]) -> dict[str, Any]:
    if each.answers is None:
        headers = {"Content-Disposition": {"description": "With the name of the file.", "schema": {"type": "string"}}}
        return {"description": "The file.", "content": {each.gives: {"schema": {}}}, "headers": headers}
    return {"description": "As asked.", "content": {"application/json": {"schema": of_models[each.answers]}}}


def _problem(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": f"{title(status)}. {_PROBLEMS[status]}",
        "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in _RETRIED:
        told["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    return told


_ETAG: Final = {"description": "Of this answer, for `If-None-Match`.", "schema": {"type": "string"}}
_LOCATION: Final = {"description": "The address of what was made.", "schema": {"type": "string"}}
_LINK: Final = {"description": 'Where the list goes on (RFC 8288, rel="next").', "schema": {"type": "string"}}


def _main() -> None:
    from monitor.web.api.resources import all_operations

    print(as_text(all_operations()), end="")


if __name__ == "__main__":
    _main()
