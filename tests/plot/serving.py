"""The day as feeds: what each address answers at a minute, when the feeds are asked, and the rules that read them."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from pathlib import Path

from tests.plot.outlets import OUTLETS
from tests.plot.values import Entry, Outlet, Plot

POLL_EVERY = 5  # minutes
BASELINE = -POLL_EVERY  # minute of the first poll, before the day begins and after the last entry of yesterday
POLLS = tuple(range(BASELINE, 24 * 60 + 1, POLL_EVERY))  # minutes at which every feed is asked
HELD_BY_A_FEED = 50  # entries, the newest ones
RULES = Path(__file__).parent / "rules.yaml"


def seen_at(minute: int) -> int:
    """The minute of the poll that first sees what stands in the feed since `minute`."""
    return max(BASELINE, -(-minute // POLL_EVERY) * POLL_EVERY)


def held(plot: Plot, outlet: Outlet, minute: int) -> list[Entry]:
    """What the outlet's feed holds at the minute, newest first."""
    own = [entry for entry in plot.entries if entry.outlet == outlet and entry.minute <= minute]
    return own[: -HELD_BY_A_FEED - 1 : -1]


def documents_at(plot: Plot, minute: int) -> dict[str, bytes]:
    """The RSS document of each feed path (`/athir.xml`) at the minute."""
    return {outlet.path: _rss(plot, outlet, minute) for outlet in OUTLETS}


def write_rules(path: Path, port: int) -> None:
    """The rules of the day, reading feeds on this port of the loopback."""
    path.write_text(RULES.read_text(encoding="utf-8").replace("PORT", str(port)), encoding="utf-8")


def _rss(plot: Plot, outlet: Outlet, minute: int) -> bytes:
    items = "".join(_item(plot, entry, minute) for entry in held(plot, outlet, minute))
    head = f"<title>{escape(outlet.name)}</title><link>https://{outlet.id}.example/</link>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"{head}<description>{escape(outlet.name)}</description>{items}</channel></rss>"
    ).encode()


def _item(plot: Plot, entry: Entry, minute: int) -> str:
    version = entry.at(minute)
    dated = format_datetime(plot.instant(entry.dated), usegmt=True)
    return (
        f"<item><title>{escape(version.title)}</title><link>{entry.guid}</link><guid>{entry.guid}</guid>"
        f"<pubDate>{dated}</pubDate><description>{escape(version.summary)}</description></item>"
    )
