"""What a program is told when it does not get what it asked for: RFC 9457, `application/problem+json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

PREFIX: Final = "/api/v1"
MEDIA: Final = "application/problem+json"
# As RFC 9110 and RFC 6585 have them: those of Python change with its version.
_TITLES: Final[Mapping[int, str]] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    421: "Misdirected Request",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Wrong(BaseModel):
    """One thing that is wrong with what was sent."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)

    where: str = Field(
        description="What it is wrong with: `query`, `body` or `path`, then the name of the parameter or the way to it,"
        " with dots.",
        examples=["query.limit"],
    )
    what: str = Field(description="What is wrong with it.", examples=["Input should be less than or equal to 500"])
    column: int | None = Field(
        default=None,
        description="Where in the query of a search, or in that line of a draft which `what` names; in code points"
        " from 1, null elsewhere.",
    )


class Problem(BaseModel):
    """RFC 9457. `type` is always `about:blank`: `status` says which problem it is."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str = Field(description="The name of the status.", examples=["Not Found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(
        description="What happened, and what to do about it; '' where the title says it all.",
        examples=["There is no alert of this id. It may be old and removed by now."],
    )
    errors: tuple[Wrong, ...] = Field(default=(), description="Each thing that is wrong with what was sent.")


class Refused(Exception):
    """What an operation raises to answer with a problem."""

    def __init__(
        self, status: int, detail: str, *, errors: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, tuple(errors), dict(headers or {})


def is_api(path: str) -> bool:
    """Whether a program asks; the list of operations is a page, and what is wrong with it is a person's matter."""
    return path.startswith(f"{PREFIX}/") and path != f"{PREFIX}/"


def problem(
    status: int, detail: str = "", *, errors: Sequence[Wrong] = (), headers: Mapping[str, str] | None = None
) -> Response:
    told = Problem(title=title(status), status=status, detail=detail, errors=tuple(errors))
    return Response(told.model_dump_json(), status, dict(headers or {}), MEDIA)


def title(status: int) -> str:
    return _TITLES.get(status, "Refused")
