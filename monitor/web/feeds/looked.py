"""How the feeds of the rules stand as somebody looks, by what is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from monitor.config import Config
from monitor.store.read import Reader
from monitor.store.views import feeds as recorded
from monitor.web.feeds.standing import Standing, standings
from monitor.web.visit import Visit

LATELY: Final = timedelta(days=30)


def looked_at(config: Config, reader: Reader, visit: Visit) -> list[Standing]:
    """Those that need somebody first. What came of them is that of `LATELY`."""
    return standings(
        config,
        {state.feed_id: state for state in reader.feeds(whole=False)},
        reader.troubles().values(),
        recorded.counts(reader, since=visit.now - LATELY),
        language=visit.language,
        zone=visit.zone,
        now=visit.now,
    )
