"""`/`: the alerts of the past and those that come, and what a reader does with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import quote

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.alerts.words import SEVERITIES, length
from monitor.model import Mute, MuteKind, Severity
from monitor.plots import bars
from monitor.store.mute_rows import Mutes
from monitor.store.read import Reader
from monitor.store.views import news
from monitor.store.views.history import (
    COUNTED,
    Cursor,
    Told,
    Wanted,
    count,
    days,
    facets,
    history,
    one,
    places_told,
)
from monitor.web import deeds, trouble
from monitor.web.cards import Card, Eye, by_day, card, day_name, folded
from monitor.web.filters import Filters
from monitor.web.links.words import CHANGED, STATUSES
from monitor.web.names import Names
from monitor.web.pages import Section
from monitor.web.posted import Form, posted
from monitor.web.render import render
from monitor.web.standing import at_a_glance
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import counted, text

PER_PAGE: Final = 50
PLOTTED: Final = 30  # days
CHOICES_OF: Final = timedelta(days=90)  # what was told of since then is offered to choose from
MOST_PLACES: Final = 200  # offered, those of most alerts
MOST_EARLIER: Final = 30  # alerts of one story that stand under the newest
_BACK: Final = re.compile(r"/(?:stories/\d{1,18})?(?:\?[\w.~%=&+:,-]*)?", re.ASCII)
_DID: Final = ("seen", "unseen", "mute", "unmute", "wrong", "right")


def eye_of(request: Request, reader: Reader, names: Names) -> Eye:
    desk, visit = desk_of(request), visit_of(request)
    return Eye(
        language=visit.language,
        zone=visit.zone,
        now=visit.now,
        by=visit.user or deeds.PAGE,
        languages={feed.id: feed.languages[0] for feed in desk.config.feeds if len(feed.languages) == 1},
        mutes=Mutes(reader.database).in_force(visit.now),
        around=names.around,
    )


@dataclass(frozen=True, slots=True)
class Plot:
    """`figures`: the days that have alerts, the newest first."""

    drawn: Markup
    figures: list[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a reader may filter by: value and text."""

    rules: list[tuple[str, str]]
    severities: list[tuple[str, str]]
    places: list[tuple[str, str]]
    sources: list[tuple[str, str]]
    seen: list[tuple[str, str]]


def alerts(request: Request) -> Response:
    visit, desk = visit_of(request), desk_of(request)
    filters = Filters.read(request.query_params)
    before = Cursor.read(request.query_params.get("before", ""))
    names = Names(desk.config, visit.language)
    with desk.reader() as reader:
        row = news.cursor(reader)  # first: what comes while we read is told as new, rather than never
        wanted = wanted_of(filters, visit, names, reader)
        found = history(reader, wanted, limit=PER_PAGE + 1, before=before)
        number = count(reader, wanted)
        eye = eye_of(request, reader, names)
        choices = _choices(reader, filters, names, visit)
        plot = _plot(reader, wanted, visit) if number and not before else None
        standing = at_a_glance(desk, reader, visit.now)
    shown = found[:PER_PAGE]
    older = str(shown[-1].cursor) if len(found) > PER_PAGE else ""
    return render(
        request,
        "alerts.html",
        **on_cards(request, eye, names),
        days=_days(folded([card(each, eye) for each in shown]), eye, visit),
        filters=filters,
        chips=_chips(filters, names, visit),
        choices=choices,
        plot=plot,
        standing=standing,
        kept=[pair for pair in filters.pairs() if pair[0] in ("event", "since", "until", "opinion")],
        number=("> " if number > COUNTED else "") + counted(visit.language, "count.alerts", min(number, COUNTED)),
        counted=number,
        older=f"/{filters.query(before=older)}" if older else "",
        newest=f"/{filters.query()}" if before else "",
        live_after=row,
    )


def new(request: Request) -> Response:
    """A part: what came since a page was made, as that page would show it. 205: more than it would."""
    visit, desk = visit_of(request), desk_of(request)
    written = request.query_params.get("after", "")
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise HTTPException(400)
    filters, names = Filters.read(request.query_params), Names(desk.config, visit.language)
    with desk.reader() as reader:
        row = news.cursor(reader)
        wanted = wanted_of(filters, visit, names, reader)
        found = history(reader, wanted, limit=PER_PAGE + 1, after=int(written))
        eye = eye_of(request, reader, names)
    if len(found) > PER_PAGE:
        return Response(status_code=205)
    cards = folded([card(each, eye) for each in found])
    return render(
        request,
        "alerts_new.html",
        **on_cards(request, eye, names),
        days=_days(cards, eye, visit),
        number=len(cards),
        row=row,
    )


def wanted_of(filters: Filters, visit: Visit, names: Names, reader: Reader) -> Wanted:
    return filters.wanted(visit.zone, lambda places: with_inner(places, names, reader))


def with_inner(places: Sequence[str], names: Names, reader: Reader) -> frozenset[str]:
    """With all that lies within the places asked for, as far as any alert names it."""
    inner = (each for each in places_told(reader) if not set(places).isdisjoint(names.around(each)))
    return frozenset((*places, *inner))


def on_cards(request: Request, eye: Eye, names: Names) -> dict[str, Any]:
    """What the template of a card needs beside the card."""
    language = eye.language
    outcome = request.query_params.get("did", "")
    return {
        "eye": eye,
        "names": names,
        "spans": [(name, length(span, language)) for name, span in deeds.SPANS.items()],
        "usual": deeds.USUAL,
        "statuses": STATUSES[language],
        "changed": CHANGED[language],
        "subject": lambda mute: subject(mute, names),
        "came_from": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "outcome": text(language, f"alerts.did.{outcome}") if outcome in _DID else "",
        "view": "",
        "did_id": "",
    }


def subject(mute: Mute, names: Names) -> tuple[str, str]:
    """The key of a text, and what it is about."""
    match mute.kind:
        case MuteKind.RULE:
            return "alerts.muted.rule", names.rule(mute.subject)
        case MuteKind.PLACE:
            return "alerts.muted.place", names.place(mute.subject)
        case MuteKind.STORY:
            return "alerts.muted.story", ""
        case MuteKind.SOURCE:
            return "alerts.muted.source", names.source(mute.subject)


def _days(cards: Sequence[Card], eye: Eye, visit: Visit) -> list[tuple[str, str, list[Card]]]:
    """Each day's date, name and cards."""
    today, yesterday = (text(visit.language, f"alerts.{each}") for each in ("today", "yesterday"))
    return [(day.isoformat(), day_name(day, eye, today, yesterday), found) for day, found in by_day(cards, eye)]


def _plot(reader: Reader, wanted: Wanted, visit: Visit) -> Plot:
    """The alerts of each of the last days, as their reader has them."""
    today = visit.now.astimezone(visit.zone).date()
    dates = [today - timedelta(days=back) for back in range(PLOTTED - 1, -1, -1)]
    bounds = [datetime.combine(day, time(), visit.zone) for day in (*dates, today + timedelta(days=1))]
    numbers = days(reader, wanted, bounds=bounds)
    drawn = bars(
        [(f"{day.day}/{day.month}", number) for day, number in zip(dates, numbers, strict=True)],
        title=text(visit.language, "alerts.by_day"),
        description=counted(visit.language, "count.alerts", sum(numbers)),
        height=110,
        rtl=visit.direction == "rtl",
    )
    told = [(day, number) for day, number in zip(dates, numbers, strict=True) if number]
    return Plot(Markup(drawn), told[::-1])  # noqa: S704 - its texts are escaped there


def _choices(reader: Reader, filters: Filters, names: Names, visit: Visit) -> Choices:
    there = facets(reader, since=visit.now - CHOICES_OF)
    most = sorted(there.places, key=lambda each: there.places[each], reverse=True)[:MOST_PLACES]
    within = {outer for each in most for outer in names.around(each)}
    return Choices(
        rules=_named({*there.rules, *names.rules, *filters.rule}, names.rule),
        severities=[(each.value, SEVERITIES[visit.language][each]) for each in reversed(Severity)],
        places=_named({*most, *within, *filters.place}, names.place),
        sources=_named({*there.sources, *filters.source}, names.source),
        seen=[("", text(visit.language, "alerts.any")), *_seen(visit)],
    )


def _seen(visit: Visit) -> list[tuple[str, str]]:
    return [(value, text(visit.language, f"alerts.seen.{value}")) for value in ("no", "yes")]


def _named(ids: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    return sorted(((each, name(each)) for each in ids), key=lambda pair: (pair[1].casefold(), pair[0]))


def _chips(filters: Filters, names: Names, visit: Visit) -> list[tuple[str, str, str]]:
    """For each condition: what it is, its value in words, and the address without it."""
    told = []
    for name, value in filters.pairs():
        match name:
            case "severity":
                shown = SEVERITIES[visit.language][Severity(value)]
            case "rule" | "place" | "event" | "source":
                shown = getattr(names, name)(value)
            case "seen" | "opinion":
                shown = text(visit.language, f"alerts.{name}.{value}")
            case _:
                shown = value
        told.append((text(visit.language, f"alerts.by.{name}"), shown, f"/{filters.without(name, value).query()}"))
    return told


# --- what a reader does


def act(request: Request, form: Form) -> Response:
    """The card as it is now, for htmx; else back to where the reader was."""
    desk, visit = desk_of(request), visit_of(request)
    name, alert_id = request.path_params["deed"], request.path_params["alert_id"]
    with desk.reader() as reader:
        told = one(reader, alert_id)
    if told is None:
        return trouble.show(request, 404, "alerts.gone")
    names = Names(desk.config, visit.language)
    deed = deeds.Deed(
        alert=told.alert,
        newsroom=told.newsroom,
        by=visit.user or deeds.PAGE,
        now=visit.now,
        within=names.around,
    )
    with desk.store() as store:
        try:
            deeds.do(name, deed, form, store.database)
        except deeds.Unclear:
            raise HTTPException(400) from None
    if request.headers.get("hx-request"):
        return _card(request, alert_id, form, name)
    return RedirectResponse(_back(form.get("back", ""), name, alert_id), status_code=303)


def _back(asked: str, name: str, alert_id: str) -> str:
    """An address of ours, with what was done and where."""
    path, _, query = (asked if _BACK.fullmatch(asked) else "/").partition("?")
    kept = [each for each in query.split("&") if each and not each.startswith("did=")]
    return f"{path}?{'&'.join([*kept, f'did={name}'])}#{quote(dom_id(alert_id))}"


def dom_id(alert_id: str) -> str:
    return f"alert-{alert_id.replace('.', '-')}"


def _card(request: Request, alert_id: str, form: Form, name: str) -> Response:
    desk, visit = desk_of(request), visit_of(request)
    with desk.reader() as reader:
        told = one(reader, alert_id)
        if told is None:
            raise HTTPException(404)
        names = Names(desk.config, visit.language)
        eye = eye_of(request, reader, names)
        on_story = form.get("view") == "story"
        earlier = [] if on_story else _earlier(reader, told)
    shown = folded([card(told, eye), *(card(each, eye) for each in earlier)])[0]
    values = on_cards(request, eye, names)
    back = form.get("back", "")
    values |= {
        "came_from": back if _BACK.fullmatch(back) else "/",
        "outcome": text(visit.language, f"alerts.did.{name}"),
        "view": "story" if on_story else "",
        "did_id": alert_id,
    }
    return render(request, "alert_card.html", card=shown, **values)


def _earlier(reader: Reader, told: Told) -> list[Told]:
    wanted = Wanted(story=told.alert.story_id, rules=frozenset({told.alert.rule_id}))
    return history(reader, wanted, limit=MOST_EARLIER, before=told.cursor)


SECTIONS: Final = (Section(10, "/", "alerts.title"),)
ROUTES: Final = [
    Route("/", alerts),
    Route("/alerts/new", new),
    Route("/alerts/{alert_id}/{deed}", posted(act), methods=["POST"]),
]
