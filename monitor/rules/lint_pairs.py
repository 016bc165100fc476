"""Rules that are one rule written twice, and rules that only repeat the alerts of another."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields

from monitor.language import Rule
from monitor.rules.linted import Linted, pairs
from monitor.rules.problems import Report

# What has no part in whether a rule matches.
_BESIDE = frozenset(
    str.split("id title severity max_age throttle enabled notify tests owner tags description false_positives at")
)
_UNORDERED = frozenset(("all", "any", "none", "search_in", "feeds", "languages"))


def check_pairs(config: Linted, report: Report) -> None:
    known = [(written, rule) for written, rule in pairs(config) if rule.enabled]
    for number, (written, rule) in enumerate(known):
        same = next(((its, other) for its, other in known[:number] if _demands(rule) == _demands(other)), None)
        wider = next((other for _, other in known if other is not rule and _repeats(rule, other)), None)
        if same is not None:
            what = f"the rules '{rule.id}' and '{same[1].id}' (line {same[0].id.at.line}) find the same texts"
            report.warning(written.id.at, "R426", what, "keep one; it can name several channels under 'notify'")
        elif wider is not None:
            what = f"all that the rule '{rule.id}' finds is told by '{wider.id}' already, to the same people"
            remedy = "remove it, or give it a higher severity or channels of its own"
            report.warning(written.id.at, "R427", what, remedy)


def _demands(rule: Rule) -> tuple[object, ...]:
    """What decides whether it matches; the order of items does not."""
    weighed = rule.any if rule.weights else ()
    return (*(frozenset(getattr(rule, name)) for name in sorted(_UNORDERED)), weighed, *_others(rule, _UNORDERED))


def _others(rule: Rule, left_out: Collection[str]) -> tuple[object, ...]:
    """The remaining settings that decide; one that is new to the language is among them."""
    names = (field.name for field in fields(rule))
    return tuple(getattr(rule, name) for name in names if name not in _BESIDE and name not in left_out)


_COMPARED = _UNORDERED | {"at_least", "near", "expires"}


def _repeats(narrow: Rule, wide: Rule) -> bool:
    """Whether the wide rule asks for some of what the narrow one asks for, and for nothing else. Certain only."""
    return (
        _demands(narrow) != _demands(wide)
        and wide.min_score is None
        and _others(narrow, _COMPARED) == _others(wide, _COMPARED)
        and _asks_less(narrow, wide)
        and _looks_where(narrow, wide)
        and _tells(narrow, wide)
    )


def _asks_less(narrow: Rule, wide: Rule) -> bool:
    same_all = frozenset(narrow.all) == frozenset(wide.all)
    fewer = bool(narrow.any) and frozenset(narrow.any) <= frozenset(wide.any) and wide.at_least <= narrow.at_least
    return (
        frozenset(wide.all) <= frozenset(narrow.all)
        and (wide.near is None or (same_all and wide.near == narrow.near))
        and (not wide.any or fewer)
        and frozenset(wide.none) <= frozenset(narrow.none)
    )


def _looks_where(narrow: Rule, wide: Rule) -> bool:
    """In the same fields where it excludes something: in more fields, it would exclude more."""
    fields_of = frozenset(wide.search_in), frozenset(narrow.search_in)
    return (
        (fields_of[0] == fields_of[1] if wide.none or wide.query else fields_of[0] >= fields_of[1])
        and _within(narrow.feeds, wide.feeds)
        and _within(narrow.languages, wide.languages)
        and (wide.expires is None or (narrow.expires is not None and narrow.expires <= wide.expires))
        and narrow.max_age <= wide.max_age
    )


def _within(narrow: Collection[str], wide: Collection[str]) -> bool:
    """Where nothing is named, all is meant."""
    return not wide or (bool(narrow) and frozenset(narrow) <= frozenset(wide))


def _tells(narrow: Rule, wide: Rule) -> bool:
    same_people = frozenset(narrow.notify) <= frozenset(wide.notify) and bool(narrow.notify) == bool(wide.notify)
    return same_people and narrow.severity.rank <= wide.severity.rank
