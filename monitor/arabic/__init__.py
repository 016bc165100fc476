"""What monitor says in English, said in Arabic: mistakes in rules, weak spots, troubles, notes.

Sentences are made where they are needed, in English, and go as text through logs, databases and processes. Nothing of
that changes for a second language: a table here knows each English sentence by its form, and says it in Arabic.

In a form, `<name>` is what the author or the system put there, and stands in the Arabic as it is, isolated; `<name*>`
is again a sentence of ours, or a name. What stands between backticks is written so in a file, and is isolated too.
`<n|one|two|few|many>` is a number with its noun.
`tests/arabic/` looks that every sentence that the sources can say has its form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from monitor.arabic.forms import Form, filled, forms, isolated

LONGEST = 2_000  # characters of a sentence; none of ours is nearly so long
_WORDS = re.compile(r"[a-z] [a-z]")
_QUOTING = frozenset("«'\"`[{/$")
_DEEPEST = 4  # sentences within sentences


def arabic(sentence: str, also: Mapping[str, str] | None = None) -> str:
    """'' for a sentence without a form. `also`: further whole sentences, of the lexicon for example."""
    return _said(sentence, also or {}, 0) if len(sentence) <= LONGEST else ""


def meaning(code: str) -> str:
    """What a problem of this code is, in a few words; '' for an unknown one."""
    from monitor.arabic.codes import CODES

    return isolated(CODES.get(code, ""))


def _said(sentence: str, also: Mapping[str, str], depth: int) -> str:
    if sentence in also:
        return also[sentence]
    for form in table():
        found = form.parts(sentence)
        if found is not None and (told := _filled(form, found, also, depth)):
            return told
    return ""


def _filled(form: Form, found: Mapping[str, str], also: Mapping[str, str], depth: int) -> str:
    """'' where a part that must be said in Arabic cannot be."""
    inner = {}
    for name in form.inner:
        part = found[name]
        said = _said(part, also, depth + 1) if part and depth < _DEEPEST else ""
        if not said and _is_english(part):
            return ""
        inner[name] = said
    return filled(form, found, inner)


def _is_english(part: str) -> bool:
    """Whether it has words in a row, and is no quotation, path or piece of a file."""
    return bool(_WORDS.search(part)) and part.lstrip()[0] not in _QUOTING


@cache
def table() -> tuple[Form, ...]:
    """All forms; of those that fit one sentence, the one with the most letters of its own is the first."""
    modules = sorted(each.name for each in iter_modules(__path__) if each.name not in ("codes", "forms"))
    known = [forms(import_module(f"{__name__}.{name}").SENTENCES) for name in modules]
    return tuple(sorted((form for some in known for form in some), key=lambda form: (-form.letters, len(form.inner))))
