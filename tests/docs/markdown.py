"""The project's Markdown as data: fenced blocks, links, headings. Only what our own pages use of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support import ROOT

PAGES = tuple(sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block. `info` is what follows the opening fence; `line` is that fence's, from 1."""

    page: str
    line: int
    info: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str) -> Iterator[Block]:
    """Every fenced block, in order. A fence that is never closed is a mistake in the page, and raises."""
    opened: tuple[int, str, list[str]] | None = None
    for number, line in enumerate(read(page).splitlines(), start=1):
        if not line.lstrip().startswith("```"):
            if opened:
                opened[2].append(line)
        elif opened is None:
            opened = number, line.strip().removeprefix("```").strip(), []
        else:
            yield Block(page=page, line=opened[0], info=opened[1], text=_dedented(opened[2]))
            opened = None
    if opened:
        raise ValueError(f"{page}:{opened[0]}: this block is never closed")


def _dedented(lines: list[str]) -> str:
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "".join(f"{line[depth:]}\n" for line in lines)


def prose(page: str) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^[ ]*```.*?^[ ]*```[ ]*$", "", read(page), flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """What `#…` may name in a page: its headings as GitHub turns them into ids."""
    headings = re.findall(r"^#+[ ]+(.+?)[ ]*$", prose(path.relative_to(ROOT).as_posix()), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
