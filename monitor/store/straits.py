"""What the store does when the disk takes nothing more: give up the ballast, then keep in memory, and back again."""

from __future__ import annotations

import logging
from pathlib import Path

from monitor.errors import StateError
from monitor.store import ballast
from monitor.store.database import Database

log = logging.getLogger(__name__)

_MARGIN = 2**16  # bytes beside what is to be written

_SHORT = (
    "The disk of {where} is full. The room kept for this was given up, so that recording goes on for a while. "
    "Make room on the disk."
)
_HOLDING = (
    "The disk of {where} takes nothing more (full, read-only or broken). Feeds are polled and alerts are sent, but "
    "what is new is only remembered in memory: if monitor ends now, these alerts are sent once more. Do not restart "
    "it; make room on the disk, or look at the system's log for disk errors."
)
_NO_RESERVE = (
    "The disk of {where} is nearly full: there is no room for the {size} MiB that are kept for when it is. "
    "Make room on the disk."
)
_LOST = (
    "{where} could not be written: {error} What was remembered since the disk failed is lost, and alerts of that time "
    "may be sent once more. See that the disk has room and is sound."
)


class Straits:
    """The rungs between all well and nothing stored, for one database in a directory.

    `keeps_going`: to hold in memory what the disk does not take. For a process that stays: one that ends soon would
    forget what it has told, and tell it again at its next run.
    """

    def __init__(self, database: Database, directory: Path) -> None:
        self._database, self._directory = database, directory
        self.keeps_going = False
        self.trouble: str | None = None  # for the operators; None: all well
        database.relieve, database.dropped = self._relieve, self._dropped

    def reserve(self) -> None:
        """Lay the ballast. Where there is no room for it, a process that stays says so."""
        if not ballast.lay(self._directory) and self.keeps_going and self.trouble is None:
            self.trouble = _NO_RESERVE.format(where=self._directory, size=ballast.SIZE // 2**20)

    def look(self) -> None:
        """Whether the disk takes writes again; then write what was held, lay the ballast anew and end the trouble."""
        if self.trouble is None:
            return
        held = self._database.held
        if held is not None and not self._write_held(held.size):
            return
        if ballast.lay(self._directory):
            log.info("state.recovered", extra={"state": str(self._directory)})
            self.trouble = None

    def _write_held(self, size: int) -> bool:
        if not ballast.has_room(self._directory, size + _MARGIN):
            return False
        try:
            self._database.let_go()
        except StateError as error:
            self._lost(str(error))
            return False
        self.trouble = _SHORT.format(where=self._directory)
        return True

    def _dropped(self) -> None:
        self._lost("the disk failed while it was read.")

    def _lost(self, why: str) -> None:
        self.trouble = _LOST.format(where=self._directory, error=why)
        log.critical("state.lost", extra={"what": self.trouble})

    def _relieve(self) -> bool:
        if ballast.drop(self._directory):
            self._fall("state.short", _SHORT)
            return True
        if self.keeps_going and self._database.hold():
            self._fall("state.holding", _HOLDING)
            return True
        return False

    def _fall(self, event: str, trouble: str) -> None:
        self.trouble = trouble.format(where=self._directory)
        log.critical(event, extra={"state": str(self._directory)})
