"""The pages behind the links of messages: who may see what, and from where. `serve` gives it the requests.

Nothing is shown, and nothing said of what there is, without a good token. A bad one costs us a digest, an answer of
fixed words, and beyond so many a minute not even that. Good ones are answered all the same: nobody finds one by trying
(2^128), and behind a reverse proxy every reader has the address of whoever tries.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

from monitor.alerts.words import Language
from monitor.config import Config
from monitor.errors import StateError
from monitor.links import PREFIX, Action, Bad, Links, judge_token
from monitor.model import Alert
from monitor.ports import Clock
from monitor.serve import Make, Page, Request
from monitor.store.which import open_reader
from monitor.store.wish_rows import Wishes
from monitor.web.links.deeds import DEEDS, Form, Here, UnknownChoice, asked, done
from monitor.web.links.document import Html, document, tag
from monitor.web.links.page import Reading, alert_page
from monitor.web.links.words import TEXTS

log = logging.getLogger(__name__)

MOST_BAD: Final = 60  # tokens a minute that are answered one by one
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,80}")
_LONGEST_QUERY: Final = 200
_MOST_FIELDS: Final = 5
_LANGUAGES: Final[tuple[Language, ...]] = ("ar", "en")


@dataclass(frozen=True, slots=True)
class _Asked:
    """An address of ours, read. The token is judged, and whether it is good told by `bad`."""

    action: Action
    alert_id: str
    language: Language
    bad: Bad | None


class AlertSite:
    """`serve.Site`. `links` tells what makes links now, None where none are made; `config` what is configured now;
    `wishes` lends what records them, for one request."""

    prefix = PREFIX

    def __init__(
        self,
        *,
        state: Path,
        config: Callable[[], Config],
        links: Callable[[], Links | None],
        wishes: Callable[[], AbstractContextManager[Wishes]],
        clock: Clock,
    ) -> None:
        self._state, self._config, self._links, self._wishes, self._clock = state, config, links, wishes, clock
        self._bad = _BadTokens(clock)

    def hosts(self) -> Iterable[str]:
        links = self._links()
        host = urlsplit(links.base).hostname if links else None
        return (host.lower(),) if host else ()

    def open(self, request: Request) -> Page | Make:
        links = self._links()
        if links is None:
            return Page(404, "Not Found")
        read = self._read(request, links)
        if read.bad:
            return self._bad.answer(read)
        allowed = ("GET", "HEAD") if read.action == "open" else ("GET", "HEAD", "POST")
        if request.method not in allowed:
            return Page(405, "Method Not Allowed", headers=(("Allow", ", ".join(allowed)),))
        if request.method == "POST" and not _is_from_here(request, links.base):
            return _refusal("elsewhere", read.language)
        return partial(self._answer, request, read)

    def _read(self, request: Request, links: Links) -> _Asked:
        fields = _fields(request.query)
        spoken = fields.get("l", [""])[0]
        usual: Language = "en" if self._config().language == "en" else "ar"
        language = next((each for each in _LANGUAGES if each == spoken), usual)
        alert_id, slash, named = request.path.removeprefix(PREFIX).partition("/")
        action: Action | None = next((each for each in DEEDS if each == named), None) if slash else "open"
        tokens = fields.get("t", [])
        if action is None or not _ID.fullmatch(alert_id) or len(tokens) != 1:
            return _Asked("open", "", language, Bad.FORGED)
        bad = judge_token(links.key, tokens[0], action, alert_id, now=self._clock.now())
        return _Asked(action, alert_id, language, bad)

    def _answer(self, request: Request, read: _Asked) -> Page:
        reading = Reading(language=read.language, zone=self._config().timezone, now=self._clock.now())
        try:
            reader = open_reader(self._state)
            if reader is None:
                return _refusal("gone", read.language, status=404)
            with reader:
                alert = reader.alert(read.alert_id)
                if alert is None:
                    return _refusal("gone", read.language, status=404)
                if read.action == "open":
                    return alert_page(alert, reader.deliveries_of(alert.id), _switch(request, reading), reading)
            return self._act(request, read.action, alert, reading)
        except UnknownChoice:
            return _refusal("unknown_choice", read.language, status=400)
        except StateError as error:
            log.warning("links.no_state", extra={"what": str(error)})
            return _refusal("no_state", read.language, status=503)

    def _act(self, request: Request, action: Action, alert: Alert, reading: Reading) -> Page:
        deed, here = DEEDS[action], Here(reading, _address(request, reading.language), _switch(request, reading))
        with self._wishes() as wishes:
            if request.method != "POST":
                return asked(deed, alert, wishes, here)
            form = Form.read(request.body)
            page = done(deed, alert, form, wishes, here)
        log.info(f"link.{form.doing}", extra={"action": action, "alert": alert.id, "rule": alert.rule_id})
        return page


class _BadTokens:
    """Answers to them, so many a minute. Called by one thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minute, self._count = -1, 0

    def answer(self, read: _Asked) -> Page:
        minute = int(self._clock.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        if self._count <= MOST_BAD:
            return _refusal("expired" if read.bad is Bad.EXPIRED else "forged", read.language)
        if self._count == MOST_BAD + 1:
            log.warning("links.guessed", extra={"what": f"more than {MOST_BAD} links within a minute were no good"})
        return Page(429, "Too Many Requests", headers=(("Retry-After", "60"),))


def _fields(query: str) -> dict[str, list[str]]:
    """None of a query that no link of ours has."""
    if len(query) > _LONGEST_QUERY:
        return {}
    try:
        return parse_qs(query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return {}


def _is_from_here(request: Request, base: str) -> bool:
    """Whether a form was sent by a page of ours, by what browsers say and no page can change.

    A page of another site has no token; this is for the day when one leaks. Who sends no such header is no browser.
    """
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return site == "same-origin"
    host = request.headers.get("host", "").lower()
    return origin.lower() in {_origin_of(base), f"http://{host}", f"https://{host}"}


def _origin_of(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _address(request: Request, language: Language) -> str:
    """This very page, in this language. Token and path were found good, so that no sign in them needs an escape."""
    token = parse_qs(request.query)["t"][0]
    return f"{request.path.rpartition('/')[2]}?t={token}&l={language}"


def _switch(request: Request, reading: Reading) -> Html:
    other: Language = "en" if reading.language == "ar" else "ar"
    return tag("a", reading.text("other_language"), href=_address(request, other), lang=other)


def _refusal(text: str, language: Language, *, status: Literal[400, 403, 404, 503] = 403) -> Page:
    texts = TEXTS[language]
    return document(texts["title_refused"], tag("h1", texts[text]), language=language, status=status)
