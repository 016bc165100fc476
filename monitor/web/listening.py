"""Where the pages are served: an address and a port, or a socket in the file system, for a proxy on this machine."""

from __future__ import annotations

import errno
import os
import socket
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor import serve
from monitor.errors import UsageError
from monitor.serve import MOST, Listen

SCHEME: Final = "unix:"
ANSWERS_WITHIN: Final = 1.0  # seconds, in which whoever listens at a socket takes a connection
Made = tuple[int, int, int]
MODE: Final = 0o660  # its owner and group may connect: a proxy runs as another user


@dataclass(frozen=True, slots=True)
class UnixSocket:
    """Who may connect is for the permissions of the file to say."""

    path: Path


Place = Listen | UnixSocket


def place_of(written: str, *, option: str) -> Place:
    """`127.0.0.1:8080`, `unix:/run/monitor/web.sock`. Raises UsageError."""
    if not written.startswith(SCHEME):
        return Listen.of(written, option=option)
    path = written.removeprefix(SCHEME)
    if not path.startswith("/"):
        raise UsageError(f"{option} needs the whole path of a socket, for example unix:/run/monitor/web.sock")
    return UnixSocket(Path(path))


def bound(place: Place, *, option: str) -> socket.socket:
    """Raises UsageError."""
    return serve.bound(place, option=option) if isinstance(place, Listen) else _bound(place.path, option)


def made_at(place: Place) -> Made | None:
    """The file that a socket has now, to be told from what another process makes in its place; None of an address."""
    if not isinstance(place, UnixSocket):
        return None
    with suppress(OSError):
        found = place.path.lstat()
        return found.st_dev, found.st_ino, found.st_mtime_ns  # file systems give the number of a lost file again
    return None


def removed(place: Place, made: Made | None) -> None:
    """What is left of it in the file system when nobody listens any more: that file alone, as `made_at` told it."""
    if isinstance(place, UnixSocket) and made is not None and made_at(place) == made:
        with suppress(OSError):
            place.path.unlink()


def address_of(place: Place, listening: socket.socket) -> str:
    """As people read it."""
    if isinstance(place, UnixSocket):
        return f"{SCHEME}{place.path}"
    host = f"[{place.host}]" if ":" in place.host else place.host
    return f"http://{host}:{listening.getsockname()[1]}/"


def where_of(place: Place, listening: socket.socket) -> dict[str, object]:
    """As a log has it."""
    if isinstance(place, UnixSocket):
        return {"address": f"{SCHEME}{place.path}"}
    return {"address": place.host, "port": listening.getsockname()[1]}


def _bound(path: Path, option: str) -> socket.socket:
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o777 & ~MODE)  # it is never there with other permissions
    try:
        _make_room(path)
        found.bind(str(path))
        found.listen(MOST)
    except OSError as error:
        found.close()
        remedy = f"choose another path with {option}, in a directory of monitor's own"
        raise UsageError(f"cannot listen on {path}: {error.strerror or error}; {remedy}") from error
    finally:
        os.umask(before)
    return found


def _make_room(path: Path) -> None:
    """A socket on which nobody listens any more is in the way of nobody else; one whose program hangs is in use. Raises
    OSError for all else."""
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise FileExistsError(errno.EEXIST, "something else has this name")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asker:
            asker.settimeout(ANSWERS_WITHIN)
            try:
                asker.connect(str(path))
            except ConnectionRefusedError:
                path.unlink()
                return
            except (TimeoutError, BlockingIOError):
                pass  # its queue is full: nobody takes what is in it
            raise OSError(errno.EADDRINUSE, "another program listens there")
