"""The templates of a format, compiled: those that are shipped, or one's own for its alerts.

The only module that imports Jinja2, with `sandbox`; imported when a message is rendered or an own template is checked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from importlib import resources
from threading import Lock
from typing import Any, Final, Literal

from jinja2 import BaseLoader, Template, TemplateNotFound

from monitor.alerts import dialects
from monitor.alerts.dialects import DIALECTS, Dialect, Format
from monitor.alerts.marks import Marked
from monitor.alerts.sandbox import Live, Sandbox
from monitor.alerts.view import Action, AlertView, DigestView, NoticeView, View
from monitor.alerts.words import FSI, PDI, Language, moment

Kind = Literal["alert", "digest", "notice"]
OWN: Final = "own"
FOLDER: Final = resources.files("monitor.alerts") / "templates"
LONGEST_TEMPLATE: Final = 64_000  # characters


def shipped(name: str) -> str | None:
    """The source of a template that comes with monitor; None for a name that none has."""
    file = FOLDER / f"{name}.j2"
    if not name.replace(".", "").isalpha() or not file.is_file():
        return None
    return file.read_text(encoding="utf-8")


class Renderer:
    """Renders the views of one format. `own`: the source of an own template for alerts; '' for the shipped one.

    Raises jinja2.TemplateError or what `sandbox` has, also when it is made: an own template can be wrong.
    """

    def __init__(self, format: Format, own: str = "") -> None:
        self._format = format
        self._environment = Sandbox(DIALECTS[format], _filters(DIALECTS[format]), loader=_Loader(own))
        self._turn = Lock()  # the environment counts what one rendering costs
        if own:
            self._environment.get_template(OWN)
        self._alert = OWN if own else f"alert.{format}"

    def __call__(self, view: View, *, zone: tzinfo = UTC, now: datetime | None = None) -> str:
        name = self._alert if isinstance(view, AlertView) else f"{_kind(view)}.{self._format}"
        named = {"alert" if isinstance(view, AlertView) else _kind(view): view}
        with self._turn:
            self._environment.begin()
            self._environment.filters["local"] = _local(zone, now, view.language)
            return self._environment.get_template(name).render(named).strip("\n")


@lru_cache(maxsize=32)
def renderer(format: Format, own: str = "") -> Renderer:
    return Renderer(format, own)


def _kind(view: View) -> Kind:
    match view:
        case AlertView():
            return "alert"
        case DigestView():
            return "digest"
        case NoticeView():
            return "notice"


class _Loader(BaseLoader):
    def __init__(self, own: str) -> None:
        self._own = own

    def load(self, environment: Any, name: str, globals: Any = None) -> Template:
        source = self._own if name == OWN and self._own else shipped(name)
        if source is None:
            raise TemplateNotFound(name)
        code = environment.compile(environment.prepared(source, name), name, name)
        return Template.from_code(environment, code, environment.make_globals(globals))


# --- filters


def _filters(dialect: Dialect) -> dict[str, Callable[..., object]]:
    """By name; docs/howto/templates.md tells what each does."""

    def mark(value: object) -> Live:
        told = value if isinstance(value, Marked) else Marked(str(value))
        return Live(_marked(dialect, told), told.text)

    def strong(value: object) -> Live:
        return Live(_marked(dialect, Marked(str(value), ((0, len(str(value))),))), str(value))

    def address(value: object) -> Live:
        link = dialects.address(dialect, str(value))
        return Live(link, str(value))

    def link(value: object) -> Live:
        if not isinstance(value, Action) or dialect.link is None:
            return Live("", "")
        return Live(dialect.link(value.label, value.url), value.label)

    return {
        "mark": mark, "strong": strong, "address": address, "link": link, "iso": _iso, "isolate": _isolate,
        "join": _join, "default": _default, "length": _length, "first": _first, "last": _last,
    }  # fmt: skip


def _marked(dialect: Dialect, told: Marked) -> str:
    """The text in the dialect, its runs strong; the beginning is escaped as the beginning of a line."""
    if dialect.strong is None:
        return dialect.escape(told.text)
    written, at = [], 0
    for piece, strong in told.pieces():
        before, after = told.text[at - 1 : at] if at else "", told.text[at + len(piece) :][:1]
        if strong:
            written.append(dialect.strong(piece, before, after))
        elif at == 0:
            written.append(dialect.escape(piece))
        else:
            written.append(dialect.inside(piece))
        at += len(piece)
    return "".join(written)


def _iso(value: object) -> str:
    """'2026-11-22T11:05:00Z'; '' for no instant."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else ""


def _local(zone: tzinfo, now: datetime | None, language: Language) -> Callable[[object], str]:
    def local(value: object) -> str:
        return moment(value, language=language, zone=zone, now=now or value) if isinstance(value, datetime) else ""

    return local


def _isolate(value: object) -> str:
    return f"{FSI}{value}{PDI}"


def _join(items: object, joint: str = ", ") -> str:
    return joint.join(map(str, items)) if isinstance(items, list | tuple) else str(items)


def _default(value: object, otherwise: object) -> object:
    return value or otherwise


def _length(value: object) -> int:
    return len(value) if isinstance(value, str | list | tuple) else len(str(value))


def _first(items: object) -> object:
    return items[0] if isinstance(items, list | tuple) and items else ""


def _last(items: object) -> object:
    return items[-1] if isinstance(items, list | tuple) and items else ""
