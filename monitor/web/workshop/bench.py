"""A process that works for the pages: given an order, watched while it works, ended when it takes too long."""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Any, Final

from monitor import processes
from monitor.hidden import hide
from monitor.web.desk import Desk

_CHILD: Final = "monitor.web.workshop.child"
BEGIN_WITHIN: Final = 90.0  # seconds to start, read the rules and compile them, on a slow machine
_CHUNK: Final = 1 << 16

Answer = dict[str, Any]
Hears = Callable[[Answer], bool]
"""Is told of progress; False: the work is to end."""


class NoAnswer(Exception):
    """`key` is of the words of the pages; `detail` for people, '' where the words say all."""

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(key)
        self.key, self.detail = key, detail


class Bench:
    """One process, started when it is first needed and again after it was ended. One order at a time. Safe from any
    thread."""

    def __init__(self) -> None:
        self._busy, self._left = Lock(), b""
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: socket.socket | None = None

    def __del__(self) -> None:
        self.end()

    def ask(self, order: Mapping[str, object], *, within: float, hears: Hears = lambda _: True) -> Answer:
        """`within`: seconds for each step of it, once it has begun. Raises NoAnswer, also where somebody else's order
        takes so long that this one has to wait for more than that."""
        if not self._busy.acquire(timeout=within):
            raise NoAnswer("workshop.busy")
        try:
            return self._asked(order, within, hears)
        except OSError as error:
            self.end()
            raise NoAnswer("workshop.broke", error.strerror or str(error)) from error
        finally:
            self._busy.release()

    def warm(self, order: Mapping[str, object]) -> None:
        """Start the process, and have it make ready for what this order asks for. Waits for nothing, and does nothing
        where the process is there already; where there can be none, who asks it will be told."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            if not self._is_there():
                self._started().sendall(json.dumps(order).encode() + b"\n")
        except OSError:
            self.end()
        finally:
            self._busy.release()

    def end(self) -> None:
        """Also while it works: whoever waits for an answer is told that there is none."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is not None:
            process.kill()
            process.wait()
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.shutdown(socket.SHUT_RDWR)
            pipe.close()

    def _asked(self, order: Mapping[str, object], within: float, hears: Hears) -> Answer:
        pipe = self._started()
        pipe.settimeout(within)
        pipe.sendall(json.dumps(order).encode() + b"\n")
        pipe.settimeout(BEGIN_WITHIN)
        while True:
            answer = self._line(pipe)
            if "ready" in answer:  # of the order to make ready; the one that we wait for is begun now
                continue
            pipe.settimeout(within)
            if "done" in answer:
                done: Answer = answer["done"]
                return done
            if "failed" in answer:
                raise NoAnswer("workshop.failed", str(answer["failed"]))
            if not hears(answer):
                self.end()
                raise NoAnswer("workshop.stopped")

    def _is_there(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _started(self) -> socket.socket:
        if self._is_there() and self._pipe is not None:
            return self._pipe
        self.end()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = processes.start(_CHILD, pipe=theirs)
            except BaseException:  # Ctrl-C too must leave nothing open; it goes on
                ours.close()
                raise
        self._pipe, self._left = ours, b""
        return ours

    def _line(self, pipe: socket.socket) -> Answer:
        while b"\n" not in self._left:
            try:
                more = pipe.recv(_CHUNK)
            except TimeoutError as error:
                self.end()
                raise NoAnswer("workshop.slow") from error
            if not more:
                self.end()
                raise NoAnswer("workshop.broke")
            self._left += more
        line, _, self._left = self._left.partition(b"\n")
        answer: Answer = json.loads(line)
        return answer


def order_of(
    desk: Desk, task: str, *, changed: Mapping[Path, bytes] | None = None, **said: object
) -> dict[str, object]:
    """What every order says: which rules are meant, with what instead of some files. The values that `${…}` of the
    rules stand for go through the pipe: what is in arguments or an environment, others can see."""
    config = desk.config
    hide(config.secrets())
    names = {asked.reference.name for asked in config.asked if not asked.reference.file}
    return {
        "task": task,
        "path": str(desk.path),
        "state": str(desk.state),
        "rules": [[str(path), digest] for path, digest in config.digests.items()],
        "environ": {name: desk.environ[name] for name in sorted(names) if name in desk.environ},
        "standing": _written(desk.standing),
        "changed": _written(changed or {}),
        **said,
    }


def _written(texts: Mapping[Path, bytes]) -> dict[str, str]:
    return {str(path): base64.b64encode(raw).decode() for path, raw in texts.items()}
