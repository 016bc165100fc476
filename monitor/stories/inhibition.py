"""Rules that stand for others: while what the one told is fresh, the others are recorded and not told. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from monitor.model import Match, ToldStory
from monitor.stories.case import Case
from monitor.stories.families import are_kin

if TYPE_CHECKING:
    from monitor.language import Rule

Inhibitors = Callable[[str], Sequence["Rule"]]  # by the id of a rule, those that stand for it


def nobody(_rule_id: str) -> Sequence[Rule]:
    return ()


def by_inhibited(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """For each rule that another stands for, those others. A rule never stands for itself: its own tag, named there,
    means the others that have it."""
    known = list(rules)
    standing: dict[str, list[Rule]] = {}
    for rule in known:
        named = set(rule.inhibit.rules) if rule.inhibit is not None and rule.enabled else set()
        for other in known if named else ():
            if other is not rule and not named.isdisjoint({other.id, *(f"tag:{tag}" for tag in other.tags)}):
                standing.setdefault(other.id, []).append(rule)
    return {rule_id: tuple(those) for rule_id, those in standing.items()}


def in_order(matches: Sequence[Match], inhibitors: Inhibitors) -> Iterator[Match]:
    """Those of rules that stand for others first; there are no circles."""
    left = {match.rule_id: match for match in matches}

    def take(rule_id: str) -> Iterator[Match]:
        match = left.pop(rule_id, None)
        if match is not None:
            for other in inhibitors(rule_id):
                yield from take(other.id)
            yield match

    for match in matches:
        yield from take(match.rule_id)


def stands_for(case: Case, inhibitor: Rule) -> ToldStory | None:
    """What the rule told lately, if that is a reason to keep the case quiet: the newest such story."""
    assert inhibitor.inhibit is not None
    same = inhibitor.inhibit.same
    since = case.now - inhibitor.inhibit.lasts
    for told in case.standing.get(inhibitor.id, ()):
        if told.told_at >= since and (_is_own(case, told) or _share(case, told, same)):
            return told
    return None


def _is_own(case: Case, told: ToldStory) -> bool:
    return case.story is not None and case.story.id == told.story_id


def _share(case: Case, told: ToldStory, same: Literal["country", "place", "event"] | None) -> bool:
    """Where either does not say its place or its event, nobody knows, and the report is told."""
    match same:
        case None:
            return True
        case "country":
            return bool({_outermost(case, each) for each in case.facts.places} & {
                _outermost(case, each) for each in told.places
            })  # fmt: skip
        case "place":
            return any(
                one == other or one in case.within(other) or other in case.within(one)
                for one in case.facts.places
                for other in told.places
            )
        case "event":
            return any(are_kin(one, other) for one in case.facts.events for other in told.events)


def _outermost(case: Case, place_id: str) -> str:
    return (place_id, *case.within(place_id))[-1]
