"""Adding feeds: by address or from a list, looked at before anything is written into the rules file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.alerts.troubles import why
from monitor.errors import ConfigError
from monitor.feeds.glance import may_be_private
from monitor.feeds.opml import OpmlFailed, Subscription, read_opml
from monitor.model import FetchFailed
from monitor.rules.full_texts import LIBRARY
from monitor.rules.new_feeds import CannotInsert, NewFeed, has_feeds, with_feeds
from monitor.web.addresses import feed_at
from monitor.web.desk import Desk
from monitor.web.feeds.preview import MOST, Busy, Preview, objection, previews, proposed_id, same_address
from monitor.web.names import Names
from monitor.web.render import render
from monitor.web.saving import NotSaved, opened, save
from monitor.web.visit import desk_of, visit_of
from monitor.web.words import text
from monitor.web.writable import hindered

MOST_LISTED: Final = 500  # feeds of a list: of more the command line takes all
_LONGEST: Final = 8_000  # characters of an address, as `feeds.urls` has it
_LANGUAGES: Final = ("ar", "en", "ckb", "fa", "fr", "he", "ku", "ru", "tr", "uk", "ur")


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed of a list. `known`: the name of the feed of ours with this address; '' for none. `refused`: it cannot be
    taken over."""

    number: int
    feed: Subscription
    known: str
    refused: bool
    chosen: bool


def form(request: Request) -> Response:
    return _form(request, url=request.query_params.get("url", ""))


def look(request: Request) -> Response:
    """At one address."""
    url = _sent(request, "url")
    if not url:
        return _form(request, url="", wrong="feed_adding.no_address", status=422)
    try:
        [found] = previews(desk_of(request), [url])
    except Busy:
        return _form(request, url=url, wrong="feed_adding.busy", status=503)
    return _shown(request, found, _settings(found))


def add(request: Request) -> Response:
    """Write one feed into a rules file."""
    desk = desk_of(request)
    settings = {key: _sent(request, key) for key in ("url", "id", "name", "language", "tags", "file", "full_text")}
    against = objection(settings["url"], desk.config.feeds, desk.clock.now())
    if against is not None:
        return _shown(request, against, settings, status=422)
    feed = NewFeed(
        id=settings["id"],
        url=settings["url"],
        name=settings["name"],
        language=settings["language"],
        tags=_tags(settings["tags"]),
        allow_private=_is_private_host(desk, settings["url"]),
        full_text=settings["full_text"] == "on",
    )
    refused = _written(desk, [feed], settings["file"])
    if refused is None:
        return RedirectResponse(f"{feed_at(feed.id)}?saved=1", status_code=303)
    return _shown(request, None, settings, refused=refused, status=409)


def listed(request: Request) -> Response:
    """What an OPML file holds, to choose from."""
    file = request.state.form.get("opml")
    if not isinstance(file, UploadFile) or not file.size:
        return _form(request, url="", wrong="feed_adding.no_file", status=422)
    found = read_opml(file.file.read())
    if isinstance(found, OpmlFailed):
        return _form(request, url="", wrong="feed_adding.no_opml", detail=found.detail, status=422)
    return _list(request, found.feeds[:MOST_LISTED], skipped=found.skipped, left_out=len(found.feeds[MOST_LISTED:]))


def chosen(request: Request) -> Response:
    """Look at some feeds of a list, or write those that were chosen."""
    desk = desk_of(request)
    feeds = _listed_again(_sent(request, "listed"))
    numbers = _numbers(request.state.form.getlist("chosen"), len(feeds))
    if not numbers:
        return _list(request, feeds, wrong="feed_adding.none_chosen", status=422)
    if _sent(request, "do") == "look":
        try:
            found = previews(desk, [feeds[number].url for number in numbers[:MOST]])
        except Busy:
            return _list(request, feeds, chosen=numbers, wrong="feed_adding.busy", status=503)
        return _list(request, feeds, chosen=numbers, looked=found)
    refused = _written(desk, _new(desk, [feeds[number] for number in numbers]), _sent(request, "file"))
    if refused is None:
        return RedirectResponse("/feeds?level=new", status_code=303)
    return _list(request, feeds, chosen=numbers, refused=refused, status=409)


# --- what was sent


def _sent(request: Request, name: str) -> str:
    value = request.state.form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _tags(written: str) -> tuple[str, ...]:
    parts = written.replace("،", ",").split(",")
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _numbers(written: Sequence[object], number: int) -> list[int]:
    """Places in the list, each once."""
    found = [
        int(each) for each in written if isinstance(each, str) and each.isascii() and each.isdigit() and len(each) < 5
    ]
    return [each for each in dict.fromkeys(found) if each < number]


def _listed_again(written: str) -> tuple[Subscription, ...]:
    """A list as the form brought it back; what is not as we wrote it is left out."""
    try:
        rows = json.loads(written)
    except (ValueError, RecursionError):
        return ()
    rows = rows if isinstance(rows, list) else []
    return tuple(feed for row in rows[:MOST_LISTED] if (feed := _subscription(row)) is not None)


def _subscription(row: object) -> Subscription | None:
    match row:
        case [str(url), str(title), [*tags]] if len(url) <= _LONGEST and all(isinstance(tag, str) for tag in tags):
            return Subscription(url=url, title=title, tags=tuple(map(str, tags)))
    return None


def _as_sent(feeds: Sequence[Subscription]) -> str:
    return json.dumps([[feed.url, feed.title, list(feed.tags)] for feed in feeds], ensure_ascii=False)


# --- writing


def _new(desk: Desk, feeds: Sequence[Subscription]) -> list[NewFeed]:
    """With ids of their own; those that are there already, or may not be asked, are left out."""
    now, taken = desk.clock.now(), [feed.id for feed in desk.config.feeds]
    made: list[NewFeed] = []
    for feed in feeds:
        if objection(feed.url, desk.config.feeds, now) is None and same_address(feed.url, desk.config.feeds) is None:
            made.append(NewFeed(id=proposed_id(feed.url, taken), url=feed.url, name=feed.title, tags=feed.tags))
            taken.append(made[-1].id)
    return made


def _written(desk: Desk, feeds: Sequence[NewFeed], file: str) -> Exception | None:
    """Why they were not; None if they stand in the file. `file`: its digest when it was shown, and its address."""
    shown, _, name = file.partition(" ")
    path = next((path for path in desk.config.files if str(path) == name), Path(name))
    try:
        draft = opened(desk, path)
        save(desk, path, draft.exactly(with_feeds(draft.text, feeds)), shown=shown, now=desk.clock.now())
    except (NotSaved, ConfigError, CannotInsert) as error:
        return error
    return None


def _is_private_host(desk: Desk, url: str) -> bool:
    return may_be_private(url, desk.config.feeds)


def _files(desk: Desk) -> list[tuple[str, str]]:
    """Each rules file as `_written` wants it, and its name; those with feeds first."""
    found = []
    for path in desk.config.files:
        try:
            draft = opened(desk, path)
        except NotSaved:
            continue
        found.append((not has_feeds(draft.text), f"{draft.digest} {path}", path.name))
    return [(as_shown, name) for _, as_shown, name in sorted(found, key=lambda each: each[0])]


# --- pages


def _form(request: Request, *, url: str, wrong: str = "", detail: str = "", status: int = 200) -> Response:
    told = hindered(desk_of(request).config.files)
    return render(request, "feed_adding.html", status=status, url=url, wrong=wrong, detail=detail, hindered=told)


def _settings(found: Preview) -> Mapping[str, str]:
    return {
        "url": found.url,
        "id": found.id,
        "name": found.name,
        "language": found.language,
        "tags": "",
        "file": "",
        "full_text": "",
    }


def _shown(
    request: Request,
    found: Preview | None,
    settings: Mapping[str, str],
    *,
    refused: Exception | None = None,
    status: int = 200,
) -> Response:
    desk = desk_of(request)
    return render(
        request,
        "feed_preview.html",
        status=status,
        found=found,
        settings=settings,
        files=_files(desk),
        languages=_LANGUAGES,
        can_read_articles=find_spec(LIBRARY) is not None,
        tags=sorted({tag for feed in desk.config.feeds for tag in feed.tags}),
        **_refusal(refused),
        **_words(request),
    )


def _list(
    request: Request,
    feeds: Sequence[Subscription],
    *,
    chosen: Sequence[int] = (),
    looked: Sequence[Preview] = (),
    skipped: Sequence[str] = (),
    left_out: int = 0,
    wrong: str = "",
    refused: Exception | None = None,
    status: int = 200,
) -> Response:
    desk = desk_of(request)
    ours, now = desk.config.feeds, desk.clock.now()
    rows = [
        Listed(
            number=number,
            feed=feed,
            known=known.name if (known := same_address(feed.url, ours)) else "",
            refused=objection(feed.url, ours, now) is not None,
            chosen=number in chosen,
        )
        for number, feed in enumerate(feeds)
    ]
    return render(
        request,
        "feed_list.html",
        status=status,
        rows=rows,
        listed=_as_sent(feeds),
        looked=looked,
        skipped=skipped,
        left_out=left_out,
        most=MOST,
        wrong=wrong,
        files=_files(desk),
        **_refusal(refused),
        **_words(request),
    )


def _refusal(refused: Exception | None) -> dict[str, Any]:
    """`why_not`: a key of the words; with it `problems`, or a `detail`."""
    match refused:
        case None:
            return {"why_not": "", "problems": (), "why_detail": ""}
        case ConfigError():
            errors = tuple(problem for problem in refused.problems if problem.level == "error")
            return {"why_not": "saving.unsound", "problems": errors, "why_detail": ""}
        case NotSaved():
            return {"why_not": f"saving.{refused.reason}", "problems": (), "why_detail": refused.detail}
        case _:
            return {"why_not": "feed_adding.not_understood", "problems": (), "why_detail": ""}


def _words(request: Request) -> dict[str, Any]:
    visit, config = visit_of(request), desk_of(request).config
    names = Names(config, visit.language)

    def failure(failed: FetchFailed) -> str:
        told = f"{failed.failure.value}: {failed.detail}" if failed.detail else failed.failure.value
        return why(told, visit.language)

    def rate(found: Preview) -> str:
        if found.a_day is None:
            return text(visit.language, "feeds.rate_unknown")
        per = "feeds.a_day" if found.a_day >= 1 else "feeds.a_week"
        return text(visit.language, per, count=max(1, round(found.a_day if found.a_day >= 1 else found.a_day * 7)))

    return {"failure": failure, "rate": rate, "rule": names.rule}


SECTIONS = ()
ROUTES = [
    Route("/feeds/add", form),
    Route("/feeds/add", add, methods=["POST"]),
    Route("/feeds/add/look", look, methods=["POST"]),
    Route("/feeds/add/list", listed, methods=["POST"]),
    Route("/feeds/add/chosen", chosen, methods=["POST"]),
]
