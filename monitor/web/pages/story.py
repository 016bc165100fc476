"""`/stories/{id}`: one event as told by many, and all that we decided and sent about it."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.model import Mute
from monitor.store.views import news
from monitor.store.views.story import StoryTold, story
from monitor.web.accounts import ReportShown, shown
from monitor.web.cards import Card, Piece, card
from monitor.web.kin import kinship
from monitor.web.links.words import HOLDS
from monitor.web.names import Names
from monitor.web.pages.alerts import eye_of, on_cards
from monitor.web.render import render
from monitor.web.visit import desk_of, visit_of


def page(request: Request) -> Response:
    desk, visit = desk_of(request), visit_of(request)
    names = Names(desk.config, visit.language)
    written = request.query_params.get("after", "")
    after = int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
    story_id = request.path_params["story_id"]
    with desk.reader() as reader:
        row = news.cursor(reader)
        told = story(reader, story_id, after=after) if story_id < 2**63 else None
        eye = eye_of(request, reader, names)
    if told is None:
        return render(request, "story_gone.html", status=404, story_id=story_id)
    cards = [(card(each.told, eye), each.sent) for each in told.alerts]
    reports = [shown(each, visit.language) for each in told.reports]
    values: dict[str, Any] = on_cards(request, eye, names)
    return render(
        request,
        "story.html",
        **(values | {"view": "story"}),
        story=told,
        cards=cards,
        reports=reports,
        headline=_headline([each for each, _ in cards], reports),
        mutes=_mutes([each for each, _ in cards]),
        kinship=lambda why: kinship(why, names, visit.language),
        holds=HOLDS[visit.language],
        next_page=f"/stories/{told.id}?after={told.next_page}#reports" if told.next_page else "",
        first_page=f"/stories/{told.id}" if after else "",
        live_after=row,
        steps=_steps(told),
    )


def _headline(cards: list[Card], reports: list[ReportShown]) -> tuple[Piece, ...]:
    """As it was last told, else as it was first reported."""
    found = [each.headline for each in cards if each.headline] + [each.headline for each in reports if each.headline]
    return found[0] if found else ()


def _mutes(cards: list[Card]) -> list[Mute]:
    return list({mute.id: mute for each in cards for mute in each.mutes}.values())


def _steps(told: StoryTold) -> list[Any]:
    """The alerts in the order made: how the story went on."""
    return [each.told.alert for each in reversed(told.alerts)]


SECTIONS: Final = ()
ROUTES: Final = [Route("/stories/{story_id:int}", page)]
