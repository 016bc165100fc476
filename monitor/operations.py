"""Trouble of the monitor itself, told to the channels that are `for: operations`, each trouble once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from monitor.model import Channel, NotSent
from monitor.ports import Sender

log = logging.getLogger(__name__)


class Operations:
    """Sends in the background; a failure is logged, because there is nobody else to tell. Safe from any thread."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._channels: Sequence[Channel] = ()
        self._told: set[str] = set()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="operations")

    def use(self, channels: Sequence[Channel]) -> None:
        """From now on tell these, of which only those for operations count."""
        self._channels = tuple(channel for channel in channels if channel.operations)

    def tell(self, trouble: str, title: str, text: str) -> None:
        """Tell of `trouble`, unless that was done since it was last `over`."""
        if trouble in self._told:
            return
        self._told.add(trouble)
        log.error("operations", extra={"trouble": trouble, "what": title, "channels": len(self._channels)})
        for channel in self._channels:
            self._worker.submit(self._send, channel, title, text)

    def over(self, trouble: str) -> None:
        """The trouble has ended: if it comes again, it is told again."""
        self._told.discard(trouble)

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _send(self, channel: Channel, title: str, text: str) -> None:
        try:
            result = self._sender.tell(channel, title, text)
        except Exception:  # a background thread: nobody else would hear of it
            log.exception("operations.broke", extra={"channel": channel.id})
            return
        if isinstance(result, NotSent):
            log.error("operations.not_sent", extra={"channel": channel.id, "detail": result.detail})
