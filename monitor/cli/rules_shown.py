"""Rules versions on a terminal, and where they are read from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from monitor.cli.mutes import reading
from monitor.cli.show import ago
from monitor.clock import SystemClock
from monitor.cluster.rules_diff import diff
from monitor.errors import UsageError
from monitor.model.rules_versions import PublishedRules, RulesFiles, RulesVersion
from monitor.rules.masking import printable
from monitor.store import open_store
from monitor.store.rules_rows import RulesVersions

NONE_YET = "no rules were published yet: 'monitor rules publish' does it"
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@contextmanager
def versions_in(state: Path, *, begins: bool = False) -> Iterator[RulesVersions]:
    """Raises UsageError where nothing is recorded yet, unless this may be the beginning."""
    if not begins:
        reading(state).close()
    store = open_store(state, now=SystemClock().now(), check=False)
    try:
        yield RulesVersions(store.database)
    finally:
        store.close()


def version_called(versions: RulesVersions, number: int | None) -> PublishedRules:
    """The newest for None. Raises UsageError."""
    newest = versions.newest()
    if newest is None:
        raise UsageError(NONE_YET)
    found = versions.get(newest.number if number is None else number)
    if found is None:
        raise UsageError(f"there is no rules version {number}: the newest is {newest.number}")
    return found


def described(version: RulesVersion) -> str:
    when = f"{version.published_at:%Y-%m-%d %H:%M}Z ({ago(version.published_at, SystemClock().now())})"
    note = f": {printable(version.note)}" if version.note else ""
    return f"version {version.number}, {when}, by {printable(version.published_by)}{note}"


def about(version: RulesVersion) -> dict[str, object]:
    return {
        "number": version.number,
        "at": version.published_at.isoformat(),
        "by": version.published_by,
        "note": version.note,
    }


def print_difference(old: RulesFiles, new: RulesFiles, *, old_name: str, new_name: str) -> None:
    lines = list(diff(old, new, old_name=old_name, new_name=new_name))
    for line in lines or [f"{old_name} and {new_name} say the same"]:
        click.secho(harmless(line), fg=_COLOURS.get(line[:1]))


def harmless(text: str) -> str:
    """Whoever wrote it, it moves no cursor and turns no text around. Lines stay lines."""
    return "\n".join(map(printable, text.split("\n")))
