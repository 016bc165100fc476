"""Reading what was asked and sent: by a model, strictly, every mistake at once.

An address has texts only. Each kind of parameter reads its text in one way: `limit=5_0`, `seen=yes` and a time in
seconds, which pydantic would take as well, are none of ours.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar, get_origin
from urllib.parse import urlencode

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from starlette.datastructures import QueryParams

from monitor.web.api.problems import Refused, Wrong

_M = TypeVar("_M", bound=BaseModel)
# RFC 3339, 5.6. Years in which every zone's time can be told in UTC.
_INSTANT: Final = re.compile(
    r"(?!0000|0001|9999)[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]"
    r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
MOST_WRONG: Final = 20  # told of one request


class Asked(BaseModel):
    """What may stand behind the `?` of an address."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Sent(BaseModel):
    """A body."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def _whole(written: object) -> object:
    if isinstance(written, str) and not _WHOLE.fullmatch(written):
        raise ValueError("write a whole number")
    return written


def _integer(sent: object) -> object:
    """To JSON 32.0 is the integer 32 (JSON Schema Validation, 6.1.1), and its schema says that an integer will do."""
    return int(sent) if isinstance(sent, float) and sent.is_integer() else sent


def _flag(written: object) -> object:
    if isinstance(written, str):
        if written not in ("true", "false"):
            raise ValueError("write true or false")
        return written == "true"
    return written


def _instant(written: object) -> object:
    if not isinstance(written, str):
        return written
    if not _INSTANT.fullmatch(written):
        raise ValueError("write a time as RFC 3339 has it, such as 2026-11-22T12:00:00Z")
    whole = written.upper().replace(" ", "T")
    return whole[:17] + "59" + whole[19:] if whole[17:19] == "60" else whole  # a leap second


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


Whole = Annotated[int, BeforeValidator(_whole)]
Integer = Annotated[int, BeforeValidator(_integer)]  # in a body
Flag = Annotated[bool, BeforeValidator(_flag)]
Instant = Annotated[AwareDatetime, BeforeValidator(_instant), AfterValidator(_utc)]
Id = Annotated[str, Field(min_length=1, max_length=200)]
Ids = Annotated[tuple[Id, ...], Field(max_length=20)]


def query(model: type[_M], given: QueryParams) -> _M:
    """Raises Refused."""
    told: dict[str, Any] = {}
    wrong: list[Wrong] = []
    for name in dict.fromkeys(given.keys()):
        values = given.getlist(name)
        field = model.model_fields.get(name)
        if field is not None and _is_list(field.annotation):
            told[name] = values
        elif len(values) > 1:
            wrong.append(Wrong(where=f"query.{name}", what="is given more than once"))
        else:
            told[name] = values[0]
    try:
        found = model.model_validate(told)
    except ValidationError as error:
        wrong += _wrong("query", error)
    if wrong:
        raise Refused(422, "The address asks for what cannot be understood.", errors=wrong[:MOST_WRONG])
    return found


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is tuple


def body(model: type[_M], raw: bytes, content_type: str) -> _M:
    """Raises Refused: 415 for what says it is no JSON, 400 for what is none, 422 for what says something else."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refused(415, "Send JSON, with Content-Type: application/json.", headers={"Accept": "application/json"})
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if any(each["type"] == "json_invalid" for each in error.errors(include_input=False, include_url=False)):
            raise Refused(400, "What was sent is no JSON.", errors=_wrong("body", error)) from None
        wrong = _wrong("body", error)[:MOST_WRONG]
        raise Refused(422, "What was sent cannot be understood.", errors=wrong) from None


def _wrong(part: str, error: ValidationError) -> list[Wrong]:
    return [
        Wrong(where=".".join([part, *map(str, each["loc"])]), what=each["msg"].removeprefix("Value error, "))
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    ]


def not_there(what: str) -> Refused:
    return Refused(404, f"There is no {what} of this id. It may be old and removed by now.")


def unknown(where: str, what: str) -> Refused:
    """Something that is named in what was sent, and is not there."""
    return Refused(422, what, errors=[Wrong(where=where, what=what)])


def link_to_next(path: str, given: QueryParams, after: str | None) -> dict[str, str]:
    """The header of RFC 8288 that leads to the next page; none where there is none."""
    if after is None:
        return {}
    kept = [(name, value) for name, value in given.multi_items() if name != "after"]
    return {"Link": f'<{path}?{urlencode([*kept, ("after", after)])}>; rel="next"'}
