"""`/stories/{id}/evidence`: what was seen of a story's reports as their feeds served them; the same as a file."""

from __future__ import annotations

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.store.views import evidence as view
from monitor.web.downloads import download
from monitor.web.leading import not_by_link
from monitor.web.names import Names
from monitor.web.render import render
from monitor.web.visit import desk_of, visit_of


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


@not_by_link
def bundle(request: Request) -> Response:
    from monitor.bundle.make import make

    story_id = request.path_params["story_id"]
    with desk_of(request).reader() as reader:
        story = view.story_of(reader, str(story_id))
        if story is None:
            return _gone(request, story_id)
        write = partial(make, reader, story)
        return download(request, write, name=f"evidence-{story}.zip", media="application/zip")


def _gone(request: Request, story_id: int) -> Response:
    return render(request, "story_gone.html", status=404, story_id=story_id)


SECTIONS: Final = ()
ROUTES: Final = [
    Route("/stories/{story_id:int}/evidence", page),
    Route("/stories/{story_id:int}/evidence.zip", bundle),
]
