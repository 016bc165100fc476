"""The right to poll and to deliver: one process at a time for a state directory, and for a database many may reach."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.store.lock import PollLock
from monitor.store.which import database_url, needs_postgres

if TYPE_CHECKING:  # with psycopg, which most installations have not
    from monitor.store.postgres.fleet_lock import FleetLock


class PollRight:
    """The kernel's lock on the directory, whose files one process uses; and where the state is in PostgreSQL the
    database's own lock, which other machines see."""

    def __init__(self, directory: PollLock, fleet: FleetLock | None) -> None:
        self._directory, self._fleet = directory, fleet

    @classmethod
    def acquire(cls, state_dir: Path, *, command: str, now: datetime) -> PollRight:
        """Raises StateLocked with who has it, StateError."""
        url = database_url()
        directory = PollLock.acquire(state_dir, command=command, now=now)
        try:
            return cls(directory, _of_fleet(url, command) if url else None)
        except BaseException:  # also Ctrl-C must not leave the directory locked
            directory.release()
            raise

    def look(self) -> None:
        """Whether it is still ours; to be asked every few seconds. Raises StateLocked where others took it while the
        database's connection was lost: they poll, so we must end. Raises StateError while nobody can reach it."""
        if self._fleet is not None:
            self._fleet.look()

    def release(self) -> None:
        """Idempotent."""
        if self._fleet is not None:
            self._fleet.release()
        self._directory.release()


def _of_fleet(url: str, command: str) -> FleetLock:
    with needs_postgres():
        from monitor.store.postgres.fleet_lock import FleetLock
    return FleetLock.acquire(url, command=command)
