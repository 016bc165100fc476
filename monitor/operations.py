"""Trouble of the monitor itself, told to the channels that are `for: operations`, each kind of trouble once."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from monitor.model import Alert, Channel, Delivery, NotSent, Reason, Severity
from monitor.ports import Clock, Sender

log = logging.getLogger(__name__)


class Operations:
    """Sends in the background; a failure is logged, because there is nobody else to tell. Safe from any thread."""

    def __init__(self, *, sender: Sender, clock: Clock) -> None:
        self._sender, self._clock = sender, clock
        self._channels: Sequence[Channel] = ()
        self._told: set[str] = set()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="operations")

    def use(self, channels: Sequence[Channel]) -> None:
        """From now on tell these, of which only those for operations count."""
        self._channels = tuple(channel for channel in channels if channel.operations)

    def tell(self, key: str, title: str, text: str) -> None:
        """Tell of the trouble `key`, unless that was done since it last ended (`over`)."""
        if key in self._told:
            return
        self._told.add(key)
        log.error("operations", extra={"trouble": key, "what": title})
        for channel in self._channels:
            self._worker.submit(self._send, channel, key, title, text)

    def over(self, key: str) -> None:
        """The trouble has ended: if it comes again, it is told again."""
        self._told.discard(key)

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _send(self, channel: Channel, key: str, title: str, text: str) -> None:
        try:
            for recipient in self._sender.recipients(channel):
                result = self._sender.send(
                    channel,
                    Delivery(
                        id=0,
                        alert=self._notice(key, title, text),
                        recipient=recipient,
                        attempts=0,
                        created_at=self._clock.now(),
                    ),
                )
                if isinstance(result, NotSent):
                    log.error("operations.not_sent", extra={"channel": channel.id, "detail": result.detail})
        except Exception:  # a background thread: nobody else would hear of it
            log.exception("operations.broke", extra={"channel": channel.id})

    def _notice(self, key: str, title: str, text: str) -> Alert:
        return Alert(
            id=f"operations.{key}",
            story_id=0,
            number=0,
            rule_id="operations",
            rule_title={"ar": "تشغيل المراقب", "en": "Monitor operations"},
            severity=Severity.HIGH,
            reason=Reason.FIRST_REPORT,
            feed_id="monitor",
            feed_name="monitor",
            title=title,
            summary=text,
            link=None,
            published_at=None,
            decided_at=self._clock.now(),
        )
