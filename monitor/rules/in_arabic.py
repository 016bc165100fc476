"""Problems in Arabic: by the forms of their sentences, with what the lexicon says a word also means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from monitor.arabic import arabic, meaning
from monitor.errors import Problem
from monitor.lexicon.traps import load_traps

_OF_SEVERAL_MEANINGS: Final = frozenset({"R405", "R421"})  # their sentences quote the lexicon
_LEVELS: Final[Mapping[str, str]] = {"error": "خطأ", "warning": "تحذير"}


def what_in_arabic(problem: Problem, what: str) -> str:
    """What is wrong; '' for a sentence that nobody has translated. `what`: that of the problem, fit to be shown."""
    return _what(what, quotes=problem.code in _OF_SEVERAL_MEANINGS)


def told_in_arabic(problem: Problem) -> str:
    """As `str(problem)` tells it in English, for a terminal. What is not translated stays English behind the meaning of
    its code."""
    level, code = _LEVELS[problem.level], problem.code
    what = what_in_arabic(problem, problem.what) or ": ".join(filter(None, (meaning(code), problem.what)))
    shown = f"{problem.file}:{problem.line}:{problem.column}: {level} {code}: {what}"
    if problem.source:
        shown += f"\n    {problem.source}"
    return f"{shown}\n  = {arabic(problem.remedy) or problem.remedy}"


@lru_cache(maxsize=2048)  # pages show the same problems again and again
def _what(what: str, *, quotes: bool) -> str:
    return arabic(what, _meanings() if quotes else None)


@cache
def _meanings() -> Mapping[str, str]:
    return {trap.also["en"]: trap.also["ar"] for trap in load_traps()}
