"""A story's bundle, made and written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from monitor.bundle import archive
from monitor.bundle.gather import MANIFEST, files, gather, manifest
from monitor.bundle.warc import MISSING, NAME, warc
from monitor.store.read import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    reports: int
    files: int
    missing: tuple[str, ...]


def make(reader: Reader, story_id: int, out: BinaryIO) -> Made:
    """Equal state gives equal bytes."""
    gathered = gather(reader, story_id)
    records = warc(gathered)
    found = files(gathered) | ({NAME: records} if records is not None else {})
    missing = () if records is not None else (MISSING,)
    archive.write(out, found | {MANIFEST: manifest(gathered, found, missing)})
    return Made(
        reports=len({each.entry_id for each in gathered.seen}),
        files=len(found) + 1,
        missing=(*gathered.missing, *missing),
    )
