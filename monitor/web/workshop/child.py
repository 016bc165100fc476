"""The process at the other end of a `Bench`: takes orders from its standard input, a line of JSON each."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import threading
from typing import Any, Final

NICE: Final = 10
IDLE: Final = 600.0  # seconds without an order after which it is not worth its memory


def main() -> None:
    with contextlib.suppress(OSError):
        os.nice(NICE)
    orders: queue.Queue[dict[str, Any]] = queue.Queue()
    pipe = socket.socket(fileno=os.dup(0))
    threading.Thread(target=_listen, args=(pipe, orders), daemon=True).start()
    with contextlib.suppress(queue.Empty):
        while True:
            _work(pipe, orders.get(timeout=IDLE))


def _listen(pipe: socket.socket, orders: queue.Queue[dict[str, Any]]) -> None:
    """Ends the process when nobody is there any more to hear of its work, however they went."""
    try:
        with pipe.makefile("rb") as lines:
            for line in lines:
                orders.put(json.loads(line))
    finally:
        os._exit(0)


def _work(pipe: socket.socket, order: dict[str, Any]) -> None:
    from monitor.errors import MonitorError
    from monitor.web.workshop.tasks import TASKS

    def tell(answer: dict[str, Any]) -> None:
        pipe.sendall(json.dumps(answer).encode() + b"\n")

    try:
        answer: dict[str, Any] = {"done": TASKS[order["task"]](order, tell)}
    except MonitorError as error:
        answer = {"failed": str(error)}
    except Exception as error:  # noqa: BLE001  told where it was asked for; the process can go on
        answer = {"failed": f"{type(error).__name__}: {error}"}
    # Nobody waits for what makes ready, nor for what went wrong with it: whoever asks next will hear it as their own.
    tell({"ready": True} if order["task"] == "warm" else answer)
