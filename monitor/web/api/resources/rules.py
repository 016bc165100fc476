"""The rules: all of them with how each fares, and one with its latest decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from monitor.language import Rule
from monitor.store.views import rules as view
from monitor.web import rule_list
from monitor.web.api.asked import not_there
from monitor.web.api.operation import Answer, Call, Leads, Operation
from monitor.web.api.shapes.rules import (
    MatchesOfFeed,
    OneRule,
    Rules,
    RuleShape,
    alert_of_rule,
    opinion,
    quiet,
    rule_values,
)
from monitor.web.pages.rules import written

SHOWN: Final = 50  # alerts, quiet verdicts, opinions


def listed(call: Call) -> Answer:
    rows = _rows(call, call.desk.config.rules)
    return Answer(Rules(rules=tuple(RuleShape.model_validate(rule_values(row)) for row in rows)))


def read(call: Call) -> Answer:
    rule = next((rule for rule in call.desk.config.rules if rule.id == call.path["rule"]), None)
    if rule is None:
        raise not_there("rule")
    (row,) = _rows(call, [rule])
    since = call.visit.now - timedelta(days=view.DAYS)
    with call.desk.reader() as reader:
        by_source = view.by_source(reader, rule.id, since=since)
        told: dict[str, object] = {
            "latest_alerts": tuple(map(alert_of_rule, view.recent_alerts(reader, rule.id, limit=SHOWN))),
            "latest_quiet": tuple(map(quiet, view.quiet_verdicts(reader, rule.id, since=since, limit=SHOWN))),
            "latest_opinions": tuple(map(opinion, view.feedback(reader, rule.id, limit=SHOWN))),
            "by_feed": tuple(MatchesOfFeed(feed=feed, matches=number) for feed, number in by_source),
        }
    snippet, line = written(call.request, rule)
    told |= {"file": f"{Path(rule.at.file).name}:{line}", "yaml": snippet}
    return Answer(OneRule.model_validate({**rule_values(row), **told}))


def _rows(call: Call, rules: Sequence[Rule]) -> list[rule_list.Row]:
    """Weak spots are not among what is known of them: looking for these takes a process of its own."""
    config, visit = call.desk.config, call.visit
    local = visit.now.astimezone(visit.zone)
    with call.desk.reader() as reader:
        ids = [rule.id for rule in rules]
        hits = view.hits(reader, ids, now=visit.now, offset=local.utcoffset() or timedelta(0))
        muted = view.muted(reader, visit.now)
        long_kept = view.long_kept(reader, visit.now)
    return [
        rule_list.row(
            rule,
            hits[rule.id],
            channels=[channel.id for channel in config.channels_for(rule)],
            muted_until=muted.get(rule.id),
            warnings=0,
            today=local.date(),
            long_kept=long_kept,
            language=visit.language,
        )
        for rule in rules
    ]


OPERATIONS: Final = (
    Operation(
        id="listRules",
        method="GET",
        path="/rules",
        tag="rules",
        summary="The rules in force, with how each fares",
        act=listed,
        answers=Rules,
        leads=(Leads("/rules/0/id", "rule", ("getRule",)),),
    ),
    Operation(
        id="getRule",
        method="GET",
        path="/rules/{rule}",
        tag="rules",
        summary="One rule, with its lines and its latest decisions",
        act=read,
        answers=OneRule,
    ),
)
