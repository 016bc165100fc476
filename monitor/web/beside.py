"""The pages beside the daemon: a process of their own, begun again when it ends, told of when it keeps ending.

Nothing of alerting waits for it. It has a pipe from us as its standard input: when we end, even by SIGKILL, the pipe
ends, and with it the process. The socket is ours and stays bound, so that who asks while it is begun again waits, and
is served.
"""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol

from monitor.processes import signals_held

log = logging.getLogger(__name__)

PAUSES: Final = (1.0, 2.0, 5.0, 15.0, 60.0)  # seconds before it is begun again; at the last pace from then on
WELL: Final = 60.0  # seconds after which it is well
TOLD: Final = 3  # ends in a row, after which operators hear of it
END_WITHIN: Final = 1.0  # seconds; then it is killed: it holds nothing that is not in the database, or was never begun
TROUBLE: Final = "web"


class Teller(Protocol):
    """`Operations`, as far as it is wanted here."""

    def tell(self, trouble: str, title: str, text: str) -> None: ...

    def over(self, trouble: str) -> None: ...


class Pages:
    """`command` makes what to start of the descriptor of the socket. `start` returns at once; `stop` within seconds."""

    def __init__(
        self,
        listening: socket.socket,
        command: Callable[[int], Sequence[str]],
        teller: Teller,
        *,
        pauses: Sequence[float] = PAUSES,
        well: float = WELL,
    ) -> None:
        self._listening, self._command, self._teller = listening, command, teller
        self._pauses, self._well = pauses, well
        self._ending, self._lock = threading.Event(), threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._ends = 0  # in a row
        self._thread = threading.Thread(target=self._keep, name="pages", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Of the process that serves now."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def stop(self) -> None:
        """Idempotent."""
        self._ending.set()
        with self._lock:
            child = self._child
        if child is None:
            return
        with suppress(OSError):
            if child.stdin is not None:
                child.stdin.close()
        try:
            child.wait(END_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()

    def _keep(self) -> None:
        while not self._ending.is_set():
            began = time.monotonic()
            code = self._once()
            if self._ending.is_set():
                return
            self._ends = 1 if time.monotonic() - began >= self._well else self._ends + 1
            pause = self._pauses[min(self._ends, len(self._pauses)) - 1]
            log.error("web.ended", extra={"code": code, "in_a_row": self._ends, "again_in": pause})
            if self._ends >= TOLD:
                text = "They are begun again and again, and end. The log says why. Alerts do not need them."
                self._teller.tell(TROUBLE, "The pages do not stay up", text)
            self._ending.wait(pause)

    def _once(self) -> int | None:
        """Its exit code; None where it could not be begun."""
        with self._lock:
            if self._ending.is_set():
                return None
            try:
                child = self._child = self._begun()
            except (OSError, ValueError) as error:  # ValueError: the socket is closed, for the daemon is at its end
                log.error("web.unstarted", extra={"what": getattr(error, "strerror", None) or str(error)})
                return None
        log.info("web.started", extra={"pid": child.pid})
        try:
            return child.wait(self._well)
        except subprocess.TimeoutExpired:
            self._teller.over(TROUBLE)
            return child.wait()

    def _begun(self) -> subprocess.Popen[bytes]:
        """Signals are left to us: Ctrl-C reaches every process of a terminal, SIGTERM all of a unit."""
        descriptor = self._listening.fileno()
        with signals_held():
            return subprocess.Popen(
                self._command(descriptor),
                stdin=subprocess.PIPE,
                pass_fds=(descriptor,),
                env=dict(os.environ),  # `${…}` of the rules may stand there
                start_new_session=True,
            )
