"""Which addresses are asked: a sample of each route, and from there every filter that a page's own forms offer, and
each kind of link by which it shows more of itself. A route of which nothing is said here is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlencode, urljoin, urlsplit

from starlette.routing import BaseRoute, Mount, Route

WRITES: Final = "it writes"
STREAM: Final = "a stream, which does not end"
LONG: Final = "a process of its own does the work"
CHOICES: Final = 3  # of one field that are asked for: the first, one from the middle, the last
PAGES: Final = 2  # addresses of one page that differ in the same names: sorted by this, by that
# What is filled in; `wide` is the story with the most entries.
FILLED: Final = ("story", "alert", "wide", "delivery", "place", "row", "job", "link", "day")
Samples = Mapping[str, tuple[str, ...] | str]

# By method and path as the route has it: addresses (with the fields of a POST behind '?'), or why there is none.
SAMPLES: Final[Samples] = {
    "GET /": ("/", "/?place={place}", "/?place=syria", "/?event=airstrike&seen=no", "/?opinion=wrong"),
    "GET /alerts/new": ("/alerts/new?after={row}",),
    "POST /alerts/{alert_id}/{deed}": WRITES,
    "GET /stories/{story_id:int}": ("/stories/{story}", "/stories/{wide}"),
    "GET /stories/{story_id:int}/evidence": ("/stories/{story}/evidence", "/stories/{wide}/evidence"),
    "GET /stories/{story_id:int}/evidence.zip": ("/stories/{wide}/evidence.zip",),
    "GET /map": ("/map", "/map?days=30"),
    "GET /search": (
        "/search?q=رئيس",
        "/search",
        "/search?q=رئيس&where=all",
        "/search?q=مصر+OR+سوريا&where=all",
        "/search?q=قصف",
        "/search?q=بدير+الزور",
        "/search?q=مستودع+NEAR/8+ذخيرة&where=all",
        "/search?q=زقزقةلاتوجد&where=all",
        "/search?q=place:deir-ez-zor-governorate",
        "/search?q=place:aleppo-governorate&where=all",
        "/search?q=place:syria",
        "/search?q=event:airstrike+place:syria",
        "/search?q=%22مجلس+الأمن%22+NOT+إيران",
    ),
    "GET /rules": ("/rules",),
    "GET /rules/lint": ("/rules/lint",),
    "GET /rules/{rule:written_id}": ("/rules/r1", "/rules/r23"),
    "GET /rules/{rule:written_id}/tests": ("/rules/r1/tests",),
    "GET /rules/new": ("/rules/new", "/rules/new?query=غارة"),
    "POST /rules/new": WRITES,
    "GET /rules/{rule:written_id}/edit": ("/rules/r1/edit",),
    "POST /rules/{rule:written_id}/edit": WRITES,
    "POST /rules/sync/boxes": "it is asked with a whole editor; tests/web/pages do",
    "POST /rules/sync/yaml": "it is asked with a whole editor; tests/web/pages do",
    "GET /rules/try": ("/rules/try",),
    "POST /rules/try": ("/rules/try?text=غارة+1+على+أطراف+البلدة",),
    "POST /rules/try/told": ("/rules/try/told?text=غارة+1+على+أطراف+البلدة",),
    "POST /rules/trial": LONG,
    "POST /rules/{rule:written_id}/trial": LONG,
    "GET /rules/trials/{job}": ("/rules/trials/{job}",),
    "GET /rules/trials/{job}/part": ("/rules/trials/{job}/part",),
    "POST /rules/trials/{job}/stop": WRITES,
    "GET /feeds": ("/feeds", "/feeds?page=2"),
    "GET /feeds.opml": ("/feeds.opml",),
    "GET /feeds/{id:written_id}": ("/feeds/f0", "/feeds/f59"),
    "GET /feeds/add": ("/feeds/add",),
    "POST /feeds/add": WRITES,
    "POST /feeds/add/look": "it waits for somebody else's server",
    "POST /feeds/add/list": "it waits for somebody else's server",
    "POST /feeds/add/chosen": WRITES,
    "GET /operations": ("/operations",),
    "GET /cluster": ("/cluster",),
    "POST /operations/resend": WRITES,
    "POST /operations/unmute": WRITES,
    "GET /live": STREAM,
    "GET /alerts.atom": ("/alerts.atom", "/alerts.atom?place={place}"),
    "GET /alerts.json": ("/alerts.json",),
    "GET /export": ("/export?format=csv&day={day}", "/export?format=json&story={story}"),
    "GET /login": ("/login",),
    "POST /login": "a hash is made to take its time",
    "GET /logout": ("/logout",),
    "POST /logout": WRITES,
    "POST /preferences": WRITES,
    "GET /a/{rest:path}": ("{link}",),
    "POST /a/{rest:path}": WRITES,
    "GET /healthz": ("/healthz",),
    "GET /static": ("/static/site.css",),
    "GET /api/v1/": ("/api/v1/",),
    "GET /api/v1/openapi.json": ("/api/v1/openapi.json",),
    "GET /api/v1/alerts": ("/api/v1/alerts", "/api/v1/alerts?place={place}&limit=500"),
    "GET /api/v1/alerts/{alert}": ("/api/v1/alerts/{alert}",),
    "GET /api/v1/alerts/{alert}/deliveries": ("/api/v1/alerts/{alert}/deliveries",),
    "PUT /api/v1/alerts/{alert}/acknowledgement": WRITES,
    "DELETE /api/v1/alerts/{alert}/acknowledgement": WRITES,
    "PUT /api/v1/alerts/{alert}/opinion": WRITES,
    "DELETE /api/v1/alerts/{alert}/opinion": WRITES,
    "POST /api/v1/alerts/{alert}/mute": WRITES,
    "GET /api/v1/deliveries": ("/api/v1/deliveries", "/api/v1/deliveries?status=dead&limit=500"),
    "GET /api/v1/deliveries/{delivery}": ("/api/v1/deliveries/{delivery}",),
    "POST /api/v1/deliveries/{delivery}/resend": WRITES,
    "POST /api/v1/channels/{channel}/resend": WRITES,
    "POST /api/v1/explain": "the same work as POST /rules/try/told",
    "GET /api/v1/feeds": ("/api/v1/feeds",),
    "GET /api/v1/feeds/{feed}": ("/api/v1/feeds/f0",),
    "GET /api/v1/feeds/{feed}/entries": ("/api/v1/feeds/f0/entries", "/api/v1/feeds/f0/entries?limit=200"),
    "GET /api/v1/mutes": ("/api/v1/mutes?over=true",),
    "POST /api/v1/mutes": WRITES,
    "DELETE /api/v1/mutes/{mute}": WRITES,
    "GET /api/v1/operations": ("/api/v1/operations",),
    "GET /api/v1/cluster": ("/api/v1/cluster",),
    "GET /api/v1/rules": ("/api/v1/rules",),
    "GET /api/v1/rules/{rule}": ("/api/v1/rules/r1",),
    "GET /api/v1/search": ("/api/v1/search?q=رئيس", "/api/v1/search?q=place:homs-governorate&where=all"),
    "GET /api/v1/stories": (
        "/api/v1/stories",
        "/api/v1/stories?place={place}&event=airstrike&limit=200",
        "/api/v1/stories?source=f0&told=false",
    ),
    "GET /api/v1/stories/{story}/evidence": ("/api/v1/stories/{story}/evidence",),
    "GET /api/v1/stories/{story}/evidence.zip": ("/api/v1/stories/{wide}/evidence.zip",),
    "GET /api/v1/stories/{story}": ("/api/v1/stories/{story}", "/api/v1/stories/{wide}"),
    "POST /api/v1/trials": LONG,
    "GET /api/v1/trials/{trial}": ("/api/v1/trials/{job}",),
    "POST /api/v1/trials/{trial}/stop": WRITES,
}
# What is written into fields that nothing is offered for.
TYPED: Final[Mapping[str, str]] = {
    "q": "f1", "day": "{day}", "since": "{day}", "until": "{day}", "tag": "t1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """`fields` of a POST."""

    path: str
    fields: tuple[tuple[str, str], ...] | None = None

    @classmethod
    def of(cls, method: str, written: str) -> Address:
        if method == "GET":
            return cls(_encoded(written))
        parts = urlsplit(written)
        return cls(parts.path, tuple(parse_qsl(parts.query)))

    def __str__(self) -> str:
        return f"{'' if self.fields is None else 'POST '}{unquote_plus(self.path)}"


def sampled(routes: Iterable[BaseRoute], values: Mapping[str, str], samples: Samples = SAMPLES) -> list[Address]:
    """Raises LookupError, naming every route that has no sample, and every sample without a route."""
    there = {each for route in routes for each in _asked_by(route)}
    unknown = [f"no sample for {each}" for each in sorted(there - samples.keys())]
    unknown += [f"no route for {each}" for each in sorted(samples.keys() - there)]
    if unknown:
        raise LookupError("\n".join(unknown))
    return [
        Address.of(each.split(" ", 1)[0], written.format(**values))
        for each, told in samples.items()
        if not isinstance(told, str)
        for written in told
    ]


def _asked_by(route: BaseRoute) -> Iterator[str]:
    match route:
        case Route():
            yield from (f"{method} {route.path}" for method in (route.methods or {"GET"}) - {"HEAD"})
        case Mount():
            yield f"GET {route.path}"
        case _:
            raise LookupError(f"what kind of route is this? {route!r}")


class Offered:
    """What pages offer, each kind of it once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values, self._seen = values, dict[tuple[str, ...], int]()

    def by(self, address: Address, html: str) -> Iterator[Address]:
        """Raises LookupError for a field that somebody types into, of which nothing is said in TYPED."""
        read = _Page()
        read.feed(html)
        for form in read.forms:
            yield from self._by_form(address, form)
        own = urlsplit(address.path).path
        for href in read.hrefs:
            parts = urlsplit(urljoin(own, href))
            names = sorted({name for name, _ in parse_qsl(parts.query)})
            if parts.path == own and names and not parts.netloc and self._is_new(own, *names, most=PAGES):
                yield Address(_encoded(f"{parts.path}?{parts.query}"))

    def _by_form(self, address: Address, form: _Form) -> Iterator[Address]:
        action = urlsplit(urljoin(address.path, form.action)).path
        usual = {name: choices[0] for name, choices in form.filled.items()}
        for name, choices in form.fields.items():
            if not choices and name not in TYPED:
                raise LookupError(f"{address}: what is to be typed into {name!r}?")
            offered = [TYPED[name].format(**self._values)] if not choices else _some(choices)
            for value in offered:
                if self._is_new(action, name, value):
                    yield Address(f"{action}?{urlencode({**usual, name: value})}")

    def _is_new(self, *key: str, most: int = 1) -> bool:
        self._seen[key] = self._seen.get(key, 0) + 1
        return self._seen[key] <= most


def _some(choices: list[str]) -> list[str]:
    told = [each for each in choices if each]
    return list(dict.fromkeys((told[0], told[len(told) // 2], told[-1]))) if told else []


def _encoded(address: str) -> str:
    parts = urlsplit(address)
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.path}?{query}" if query else parts.path


@dataclass(slots=True)
class _Form:
    """`fields`: what there is to choose, nothing where somebody types. `filled`: what is chosen already."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    filled: dict[str, list[str]] = field(default_factory=dict)


class _Page(HTMLParser):
    """The forms that ask (GET), and the links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.hrefs: list[str] = []
        self._form: _Form | None = None
        self._select = ""
        self._begin: Mapping[str, Callable[[dict[str, str]], None]] = {
            "form": self._of_form, "a": self._of_link, "input": self._of_input, "select": self._of_select,
            "option": self._of_option,
        }  # fmt: skip

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._begin:
            self._begin[tag]({name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _of_form(self, told: dict[str, str]) -> None:
        self._form = _Form(told.get("action", "")) if told.get("method", "get").lower() == "get" else None
        if self._form is not None:
            self.forms.append(self._form)

    def _of_link(self, told: dict[str, str]) -> None:
        self.hrefs.append(told.get("href", ""))

    def _of_input(self, told: dict[str, str]) -> None:
        form, name, value = self._form, told.get("name", ""), told.get("value", "")
        if form is None or not name:
            return
        if told.get("type") in ("checkbox", "radio"):
            form.fields.setdefault(name, []).append(value)
            filled = "checked" in told
        else:
            filled = bool(value)
            if told.get("type") != "hidden":
                form.fields.setdefault(name, [])
        if filled:
            form.filled.setdefault(name, []).append(value)

    def _of_select(self, told: dict[str, str]) -> None:
        self._select = told.get("name", "")
        if self._form is not None and self._select:
            self._form.fields.setdefault(self._select, [])

    def _of_option(self, told: dict[str, str]) -> None:
        if self._form is not None and self._select:
            self._form.fields[self._select].append(told.get("value", ""))
            if "selected" in told and told.get("value"):
                self._form.filled.setdefault(self._select, []).append(told["value"])
