"""What a rule that counts or waits looks for, as one value: if that changes, what it knew is of another rule."""

from __future__ import annotations

from dataclasses import fields
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.language import Rule

# What has no part in what it looks for.
_BESIDE = frozenset(
    str.split(
        "id title severity max_age throttle expires min_sources escalate digest acknowledge inhibit kind enabled "
        "notify tests owner tags description false_positives at"
    )
)


def looks(rule: Rule) -> bytes:
    """Eight bytes. Equal wherever in the file the rule stands, and in every process. How many stories it takes, or how
    long a silence, is no part of it."""
    told: list[object] = [type(rule.kind).__name__]
    told += [(field.name, getattr(rule, field.name)) for field in fields(rule) if field.name not in _BESIDE]
    return blake2b(repr(told).encode(), digest_size=8).digest()
