"""The rules that a command reads by: those of the rules file, or where this machine has none and workers share a
database, those that were published there last."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click
from click.core import ParameterSource

from monitor import config as configuration
from monitor.config import Config
from monitor.model.rules_versions import PublishedRules
from monitor.store.which import database_url, open_shared_reader


def rules_in_force(file: Path) -> Config:
    """With feeds and channels, as far as their `${…}` have a value here. Raises ConfigError, StateError."""
    published = _published_instead_of(file)
    if published is None:
        return configuration.load(file, environ=os.environ)
    return _of(published, with_values=True)


def words_in_force(file: Path) -> Config:
    """Rules, places, time zone and language alone: see `config.load_rules`. Raises ConfigError, StateError."""
    published = _published_instead_of(file)
    if published is None:
        return configuration.load_rules(file, environ=os.environ)
    return _of(published, with_values=False)


def _of(published: PublishedRules, *, with_values: bool) -> Config:
    from monitor.cluster.published import load

    with tempfile.TemporaryDirectory(prefix="monitor-rules-") as folder:  # nothing of it is read again
        return load(published, Path(folder), environ=os.environ if with_values else None)


def _published_instead_of(file: Path) -> PublishedRules | None:
    """None where there is a file, where one was named, and where nothing was published: then the file is missed."""
    url = database_url()
    if url is None or _is_named() or file.exists():
        return None
    reader = open_shared_reader(url)
    if reader is None:
        return None
    from monitor.store.rules_rows import RulesVersions

    with reader:
        versions = RulesVersions(reader.database)
        newest = versions.newest()
        return None if newest is None else versions.get(newest.number)


def _is_named() -> bool:
    """Whoever names a file in a command wants that, and hears that it is not there."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source("config") is ParameterSource.COMMANDLINE
