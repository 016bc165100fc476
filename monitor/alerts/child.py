"""The process that sends: one for each busy channel, so that a hanging endpoint holds up nobody else.

It speaks lines of JSON: a request on its standard input, an answer on its standard output. Secrets come in that way
only, never in its arguments or environment, and nothing but answers goes out: its standard error leads nowhere.

    {"do": "describe", "url"}                                    -> {"keys", "title", "body", "unit"}
    {"do": "send", "url", "key", "title", "body", "type", "id"}  -> {"sending": true}, then a Verdict's fields
    either                                                       -> {"refused": "why", "permanent"}
                                                                 or {"broke": "ErrorType", "ambiguous"}

It ends by itself, with exit code 0, when its parent is gone or asks nothing for a while.
"""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any, Final

ONLY: Final = "only"  # the recipient's key that stands for the address as a whole

Request = dict[str, Any]
Reply = dict[str, Any]


def main(idle: float) -> None:
    """Serve until the parent goes or `idle` seconds pass without a request."""
    incoming, outgoing = _take_pipes()
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
    desk = _open_desk(_teller(outgoing))
    while True:
        try:
            request = requests.get(timeout=idle)
        except queue.Empty:
            os._exit(0)
        desk(request)


def _take_pipes() -> tuple[IO[str], IO[str]]:
    """Keep the pipes for ourselves: whatever a plugin prints must not be taken for an answer, nor be seen."""
    incoming = os.fdopen(os.dup(0), "r", encoding="utf-8")
    outgoing = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return incoming, outgoing


def _listen(incoming: IO[str], requests: queue.SimpleQueue[Request]) -> None:
    for line in incoming:
        requests.put(json.loads(line))
    os._exit(0)  # the parent is gone; a send under way ends with us, and its delivery is claimed again


def _teller(outgoing: IO[str]) -> Callable[[Reply], None]:
    def tell(reply: Reply) -> None:
        outgoing.write(json.dumps(reply) + "\n")
        outgoing.flush()

    return tell


def _open_desk(tell: Callable[[Reply], None]) -> Callable[[Request], None]:
    """What answers requests. Apprise is imported here, after the pipes are ours."""
    import logging

    logging.disable(logging.CRITICAL)  # Apprise logs whole addresses
    from monitor.alerts.service import Gone, Refused
    from monitor.alerts.watch import Watch

    watch = Watch()
    watch.install()

    def desk(request: Request) -> None:
        watch.events.clear()
        try:
            tell(_describe(request) if request["do"] == "describe" else _send(request, watch, tell))
        except Refused as refused:
            tell({"refused": str(refused), "permanent": isinstance(refused, Gone)})
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything; its text may hold the address
            tell({"broke": type(error).__name__, "ambiguous": bool(watch.events)})

    return desk


def _describe(request: Request) -> Reply:
    from monitor.alerts import service

    address = service.parse(request["url"])
    return {"keys": list(address.targets)} | asdict(service.limits(address))


def _send(request: Request, watch: Any, tell: Callable[[Reply], None]) -> Reply:
    from monitor.alerts import service
    from monitor.alerts.verdict import judge

    address = service.parse(request["url"])
    single = service.service(address, request["key"])
    tell({"sending": True})
    succeeded = service.notify(single, request)
    return asdict(judge(succeeded, watch.events, schema=str(address.parsed["schema"]), url=request["url"]))
