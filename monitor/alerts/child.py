"""A process that sends: one for each message on its way, so that a hanging endpoint holds up nobody else.

It is forked from `forking`, where Apprise is in memory, and speaks lines of JSON over a socket. Secrets come in that
way only, never in its arguments or environment, and nothing but answers goes out: its standard streams lead nowhere.

    {"do": "describe", "url"}      -> {"keys", "title", "body", "unit", "format", "endpoint"}
    {"do": "send", "url", "key", "title", "body", "format", "alternative", "type", "severity", "link", "tags", "rtl",
     "id", "thread"}               -> {"sending": true}, then a Verdict's fields
    {"do": "post", "url", …}       -> the same; see `webhook`
    any of them                    -> {"unusable": "why", "permanent", "refused": true}
                                      or {"broke": "ErrorType", "ambiguous"}

With "receipt", a file's path, that a service has taken the message is written down there before it is told; see
`receipts`. It ends by itself, with exit code 0, when the monitor is gone or asks nothing for a while. A message with a
receipt that is under way as the monitor goes has a few seconds more, since half of it cannot be taken back.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import IO, Any, Final

from monitor.alerts import handing, service, webhook
from monitor.alerts.answers import Answer
from monitor.alerts.fit import ROOMY
from monitor.alerts.graft import Post, graft
from monitor.alerts.receipts import LAST_MESSAGE, Stub
from monitor.alerts.service import Address, Gone, Refused
from monitor.alerts.threads import marked, named, unmarked
from monitor.alerts.verdict import Verdict, judge, may_be_for_the_thread
from monitor.alerts.watch import Watch
from monitor.model import is_webhook

Request = dict[str, Any]
Reply = dict[str, Any]
Requests = queue.Queue[Request]

watch: Final = Watch()


def serve(ours: socket.socket, idle: float) -> None:
    """Answer until the monitor goes or `idle` seconds pass without a request; then the process has ended."""
    requests = Requests()
    incoming, outgoing = ours.makefile("r", encoding="utf-8"), ours.makefile("w", encoding="utf-8")
    threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
    tell = _teller(outgoing)
    while True:
        try:
            request = requests.get(timeout=idle)
        except queue.Empty:
            os._exit(0)
        _answer(request, tell)
        requests.task_done()


def _listen(incoming: IO[str], requests: Requests) -> None:
    request: Request = {}
    try:
        for line in incoming:
            request = json.loads(line)
            requests.put(request)
    finally:  # the monitor is gone
        if request.get("receipt"):  # else nobody would hear of it
            _wait_for_the_end_of(requests)
        os._exit(0)  # what is still under way ends with us, and its delivery is claimed again


def _wait_for_the_end_of(requests: Requests) -> None:
    with requests.all_tasks_done:
        requests.all_tasks_done.wait_for(lambda: not requests.unfinished_tasks, LAST_MESSAGE)


def _teller(outgoing: IO[str]) -> Callable[[Reply], None]:
    def tell(reply: Reply) -> None:
        outgoing.write(json.dumps(reply) + "\n")
        outgoing.flush()

    return tell


def _answer(request: Request, tell: Callable[[Reply], None]) -> None:
    """One answer to each request, whatever happens: a second would be taken for that to the next."""
    watch.events.clear()
    watch.shape = None
    with Stub(request.get("receipt")) as stub:
        reply = _reply(request, tell)
        stub.sign(reply)
    tell(reply)


def _reply(request: Request, tell: Callable[[Reply], None]) -> Reply:
    try:
        return _DO[request["do"]](request, tell)
    except Refused as refused:
        return {"unusable": str(refused), "permanent": isinstance(refused, Gone), "refused": True}
    except Exception as error:  # noqa: BLE001 - a plugin may raise anything; its text may hold the address
        return {"broke": type(error).__name__, "ambiguous": bool(watch.events)}


def _describe(request: Request, _tell: Callable[[Reply], None]) -> Reply:
    if is_webhook(request["url"]):
        to = webhook.target(request["url"])
        return {"keys": [], "endpoint": asdict(to.endpoint), "format": "text"} | asdict(ROOMY)
    address = service.parse(request["url"])
    endpoint = service.endpoint(address)
    reached = asdict(endpoint) if endpoint else None
    described = {"keys": list(address.targets), "endpoint": reached, "format": service.format_of(address)}
    return described | asdict(service.limits(address))


def _post(request: Request, tell: Callable[[Reply], None]) -> Reply:
    """An event to a machine."""
    to = webhook.target(request["url"])
    tell({"sending": True})
    taken = webhook.post(to, request["body"].encode(), request["headers"])
    return asdict(webhook.judged(to, taken, watch.events, address=request["url"]))


def _send(request: Request, tell: Callable[[Reply], None]) -> Reply:
    """Once; and once more without the message that it hangs on, where that may be what the service refuses."""
    address = service.parse(request["url"])
    schema = str(address.parsed["schema"])
    targets = service.told(address, request["key"])
    thread = unmarked(request.get("thread"), schema, targets)
    tell({"sending": True})
    verdict, name = _try(address, request, schema, thread)
    if thread is not None and may_be_for_the_thread(verdict, watch.events):
        watch.events.clear()
        verdict, name = _try(address, request, schema, None)
    return asdict(replace(verdict, thread=marked(name, schema, targets) if name and verdict.sent else None))


def _try(address: Address, request: Request, schema: str, thread: str | None) -> tuple[Verdict, str | None]:
    """What came of it, and what the message is called."""
    single = service.service(address, request["key"], request["severity"])
    mail = handing.mail_name(request["id"], single)
    subject, first = _followed(thread) if mail else ("", thread)
    title = subject or request["title"]
    post = Post(
        schema=schema,
        title=title,
        body=request["body"],
        alternative=request["alternative"],
        severity=request["severity"],
        link=request["link"],
        tags=tuple(request["tags"]),
        rtl=request["rtl"],
        thread=first,
    )
    watch.shape = partial(graft, post=post)
    told = {**request, "title": title, "thread": first}
    succeeded = handing.notify(single, told, schema=schema, name=mail or "")
    verdict = judge(succeeded, watch.events, schema=schema, url=request["url"])
    if mail:
        return verdict, thread or json.dumps([mail, title], ensure_ascii=False)
    bodies = [event.body for event in watch.events if isinstance(event, Answer)]
    return verdict, thread or named(schema, bodies)


def _followed(thread: str | None) -> tuple[str, str | None]:
    """The subject and the Message-ID of the mail that this one follows: clients thread by both."""
    if thread is None:
        return "", None
    name, subject = json.loads(thread)
    return str(subject), str(name)


_DO: Final[Mapping[str, Callable[[Request, Callable[[Reply], None]], Reply]]] = {
    "describe": _describe,
    "post": _post,
    "send": _send,
}
