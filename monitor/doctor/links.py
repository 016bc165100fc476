"""Links in messages: can they be made, and does anybody answer where they lead?"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from monitor.doctor.findings import Finding, ok, problem, warning
from monitor.links import MARK, PREFIX, weakness

ABOUT: Final = "links in messages"
SECONDS: Final = 10.0
_ENOUGH: Final = 20_000  # bytes: ours are short
_REFUSED: Final = 403
_BUSY: Final = 429
_REMEDY: Final = (
    "start 'monitor web', or 'monitor run' with --web or --listen, and let a proxy pass on what begins with "
    f"{PREFIX} (docs/howto/links.md); if nobody is to open links, take web.url out of the rules file: messages then "
    "name the commands instead"
)


def look(base: str, state: Path, *, offline: bool, trust: Callable[[], ssl.SSLContext]) -> Iterator[Finding]:
    """`base` is where they lead: perhaps another machine, which may be out of reach from here. Then it is a warning."""
    found = weakness(state)
    if found is not None:
        yield problem(ABOUT, found, "remove links.key from the state directory: a new one is made")
    elif offline:
        yield ok(ABOUT, f"they lead to {base} (it was not asked)")
    else:
        yield _answer(base, trust)


def _answer(base: str, trust: Callable[[], ssl.SSLContext]) -> Finding:
    """By a link that opens nothing: the pages refuse it in their own way."""
    address = f"{base.rstrip('/')}{PREFIX}0?t=0"
    asked = Request(address, headers={"User-Agent": "monitor doctor"})  # noqa: S310 - web.url is http or https
    try:
        with urlopen(asked, timeout=SECONDS, context=trust()) as answer:  # noqa: S310 - as above
            status, body = answer.status, answer.read(_ENOUGH)
    except HTTPError as error:
        status, body = error.code, error.read(_ENOUGH)
    except (OSError, HTTPException, ValueError) as error:
        why = getattr(error, "reason", None) or error
        return warning(ABOUT, f"they lead to {base}, and from here nobody answers there ({why})", _REMEDY)
    if status == _BUSY or (status == _REFUSED and f"{MARK}</title>".encode() in body):
        return ok(ABOUT, f"they lead to {base}, and its pages answer")
    return warning(ABOUT, f"they lead to {base}, where something else answers (status {status})", _REMEDY)
