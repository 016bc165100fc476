"""That a service took a message, as the process that sent it wrote it down for whoever comes after its monitor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from monitor.model.alerts import Delivery, Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`marks`: of the deliveries in the message, by id. `begun_at`: none of them was made later."""

    marks: Mapping[int, str]
    begun_at: datetime
    sent: Sent

    def is_of(self, delivery: Delivery) -> bool:
        """False where another database uses the same id, or where it was begun anew since, by hand."""
        return self.marks.get(delivery.id) == mark_of(delivery) and delivery.created_at <= self.begun_at


def mark_of(delivery: Delivery) -> str:
    """What is told, and to whom: the same in every copy of a database."""
    alert, to = delivery.alert, delivery.recipient
    told = [alert.id, alert.rule_id, alert.title, alert.link, to.channel_id, to.key]
    return blake2b(json.dumps(told).encode(), digest_size=16).hexdigest()
