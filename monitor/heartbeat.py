"""Signs of life for whoever watches the process: a file in the state directory, and systemd's notify socket."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

FILE = "heartbeat.json"
_FRESH = f".{FILE}.new"
FRESH = timedelta(seconds=60)  # twelve beats; a container's health check asks every 30 s


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """`beat_at` and `started_at` are ISO 8601 in UTC, as they stand in the file."""

    pid: int
    started_at: str
    beat_at: str
    version: str
    rules_at: str = ""  # when the rules in force were read
    rules_refused: bool = False  # a later file was refused; these stay in force


def write(state: Path, beat: Heartbeat) -> None:
    """Replace the file whole, so that a reader never sees half of it.

    Where the disk has no room for another one it is written over: whoever watches it would restart us else, and on a
    full disk that costs most. Raises OSError where that fails, too.
    """
    text, fresh = json.dumps(asdict(beat)) + "\n", state / _FRESH
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(state / FILE)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        _write_over(state / FILE, text.encode())


def _write_over(file: Path, text: bytes) -> None:
    """What it has on the disk already is enough: beats are equally long, or nearly."""
    descriptor = os.open(file, os.O_WRONLY)
    try:
        os.pwrite(descriptor, text, 0)
        os.ftruncate(descriptor, len(text))
    finally:
        os.close(descriptor)


def read(state: Path) -> Heartbeat | None:
    """The last beat, or None if there is none that can be read."""
    try:
        return Heartbeat(**json.loads((state / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def age(beat: Heartbeat, *, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(beat.beat_at)


def remove(state: Path) -> None:
    """A daemon that ended on purpose leaves no beat to be missed; where it cannot be removed it grows old by itself."""
    with contextlib.suppress(OSError):
        (state / FILE).unlink(missing_ok=True)


def notify_systemd(*lines: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Tell the service manager (sd_notify(3)): READY=1, WATCHDOG=1, STOPPING=1 … False where there is none."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.connect("\0" + address[1:] if address.startswith("@") else address)
            out.sendall("\n".join(lines).encode())
    except OSError:  # a manager that does not listen is its own trouble, and no reason to stop watching
        return False
    return True
