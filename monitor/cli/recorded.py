"""Recorded entries, as people name them where a text is asked for: by the number of an entry or an alert, or by their
address."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from monitor.errors import UsageError
from monitor.given import is_address
from monitor.model import Entry
from monitor.store.by_link import latest
from monitor.store.which import open_reader
from monitor.store.why import find

_NUMBER: Final = re.compile(r"[0-9]{1,18}(\.[0-9]{1,9})?")  # of an entry; of an alert, for the entry that it tells of


def recorded(written: str, state: Path) -> Entry | None:
    """By its latest text; where no date was published, it has the time when it was seen. None for what names no entry,
    but is a text itself. Raises UsageError for an entry that is not there."""
    asked = written.strip()
    if not (is_address(asked) or _NUMBER.fullmatch(asked)):
        return None
    reader = open_reader(state)
    if reader is None:
        raise UsageError(f"{_not_there(asked)}: nothing is recorded in {state}. {_REMEDY}")
    with reader:
        found = next((latest(reader.database, entry_id) for entry_id in find(reader, asked)), None)
    if found is None:
        raise UsageError(f"{_not_there(asked)} in {state}. {_REMEDY}")
    entry, seen_at = found
    return replace(entry, published_at=entry.published_at or seen_at)


_REMEDY: Final = (
    "Give the text of the report, the file that it is in, or an entry that was read: by its address, its number, or "
    "the number of its alert; 'monitor search' finds them. No page is asked for"
)


def _not_there(asked: str) -> str:
    return f"no entry has the address {asked}" if is_address(asked) else f"there is no entry or alert {asked}"
