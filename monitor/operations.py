"""Trouble of the monitor itself, told to the channels that are `for: operations`, each trouble once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from monitor.model import Channel, NotSent
from monitor.ports import Sender

log = logging.getLogger(__name__)

RETRY_AFTER = (10.0, 60.0, 300.0, 1800.0)  # seconds; then the log is all that is left


class Operations:
    """Sends in the background, and tries again where that fails. Safe from any thread."""

    def __init__(self, sender: Sender, *, retry_after: Sequence[float] = RETRY_AFTER) -> None:
        self._sender, self._retry_after = sender, tuple(retry_after)
        self._channels: Sequence[Channel] = ()
        self._told: dict[str, str] = {}
        self._closing = Event()
        self._worker = ThreadPoolExecutor(4, thread_name_prefix="operations")

    def use(self, channels: Sequence[Channel]) -> None:
        """From now on tell these, of which only those for operations count."""
        self._channels = tuple(channel for channel in channels if channel.operations)

    def tell(self, trouble: str, title: str, text: str) -> None:
        """Tell of `trouble`, unless the same text was told of it since it was last `over`."""
        if self._told.get(trouble) == text or self._closing.is_set():
            return
        self._told[trouble] = text
        log.error("operations", extra={"trouble": trouble, "what": title, "why": text, "channels": len(self._channels)})
        for channel in self._channels:
            self._worker.submit(self._send, channel, title, text)

    def over(self, trouble: str) -> None:
        """The trouble has ended: if it comes again, it is told again."""
        self._told.pop(trouble, None)

    def close(self) -> None:
        self._closing.set()
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _send(self, channel: Channel, title: str, text: str) -> None:
        for pause in (*self._retry_after, None):
            failed = self._try(channel, title, text)
            if failed is None:
                return
            log.error("operations.not_sent", extra={"channel": channel.id, "detail": failed})
            if pause is None or self._closing.wait(pause):
                return

    def _try(self, channel: Channel, title: str, text: str) -> str | None:
        """Why it was not sent, or None."""
        try:
            result = self._sender.tell(channel, title, text)
        except Exception as error:  # a background thread: nobody else would hear of it
            log.exception("operations.broke", extra={"channel": channel.id})
            return type(error).__name__
        return result.detail if isinstance(result, NotSent) else None
