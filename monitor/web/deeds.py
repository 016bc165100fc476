"""What a reader does with an alert on a page: seen, muted, not a match, and each taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from monitor.alerts.lines import MUTE_FOR
from monitor.model import Alert, Mute, MuteKind
from monitor.store.mute_rows import Mutes
from monitor.store.sql import Database
from monitor.store.wish_rows import Wishes

SPANS: Final[Mapping[str, timedelta]] = {
    "1h": timedelta(hours=1),
    "2h": timedelta(hours=2),
    "4h": timedelta(hours=4),
    "24h": timedelta(days=1),
    "3d": timedelta(days=3),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
USUAL: Final = MUTE_FOR
LONGEST_REASON: Final = 300  # code points
PAGE: Final = "page"  # who does something on a page without a log-in


class Unclear(Exception):
    """A form that is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is done, of which alert, by whom. `within`: see `Mutes.begin`; `newsroom`: of the alert's report."""

    alert: Alert
    newsroom: str | None
    by: str
    now: datetime
    within: Callable[[str], Sequence[str]]


def do(name: str, deed: Deed, form: Mapping[str, str], database: Database) -> None:
    """In one short transaction. Doing the same again changes nothing. Raises Unclear, StateError."""
    act = _ACTS.get(name)
    if act is None:
        raise Unclear
    act(deed, form, database)


def _seen(deed: Deed, _form: Mapping[str, str], database: Database) -> None:
    Wishes(database).acknowledge_all(deed.alert.id, by=deed.by, now=deed.now)


def _unseen(deed: Deed, _form: Mapping[str, str], database: Database) -> None:
    Wishes(database).unacknowledge_all(deed.alert.id)


def _wrong(deed: Deed, _form: Mapping[str, str], database: Database) -> None:
    Wishes(database).call_wrong(deed.alert.id, deed.alert.rule_id, by=deed.by, now=deed.now)


def _right(deed: Deed, _form: Mapping[str, str], database: Database) -> None:
    Wishes(database).call_right(deed.alert.id, by=deed.by)


def _mute(deed: Deed, form: Mapping[str, str], database: Database) -> None:
    lasts = SPANS.get(form.get("lasts", USUAL))
    if lasts is None:
        raise Unclear
    reason = form.get("reason", "").strip()[:LONGEST_REASON]
    mute(Mutes(database), *subject(deed, form.get("subject", "story")), deed.now + lasts, reason, deed)


class Muter(Protocol):
    """Who mutes, when, and what lies around places: a `Deed`, as far as it is wanted here."""

    @property
    def by(self) -> str: ...

    @property
    def now(self) -> datetime: ...

    @property
    def within(self) -> Callable[[str], Sequence[str]]: ...


def mute(mutes: Mutes, kind: MuteKind, about: str, until: datetime, reason: str, muter: Muter) -> tuple[Mute, bool]:
    """What is muted for as long already stays as it is. Tells whether it is a new one. Raises StateError."""
    return mutes.begin_unless_standing(
        kind, about, until=until, reason=reason, by=muter.by, now=muter.now, within=muter.within
    )


def _unmute(deed: Deed, form: Mapping[str, str], database: Database) -> None:
    written = form.get("mute", "")
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise Unclear
    Mutes(database).end(int(written), now=deed.now)


def subject(deed: Deed, written: str) -> tuple[MuteKind, str]:
    """What is to be muted: 'story', 'rule', 'source', or 'place:ID' of a place that the alert names. Raises Unclear."""
    kind, _, place = written.partition(":")
    match kind:
        case "story":
            return MuteKind.STORY, str(deed.alert.story_id)
        case "rule":
            return MuteKind.RULE, deed.alert.rule_id
        case "source":
            return MuteKind.SOURCE, deed.newsroom or deed.alert.feed_id
        case "place" if place in deed.alert.facts.places:
            return MuteKind.PLACE, place
    raise Unclear


_ACTS: Final[Mapping[str, Callable[[Deed, Mapping[str, str], Database], None]]] = {
    "seen": _seen, "unseen": _unseen, "mute": _mute, "unmute": _unmute, "wrong": _wrong, "right": _right,
}  # fmt: skip
