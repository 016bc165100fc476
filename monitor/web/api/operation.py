"""One thing that can be asked or done, as a value: routes and the OpenAPI document are made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import Response

from monitor.web.desk import Desk
from monitor.web.visit import Visit, desk_of, visit_of

Method = Literal["GET", "POST", "PUT", "DELETE"]
_M = TypeVar("_M", bound=BaseModel)


class NoQuery(BaseModel):
    """Nothing may be asked."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation that is asked for. `path` has what stands in its address, already of the right form."""

    request: Request
    path: Mapping[str, str]
    query: BaseModel
    body: BaseModel | None

    @property
    def desk(self) -> Desk:
        return desk_of(self.request)

    @property
    def visit(self) -> Visit:
        return visit_of(self.request)

    def asked(self, model: type[_M]) -> _M:
        assert isinstance(self.query, model)
        return self.query

    def sent(self, model: type[_M]) -> _M:
        assert isinstance(self.body, model)
        return self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """`told` is answered as it stands where it is a file already."""

    told: BaseModel | Response
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Leads:
    """The value at `pointer` (RFC 6901) of an answer is the `place` in the address of the operations `to`, by id."""

    pointer: str
    place: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`path` begins behind `/api/v1`; what stands in braces is one of `PLACES`. `problems` are those it may answer
    beside the ones that any may. `created`: it may answer 201 too. `judged`: of what fits the schema these may still be
    refused, by the names that `errors` has for them; the reason stands beside each. `leads`: what of the answer other
    operations can be asked with. `gives`: the media type of a file, where it answers with one."""

    id: str
    method: Method
    path: str
    tag: str
    summary: str
    description: str = ""
    act: Callable[[Call], Answer]
    answers: type[BaseModel] | None = None
    gives: str = ""
    query: type[BaseModel] = NoQuery
    body: type[BaseModel] | None = None
    problems: tuple[int, ...] = ()
    created: bool = False
    paged: bool = False
    judged: tuple[str, ...] = ()
    leads: tuple[Leads, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What stands in an address in the place of a name in braces."""

    pattern: str
    what: str
    example: str
    most: int = 200


_NUMBER: Final = "^[1-9][0-9]{0,17}$"
_ID: Final = "^[A-Za-z0-9][A-Za-z0-9_-]*$"
PLACES: Final[Mapping[str, Place]] = {
    "alert": Place(
        pattern="^[1-9][0-9]{0,17}[.][1-9][0-9]{0,8}$",
        what="The id of an alert: the story's number and its own within the story.",
        example="1.1",
    ),
    "story": Place(pattern=_NUMBER, what="The id of a story.", example="1"),
    "mute": Place(pattern=_NUMBER, what="The id of a mute.", example="1"),
    "delivery": Place(pattern=_NUMBER, what="The id of a delivery.", example="1"),
    "rule": Place(pattern=_ID, most=80, what="The id of a rule, as it is in the rules.", example="strikes"),
    "feed": Place(pattern=_ID, most=80, what="The id of a feed, as it is in the rules.", example="wire"),
    "channel": Place(pattern=_ID, most=80, what="The id of a channel, as it is in the rules.", example="desk"),
    "trial": Place(pattern="^[A-Za-z0-9_-]+$", what="The id of a trial.", example="b3XyZ0aQ1w2e"),
}
