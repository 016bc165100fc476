"""What was looked at and how it is, and looking at many things side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from queue import Empty, SimpleQueue

from monitor.ports import Clock


class Level(Enum):
    OK = "ok"
    WARNING = "warning"  # it works, and will not for ever, or less well than it could
    PROBLEM = "problem"  # something does not work

    @property
    def rank(self) -> int:
        return tuple(Level).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`about` is what was looked at, as in 'feed one'; `remedy` is empty only where all is well."""

    about: str
    level: Level
    what: str
    remedy: str = ""


def ok(about: str, what: str) -> Finding:
    return Finding(about=about, level=Level.OK, what=what)


def warning(about: str, what: str, remedy: str) -> Finding:
    return Finding(about=about, level=Level.WARNING, what=what, remedy=remedy)


def problem(about: str, what: str, remedy: str) -> Finding:
    return Finding(about=about, level=Level.PROBLEM, what=what, remedy=remedy)


Check = Callable[[], Iterable[Finding]]


def look_at(checks: Mapping[str, Check], *, clock: Clock, seconds: float) -> list[Finding]:
    """Do all checks side by side and give what they found, in the order of the checks; a name is what a check looks at.

    A check that breaks, or is not done in time, is a finding itself; its thread is left behind and holds nobody up.
    """
    deadline = clock.monotonic() + seconds
    done: SimpleQueue[tuple[str, list[Finding]]] = SimpleQueue()
    for name, check in checks.items():
        threading.Thread(target=_do, args=(name, check, done), name=f"doctor {name}", daemon=True).start()
    found: dict[str, list[Finding]] = {}
    while len(found) < len(checks):
        try:
            name, findings = done.get(timeout=max(deadline - clock.monotonic(), 0.001))
        except Empty:
            break
        found[name] = findings
    return [finding for name in checks for finding in found.get(name, [_late(name, seconds)])]


def _do(name: str, check: Check, done: SimpleQueue[tuple[str, list[Finding]]]) -> None:
    try:
        findings = list(check())
    except Exception as error:  # noqa: BLE001 - what breaks a check is what somebody wants to know
        what = f"could not be looked at ({type(error).__name__}: {error})"
        findings = [problem(name, what, "this is a mistake in monitor, please report it with the text above")]
    done.put((name, findings))


def _late(name: str, seconds: float) -> Finding:
    remedy = "look at the load of this machine, its disk and its network; then ask again"
    return warning(name, f"is not done after {seconds:.0f} seconds", remedy)
