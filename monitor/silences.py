"""Rules that wait for entries: told once when nothing comes, and once more when something does. Also begins to watch
rules that count. The only place where alerts are made of what did not happen."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.model import Alert, Entry, IngestEntry, LastAlert, Match, Reason, Verdict, Watch
from monitor.ports import Clock
from monitor.setup import Setup
from monitor.store.ingest import SqlIngest
from monitor.store.read import Reader
from monitor.store.sql_store import SqlStore
from monitor.store.watch_rows import watches
from monitor.stories.silence import Heard, Silent, feeds_of, news
from monitor.stories.watching import looks
from monitor.telling import tell

if TYPE_CHECKING:
    from monitor.language import Rule, Silence

log = logging.getLogger(__name__)

# No id that a person can give a feed has a colon.
FEED = "monitor:silence"


class Silences:
    """For one process; called by one thread at a time."""

    def __init__(self, *, store: SqlStore, clock: Clock) -> None:
        self._store, self._clock, self._reader = store, clock, Reader(store.database)

    def look(self, setup: Setup, watching: Sequence[str]) -> list[Alert]:
        """What is told anew. `watching`: the ids of the rules of a kind of their own; rules are read only where there
        are any. Writes nothing where nothing changed."""
        now = self._clock.now()
        known = watches(self._store.database)
        named = [setup.rules[rule_id] for rule_id in watching if rule_id in setup.rules]
        rules = [rule for rule in named if _is_in_force(rule, setup, now)]
        if not known.keys() <= {rule.id for rule in rules}:
            with self._store.ingest() as tx:
                tx.watches.keep_only([rule.id for rule in rules], version=setup.version)
        for rule in rules:
            if rule.id not in known or known[rule.id][0] != looks(rule):
                with self._store.ingest() as tx:
                    tx.watches.watch(rule.id, looks(rule), now=now, version=setup.version)
        return [alert for rule in rules if (alert := self._look_at(setup, rule, now)) is not None]

    def _look_at(self, setup: Setup, rule: Rule, now: datetime) -> Alert | None:
        from monitor.language import Silence

        if not isinstance(rule.kind, Silence):
            return None
        known = watches(self._store.database).get(rule.id)  # whoever has other rules may have dropped it meanwhile
        found = self._news(setup, rule, rule.kind, known[1]) if known is not None else None
        if found is None:
            return None
        told_to = setup.recipients(rule.id, rule.severity)
        with self._store.ingest() as tx:
            watch = tx.watches.watch(rule.id, looks(rule), now=now, version=setup.version)
            found = self._news(setup, rule, rule.kind, watch)  # something may have come meanwhile
            match found:
                case Silent():
                    made = _begin(tx, setup, rule, found, now)
                case Heard():
                    made = _end(tx, setup, rule, watch, found, now)
                case None:
                    return None
            if made is None:
                return None
            entry_id, alert = made
            tell(tx, setup, entry_id, alert, told_to)
        log.info("silence.told", extra={"rule": rule.id, "reason": alert.reason.name.lower()})
        return alert

    def _news(self, setup: Setup, rule: Rule, kind: Silence, watch: Watch) -> Silent | Heard | None:
        states = {state.feed_id: state for state in self._reader.feeds(whole=False)}
        feeds = feeds_of(rule, tuple(setup.feeds.values()))
        return news(watch, [states.get(feed.id) for feed in feeds], lasts=kind.lasts, seeks=rule.seeks)


def _is_in_force(rule: Rule, setup: Setup, now: datetime) -> bool:
    return rule.enabled and (rule.expires is None or now.astimezone(setup.zone).date() <= rule.expires)


def _begin(tx: SqlIngest, setup: Setup, rule: Rule, found: Silent, now: datetime) -> tuple[int, Alert] | None:
    """What a mute swallows counts as told: nothing is sent for it when the mute ends."""
    muted = _muted(tx, rule, None, now)
    verdict = _verdict(rule, Reason.MUTED if muted else Reason.FIRST_REPORT, muted or _lasted(found))
    entry = Entry(feed_id=FEED, guid=_guid(rule, found.since), title=_silence_title(setup, rule, found))
    entry_id, story_id, number = tx.write(_row(entry, verdict), seen_at=now)
    assert story_id is not None, "an entry with a verdict has a story"
    tx.watches.silent(rule.id, since=found.since, story_id=story_id, entry_id=entry_id)
    return None if muted else (entry_id, _alert(rule, entry, verdict, story_id=story_id, number=number, now=now))


def _end(
    tx: SqlIngest, setup: Setup, rule: Rule, watch: Watch, found: Heard, now: datetime
) -> tuple[int, Alert] | None:
    """Told to whom the silence was told. That of one which was muted is no news."""
    tx.watches.silent(rule.id, since=None, story_id=None, entry_id=None)
    story = tx.story(watch.story_id) if watch.story_id is not None else None
    last = next((each for each in story.alerts if each.rule_id == rule.id), None) if story is not None else None
    guid = _guid(rule, found.since)
    if last is None or not tx.known_entries(FEED, guids=[guid], links=[], texts=[]):
        return None
    muted = _muted(tx, rule, watch.story_id, now)
    verdict = _verdict(rule, Reason.MUTED if muted else Reason.UPDATED, muted or _lasted(found))
    entry = Entry(feed_id=FEED, guid=guid, title=_heard_title(setup, rule, found))
    row = _row(entry, verdict, known_id=watch.entry_id, story_id=watch.story_id)
    entry_id, story_id, number = tx.write(row, seen_at=now)
    if muted or story_id is None:
        return None
    return entry_id, _alert(rule, entry, verdict, story_id=story_id, number=number, now=now, last=last)


def _muted(tx: SqlIngest, rule: Rule, story_id: int | None, now: datetime) -> str:
    """By which mute; only those of the rule itself and of the story are about a silence."""
    for mute in tx.mutes(now):
        if mute.covers(rule_id=rule.id, story_id=story_id, sources=(), places=(), within=lambda _: ()):
            return mute.in_words
    return ""


def _row(entry: Entry, verdict: Verdict, *, known_id: int | None = None, story_id: int | None = None) -> IngestEntry:
    from monitor.text.document import read

    return IngestEntry(
        entry=entry, fingerprint=read(entry).fingerprint, known_id=known_id, story_id=story_id, verdicts=(verdict,)
    )


def _verdict(rule: Rule, reason: Reason, why: str) -> Verdict:
    match = Match(rule_id=rule.id, severity=rule.severity, spans=())
    return Verdict(match=match, reason=reason, why=why, tells=reason if reason.tells else None)


def _alert(
    rule: Rule, entry: Entry, verdict: Verdict, *, story_id: int, number: int, now: datetime,
    last: LastAlert | None = None,
) -> Alert:  # fmt: skip
    return Alert(
        id=f"{story_id}.{number}",
        story_id=story_id,
        number=number,
        rule_id=rule.id,
        rule_title=rule.title,
        severity=rule.severity,
        reason=verdict.reason,
        feed_id=FEED,
        feed_name="monitor",
        title=entry.title,
        summary="",
        link=None,
        published_at=None,
        decided_at=now,
        follows=last.first_id if last is not None else None,
        why=verdict.why,
    )


def _guid(rule: Rule, since: datetime) -> str:
    return f"{rule.id} {since.isoformat()}"


def _lasted(found: Silent | Heard) -> str:
    from monitor.alerts.words import length

    return f"silent since {_at(found.since)}, for {length(found.lasted, 'en')}"


def _silence_title(setup: Setup, rule: Rule, found: Silent) -> str:
    from monitor.alerts.content import spoken
    from monitor.alerts.occasions import silence_title

    return silence_title(_names(setup, rule), found.lasted, spoken(setup.language), matching=rule.seeks)


def _heard_title(setup: Setup, rule: Rule, found: Heard) -> str:
    from monitor.alerts.content import spoken
    from monitor.alerts.occasions import heard_title

    return heard_title(_names(setup, rule), found.lasted, spoken(setup.language))


def _names(setup: Setup, rule: Rule) -> list[str]:
    return [feed.name for feed in feeds_of(rule, tuple(setup.feeds.values()))]


def _at(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"
