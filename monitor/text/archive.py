"""Documents that are kept as JSON, one a line: what `monitor match` and `monitor backtest --data` read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from monitor.model import Entry, FieldName

KEYS: Final[dict[FieldName, str]] = {"title": "title", "summary": "summary", "body": "text"}
"""Of an entry's field the key of a document."""


def document_of(line: bytes) -> dict[str, Any]:
    """Raises ValueError that says what is wrong with the line."""
    try:
        document = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: {error}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not a number in JSON")


def entry_of(
    document: Mapping[str, Any], *, feed_id: str = "", link: str | None = None, published_at: datetime | None = None
) -> Entry:
    return Entry(
        feed_id=feed_id,
        link=link,
        title=_text(document.get(KEYS["title"])),
        summary=_text(document.get(KEYS["summary"])),
        body=_text(document.get(KEYS["body"])),
        published_at=published_at,
    )


def _text(value: object) -> str:
    """What is no text (a number, null, a list) has none to be searched."""
    return value if isinstance(value, str) else ""
