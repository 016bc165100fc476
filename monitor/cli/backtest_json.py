"""Trials as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.backtest import Change, Difference, Judged, Precision, Trial, WouldSend


def as_json(trial: Trial, old: Trial | None, difference: Difference | None) -> dict[str, Any]:
    """The trial; with `against` (the other's) and `difference` where there is another."""
    told = _trial(trial)
    if old is not None and difference is not None:
        told["against"] = _trial(old)
        told["difference"] = _difference(difference)
    return told


def _trial(trial: Trial) -> dict[str, Any]:
    return {
        "rules": list(trial.rules),
        "entries": trial.entries,
        "from": _instant(trial.first_at),
        "to": _instant(trial.last_at),
        "complete": trial.complete,
        "alerts": [_alert(each) for each in trial.alerts],
        "by_day": {day.isoformat(): number for day, number in trial.days.items()},
        "by_source": dict(trial.by_source),
        "by_rule": {
            rule_id: {"matched": trial.hits[rule_id], "alerts": trial.by_rule[rule_id]} for rule_id in trial.rules
        },
        "overlaps": [
            {"rules": [each.one, each.other], "both": each.both, "matched": [each.of_one, each.of_other]}
            for each in trial.overlaps
        ],
        "quiet": [
            {"document": document, "rule": rule_id, "reason": decided.reason.value, "why": decided.why}
            for (document, rule_id), decided in trial.quiet.items()
        ],
        "precision": _precision(trial.precision),
        "seconds": {"matching": round(trial.speed.matching, 3), "deciding": round(trial.speed.deciding, 3)},
        "left_out": list(trial.left_out),
        "problems": list(trial.problems),
    }


def _alert(alert: WouldSend) -> dict[str, Any]:
    return {
        "document": alert.document,
        "entry": alert.entry_id,
        "rule": alert.rule_id,
        "severity": alert.severity.value,
        "reason": alert.reason.value,
        "why": alert.why,
        "at": _instant(alert.at),
        "title": alert.title,
        "url": alert.link,
        "source": alert.source,
        "feed": alert.feed_id,
        "published": _instant(alert.published_at),
        "spans": [
            {"field": span.field, "start": span.start, "end": span.end, "clause": span.clause} for span in alert.spans
        ],
        "story": alert.story,
        "sources": alert.sources,
        "reports": alert.reports,
        "channels": list(alert.channels),
        "held": [
            {"channel": each.channel, "for": each.hold.name.lower(), "until": _instant(each.until)}
            for each in alert.held
        ],
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "gained": [_change(each) for each in difference.gained],
        "lost": [_change(each) for each in difference.lost],
        "kept": len(difference.kept),
        "altered": [{"old": _alert(each.old), "new": _alert(each.new)} for each in difference.altered],
    }


def _change(change: Change) -> dict[str, Any]:
    return {"alert": _alert(change.alert), "why": list(change.why)}


def _precision(precision: Precision | None) -> dict[str, Any] | None:
    if precision is None:
        return None
    return {
        "sent": _judged(precision.sent),
        "not_sent": _judged(precision.not_sent),
        "by_rule": {rule_id: _judged(each) for rule_id, each in precision.by_rule.items()},
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {"judged": judged.alerts, "right": judged.right, "wrong": judged.wrong, "share": judged.share}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
