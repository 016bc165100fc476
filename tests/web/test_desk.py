"""What pages work with: rules that may change beneath them, a state that may not be there yet."""

from __future__ import annotations

import pytest

from monitor.errors import ConfigError, StateError
from tests.web.site import RULES, a_desk


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    return a_desk(tmp_path)


def test_rules_that_were_changed_are_taken_over_once_they_have_come_to_rest(desk):
    desk.path.write_text(RULES.replace("id: strikes", "id: raids"), encoding="utf-8")
    assert [rule.id for rule in desk.config.rules] == ["strikes"]
    assert [rule.id for rule in desk.config.rules] == ["raids"]
    assert "raids" in desk.content.rules


def test_broken_rules_are_refused_with_their_place_and_the_good_ones_stay(desk):
    desk.path.write_text(RULES.replace("severity: high", "severity: hihg"), encoding="utf-8")
    assert desk.refused is None
    assert "rules.yaml:8" in str(desk.refused)
    assert [rule.id for rule in desk.config.rules] == ["strikes"]
    desk.path.write_text(RULES, encoding="utf-8")
    assert [desk.refused, desk.refused][1] is None


def test_while_the_files_are_broken_what_stood_in_them_is_still_at_hand(desk):
    assert desk.standing == {}
    desk.path.write_text(RULES.replace("severity: high", "severity: hihg"), encoding="utf-8")
    assert desk.refused is None
    assert desk.refused is not None
    assert desk.standing == {desk.path: RULES.encode()}
    desk.path.write_text(RULES, encoding="utf-8")
    assert [desk.refused, desk.refused][1] is None
    assert desk.standing == {}


def test_without_sound_rules_there_is_no_desk(tmp_path):
    with pytest.raises(ConfigError):
        a_desk(tmp_path, "version: 1\nrules: nonsense\n")


def test_a_state_in_which_nothing_was_recorded_is_read_as_empty_and_is_not_made(desk):
    with desk.reader() as reader:
        assert reader.totals().alerts == 0
    assert not (desk.state / "monitor.db").exists()


def test_a_reader_cannot_write(desk):
    with desk.store():
        pass
    with desk.reader() as reader, pytest.raises(StateError, match="readonly"):
        reader.rows("DELETE FROM alert")
