"""JSON Feed 1.1 of the alerts, the newest first; `_monitor` of an item is the whole alert."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO, Final

from monitor.exports.atom import TITLES, categories
from monitor.exports.columns import as_json
from monitor.exports.jsons import dumped, write_array
from monitor.exports.options import Options
from monitor.exports.row import Row, said, stable_id, untitled
from monitor.exports.sheet import stamp

VERSION: Final = "https://jsonfeed.org/version/1.1"


def write_jsonfeed(rows: Iterable[Row], out: BinaryIO, options: Options) -> None:
    head = {"version": VERSION, "title": TITLES[options.language], "language": options.language}
    if options.page:
        head["home_page_url"] = options.page
    if options.address:
        head["feed_url"] = options.address
    out.write(dumped(head)[:-1] + b',"items":')
    write_array((_item(row, options.language) for row in rows), out)
    out.write(b"}\n")


def _item(row: Row, language: str) -> dict[str, Any]:
    item = {
        "id": stable_id(row, "atom").urn,
        "title": untitled(row),
        "content_text": said(row, language),
        "date_published": stamp(row.decided_at),
        "date_modified": stamp(row.decided_at),
        "authors": [{"name": row.feed_name or row.feed_id}],
        "tags": [term for term, _ in categories(row, language)],
        "_monitor": as_json(row),
    }
    return {**item, "url": row.link} if row.link else item
