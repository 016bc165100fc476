"""The shared statements, in PostgreSQL's words.

What is said otherwise there is little, because the statements keep to what both know: placeholders, the name that
SQLite may be given of an index to use, and the answer to a conflict that nobody named. Functions of SQLite's that the
statements use are made with the schema.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Quoted text and comments first: what looks like a placeholder in them is none.
_TOKEN = re.compile(
    r"""
    (?P<quoted>'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* )
    | (?P<cast>::)
    | (?P<name>:[a-z_][a-z0-9_]*)
    | (?P<mark>\?)
    | (?P<percent>%)
    | (?P<is_not>\bIS\ NOT(?=\ [?:]))
    | (?P<is_same>\bIS(?=\ [?:]))
    | (?P<hint>\s(?:INDEXED\ BY\ \w+|NOT\ INDEXED)\b)
    """,
    re.VERBOSE,
)
_OR_IGNORE = re.compile(r"^\s*INSERT OR IGNORE INTO\b")


@lru_cache(maxsize=4096)
def translate(sql: str) -> str:
    """With `%s` and `%(name)s` for `?` and `:name`."""
    ignores = _OR_IGNORE.match(sql)
    if ignores:
        sql = f"INSERT INTO{sql[ignores.end() :].rstrip()} ON CONFLICT DO NOTHING"
    return _TOKEN.sub(_said, sql)


def _said(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "quoted":
            return found[0].replace("%", "%%")
        case "name":
            return f"%({found[0][1:]})s"
        case "mark":
            return "%s"
        case "percent":
            return "%%"
        case "is_not":
            return "IS DISTINCT FROM"
        case "is_same":
            return "IS NOT DISTINCT FROM"
        case "hint":
            return ""
        case _:
            return found[0]
