"""What happened where, as the store tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.alerts.canary import RULE
from monitor.model import Facts, NamedFact, Severity
from monitor.store import SqliteStore
from monitor.store.read import Reader
from monitor.store.views import places
from monitor.store.views.places import happened
from tests.store import builders
from tests.store.builders import DESK, NOW, item, verdict

HOUR = timedelta(hours=1)


def alert(
    store: SqliteStore,
    title: str,
    *named: str,
    severity=Severity.HIGH,
    ago=HOUR,
    story: int | None = None,
    rule_id="strikes",
) -> int:
    at = NOW - ago
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item(title, verdicts=[verdict(rule_id)], story_id=story), seen_at=at)
        told = replace(
            builders.alert(story_id, number, rule_id=rule_id, decided_at=at),
            severity=severity,
            facts=Facts(places=named),
            places=tuple(NamedFact(id=each, name={}) for each in named),
        )
        tx.alert(entry_id, told, (DESK,))
    return story_id


def found(store, **asked):
    return {each.place_id: each for each in happened(Reader(store.database), **asked)}


def test_stories_are_counted_once_and_the_worst_of_their_alerts_is_told(store):
    alert(store, "غارة", "raqqa", severity=Severity.LOW, ago=5 * HOUR)
    alert(store, "قصف", "raqqa", "homs", severity=Severity.CRITICAL, ago=2 * HOUR)
    alert(store, "هجوم", "raqqa", severity=Severity.MEDIUM)
    told = found(store, since=NOW - 24 * HOUR)
    assert list(told) == ["raqqa", "homs"]
    raqqa = told["raqqa"]
    assert (raqqa.stories, raqqa.alerts, raqqa.worst, raqqa.last_at) == (3, 3, Severity.CRITICAL, NOW - HOUR)
    assert (told["homs"].stories, told["homs"].last_at) == (1, NOW - 2 * HOUR)


def test_what_is_older_is_not_counted(store):
    alert(store, "غارة", "raqqa", ago=30 * HOUR)
    assert found(store, since=NOW - 24 * HOUR) == {}
    assert list(found(store, since=NOW - 30 * HOUR)) == ["raqqa"]


def test_tests_of_ours_happen_nowhere(store):
    alert(store, "اختبار", "raqqa", rule_id=RULE)
    assert found(store, since=NOW - 24 * HOUR) == {}


def test_of_very_many_the_newest_are_gone_through(store, monkeypatch):
    for number in range(4):
        alert(store, f"غارة {number}", f"place-{number}", ago=HOUR * (number + 1))
    monkeypatch.setattr(places, "_HAPPENED", places._HAPPENED.replace(f"LIMIT {places.MOST}", "LIMIT 2"))
    assert sorted(found(store, since=NOW - 24 * HOUR)) == ["place-0", "place-1"]


def test_both_steps_go_by_an_index(in_sqlite):
    explained = Reader(in_sqlite.database).rows(f"EXPLAIN QUERY PLAN {places._HAPPENED}", 0)
    plan = [row["detail"] for row in explained]
    assert any("alert USING COVERING INDEX alert_by_time (decided_us>?)" in step for step in plan)
    assert any(
        "mark USING COVERING INDEX alert_mark_by_alert (story_id=? AND number=? AND kind=?)" in step for step in plan
    )
