"""Backups under names that tell when they were made, of which the newest few are kept."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime
from pathlib import Path

_STAMP = "%Y%m%dT%H%M%SZ"
_STAMPED = r"-\d{8}T\d{6}Z"


def name_at(target: Path, now: datetime) -> Path:
    """`backup.db` is `backup-20260304T050607Z.db` then: names sort as times do."""
    return target.with_name(f"{target.stem}-{now.astimezone(UTC):{_STAMP}}{target.suffix}")


def keep_newest(target: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` of the copies that are named after `target`; those that were removed."""
    pattern = re.compile(re.escape(target.stem) + _STAMPED + re.escape(target.suffix))
    made = sorted(each for each in target.absolute().parent.iterdir() if pattern.fullmatch(each.name))
    old = made[:-keep]
    for each in old:
        with contextlib.suppress(FileNotFoundError):
            each.unlink()
    return old
