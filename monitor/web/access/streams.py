"""An answer that goes on and on: it ends when whoever gets it may no longer look, and not when they next ask."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.types import Message, Send

EVERY: Final = 30.0  # seconds between two looks


class WhileAllowed:
    """A `send`. `may_look` is asked again when something is sent and the last look is `EVERY` old; `now` is
    monotonic."""

    def __init__(self, send: Send, may_look: Callable[[], Awaitable[bool]], now: Callable[[], float]) -> None:
        self._send, self._may_look, self._now = send, may_look, now
        self._looked_at, self._ended = now(), False

    async def __call__(self, message: Message) -> None:
        if self._ended:
            return
        if message.get("more_body") and self._now() - self._looked_at >= EVERY:
            self._looked_at = self._now()
            if not await self._may_look():
                self._ended = True
                message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)
