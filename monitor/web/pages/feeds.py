"""The feeds: how each does and what to do about it, what all of them cover; one of them with its newest entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.alerts.troubles import why
from monitor.alerts.words import WEEKDAYS, length
from monitor.feeds import health
from monitor.feeds.opml import export_opml
from monitor.model import Feed
from monitor.plots import bars
from monitor.store.read import Reader
from monitor.store.views import feeds as recorded
from monitor.text.clean import display
from monitor.web.addresses import ID, feed_at
from monitor.web.feeds.coverage import coverage
from monitor.web.feeds.drawn import grid, hours
from monitor.web.feeds.looked import LATELY, looked_at
from monitor.web.feeds.spoken import ahead, since
from monitor.web.feeds.standing import Level, Standing, standing
from monitor.web.leading import not_by_link
from monitor.web.names import Names
from monitor.web.pages import Section
from monitor.web.render import render
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import counted, text

PAGE: Final = 60  # feeds
ENTRIES: Final = 30
ICONS: Final[Mapping[Level, str]] = {
    Level.DOWN: "✖",
    Level.WEAK: "▲",
    Level.ADVICE: "➜",
    Level.NEW: "…",
    Level.WELL: "✔",
}
BADGES: Final[Mapping[Level, str]] = {
    Level.DOWN: "bad",
    Level.WEAK: "warn",
    Level.ADVICE: "warn",
    Level.NEW: "quiet",
    Level.WELL: "ok",
}


def listed(request: Request) -> Response:
    visit, desk = visit_of(request), desk_of(request)
    config = desk.config
    with desk.reader() as reader:
        found = looked_at(config, reader, visit)
        places = recorded.places(reader, since=visit.now - LATELY)
    asked = {key: request.query_params.get(key, "").strip() for key in ("q", "level", "tag")}
    chosen = [each for each in found if _is_asked_for(each, asked)]
    first = PAGE * _page(request)
    return render(
        request,
        "feeds.html",
        found=chosen[first : first + PAGE],
        total=len(found),
        chosen=len(chosen),
        levels=[(level, sum(each.level is level for each in found)) for level in Level],
        tags=sorted({tag for feed in config.feeds for tag in feed.tags}),
        asked=asked,
        newer=_address(asked, _page(request) - 1) if first else "",
        older=_address(asked, _page(request) + 1) if first + PAGE < len(chosen) else "",
        rule=Names(config, visit.language).rule,
        covered=coverage(config, places, language=visit.language, today=visit.now.astimezone(visit.zone).date()),
        **_words(visit),
    )


def one(request: Request) -> Response:
    visit, desk = visit_of(request), desk_of(request)
    config = desk.config
    feed = next((feed for feed in config.feeds if feed.id == request.path_params["id"]), None)
    if feed is None:
        raise HTTPException(404)
    names, newsroom = Names(config, visit.language), config.lexicon.newsrooms.get(feed.source)
    with desk.reader() as reader:
        state = next((state for state in reader.feeds(whole=False) if state.feed_id == feed.id), None)
        troubles = [
            each
            for each in reader.troubles().values()
            if each.finding.subject == feed.id and each.finding.kind in health.KINDS
        ]
        found = standing(
            feed,
            state,
            [each for each in troubles if each.lasts],
            recorded.counts(reader, since=visit.now - LATELY).get(feed.id, recorded.Counts()),
            newsroom=names.newsroom(feed.source),
            language=visit.language,
            zone=visit.zone,
            now=visit.now,
        )
        after = recorded.Cursor.read(request.query_params.get("after", ""))
        entries = recorded.entries(reader, feed.id, limit=ENTRIES + 1, after=after)
        days = _days(reader, feed.id, visit)
        articles = reader.articles(feed.id) if feed.full_text else None
    return render(
        request,
        "feed.html",
        each=found,
        owner=newsroom.owner if newsroom else feed.source,
        over=[each for each in troubles if not each.lasts],
        entries=entries[:ENTRIES],
        older=f"?{urlencode({'after': str(entries[ENTRIES - 1].cursor)})}" if len(entries) > ENTRIES else "",
        newer=feed_at(feed.id) if after else "",
        days=_plot_of_days(days, visit),
        by_day=days,
        week=_week(found, visit),
        articles=articles,
        rule=names.rule,
        saved="saved" in request.query_params,
        **_words(visit),
    )


@not_by_link
def exported(request: Request) -> Response:
    """Without those whose address holds a secret."""
    return Response(
        export_opml(desk_of(request).config.feeds),
        media_type="text/x-opml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="feeds.opml"'},
    )


# --- the list


def _is_asked_for(found: Standing, asked: Mapping[str, str]) -> bool:
    feed = found.feed
    within = display(f"{feed.id} {feed.name} {feed.source} {found.newsroom} {' '.join(feed.tags)}").casefold()
    return (
        (not asked["q"] or display(asked["q"]).casefold() in within)
        and (not asked["level"] or found.level.value == asked["level"])
        and (not asked["tag"] or asked["tag"] in feed.tags)
    )


def _page(request: Request) -> int:
    """From 0."""
    written = request.query_params.get("page", "1")
    return max(int(written) - 1, 0) if written.isascii() and written.isdigit() and len(written) < 6 else 0


def _address(asked: Mapping[str, str], page: int) -> str:
    told = {key: value for key, value in asked.items() if value} | ({"page": str(page + 1)} if page else {})
    return "/feeds" + (f"?{urlencode(told)}" if told else "")


# --- words and pictures


def _words(visit: Visit) -> dict[str, Any]:
    """What both templates say things with."""
    language = visit.language

    def spark(found: Standing) -> Markup:
        title = text(language, "feeds.hours_of_day")
        return hours(found.by_hour, title=title, description=_busiest(found, visit), rtl=language == "ar")

    return {
        "icons": ICONS,
        "badges": BADGES,
        "ahead": lambda at: ahead(at, visit),
        "since": lambda at: since(at, visit),
        "spark": spark,
        "error": lambda error: why(error, language),
        "span": lambda span: length(span, language),
        "every": lambda feed: _every(feed, visit),
        "rate": lambda found: _rate(found, visit),
        "busiest": lambda found: _busiest(found, visit),
    }


def _every(feed: Feed, visit: Visit) -> str:
    seconds = int(feed.every.total_seconds())
    if feed.auto or not seconds % 60 or seconds > 600:
        return text(visit.language, "feeds.auto") if feed.auto else length(feed.every, visit.language)
    return counted(visit.language, "feeds.seconds", seconds)


def _rate(found: Standing, visit: Visit) -> str:
    """About how many entries a day, or a week where that is less than one; that it is too early to say."""
    if not found.is_known:
        return text(visit.language, "feeds.rate_early" if found.a_day else "feeds.rate_unknown")
    if found.a_day < 0.05:
        return text(visit.language, "feeds.rate_unknown")
    per = "feeds.a_day" if found.a_day >= 1 else "feeds.a_week"
    return text(visit.language, per, count=round(found.a_day if found.a_day >= 1 else found.a_day * 7))


def _busiest(found: Standing, visit: Visit) -> str:
    """The six hours in a row in which most comes."""
    day = found.by_hour
    if sum(day) <= 0:
        return text(visit.language, "feeds.rate_unknown")
    begin = max(range(24), key=lambda hour: sum((day * 2)[hour : hour + 6]))
    share = round(100 * sum((day * 2)[begin : begin + 6]) / sum(day))
    return text(visit.language, "feeds.busiest", begin=f"{begin:02}:00", end=f"{(begin + 6) % 24:02}:00", share=share)


def _week(found: Standing, visit: Visit) -> Markup:
    return grid(
        found.week,
        WEEKDAYS[visit.language],
        title=text(visit.language, "feeds.week"),
        description=_busiest(found, visit),
        rtl=visit.language == "ar",
    )


def _days(reader: Reader, feed_id: str, visit: Visit) -> list[tuple[date, int]]:
    """How many entries were new on each of the last days, by the reader's clock; 0 where none was."""
    today = visit.now.astimezone(visit.zone).date()
    counted = {today - timedelta(days=back): 0 for back in range(LATELY.days - 1, -1, -1)}
    for at, number in recorded.by_hour(reader, feed_id, since=visit.now - LATELY):
        day = at.astimezone(visit.zone).date()
        if day in counted:
            counted[day] += number
    return list(counted.items())


def _plot_of_days(days: Sequence[tuple[date, int]], visit: Visit) -> Markup:
    language = visit.language
    total = sum(number for _, number in days)
    return Markup(  # noqa: S704 - its texts are escaped there
        bars(
            [(f"{day.day}/{day.month}", number) for day, number in days],
            title=text(language, "feeds.by_day"),
            description=text(language, "feeds.by_day_told", count=total),
            rtl=language == "ar",
        )
    )


SECTIONS = (Section(50, "/feeds", "feeds.title"),)
ROUTES = [
    Route("/feeds", listed),
    Route("/feeds.opml", exported),
    Route(f"/feeds/{{id:{ID}}}", one),
]
