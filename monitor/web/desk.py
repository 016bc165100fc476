"""What every page works with: the rules in force, the state to read, the state to write."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final

from monitor import config as configuration
from monitor.clock import SystemClock
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.errors import ConfigError
from monitor.hidden import hide
from monitor.ports import Clock
from monitor.prepared import OnDemand, prepare, prepare_reading
from monitor.regular import MAX_BYTES, read_regular
from monitor.store import Reader, SqlStore, open_reader, open_store
from monitor.store.read import empty_reader
from monitor.watch import Watch
from monitor.web.below import path_of

LOOK_EVERY: Final = 1.0  # seconds between two looks at whether the rules files have changed


class Desk:
    """Safe from any thread. Raises ConfigError when it is made: without rules there is nothing to show.

    `path` is the rules file. A changed one is taken over as the daemon does it: once it has come to rest, and only if
    it is sound; what is wrong with one that is not, `refused` tells.
    """

    def __init__(
        self, path: Path, state: Path, *, clock: Clock | None = None, environ: Mapping[str, str] = os.environ
    ) -> None:
        self.path, self.state, self.clock = path, state, clock or SystemClock()
        self._environ, self._lock, self._shelf = environ, Lock(), Shelf(state)
        self._use(configuration.load(path, environ=environ))
        self._watch = Watch(self._config.digests, configuration.digest_of)
        self._refused: ConfigError | None = None
        self._looked_at = self.clock.monotonic()

    def _use(self, config: Config) -> None:
        hide(config.secrets())
        self._config, self._texts = config, _texts(config)
        self._content = OnDemand(partial(prepare, config, self._shelf), partial(prepare_reading, config, self._shelf))

    # --- the rules

    @property
    def config(self) -> Config:
        """As last read and found sound."""
        self._look()
        return self._config

    @property
    def below(self) -> str:
        """The path below which people reach the pages, by the rules as last read: no file is looked at."""
        return path_of(self._config.web)

    @property
    def refused(self) -> ConfigError | None:
        """What is wrong with the rules files as they are now; None where they are those in force."""
        self._look()
        return self._refused

    @property
    def standing(self) -> Mapping[Path, bytes]:
        """The files of the rules in force, where those on disk are no longer they: what was read, by its path."""
        self._look()
        return self._texts if self._refused is not None else {}

    @property
    def content(self) -> OnDemand:
        """The matcher of the rules in force (`match`), the rules by id, what reads reports; made when first used."""
        self._look()
        return self._content

    @property
    def environ(self) -> Mapping[str, str]:
        """Where the `${NAME}` of the rules have their values."""
        return self._environ

    def take(self, config: Config) -> None:
        """From now on this: it was read from the files as they are now, and found sound."""
        with self._lock:
            self._refused = None
            self._watch.follow(config.digests)
            self._use(config)

    def _look(self) -> None:
        with self._lock:
            now = self.clock.monotonic()
            if now - self._looked_at < LOOK_EVERY:
                return
            self._looked_at = now
            if self._watch.settled_change():
                self._take_over()

    def _take_over(self) -> None:
        try:
            config = configuration.load(self.path, environ=self._environ)
        except ConfigError as error:
            self._refused = error
            self._watch.follow({**self._config.digests, **error.digests})
            return
        self._refused = None
        self._watch.follow(config.digests)
        self._use(config)

    # --- the state

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """For reading alone: the connection cannot write. Where nothing was recorded yet, an empty state. Raises
        StateError."""
        with open_reader(self.state) or empty_reader() as reader:
            yield reader

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        """For one short write, beside a daemon that runs or not. Raises StateError."""
        store = open_store(self.state, now=self.clock.now(), check=False)
        try:
            yield store
        finally:
            store.close()


def _texts(config: Config) -> Mapping[Path, bytes]:
    """None of a file that has changed since it was read."""
    texts: dict[Path, bytes] = {}
    for path, digest in config.digests.items():
        with suppress(OSError, ValueError):
            raw = read_regular(path, MAX_BYTES + 1)
            if sha256(raw).hexdigest() == digest:
                texts[path] = raw
    return texts
