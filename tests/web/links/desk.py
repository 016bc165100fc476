"""A monitor with one alert, and its site on a real server on loopback."""

from __future__ import annotations

import http.client
from contextlib import nullcontext
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

from monitor.links import Links, key_in
from monitor.model import Alert
from monitor.serve import Listen, Page, Server
from monitor.store import open_store
from monitor.store.wish_rows import Wishes
from monitor.web.links.site import AlertSite
from tests.world import NOW, STRIKE, World, item, rule

BASE = "https://monitor.example"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class Desk:
    """`alert` was just sent to the channel 'desk'. `config` may be changed. A request names us as a browser would that
    came through a reverse proxy."""

    def __init__(self, folder: Path, title: str = STRIKE, summary: str = "", **more: object) -> None:
        self.state = folder / "state"
        self.store = open_store(self.state, now=NOW)
        self.world = World(rule(**more), store=self.store)
        self.world.poll()
        self.world.poll(item(title, summary=summary, at=NOW))
        self.alert: Alert = self.world.reports[-1].alerts[0]
        self.world.deliver()
        self.clock = self.world.clock
        self.config = SimpleNamespace(language="both", timezone=self.world.setup.zone)
        self.links: Links | None = Links(BASE, key_in(self.state))
        self.wishes = Wishes(self.store.database)
        site = AlertSite(
            state=self.state,
            config=lambda: self.config,
            links=lambda: self.links,
            wishes=lambda: nullcontext(self.wishes),
            clock=self.clock,
        )
        self.server = Server(Listen("127.0.0.1", 0), {"/metrics": lambda: Page(200, "figures")}, site=site, seconds=20)
        self.server.start()

    def close(self) -> None:
        self.server.stop()
        self.store.close()

    def path(self, action: str = "open") -> str:
        parts = urlsplit(self.links.of(self.alert)[action])
        return f"{parts.path}?{parts.query}"

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        return self.ask(method, path, headers)

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Answer:
        """As our own page sends its form, unless other headers are given."""
        headers = {"Origin": BASE} | {name.replace("_", "-"): value for name, value in headers.items()}
        body = urlencode(fields or {"doing": "do"})
        return self.ask("POST", path, {name: value for name, value in headers.items() if value}, body.encode())

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        connection.request(method, path, body, {"Host": "monitor.example", **headers})
        answer = connection.getresponse()
        told = Answer(
            answer.status, {key.lower(): value for key, value in answer.headers.items()}, answer.read().decode()
        )
        connection.close()
        return told

    def rows(self, table: str) -> list[dict[str, object]]:
        with self.store.database.read() as db:
            return [dict(row) for row in db.execute(f"SELECT * FROM {table}")]


@dataclass
class Seen:
    """What a browser makes of a page."""

    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""

    def of(self, name: str) -> list[dict[str, str]]:
        return [attributes for element, attributes in self.elements if element == name]


def seen(body: str) -> Seen:
    found = Seen()

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.elements.append((tag, {key: value or "" for key, value in attrs}))

        def handle_data(self, data):
            found.text += data

    Reader().feed(body)
    return found
