"""The rules that workers go by, beside the rules file of this machine: asked, never written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.config import Config
from monitor.doctor.findings import Finding, ok, warning
from monitor.errors import StateError
from monitor.model.rules_versions import RulesFiles
from monitor.store.rules_rows import RulesVersions
from monitor.store.sql import Database
from monitor.store.which import open_shared_reader

_ABOUT = "published rules"


@dataclass(frozen=True, slots=True)
class InForce:
    """`is_here`: the rules files of this machine say the same."""

    number: int
    is_here: bool


def look(url: str, config: Config) -> Iterator[Finding]:
    """Is what stands here what is in force there? Nothing where nothing was published, or the database does not
    answer, which is another's finding."""
    try:
        reader = open_shared_reader(url)
    except StateError:
        return
    if reader is None:
        return
    with reader:
        found = in_force(reader.database, config)
    if found is None:
        return
    if found.is_here:
        yield ok(_ABOUT, f"version {found.number}, which workers go by, says what {config.path} says")
        return
    remedy = "'monitor rules publish' shows the difference, and puts this file in force once you say yes"
    yield warning(_ABOUT, f"workers go by version {found.number}, and {config.path} says something else", remedy)


def in_force(database: Database, config: Config) -> InForce | None:
    """None where nothing was published. Raises StateError, and StateDamaged for what is no rules version."""
    versions = RulesVersions(database)
    newest = versions.newest()
    published = None if newest is None else versions.get(newest.number)
    if published is None:
        return None
    return InForce(published.version.number, _digests(published.files) == sorted(config.digests.values()))


def _digests(files: RulesFiles) -> list[str]:
    return sorted(hashlib.sha256(text.encode("utf-8")).hexdigest() for text in files.texts.values())
