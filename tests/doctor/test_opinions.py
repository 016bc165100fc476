"""Rules that people call wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.doctor.findings import Level
from monitor.doctor.opinions import OVER, opinions
from monitor.store import open_store
from monitor.store.feedback_rows import Feedback, Opinion, Said
from tests.store.builders import DESK, NOW, tell

KNOWN = frozenset({"strikes"})


def found(folder, right, wrong, *, at=NOW, rules=KNOWN):
    store = open_store(folder, now=NOW)
    said = Feedback(store.database)
    for number, opinion in enumerate([Opinion.MATCH] * right + [Opinion.WRONG] * wrong):
        alert = tell(store, f"غارة {number}", DESK)
        said.say(Said(alert_id=alert.id, rule_id="strikes", opinion=opinion, note="", by="x", at=at))
    store.close()
    return list(opinions(folder, rules, now=NOW))


@pytest.mark.parametrize(
    ("right", "wrong", "level"),
    [(0, 0, None), (0, 4, Level.OK), (0, 5, Level.WARNING), (3, 3, Level.WARNING), (4, 3, Level.OK), (9, 0, Level.OK)],
)
def test_a_rule_is_named_where_half_of_enough_alerts_were_wrong(tmp_path, right, wrong, level):
    told = found(tmp_path / "state", right, wrong)
    assert [each.level for each in told] == ([] if level is None else [level])
    if level is Level.WARNING:
        assert told[0].about == "rule strikes"
        assert f"of {right + wrong} alerts that people judged within 90 days, {wrong} were no match" in told[0].what
        assert "monitor feedback --rule strikes" in told[0].remedy


def test_what_was_said_long_ago_or_of_a_rule_that_is_gone_does_not_count(tmp_path):
    assert found(tmp_path / "old", 0, 9, at=NOW - OVER - timedelta(seconds=1)) == []
    assert found(tmp_path / "gone", 0, 9, rules=frozenset()) == []


def test_without_a_state_there_is_nothing_to_say(tmp_path):
    assert list(opinions(tmp_path / "none", KNOWN, now=NOW)) == []
