"""Rules as they are published for workers: each version whole, under a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFiles:
    """Every file of a configuration: its text by its path, which has '/' between its parts and is relative to a folder
    that holds them all. `main` is the rules file."""

    main: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesVersion:
    """Numbers begin with 1. The one with the highest number is in force."""

    number: int
    published_at: datetime
    published_by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRules:
    version: RulesVersion
    files: RulesFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPublished:
    """`same`: the version in force says the very same. `overtaken`: another than the one expected is in force."""

    why: Literal["same", "overtaken"]
    in_force: RulesVersion
