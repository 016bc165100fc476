"""A process that sends: one for each message on its way, so that a hanging endpoint holds up nobody else.

It is forked from `forking`, where Apprise is in memory, and speaks lines of JSON over a socket. Secrets come in that
way only, never in its arguments or environment, and nothing but answers goes out: its standard streams lead nowhere.

    {"do": "describe", "url"}                                    -> {"keys", "title", "body", "unit", "endpoint"}
    {"do": "send", "url", "key", "title", "body", "type", "id"}  -> {"sending": true}, then a Verdict's fields
    either                                                       -> {"unusable": "why", "permanent", "refused": true}
                                                                 or {"broke": "ErrorType", "ambiguous"}

It ends by itself, with exit code 0, when the monitor is gone or asks nothing for a while.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import IO, Any, Final

from monitor.alerts import service
from monitor.alerts.service import Gone, Refused
from monitor.alerts.verdict import judge
from monitor.alerts.watch import Watch

Request = dict[str, Any]
Reply = dict[str, Any]

watch: Final = Watch()


def serve(ours: socket.socket, idle: float) -> None:
    """Answer until the monitor goes or `idle` seconds pass without a request; then the process has ended."""
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    incoming, outgoing = ours.makefile("r", encoding="utf-8"), ours.makefile("w", encoding="utf-8")
    threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
    tell = _teller(outgoing)
    while True:
        try:
            request = requests.get(timeout=idle)
        except queue.Empty:
            os._exit(0)
        _answer(request, tell)


def _listen(incoming: IO[str], requests: queue.SimpleQueue[Request]) -> None:
    try:
        for line in incoming:
            requests.put(json.loads(line))
    finally:
        os._exit(0)  # the monitor is gone; a send under way ends with us, and its delivery is claimed again


def _teller(outgoing: IO[str]) -> Callable[[Reply], None]:
    def tell(reply: Reply) -> None:
        outgoing.write(json.dumps(reply) + "\n")
        outgoing.flush()

    return tell


def _answer(request: Request, tell: Callable[[Reply], None]) -> None:
    watch.events.clear()
    try:
        tell(_describe(request) if request["do"] == "describe" else _send(request, tell))
    except Refused as refused:
        tell({"unusable": str(refused), "permanent": isinstance(refused, Gone), "refused": True})
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; its text may hold the address
        tell({"broke": type(error).__name__, "ambiguous": bool(watch.events)})


def _describe(request: Request) -> Reply:
    address = service.parse(request["url"])
    endpoint = service.endpoint(address)
    reached = asdict(endpoint) if endpoint else None
    return {"keys": list(address.targets), "endpoint": reached} | asdict(service.limits(address))


def _send(request: Request, tell: Callable[[Reply], None]) -> Reply:
    address = service.parse(request["url"])
    single = service.service(address, request["key"])
    tell({"sending": True})
    succeeded = service.notify(single, request)
    return asdict(judge(succeeded, watch.events, schema=str(address.parsed["schema"]), url=request["url"]))
