"""An answer that is a file. It is written on disk, however slow the line that takes it, for the state is not to be held
meanwhile; what is written from its beginning to its end is sent as it grows. Few are written at a time, for each keeps
a processor busy for a while."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from threading import BoundedSemaphore, Thread
from typing import BinaryIO, Final, cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from monitor.web import trouble
from monitor.web.growing import PIECE, Growing

AT_ONCE: Final = BoundedSemaphore(2)
PATIENCE: Final = 5.0  # seconds that a reader waits for a turn

Write = Callable[[BinaryIO], object]


def download(request: Request, write: Write, *, name: str, media: str, grows: bool = False) -> Response:
    """`grows`: nothing of it is written over, so it can be sent before the rest is there. What `write` raises is
    raised; where some of it was sent already, the answer breaks off, so that nobody takes that for the whole."""
    turns = AT_ONCE
    if not turns.acquire(timeout=PATIENCE):
        return trouble.show(request, 503, "exports.busy", headers={"Retry-After": "30"})
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if grows:
        return _growing(_begun(write, turns), media, headers)
    try:
        return _whole(write, media, headers)
    finally:
        turns.release()


# --- written before it is sent


def _whole(write: Write, media: str, headers: Mapping[str, str]) -> Response:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        write(file)
    except BaseException:  # Ctrl-C too must leave nothing open; it goes on
        file.close()
        raise
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return StreamingResponse(_pieces(file), media_type=media, headers={**headers, "Content-Length": str(length)})


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


# --- sent while it is written


def _begun(write: Write, turns: BoundedSemaphore) -> Growing:
    """The turn is given back when all is written, or nobody wants the rest; at once where it cannot be begun."""
    try:
        file = Growing()
    except BaseException:
        turns.release()
        raise

    def work() -> None:
        error: Exception | None = None
        try:
            write(cast(BinaryIO, file))
        except Exception as raised:  # noqa: BLE001  raised where it is read
            error = raised
        finally:
            turns.release()
            file.finish(error)

    try:
        Thread(target=work, name="download", daemon=True).start()
    except BaseException:  # the system allows no further one
        turns.release()
        file.leave()
        raise
    return file


def _growing(file: Growing, media: str, headers: Mapping[str, str]) -> Response:
    """Begun once there is something: what is wrong from the start is told as such."""
    try:
        file.await_more()
        size = file.size()
    except BaseException:  # Ctrl-C too must leave nothing open; it goes on
        file.leave()
        raise
    length = {} if size is None else {"Content-Length": str(size)}
    return _Left(file, media_type=media, headers={**headers, **length})


class _Left(StreamingResponse):
    """Whoever wanted it may go before its end."""

    def __init__(self, file: Growing, *, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(file.pieces(), media_type=media_type, headers=headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._file.leave()
