"""An answer that is a file: written on disk first, for the state is not to be held while a slow line takes it, and few
at a time, for each keeps a processor busy for a while."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from threading import BoundedSemaphore
from typing import BinaryIO, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from monitor.web import trouble

AT_ONCE: Final = BoundedSemaphore(2)
PATIENCE: Final = 5.0  # seconds that a reader waits for a turn
_PIECE: Final = 64 * 1024  # bytes


def download(request: Request, write: Callable[[BinaryIO], object], *, name: str, media: str) -> Response:
    """What `write` raises is raised."""
    if not AT_ONCE.acquire(timeout=PATIENCE):
        return trouble.show(request, 503, "exports.busy", headers={"Retry-After": "30"})
    try:
        return _written(write, name, media)
    finally:
        AT_ONCE.release()


def _written(write: Callable[[BinaryIO], object], name: str, media: str) -> Response:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write(file)
    except BaseException:  # Ctrl-C too must leave nothing open; it goes on
        file.close()
        raise
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(length)}
    return StreamingResponse(_pieces(file), media_type=media, headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
