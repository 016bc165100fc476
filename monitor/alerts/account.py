"""What was sent to a channel of late, handed from one process to the next as a text."""

from __future__ import annotations

import json
import logging

from monitor.alerts.bursts import Bursts
from monitor.alerts.pace import Pacer
from monitor.alerts.zero import Zero
from monitor.ports import Clock

log = logging.getLogger(__name__)

UNKNOWN = "{}"  # of a channel that nothing is known of


class Account:
    """The pace and the bursts of every channel. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self.pacer, self.bursts = Pacer(clock), Bursts(clock)

    def dump(self, channel_id: str, zero: Zero) -> str:
        """JSON in ASCII: what a service said is in it too. `zero`: of the clock that this account was made with."""
        told = {"pace": self.pacer.dump(channel_id, zero), "bursts": self.bursts.dump(channel_id, zero)}
        return json.dumps(told, separators=(",", ":"))

    def load(self, channel_id: str, told: str, zero: Zero) -> None:
        """In place of what was known of the channel.

        What cannot be read (another version may have written it) is as if nothing had been sent: too soon a message
        does less harm than none.
        """
        try:
            known = json.loads(told)
            if known:
                self.pacer.load(channel_id, known["pace"], zero)
                self.bursts.load(channel_id, known["bursts"], zero)
                return
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("account.unreadable", extra={"channel": channel_id, "what": type(error).__name__})
        self.pacer.forget(channel_id)
        self.bursts.load(channel_id, [], zero)
