"""A fleet as plain JSON: what `monitor cluster status --json` prints, and the API answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.alerts.words import Language
from monitor.cluster.overview import Overview
from monitor.cluster.troubles import Found
from monitor.cluster.words import remedy, what
from monitor.model.workers import WorkerRecord

_PLAIN = str.maketrans("", "", "\u2068\u2069")  # isolates are for people


def as_json(fleet: Overview, troubles: Sequence[Found], language: Language = "en") -> dict[str, object]:
    """Durations are in seconds. The document of the API tells what each field means (`web/api/shapes/cluster`)."""
    feeds, server = fleet.feeds, fleet.server
    return {
        "at": fleet.at.isoformat(),
        "troubles": [_trouble(each, language) for each in troubles],
        "workers": [_worker(each) for each in fleet.workers],
        "rules": None
        if fleet.rules is None
        else {
            "number": fleet.rules.number,
            "published_at": fleet.rules.published_at.isoformat(),
            "published_by": fleet.rules.published_by,
            "followed_by": fleet.following,
        },
        "feeds": {
            "due": feeds.due,
            "lag_seconds": seconds(feeds.lag),
            "leased": feeds.leased,
            "expired": feeds.expired,
            "put_off": feeds.put_off,
        },
        "hosts": [
            {"host": each.host, "waiting": each.waiting, "wait_seconds": seconds(each.wait)} for each in feeds.crowds
        ],
        "jobs": [
            {
                "task": each.task,
                "waiting": each.waiting,
                "oldest_seconds": None if each.oldest is None else seconds(each.oldest),
                "running": each.running,
                "stalled": each.stalled,
                "failed": each.failed,
            }
            for each in fleet.tasks
        ],
        "channels": [
            {
                "id": channel,
                "sent_by": sender,
                "pending": owed.pending,
                "retrying": owed.retrying,
                "dead": owed.dead,
                "waiting_since": _iso(owed.since),
            }
            for channel, sender, owed in fleet.channels
        ],
        "database": {
            "version": server.version,
            "connections": server.connections,
            "connections_most": server.connections_most,
            "replication": server.replication,
            "is_standby": server.is_standby,
        },
    }


def _trouble(found: Found, language: Language) -> dict[str, object]:
    return {
        "kind": found.kind.value,
        "grave": found.kind.is_grave,
        "subject": found.subject or None,
        "what": what(found, language).translate(_PLAIN),
        "remedy": remedy(found, language).translate(_PLAIN),
        "detail": found.detail or None,
    }


def _worker(record: WorkerRecord) -> dict[str, object]:
    worker, told = record.worker, record.worker.told
    return {
        "id": worker.id,
        "host": worker.host,
        "pid": worker.pid,
        "version": worker.version,
        "stage": "gone" if record.is_gone else worker.stage,
        "began_at": worker.began_at.isoformat(),
        "last_sign_at": record.beat_at.isoformat(),
        "silent_seconds": seconds(record.silent_for),
        "rules_number": worker.rules_number,
        "rules_trouble": worker.rules_trouble or None,
        "clock_ahead_seconds": seconds(told.clock_ahead),
        "polls": dict(told.polls),
        "entries": told.entries,
        "alerts": told.alerts,
        "articles": dict(told.articles),
        "deliveries": dict(told.deliveries),
        "jobs": dict(told.jobs),
        "jobs_failed": dict(told.jobs_failed),
        "under_way": {"batches": told.batches, "feeds": told.feeds, "channels": list(told.channels)},
    }


def seconds(time: timedelta) -> float:
    return round(time.total_seconds(), 3)


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()
