"""The page of shipped ids."""

from __future__ import annotations

from pathlib import Path

from monitor.language import Lexicon
from monitor.lexicon.catalogue import catalogue

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "lexicon.md"


def test_the_page_in_docs_is_current(lexicon: Lexicon) -> None:
    remedy = "run: python -m monitor.lexicon.catalogue > docs/reference/lexicon.md"
    assert PAGE.read_text(encoding="utf-8") == catalogue(lexicon), remedy


def test_every_event_and_place_stands_on_it_once(lexicon: Lexicon) -> None:
    page = catalogue(lexicon)
    assert all(page.count(f"- `{place}` ") == 1 for place in lexicon.places)
    assert all(page.count(f"`event: {event}`") == 1 for event in lexicon.events)


def test_a_place_stands_under_what_it_lies_within(lexicon: Lexicon) -> None:
    lines = catalogue(lexicon).splitlines()
    syria = next(at for at, line in enumerate(lines) if line.startswith("- `syria`"))
    inner = next(at for at, line in enumerate(lines) if line.lstrip().startswith("- `harabish`"))
    assert inner > syria
    assert lines[inner].startswith("      - ")
