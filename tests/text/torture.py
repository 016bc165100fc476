"""The torture set: one word or sentence a row, a term as a rule's author writes it, whether it is found, and why.

Tab-separated: surface, term, `match` or `no`, why. A term is an item of the rule language in YAML's short form: `مطار`,
`{name: درعا}`. Lines that begin with # and a space are comments. Rows are written by hand, judged as a reader would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from monitor import lexicon
from monitor.model import Entry
from monitor.rules.matcher import Matcher
from monitor.rules.problems import Report
from monitor.rules.read import Part, read
from monitor.rules.yaml_source import read_yaml
from monitor.text.document import read as read_entry

FOLDER = Path(__file__).parents[1] / "data" / "torture"
TODAY = date(2026, 11, 25)
VERDICTS = {"match": True, "no": False}


@dataclass(frozen=True, slots=True)
class Row:
    surface: str
    term: str
    found: bool
    why: str
    at: str  # file:line

    def __str__(self) -> str:
        return f"{self.at}: {self.term!r} in {self.surface!r} {'' if self.found else 'not '}expected: {self.why}"


def rows() -> Iterator[Row]:
    """Every row of every file, in order. A row that is no row is a ValueError that names its place."""
    for file in sorted(FOLDER.glob("*.tsv")):
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            if line and not line.startswith("# "):
                yield _row(line, f"{file.name}:{number}")


def _row(line: str, at: str) -> Row:
    match line.split("\t"):
        case [surface, term, verdict, why] if surface and term and verdict in VERDICTS and why:
            return Row(surface, term, VERDICTS[verdict], why, at)
    raise ValueError(f"{at}: four cells are expected: surface, term, match or no, why")


def is_found(row: Row) -> bool:
    document = read_entry(Entry(feed_id="torture", title=row.surface))
    return bool(_matcher(row.term).match(document, feed=None, today=TODAY).matches)


@cache
def _matcher(term: str) -> Matcher:
    written = f"version: 1\nrules:\n  - id: torture\n    search_in: [title]\n    all:\n      - {term}\n"
    report = Report()
    source = read_yaml(written.encode(), term, report)
    ruleset = read([Part(source)], lexicon.load(), None, report) if source else None
    if ruleset is None:
        raise ValueError("\n".join(map(str, report.problems())))
    return Matcher(ruleset.rules, ruleset.lexicon)
