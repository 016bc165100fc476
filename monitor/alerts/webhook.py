"""Posting an event to a machine. Runs in the sending process, under the same limits as all else that is sent.

    {"do": "post", "url", "body", "headers"}  -> {"sending": true}, then a Verdict's fields

The address is `cloudevents+https://host/path`, with `user:password@` for basic authentication and `?+Name=value` for
a header; the rest of the query is the receiver's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import requests

from monitor.alerts.answers import Event
from monitor.alerts.endpoint import Endpoint
from monitor.alerts.service import Refused
from monitor.alerts.verdict import Verdict, judge

CONNECT, READ = 10, 20  # seconds, as for all services (`service.OURS`)
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2: token


@dataclass(frozen=True, slots=True)
class Target:
    """Where to post. `headers` are the operator's."""

    schema: str
    url: str
    headers: Mapping[str, str]
    user: tuple[str, str] | None
    endpoint: Endpoint


def target(address: str) -> Target:
    """Raises Refused for an address that cannot be posted to."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host:
        raise Refused("this cloudevents address has no host; write cloudevents+https://host/path")
    scheme = parts.scheme.removeprefix("cloudevents+")
    asked = parse_qsl(parts.query, keep_blank_values=True)
    headers = {name[1:].strip(): value for name, value in asked if name[:1] in ("+", " ")}
    if not all(_HEADER.fullmatch(name) and value.isascii() and value.isprintable() for name, value in headers.items()):
        raise Refused("a header in this cloudevents address is none; write ?+Name=value in ASCII")
    query = urlencode([(name, value) for name, value in asked if name[:1] not in ("+", " ")])
    bare = parts.netloc.rpartition("@")[2]
    user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    tls = scheme == "https"
    reached = Endpoint(host, port or (443 if tls else 80), tls, verified=True)
    return Target(parts.scheme, urlunsplit((scheme, bare, parts.path or "/", query, "")), headers, user, reached)


def post(to: Target, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether the receiver took it; `watch` sees the rest. No redirect is followed, for it would lose the body."""
    told = {"User-Agent": "monitor", **to.headers, **headers}
    try:
        answer = requests.post(
            to.url, data=body, headers=told, auth=to.user, timeout=(CONNECT, READ), allow_redirects=False
        )
    except requests.RequestException:
        return False
    return 200 <= answer.status_code < 300


def judged(to: Target, taken: bool, events: Sequence[Event], *, address: str) -> Verdict:
    return judge(taken, events, schema=to.schema, url=address)
