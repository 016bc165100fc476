"""Feeds that want their articles read, where nothing is installed that reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Final

from monitor.language import Location
from monitor.rules.nodes import Block, Scalar, Series
from monitor.rules.problems import Report
from monitor.rules.yaml_source import Source

LIBRARY: Final = "trafilatura"


def refuse_unreadable_articles(sources: Sequence[Source], report: Report) -> None:
    """Rather than that a rule waits for words that nobody reads."""
    wanting = list(_wanting(sources))
    if wanting and find_spec(LIBRARY) is None:
        what = "articles cannot be read: the library for it is not installed"
        report.error(wanting[0], "R331", what, "pip install 'monitor[articles]', or remove full_text from all feeds")


def _wanting(sources: Sequence[Source]) -> Iterator[Location]:
    for source in sources:
        feeds = source.data.get("feeds")
        for feed in feeds if isinstance(feeds, Series) else ():
            wanted = feed.get("full_text") if isinstance(feed, Block) else None
            if isinstance(feed, Block) and isinstance(wanted, Scalar) and str(wanted) == "true":
                yield feed.key_at("full_text")
