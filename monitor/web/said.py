"""What is made in English for logs and files, in the reader's language: problems of rules, troubles, notes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from monitor.alerts.words import Language
from monitor.arabic import arabic, meaning
from monitor.errors import Problem
from monitor.rules.in_arabic import what_in_arabic
from monitor.text.clean import tidy
from monitor.web.words import text


def in_words(language: Language, sentence: str) -> Markup:
    """One or more lines. A sentence that nobody has translated stays English, and is marked as such."""
    lines = [line for line in map(tidy, sentence.splitlines()) if line]
    return Markup("<br>").join(_line(language, line) for line in lines)


def of_problem(language: Language, problem: Problem) -> Markup:
    """What is wrong; where its sentence is not translated, what its code means, and the sentence."""
    what = tidy(problem.what)
    if language == "en":
        return _english(what)
    if told := what_in_arabic(problem, what):
        return escape(told)
    title = meaning(problem.code)
    return Markup("{}: {}").format(title, _english(what)) if title else _english(what)


def place_of(language: Language, problem: Problem, *, short: bool = False) -> Markup:
    """The file, the line and the column. `short`: of the file its name alone."""
    line, column = problem.line, problem.column
    name = tidy(Path(problem.file).name if short else problem.file)
    if language == "en":
        return Markup('<bdi dir="ltr"><code>{}:{}:{}</code></bdi>').format(name, line, column)
    where = text(language, "problem.place", line=line, column=column)
    return Markup('<bdi dir="ltr"><code>{}</code></bdi>{}').format(name, where)


def _line(language: Language, line: str) -> Markup:
    told = _arabic(line) if language == "ar" else ""
    return escape(told) if told else _english(line)


def _english(sentence: str) -> Markup:
    return Markup('<bdi dir="ltr" lang="en">{}</bdi>').format(sentence)


@lru_cache(maxsize=2048)
def _arabic(sentence: str) -> str:
    return arabic(sentence)
