"""Deliveries: listed by status, sent again."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from monitor.model import DeliveryStatus
from monitor.store.views import operations as recorded
from monitor.web.api.asked import Asked, Whole, not_there
from monitor.web.api.operation import Answer, Call, Leads, Operation
from monitor.web.api.problems import Refused
from monitor.web.api.shapes.deliveries import Deliveries, DeliveryShape, SentAgain, delivery_shape

MOST: Final = 500


class DeliveriesAsked(Asked):
    status: DeliveryStatus | None = Field(default=None, description="Of this status; any if it is left out.")
    limit: Whole = Field(default=50, ge=1, le=MOST, description="How many at most.")
    after: str | None = Field(
        default=None, pattern="^[1-9][0-9]{0,17}$", max_length=18, description="`next` of the page before."
    )


def listed(call: Call) -> Answer:
    asked = call.asked(DeliveriesAsked)
    below = int(asked.after) if asked.after else None
    with call.desk.reader() as reader:
        found = recorded.deliveries(reader, asked.status, limit=asked.limit + 1, below=below)
    shown = found[: asked.limit]
    go_on = str(shown[-1].id) if len(found) > asked.limit else None
    return Answer(Deliveries(deliveries=tuple(map(delivery_shape, shown)), next=go_on))


def read(call: Call) -> Answer:
    with call.desk.reader() as reader:
        found = recorded.delivery(reader, int(call.path["delivery"]))
    if found is None:
        raise not_there("delivery")
    return Answer(delivery_shape(found))


def resend(call: Call) -> Answer:
    read(call)
    with call.desk.store() as store:
        again = store.resend([int(call.path["delivery"])], now=call.visit.now)
    if not again:
        raise Refused(409, "It is being sent at this moment.")
    return read(call)


def resend_channel(call: Call) -> Answer:
    with call.desk.store() as store:
        again = store.resend_to(call.path["channel"], now=call.visit.now)
    return Answer(SentAgain(resent=again))


OPERATIONS: Final = (
    Operation(
        id="listDeliveries",
        method="GET",
        path="/deliveries",
        tag="deliveries",
        summary="Messages, the newest first",
        act=listed,
        query=DeliveriesAsked,
        answers=Deliveries,
        paged=True,
        leads=(Leads("/deliveries/0/id", "delivery", ("getDelivery", "resendDelivery")),),
    ),
    Operation(
        id="getDelivery",
        method="GET",
        path="/deliveries/{delivery}",
        tag="deliveries",
        summary="One message",
        act=read,
        answers=DeliveryShape,
    ),
    Operation(
        id="resendDelivery",
        method="POST",
        path="/deliveries/{delivery}/resend",
        tag="deliveries",
        summary="Send it again, sent or not",
        description="Its attempts and its age count from now.",
        act=resend,
        answers=DeliveryShape,
        problems=(409,),
    ),
    Operation(
        id="resendChannel",
        method="POST",
        path="/channels/{channel}/resend",
        tag="deliveries",
        summary="Send again what a channel gave up",
        description="But for what a fallback was told instead. Also of a channel that is in the rules no more.",
        act=resend_channel,
        answers=SentAgain,
    ),
)
