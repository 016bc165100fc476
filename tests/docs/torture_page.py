"""The tables of the torture set in the pages on how Arabic is matched: `python -m tests.docs.torture_page` renews them.

The rows are picked in tests/data/torture_page.tsv. Verdict and English reason are those of the set.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.docs.markdown import read
from tests.support import ROOT
from tests.text.torture import Row, rows

PICKS = ROOT / "tests" / "data" / "torture_page.tsv"
BEGIN, END = "<!-- torture table -->\n", "<!-- end of the torture table -->"
PAGES = {"docs/why/arabic.md": "en", "docs/ar/arabic.md": "ar"}

_HEAD = {
    "en": "| in the text | the rule says | found | why |\n|---|---|:-:|---|\n",
    "ar": "| في النص | في القاعدة | النتيجة | السبب |\n|---|---|:-:|---|\n",
}


@dataclass(frozen=True, slots=True)
class Pick:
    section: Mapping[str, str]  # language -> heading
    row: Row
    why: Mapping[str, str]


def picks() -> Iterator[Pick]:
    """In order. A pick that is no row of the set is a KeyError that names it."""
    known = {(row.surface, row.term): row for row in rows()}
    section: dict[str, str] = {}
    for line in PICKS.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = dict(zip(("en", "ar"), line.removeprefix("## ").split("\t"), strict=True))
        elif line and not line.startswith("#"):
            surface, term, arabic = line.split("\t")
            row = known[surface, term]
            yield Pick(section, row, {"en": row.why, "ar": arabic})


def tables(language: str) -> str:
    """A table a section, in a language's words."""
    shown: dict[str, list[Pick]] = {}
    for pick in picks():
        shown.setdefault(pick.section[language], []).append(pick)
    return "\n".join(
        f"### {section}\n\n{_HEAD[language]}{''.join(_line(pick, language) for pick in those)}"
        for section, those in shown.items()
    )


def between_marks(page: str) -> str:
    found = re.search(f"{BEGIN}(.*?){END}", read(page), re.DOTALL)
    if not found:
        raise ValueError(f"{page} has no place for the table")
    return found[1]


def _line(pick: Pick, language: str) -> str:
    cells = (pick.row.surface, f"`{pick.row.term}`", "✓" if pick.row.found else "✗", pick.why[language])
    return f"| {' | '.join(cells)} |\n"


def _renew(page: str, language: str) -> None:
    before, rest = read(page).split(BEGIN)
    _, after = rest.split(END)
    (ROOT / page).write_text(f"{before}{BEGIN}\n{tables(language)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    for _page, _language in PAGES.items():
        _renew(_page, _language)
    sys.stdout.write(f"{len(list(picks()))} rows\n")
