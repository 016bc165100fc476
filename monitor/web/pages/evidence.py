"""`/stories/{id}/evidence`: what was seen of a story's reports as their feeds served them; the same as a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from monitor.store.views import evidence as view
from monitor.web.names import Names
from monitor.web.render import render
from monitor.web.visit import desk_of, visit_of

_PIECE: Final = 64 * 1024


def page(request: Request) -> Response:
    story_id = request.path_params["story_id"]
    desk = desk_of(request)
    with desk.reader() as reader:
        story = view.story_of(reader, str(story_id))
        seen = view.of_story(reader, story) if story is not None else ()
        pages = view.pages(reader, sorted({each.page_id for each in seen if each.page_id is not None}))
    if story is None:
        return _gone(request, story_id)
    names = Names(desk.config, visit_of(request).language)
    return render(request, "evidence.html", story_id=story, seen=seen, pages=pages, names=names, most=view.MOST)


def download(request: Request) -> Response:
    from monitor.bundle.make import make

    story_id = request.path_params["story_id"]
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    try:
        with desk_of(request).reader() as reader:
            story = view.story_of(reader, str(story_id))
            if story is not None:
                make(reader, story, file)
    except BaseException:
        file.close()
        raise
    if story is None:
        file.close()
        return _gone(request, story_id)
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    headers = {
        "Content-Disposition": f'attachment; filename="evidence-{story}.zip"',
        "Content-Length": str(length),
    }
    return StreamingResponse(_pieces(file), media_type="application/zip", headers=headers)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _gone(request: Request, story_id: int) -> Response:
    return render(request, "story_gone.html", status=404, story_id=story_id)


SECTIONS: Final = ()
ROUTES: Final = [
    Route("/stories/{story_id:int}/evidence", page),
    Route("/stories/{story_id:int}/evidence.zip", download),
]
