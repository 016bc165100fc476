"""The page of a bundle for people: one file, both languages, no script, nothing from elsewhere; and its notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from monitor.alerts.clean import safe_link
from monitor.model import PageSeen
from monitor.store.views.evidence import Seen
from monitor.text.clean import display


def page(seen: Sequence[Seen], pages: Mapping[int, PageSeen], story: Mapping[str, Any], missing: Sequence[str]) -> str:
    return _template("page.html").render(seen=seen, pages=pages, story=story, missing=missing)


def notes() -> str:
    return (resources.files("monitor.bundle") / "notes.txt").read_text("utf-8")


@cache
def _template(name: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"foreign": _foreign, "link": _link}
    return environment.from_string((resources.files("monitor.bundle") / name).read_text("utf-8"))


def _link(written: str) -> str:
    return safe_link(written) or ""


def _foreign(text: object) -> Markup:
    """What others wrote: cleaned of markup and of what is invisible, in a direction of its own."""
    return Markup('<bdi dir="auto">{}</bdi>').format(display(str(text)))
