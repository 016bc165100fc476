"""Does it see, does it run, does it tell? What waits, what was given up and how to send it again, the rules in force,
what is muted, how the state is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor import __version__, heartbeat
from monitor.alerts.pace import rates_of
from monitor.alerts.troubles import remedy, what
from monitor.alerts.words import length
from monitor.config import Config
from monitor.doctor import software
from monitor.doctor.findings import Level
from monitor.doctor.published import InForce, in_force
from monitor.errors import StateDamaged
from monitor.model import Channel, DeliveryStatus, FeedState, Rate
from monitor.status import Status, status
from monitor.store import ballast
from monitor.store.feedback_rows import Counts, Feedback
from monitor.store.lock import DAEMON
from monitor.store.mute_rows import Mutes
from monitor.store.read import Reader
from monitor.store.views import operations as recorded
from monitor.store.which import database_url
from monitor.web.feeds.spoken import ahead, since
from monitor.web.links.words import HOLDS, STATUSES
from monitor.web.names import Names
from monitor.web.pages import Section
from monitor.web.pages.alerts import subject
from monitor.web.render import render
from monitor.web.standing import Standing, overdue, standing
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import text

WAITING: Final = 30
DEAD: Final = 30
OVERDUE: Final = timedelta(minutes=2)  # a poll that is a little late is none
FEEDBACK_OVER: Final = timedelta(days=90)
_LARGEST_ID: Final = 2**63 - 1


def operations(request: Request) -> Response:
    visit, desk = visit_of(request), desk_of(request)
    config, now = desk.config, visit.now
    below, names = _number(request.query_params.get("below", "")), Names(config, visit.language)
    with desk.reader() as reader:
        found = status(desk.state, reader, now)
        dead = recorded.given_up(reader, limit=DEAD + 1, below=below)
        told: dict[str, Any] = {
            "found": found,
            "waiting": recorded.waiting(reader, limit=WAITING),
            "holds": recorded.holds(reader, now),
            "dead": dead[:DEAD],
            "older": f"?{urlencode({'below': dead[DEAD - 1].id})}#dead" if len(dead) > DEAD else "",
            "newer": "/operations#dead" if below else "",
            "channels": _channels(reader, config, now),
            "mutes": Mutes(reader.database).in_force(now),
            "stored": recorded.stored(reader),
            "feedback": _feedback(reader, now),
            "overdue": _overdue(reader.feeds(whole=False), config, now),
            "published": _published(reader, found, config),
        }
    return render(
        request,
        "operations.html",
        config=config,
        standing=_standing(found, told["overdue"][1], now),
        beat=_beat(found, now),
        figures=_figures(found),
        rules_at=_instant(found.beat.rules_at) if found.beat and found.beat.rules_at else None,
        free=ballast.free(desk.state) if database_url() is None else None,
        shared="" if database_url() is None else ".shared",
        versions=_versions(),
        did=_did(request, visit),
        names=names,
        subject=lambda mute: subject(mute, names)[1] or mute.subject,
        **_words(visit),
        **told,
    )


def resend(request: Request) -> Response:
    """One delivery by `id`, or by `channel` all that it gave up."""
    desk, now = desk_of(request), visit_of(request).now
    number, channel = _number(request.state.form.get("id", "")), request.state.form.get("channel", "")
    again = 0
    if number is not None or channel:
        with desk.store() as store:
            again = store.resend([number], now=now) if number is not None else store.resend_to(str(channel), now=now)
    return RedirectResponse(f"/operations?did=resent&count={again}", status_code=303)


def unmute(request: Request) -> Response:
    desk, number = desk_of(request), _number(request.state.form.get("id", ""))
    if number is not None:
        with desk.store() as store:
            Mutes(store.database).end(number, now=visit_of(request).now)
    return RedirectResponse("/operations?did=unmuted", status_code=303)


# --- what is shown


def _channels(
    reader: Reader, config: Config, now: datetime
) -> list[tuple[str, Channel | None, recorded.ChannelStanding]]:
    """Those with something given up first, then those that wait longest; None: no longer in the rules."""
    known = {channel.id: channel for channel in config.channels}
    found = recorded.channels(reader, list(known), now=now)
    rows = [(each, known.get(each), standing) for each, standing in found.items()]
    return sorted(rows, key=lambda row: (-row[2].dead, row[2].since or now, row[0]))


def _published(reader: Reader, found: Status, config: Config) -> InForce | None:
    """What workers go by; None where the files are what is gone by."""
    if database_url() is None or found.running:
        return None
    try:
        return in_force(reader.database, config)
    except StateDamaged:  # by hand; workers say why they cannot use it
        return None


def _feedback(reader: Reader, now: datetime) -> Counts:
    counted = Feedback(reader.database).counts(since=now - FEEDBACK_OVER).values()
    return Counts(sum(each.right for each in counted), sum(each.wrong for each in counted))


def _overdue(states: list[FeedState], config: Config, now: datetime) -> tuple[int, timedelta]:
    """How many feeds should have been asked by now, and by how long the latest."""
    late = overdue(states, config, now)
    return sum(each > OVERDUE for each in late), max([*late, timedelta(0)])


def _standing(found: Status, late: timedelta, now: datetime) -> Standing:
    runs = found.healthy or found.running is not None
    since = found.undelivered_since
    return standing(found.account, runs=runs, overdue=late, undelivered_for=now - since if since else timedelta(0))


def _figures(found: Status) -> dict[str, int]:
    """Of deliveries: those that could be sent by now, and those that were given up."""
    counts = found.totals.deliveries
    unsent = counts[DeliveryStatus.PENDING] + counts[DeliveryStatus.RETRYING]
    return {"waiting": unsent - found.held, "dead": counts[DeliveryStatus.DEAD]}


def _beat(found: Status, now: datetime) -> tuple[str, timedelta]:
    """A key of the words, and how old the last sign of life is."""
    age = heartbeat.age(found.beat, now=now) if found.beat else timedelta(0)
    if found.workers_alive and not found.running:
        return "operations.beat.workers", min(each.silent_for for each in found.workers)
    if found.healthy:
        return "operations.beat.running", age
    if found.hangs:
        return "operations.beat.hangs", age
    if found.running and found.running.command == DAEMON:  # on another machine, which has its signs of life
        return "operations.beat.running", age
    if found.beat:
        return "operations.beat.stale", age
    return "operations.beat.busy" if found.running else "operations.beat.none", age


def _versions() -> list[tuple[str, str, str]]:
    """Name, version, and what is known to be bad about it."""
    told = {name: ".".join(map(str, version)) for name, version in software.versions().items()}
    bad: dict[str, str] = {}
    for finding in software.judged(software.versions()):
        if finding.level is not Level.OK:
            bad[finding.about] = f"{finding.what}; {finding.remedy}"
    return [("monitor", __version__, ""), *((name, version, bad.get(name, "")) for name, version in told.items())]


def _did(request: Request, visit: Visit) -> str:
    """What was just done, in words."""
    match request.query_params.get("did", ""):
        case "resent":
            count = _number(request.query_params.get("count", "")) or 0
            return text(visit.language, "operations.resent" if count else "operations.resent_none", count=count)
        case "unmuted":
            return text(visit.language, "operations.unmuted")
    return ""


def _number(written: object) -> int | None:
    if isinstance(written, str) and written.isascii() and written.isdigit() and len(written) < 20:
        return number if 0 < (number := int(written)) <= _LARGEST_ID else None
    return None


def _instant(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None


def _words(visit: Visit) -> dict[str, Any]:
    language = visit.language

    def pace(channel: Channel | None) -> str:
        rates = rates_of(channel) if channel is not None else ()
        return " · ".join(_rate(rate) for rate in rates) or text(language, "operations.no_pace")

    def _rate(rate: Rate) -> str:
        seconds = int(rate.per.total_seconds())
        return text(language, "operations.rate", count=rate.count, seconds=seconds)

    return {
        "ahead": lambda at: ahead(at, visit),
        "since": lambda at: since(at, visit),
        "pace": pace,
        "what": lambda trouble: what(trouble, language, now=visit.now),
        "remedy": lambda trouble: remedy(trouble, language),
        "span": lambda span: length(span, language),
        "size": lambda number: _size(number, visit),
        "status_word": lambda record: STATUSES[language][record.status],
        "hold_word": HOLDS[language],
    }


def _size(number: int, visit: Visit) -> str:
    unit, per = ("gibibytes", 2**30) if number >= 2**30 else ("mebibytes", 2**20)
    return text(visit.language, f"operations.{unit}", count=f"{number / per:,.1f}")


SECTIONS = (Section(60, "/operations", "operations.title"),)
ROUTES = [
    Route("/operations", operations),
    Route("/operations/resend", resend, methods=["POST"]),
    Route("/operations/unmute", unmute, methods=["POST"]),
]
