"""What one poll brought, entry by entry: judged before the transaction, recognised, decided and written within it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from monitor.model import (
    Alert,
    Entry,
    Evidence,
    Facts,
    Feed,
    Fingerprint,
    Hold,
    IngestEntry,
    Kinship,
    KinshipKind,
    KnownEntry,
    KnownStory,
    Line,
    Mute,
    Origin,
    PollReport,
    Reason,
    Recipient,
    Report,
    Severity,
    Sketch,
    SourceTold,
    Verdict,
    Voices,
)
from monitor.ports import Ingest
from monitor.setup import Setup
from monitor.stories.identity import Recognised, Reused, Sameness, links_to_article, recognise
from monitor.telling import found_in_article, tell
from monitor.watching import Watching

if TYPE_CHECKING:  # what reads and matches entries is imported when there is one
    from monitor.rules.matcher import Matches
    from monitor.stories.case import Case
    from monitor.text.document import Document

log = logging.getLogger(__name__)

Recipients = Mapping[tuple[str, Severity], Sequence[Recipient]]
NOTHING_REUSED = Reused(guids=frozenset(), links=frozenset())
_DIFFERENT = Kinship(kind=KinshipKind.DIFFERENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An entry that its feed has not shown us in this form, read and matched, before anything is decided. What stories
    compare is there where a rule matched.

    `with_article`: the same with the body of the article that is known of it, if it is a version of the stored entry of
    this id. `completes`: if it is a version of a stored entry, then that with its article, and no edit.
    """

    entry: Entry
    document: Document
    matches: Matches
    sketch: Sketch | None = None
    origin: Origin | None = None
    with_article: tuple[int, Judged] | None = None
    completes: bool = False

    @property
    def forms(self) -> tuple[Judged, ...]:
        """Those of which one is taken in."""
        return (self, self.with_article[1]) if self.with_article is not None else (self,)


def judge(setup: Setup, feed: Feed, entry: Entry, *, now: datetime) -> Judged:
    from monitor.text.document import read

    document = read(entry)
    matches = setup.matcher.match(document, feed=feed, today=None)  # that a rule has expired is a verdict
    for problem in matches.problems:
        log.error("rule.broke", extra={"feed": feed.id, "rule": problem.rule_id, "problem": problem.text})
    return as_report(setup, feed, document, matches, now=now)


def as_report(setup: Setup, feed: Feed, document: Document, matches: Matches, *, now: datetime) -> Judged:
    """A document and what matched it, with what stories compare read from it."""
    entry = document.entry
    if not matches.matches:
        return Judged(entry=entry, document=document, matches=matches)
    from monitor.stories.sketch import sketch

    reading = setup.reading
    origin = reading.origin(feed, document)
    bare = sketch(document, reading.read(document), seen_at=now, within=reading.within)
    return Judged(
        entry=entry,
        document=document,
        matches=matches,
        sketch=replace(bare, newsroom=origin.newsroom),
        origin=origin,
    )


def recipients(setup: Setup, judged: Sequence[Judged]) -> Recipients:
    """Of every rule that matched something, for each severity that its alerts may have."""
    forms = [form for each in judged for form in each.forms]
    rules = [setup.rules[rule_id] for rule_id in sorted({m.rule_id for each in forms for m in each.matches.matches})]
    may_have = [(rule.id, rule.severity) for rule in rules]
    may_have += [(rule.id, rule.escalate.to) for rule in rules if rule.escalate is not None]
    return {key: setup.recipients(*key) for key in may_have}


class Intake:
    """What one poll writes, and the account of it."""

    def __init__(
        self,
        *,
        setup: Setup,
        feed: Feed,
        recipients: Recipients,
        baseline: bool,
        reused: Reused,
        now: datetime,
        clock: Callable[[], datetime] | None = None,
        seen: Mapping[int, Evidence] | None = None,
    ) -> None:
        """`clock`: for the time at which it comes to decide, where that may be later than `now`. `seen`: evidence of
        entries that rules matched, or may match when their articles are read, by their positions."""
        self._setup, self._feed, self._recipients = setup, feed, recipients
        self._baseline, self._reused, self._now = baseline, reused, now
        self._seen = seen or {}
        self._clock, self._is_deciding = clock, False
        self._muted: tuple[Mute, ...] | None = None
        self._watching = Watching(setup, now=now)
        self._compared: dict[tuple[bytes, bytes], bool] = {}
        self.new = self.changed = 0
        self._alerts: list[Alert] = []
        self._reasons: Counter[Reason] = Counter()
        self._matches: Counter[str] = Counter()

    def report(self) -> PollReport:
        return PollReport(
            feed_id=self._feed.id,
            outcome="polled",
            new=self.new,
            changed=self.changed,
            alerts=tuple(self._alerts),
            verdicts=dict(self._reasons),
            matches=dict(self._matches),
        )

    def write(self, tx: Ingest, judged: Sequence[Judged]) -> None:
        """Recognise, decide, store, one after the other: within the transaction, so that nobody else decides about a
        story meanwhile."""
        for each in judged:
            self._write(tx, each)

    def complete(self, tx: Ingest, judged: Judged, line: Line) -> None:
        """The article of a stored entry came: the same within the transaction, without recognising it anew. As its feed
        shows it, it is what it was."""
        mark = replace(judged.document.fingerprint, raw=line.raw)
        sameness = Sameness.KNOWN if mark.text in line.known.texts else Sameness.EDITED
        found = Recognised(sameness=sameness, entry=line.known)
        entry_id = self._store(tx, judged, mark, found, completes=True)
        tx.has_article_body(entry_id, mark.text, completed=sameness is Sameness.EDITED)

    def _write(self, tx: Ingest, judged: Judged) -> None:
        entry, mark = judged.entry, judged.document.fingerprint
        candidates = tx.known_entries(
            entry.feed_id, guids=[entry.guid] if entry.guid else [], links=[entry.link] if entry.link else [],
            texts=[mark.text],
        )  # fmt: skip
        found = recognise(entry, mark, candidates, reused=self._reused)
        completed = _with_article(judged, found)
        if completed is not None:
            judged, mark, found = completed
        completes = judged.completes and found.sameness is Sameness.EDITED
        entry_id = self._store(tx, judged, mark, found, completes=completes)
        if completed is not None:
            tx.has_article_body(entry_id, mark.text, completed=False)
        if self._feed.full_text:
            self._want_article(tx, entry_id, entry, mark, found)

    def _want_article(self, tx: Ingest, entry_id: int, entry: Entry, mark: Fingerprint, found: Recognised) -> None:
        if found.sameness is not Sameness.NEW:
            tx.article_shown(entry_id, entry, mark)
        if found.sameness is Sameness.EDITED:
            tx.want_article_again(entry_id, now=self._now)
        is_new = found.sameness is Sameness.NEW
        if is_new and links_to_article(entry, self._reused, baseline=self._baseline, now=self._now):
            tx.want_article(entry_id, entry, mark.raw, now=self._now)

    def _store(
        self, tx: Ingest, judged: Judged, mark: Fingerprint, found: Recognised, *, completes: bool = False
    ) -> int:
        entry = judged.entry
        self.new += found.sameness is Sameness.NEW
        self.changed += found.sameness is Sameness.EDITED
        reports = found.sameness is not Sameness.KNOWN and judged.sketch is not None
        case, kinship = self._case(tx, judged, found.entry, completes) if reports else (None, _DIFFERENT)
        verdicts = self._decide(case, judged) if case else ()
        row = IngestEntry(
            entry=entry,
            fingerprint=mark,
            known_id=found.entry.id if found.entry else None,
            story_id=case.story.id if case and case.story else None,
            verdicts=verdicts,
            sketch=judged.sketch if case else None,
            origin=case.report.origin if case else None,
            earlier=case.report.earlier if case else (),
            edited_at=case.report.edited_at if case else None,
            kinship=kinship,
            evidence=self._seen.get(entry.position) if found.sameness is not Sameness.KNOWN else None,
        )
        entry_id, story_id, number = tx.write(row, seen_at=self._now)
        self._reasons.update(verdict.reason for verdict in verdicts)
        self._matches.update(verdict.match.rule_id for verdict in verdicts)
        if case is not None and story_id is not None:
            self._watching.note(tx, case, story_id, verdicts)
            self._tell(tx, case, entry_id, story_id, number, verdicts)
        return entry_id

    def _case(self, tx: Ingest, judged: Judged, known: KnownEntry | None, completes: bool) -> tuple[Case, Kinship]:
        from monitor.stories.case import Case
        from monitor.stories.versions import renewed

        assert judged.sketch is not None
        assert judged.origin is not None
        self._begin_to_decide(tx)
        story, kinship = self._story(tx, judged.sketch, known)
        before = tx.report(known.id) if known is not None else None
        report = Report(
            entry_id=known.id if known is not None else 0,
            feed_id=self._feed.id,
            sketch=judged.sketch,
            origin=judged.origin,
            seen_at=self._now,
            title=judged.entry.title,
            link=judged.entry.link,
        )
        if before is not None:
            report = renewed(before, report)
        case = Case(
            entry=judged.entry,
            report=report,
            known=known,
            before=before,
            story=story,
            count=self._count,
            within=self._setup.reading.within,
            mutes=self._mutes(tx),
            standing=self._watching.standing(tx, judged.matches.matches),
            baseline=self._baseline,
            completes=completes,
            copied=kinship.kind is KinshipKind.SAME_TEXT,
            now=self._now,
            today=self._now.astimezone(self._setup.zone).date(),
        )
        return replace(case, volumes=self._watching.volumes(tx, case, judged.matches.matches)), kinship

    def _begin_to_decide(self, tx: Ingest) -> None:
        """What is decided later must be of a later time: an alert of the future would throttle nothing."""
        if self._is_deciding or self._clock is None:
            return
        self._is_deciding = True
        at = tx.decides(self._clock)
        if at is not None:
            self._now = self._watching.now = at

    def _decide(self, case: Case, judged: Judged) -> tuple[Verdict, ...]:
        from monitor.stories.decide import decide

        return decide(
            case, judged.matches.matches, rules=self._setup.rules.__getitem__, inhibitors=self._watching.inhibitors
        )

    def _mutes(self, tx: Ingest) -> tuple[Mute, ...]:
        """As they are in this transaction; none is made meanwhile."""
        if self._muted is None:
            self._muted = tx.mutes(self._now)
        return self._muted

    def _count(self, reports: Sequence[Report]) -> Voices:
        from monitor.stories.voices import voices

        return voices(reports, alike=self._alike, agencies=self._agencies)

    @cached_property
    def _agencies(self) -> frozenset[str]:
        return frozenset(each.id for each in self._setup.reading.newsrooms().values() if each.agency)

    def _told_by(self, case: Case) -> tuple[SourceTold, ...]:
        from monitor.stories.voices import told_by

        names = {feed.id: feed.name for feed in self._setup.feeds.values()}
        reports = (*case.others, case.report)
        return told_by(
            reports, self._setup.reading.newsrooms(), alike=self._alike, agencies=self._agencies, feed_names=names
        )

    def _alike(self, one: Sketch, other: Sketch) -> bool:
        """Asked again and again of the same two, for each way to count."""
        from monitor.stories.kinship import compare, may_be_one_text

        pair = (one.text, other.text)
        if pair not in self._compared:
            within = self._setup.reading.within
            self._compared[pair] = (
                may_be_one_text(one, other) and compare(one, other, within=within).kind is KinshipKind.SAME_TEXT
            )
        return self._compared[pair]

    def _story(self, tx: Ingest, sketch: Sketch, known: KnownEntry | None) -> tuple[KnownStory | None, Kinship]:
        """An entry stays in its story, whatever becomes of its text."""
        from monitor.stories.cluster import choose
        from monitor.stories.decide import STORY_WINDOW

        if known is not None and known.story_id is not None:
            return tx.story(known.story_id), _DIFFERENT
        candidates = tx.stories(sketch.keys, since=self._now - STORY_WINDOW)
        chosen, kinship = choose(sketch, candidates, within=self._setup.reading.within)
        return (tx.story(chosen.id), kinship) if chosen is not None else (None, kinship)

    def _tell(
        self, tx: Ingest, case: Case, entry_id: int, story_id: int, number: int, verdicts: Sequence[Verdict]
    ) -> None:
        telling = [verdict for verdict in verdicts if verdict.tells is not None]
        for offset, verdict in enumerate(telling):
            alert = self._alert(case, verdict, story_id=story_id, number=number + offset)
            told_to = self._recipients[alert.rule_id, alert.severity]
            hold = Hold.THROTTLE if verdict.due_at is not None else None
            alert = self._watching.alert(tx, case, alert)
            if tell(tx, self._setup, entry_id, alert, told_to, hold=hold, due_at=verdict.due_at):
                self._alerts.append(alert)
                self._watching.told(tx, case, alert)

    def _alert(self, case: Case, verdict: Verdict, *, story_id: int, number: int) -> Alert:
        from monitor.stories.changes import as_told

        rule, entry = self._setup.rules[verdict.match.rule_id], case.entry
        last = case.told(rule.id)
        places, events, actors = self._setup.reading.named(case.facts)
        return Alert(
            id=f"{story_id}.{number}",
            story_id=story_id,
            number=number,
            rule_id=rule.id,
            rule_title=rule.title,
            severity=verdict.severity or verdict.match.severity,
            reason=verdict.tells or verdict.reason,
            feed_id=self._feed.id,
            feed_name=self._feed.name,
            title=entry.title,
            summary=entry.summary,
            link=entry.link,
            published_at=entry.published_at,
            decided_at=self._now,
            spans=verdict.match.spans,
            facts=as_told(case, last, verdict.tells or verdict.reason),
            places=places,
            events=events,
            actors=actors,
            sources=case.voices.independent,
            reports=case.voices.reports,
            told_by=self._told_by(case),
            follows=last.first_id if last is not None else None,
            before=self._called(case, verdict.before),
            why=verdict.why,
            held_until=verdict.due_at,
            article=found_in_article(entry.body, verdict.match.spans),
        )

    def _called(self, case: Case, before: Mapping[str, str]) -> Mapping[str, str]:
        """With the names of places in the report's own language, for their ids."""
        if "place" not in before:
            return before
        places, _, _ = self._setup.reading.named(Facts(places=tuple(before["place"].split())))
        language = case.report.sketch.language
        names = [place.name.get(language) or place.name.get("en") or place.id for place in places]
        return {**before, "place": ", ".join(names) or before["place"]}


def _with_article(line: Judged, found: Recognised) -> tuple[Judged, Fingerprint, Recognised] | None:
    """An edited line with the body of its article, which the feed does not show and which is no less true for that.
    None where there is no article, or the line is none of its entry's."""
    if found.sameness is not Sameness.EDITED or found.entry is None or line.with_article is None:
        return None
    entry_id, judged = line.with_article
    if entry_id != found.entry.id:
        return None
    mark = replace(judged.document.fingerprint, raw=line.document.fingerprint.raw)
    was_there = mark.text in found.entry.texts
    return judged, mark, replace(found, sameness=Sameness.KNOWN) if was_there else found
