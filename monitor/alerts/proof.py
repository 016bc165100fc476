"""An own template, tried before it is used: what is wrong with it, where, and what to do.

Imports Jinja2; wanted only where a rules file names templates of its own, and only while that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from difflib import get_close_matches
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from monitor.alerts.content import Content, content, spoken
from monitor.alerts.dialects import DIALECTS, Format
from monitor.alerts.fit import Limits, measure
from monitor.alerts.samples import LINKS, NOW, SAMPLES
from monitor.alerts.sandbox import NotAllowed, Refused
from monitor.alerts.templating import LONGEST_TEMPLATE, OWN, Renderer
from monitor.alerts.view import Action, AlertView, Line, Teller

GUIDE: Final = "docs/howto/templates.md"
LEAST: Final = {"html": 20_000}  # characters of a message in which nothing is left that can be left out
LEAST_OTHERS: Final = 2_000
_ZONE: Final = ZoneInfo("Asia/Damascus")
_NAMES: Final = tuple({each.name for shape in (AlertView, Line, Action, Teller) for each in fields(shape)} | {"alert"})


@dataclass(frozen=True, slots=True)
class Flaw:
    """`line` and `column` count from 1."""

    line: int
    column: int
    what: str
    remedy: str


def flaw_in(source: str, format: Format) -> Flaw | None:
    """The first thing that is wrong with a template for alerts; None if it renders every sample."""
    if len(source) > LONGEST_TEMPLATE:
        return Flaw(1, 1, f"more than {LONGEST_TEMPLATE:,} characters", "a message needs a few hundred")
    if not source.strip():
        return Flaw(1, 1, "the template is empty", f"write what a message shall say: {GUIDE}")
    try:
        made = Renderer(format, source)
        for told in _contents():
            if flaw := _missing(made, told, format):
                return flaw
    except TemplateSyntaxError as error:
        return _at(source, error.lineno, _sentence(error.message or "this cannot be read"), _syntax_remedy(error))
    except Refused as error:
        return _at(source, error.line, error.what, f"what a template may use stands in {GUIDE}")
    except (TemplateError, NotAllowed, RecursionError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        return _broken(source, error)
    return None


def _contents() -> Iterator[Content]:
    for alert, language, titled, links in product(SAMPLES.values(), ("ar", "en", "both"), (0, 200), ({}, LINKS)):
        yield content(
            alert, spoken(language), zone=_ZONE, now=NOW, limits=Limits(title=titled, body=30_000), attempt=2,
            repeated=True, stands_in_for="desk", unacknowledged_since=NOW, links=links,
        )  # fmt: skip


def _missing(made: Renderer, told: Content, format: Format) -> Flaw | None:
    """What every message must show, and a size that can be kept to."""
    whole = made(told.kept(len(told.ranks), 400), zone=_ZONE, now=NOW)
    view = told.view
    link = DIALECTS[format].address(view.link)
    if link and link not in whole:
        return Flaw(1, 1, "the message does not show the link", "write {{ alert.link | address }} on a line of its own")
    if not all(word in whole for word in view.headline.text.split()[:8] if word.isalpha()):
        return Flaw(1, 1, "the message does not show the headline", "write {{ alert.headline | mark }}")
    if not view.titled and view.severity_word not in whole and view.icon not in whole:
        return Flaw(1, 1, "the message does not show the severity", "write {{ alert.heading }} in the first line")
    least = measure(made(told.kept(0, 10), zone=_ZONE, now=NOW), "characters")
    if least > LEAST.get(format, LEAST_OTHERS):
        what = f"the message has {least:,} characters when all that can be left out is"
        return Flaw(1, 1, what, "write fewer words of your own, and the details as {% for line in alert.lines %}")
    return None


# --- telling where and what


def _at(source: str, line: int, what: str, remedy: str, *, word: str = "") -> Flaw:
    lines = source.splitlines() or [""]
    line = min(max(line, 1), len(lines))
    text = lines[line - 1]
    found = re.search(rf"\b{re.escape(word)}\b", text) if word else None
    found = found or re.search(r"\{[{%#]", text)
    return Flaw(line, (found.start() if found else 0) + 1, what, remedy)


def _broken(source: str, error: Exception) -> Flaw:
    line, remedy = _line_of(error), f"what a template may use stands in {GUIDE}"
    message = str(error)
    if isinstance(error, SecurityError):
        word = next(iter(re.findall(r"attribute '(\w+)'", message)), "")
        what = (
            f"'{word}' cannot be reached from a template" if word else "values have no methods, and nothing is called"
        )
        return _at(source, line, what, remedy, word=word)
    if isinstance(error, UndefinedError):
        word = _quoted(message)
        close = get_close_matches(word, _NAMES, n=1, cutoff=0.75)
        return _at(
            source, line, f"there is no '{word}' here", f"did you mean '{close[0]}'?" if close else remedy, word=word
        )
    if isinstance(error, NotAllowed):
        return _at(source, line, message, remedy)
    if isinstance(error, RecursionError):
        return _at(source, line, "a macro calls itself without end", "let it end, or write the lines out")
    return _at(source, line, f"it breaks with an alert: {_sentence(message)[:120]}", remedy)


def _line_of(error: BaseException) -> int:
    """Where in the template it happened; Jinja2 has put its lines into the traceback."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == OWN:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _quoted(message: str) -> str:
    """The name that a message of Jinja2 is about: the last one in quotes."""
    names = re.findall(r"'([\w.]+)'", message)
    return names[-1] if names else "this"


def _sentence(message: str) -> str:
    return " ".join(message.split()).rstrip(".")


def _syntax_remedy(error: TemplateSyntaxError) -> str:
    if "filter" in (error.message or ""):
        return f"the filters that there are stand in {GUIDE}"
    return "look for a '{%', '{{' or quote that is not closed, and for a block without its end"
