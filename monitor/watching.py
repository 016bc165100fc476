"""What a poll asks and writes for rules that stand for others, count stories, or wait for entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from monitor.model import Alert, Counted, CountedStory, Match, MuteKind, Reason, ToldStory, Verdict, VolumeTold, Watch
from monitor.ports import Ingest
from monitor.setup import Setup

if TYPE_CHECKING:  # what decides is imported when there is something to decide
    from monitor.language import Rule, Volume
    from monitor.stories.case import Case
    from monitor.stories.volume import Reached

_COUNTING = frozenset({Reason.COUNTED, Reason.FIRST_REPORT, Reason.THROTTLED, Reason.INHIBITED})
_HEARD = frozenset({Reason.COUNTED, Reason.MUTED, Reason.INHIBITED})


class Watching:
    """For one poll."""

    def __init__(self, setup: Setup, *, now: datetime) -> None:
        self._setup, self.now = setup, now
        self._inhibited: Mapping[str, tuple[Rule, ...]] | None = None

    # --- before it is decided

    def inhibitors(self, rule_id: str) -> Sequence[Rule]:
        from monitor.stories.inhibition import by_inhibited

        if self._inhibited is None:
            self._inhibited = by_inhibited(self._setup.rules.values())
        return self._inhibited.get(rule_id, ())

    def standing(self, tx: Ingest, matches: Sequence[Match]) -> dict[str, tuple[ToldStory, ...]]:
        """Of the rules that stand for one that matched. Asked anew for each entry: the one before may have told it."""
        others = {each.id: each for match in matches for each in self.inhibitors(match.rule_id)}
        return {
            rule_id: tx.watches.told(rule_id, since=self.now - rule.inhibit.lasts)
            for rule_id, rule in others.items()
            if rule.inhibit is not None
        }

    def volumes(self, tx: Ingest, case: Case, matches: Sequence[Match]) -> dict[str, Counted]:
        own = CountedStory(story_id=case.story.id if case.story else 0, told_at=case.first_told_at)
        rules = [self._setup.rules[match.rule_id] for match in matches]
        return {
            rule.id: tx.watches.counted(
                self._watch(tx, rule), own, within=volume.within, compares=volume.surge is not None
            )
            for rule in rules
            if (volume := _volume(rule)) is not None
        }

    def _watch(self, tx: Ingest, rule: Rule) -> Watch:
        from monitor.stories.watching import looks

        return tx.watches.watch(rule.id, looks(rule), now=self.now, version=self._setup.version)

    # --- when it is

    def note(self, tx: Ingest, case: Case, story_id: int, verdicts: Sequence[Verdict]) -> None:
        """What rules of a kind of their own learn from it, whoever is told."""
        for verdict in verdicts:
            rule = self._setup.rules[verdict.match.rule_id]
            if rule.kind is None:
                continue
            if rule.id in case.volumes and (verdict.reason in _COUNTING or _is_muted_itself(case, rule, verdict)):
                counted = CountedStory(story_id=story_id, told_at=case.volumes[rule.id].own.told_at)
                tx.watches.count(rule.id, counted)
            elif rule.id not in case.volumes and case.known is None and verdict.reason in _HEARD:
                self._watch(tx, rule)
                tx.watches.heard(rule.id, at=self.now)

    def alert(self, tx: Ingest, case: Case, alert: Alert) -> Alert:
        """As it is told: that of a volume tells of many stories, and is no report of one."""
        found = self._reached(case, alert)
        if found is None:
            return alert
        from monitor.alerts.occasions import of_many

        own = case.volumes[alert.rule_id].own.story_id
        titles = tx.watches.headlines([each.story_id for each in found.stories if each.story_id != own])
        newest = [titles.get(each.story_id, case.entry.title) for each in reversed(found.stories)]
        return of_many(alert, newest, within=found.within, language=self._setup.language)

    def told(self, tx: Ingest, case: Case, alert: Alert) -> None:
        """The alert is stored."""
        found = self._reached(case, alert)
        if found is not None and found.at is not None:
            told_at = alert.held_until or self.now
            told = VolumeTold(alert_id=alert.id, reached_at=found.at, decided_at=self.now, told_at=told_at)
            tx.watches.note(alert.rule_id, told)

    def _reached(self, case: Case, alert: Alert) -> Reached | None:
        """Of a rule that counts."""
        if alert.rule_id not in case.volumes:
            return None
        from monitor.stories.volume import reached

        volume = _volume(self._setup.rules[alert.rule_id])
        return reached(volume, case.volumes[alert.rule_id]) if volume is not None else None


def _is_muted_itself(case: Case, rule: Rule, verdict: Verdict) -> bool:
    """Not what it would have counted: how many there are stays true while nobody wants to hear of it."""
    return verdict.reason is Reason.MUTED and any(
        mute.kind is MuteKind.RULE and mute.subject == rule.id for mute in case.mutes
    )


def _volume(rule: Rule) -> Volume | None:
    """What it counts; None for a rule that does not count."""
    if rule.kind is None:
        return None
    from monitor.language import Volume

    return rule.kind if isinstance(rule.kind, Volume) else None
