"""Workers that share a database. Durations are in seconds; instants by the clock of the database."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from monitor.web.api.shapes.base import Count, Shape


class FleetTroubleShape(Shape):
    """`what` and `remedy` are in the language that was asked for."""

    kind: str = Field(examples=["no worker"])
    grave: bool = Field(description="False: worth knowing, and nothing to be mended.")
    subject: str | None = Field(description="The id of the worker or channel; null where it is of none.")
    what: str
    remedy: str
    detail: str | None = Field(description="What a worker says of rules that it cannot use.")


class UnderWay(Shape):
    batches: Count
    feeds: Count
    channels: tuple[str, ...] = Field(description="Ids of channels that it sends to at this moment.")


class WorkerShape(Shape):
    """Counts are since it began, by what came of them or by task."""

    id: str
    host: str
    pid: int
    version: str
    stage: Literal["working", "draining", "gone"] = Field(description="`gone`: no sign of life for 15 seconds.")
    began_at: datetime
    last_sign_at: datetime
    silent_seconds: float
    rules_number: int | None = Field(description="The rules version that it works by; null for none yet.")
    rules_trouble: str | None = Field(description="Why that is not the newest; null if it is.")
    clock_ahead_seconds: float = Field(description="Of the clock of the database.")
    polls: dict[str, Count]
    entries: Count = Field(description="New ones.")
    alerts: Count
    articles: dict[str, Count]
    deliveries: dict[str, Count]
    jobs: dict[str, Count]
    jobs_failed: dict[str, Count]
    under_way: UnderWay


class RulesInForce(Shape):
    number: int
    published_at: datetime
    published_by: str
    followed_by: Count = Field(description="Workers alive that work by it.")


class FeedsDue(Shape):
    due: Count = Field(description="Feeds that could be asked now and are in nobody's hands.")
    lag_seconds: float = Field(description="How long the first of them has been due.")
    leased: Count
    expired: Count = Field(description="Among those due: their last lease ended without an answer.")
    put_off: Count = Field(description="Feeds that wait for their hosts' turns.")


class CrowdedHost(Shape):
    host: str
    waiting: Count
    wait_seconds: float = Field(description="Until the turn of the last.")


class TaskShape(Shape):
    task: str
    waiting: Count
    oldest_seconds: float | None = Field(description="How long the first has waited; null where none waits.")
    running: Count
    stalled: Count = Field(description="Of those running: their worker gives no sign of life.")
    failed: Count = Field(description="Kept to be looked at.")


class FleetChannel(Shape):
    id: str
    sent_by: str | None = Field(description="The id of the worker that alone may send to it now.")
    pending: Count
    retrying: Count
    dead: Count
    waiting_since: datetime | None


class FleetDatabase(Shape):
    version: str
    connections: Count
    connections_most: Count
    replication: Literal["none", "asynchronous", "synchronous", "hidden"]
    is_standby: bool


class Fleet(Shape):
    at: datetime
    troubles: tuple[FleetTroubleShape, ...] = Field(description="The worst first.")
    workers: tuple[WorkerShape, ...] = Field(description="Those seen within a day.")
    rules: RulesInForce | None
    feeds: FeedsDue
    hosts: tuple[CrowdedHost, ...] = Field(description="The ten that are waited for longest, at most.")
    jobs: tuple[TaskShape, ...]
    channels: tuple[FleetChannel, ...]
    database: FleetDatabase


class Cluster(Shape):
    fleet: Fleet | None = Field(description="Null where the state is in no database that workers share.")
