"""A rules file written from a page: whole or not at all, and never over what somebody else has written."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from monitor.errors import ConfigError
from monitor.web import saving
from monitor.web.saving import Draft, NotSaved, judged, opened, save
from tests.web.site import RULES, a_desk

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BETTER = RULES.replace("severity: high", "severity: critical").encode()


@pytest.fixture
def desk(tmp_path):
    return a_desk(tmp_path)


def saved(desk, raw=BETTER, *, shown=None, now=NOW):
    return save(desk, desk.path, raw, shown=shown or opened(desk, desk.path).digest, now=now)


def refusal(desk, raw=BETTER, **told):
    """The reason, once it is sure that the file is as it was, and that nothing lies beside it."""
    before, beside = desk.path.read_bytes(), sorted(desk.path.parent.iterdir())
    with pytest.raises(NotSaved) as caught:
        saved(desk, raw, **told)
    assert desk.path.read_bytes() == before
    assert [each for each in sorted(desk.path.parent.iterdir()) if each != desk.state] == [
        each for each in beside if each != desk.state
    ]
    return caught.value.reason


def test_what_is_saved_is_in_force_at_once(desk):
    saved(desk)
    assert desk.path.read_bytes() == BETTER
    assert [rule.severity.value for rule in desk.config.rules] == ["critical"]
    assert desk.refused is None


def test_the_file_keeps_its_permissions(desk):
    desk.path.chmod(0o640)
    saved(desk)
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_file_keeps_its_owner_and_group(desk):
    os.chown(desk.path, 4321, 4322)
    saved(desk)
    assert (desk.path.stat().st_uid, desk.path.stat().st_gid) == (4321, 4322)


def test_a_file_that_would_change_its_owner_is_not_written(desk, monkeypatch):
    real = os.fstat

    def of_another(descriptor):
        found = list(real(descriptor))
        found[4] += 1
        return os.stat_result(found)

    def no_gift(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(saving.os, "fchown", no_gift)
    shown = opened(desk, desk.path).digest
    monkeypatch.setattr(saving.os, "fstat", of_another)
    assert refusal(desk, shown=shown) == "foreign"


def test_of_a_symbolic_link_the_file_it_leads_to_is_written(tmp_path):
    desk = a_desk(tmp_path)
    real = tmp_path / "kept" / "real.yaml"
    real.parent.mkdir()
    desk.path.rename(real)
    desk.path.symlink_to(real)
    saved(desk)
    assert desk.path.is_symlink()
    assert real.read_bytes() == BETTER


def test_a_file_that_changed_since_it_was_shown_is_left_alone(desk):
    shown = opened(desk, desk.path).digest
    desk.path.write_text(RULES + "# by hand\n", encoding="utf-8")
    assert refusal(desk, shown=shown) == "changed"


def test_a_file_that_changes_while_it_is_judged_is_left_alone(desk, monkeypatch):
    shown, by_hand = opened(desk, desk.path).digest, RULES + "# by hand\n"
    real = saving.judged

    def slowly(*asked):
        config = real(*asked)
        desk.path.write_text(by_hand, encoding="utf-8")
        return config

    monkeypatch.setattr(saving, "judged", slowly)
    with pytest.raises(NotSaved) as caught:
        saved(desk, shown=shown)
    assert caught.value.reason == "changed"
    assert desk.path.read_text(encoding="utf-8") == by_hand


def test_unsound_rules_are_refused_with_their_places(desk):
    with pytest.raises(ConfigError, match=r"rules\.yaml:8:15.*R203"):
        saved(desk, RULES.replace("severity: high", "severity: hihg").encode())
    assert desk.path.read_text(encoding="utf-8") == RULES


def test_rules_whose_own_tests_fail_are_refused(desk):
    failing = RULES + "    tests:\n      - match: a quiet day at the market\n"
    assert refusal(desk, failing.encode()) == "tests"


def test_the_whole_configuration_is_judged_not_the_file_alone(tmp_path):
    desk = a_desk(tmp_path, RULES.replace("feeds:", "include: [more.yaml]\nfeeds:"), more="version: 1\nrules: []\n")
    more = tmp_path / "more.yaml"
    twice = b"version: 1\nrules:\n  - {id: strikes, any: [shelling]}\n"
    with pytest.raises(ConfigError, match="R308"):
        save(desk, more, twice, shown=opened(desk, more).digest, now=NOW)
    save(desk, more, twice.replace(b"strikes", b"shells"), shown=opened(desk, more).digest, now=NOW)
    assert {rule.id for rule in desk.config.rules} == {"strikes", "shells"}


@pytest.mark.parametrize("name", ["other.yaml", "state/monitor.db", "/etc/hostname", "../rules.yaml"])
def test_only_rules_files_are_opened(desk, name):
    with pytest.raises(NotSaved) as caught:
        opened(desk, desk.path.parent / name)
    assert caught.value.reason == "unknown"


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        ("PermissionError", "forbidden"),
        ("EROFS", "read_only"),
        ("EBUSY", "mounted"),
        ("ENOSPC", "full"),
        ("EIO", "broken"),
    ],
)
def test_a_disk_that_refuses_leaves_the_file_as_it_was(desk, monkeypatch, failing, reason):
    import errno

    number = errno.EACCES if failing == "PermissionError" else getattr(errno, failing)

    def refused(self, target):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(type(desk.path), "replace", refused)
    assert refusal(desk) == reason


def test_who_may_not_write_the_file_does_not_replace_it(desk, monkeypatch):
    monkeypatch.setattr(saving.os, "access", lambda path, how: False)
    assert refusal(desk) == "forbidden"


def test_what_the_file_held_is_kept_for_its_owner_alone_and_not_for_ever(desk, monkeypatch):
    monkeypatch.setattr(saving, "MOST_KEPT", 2)
    for minute, word in enumerate(("critical", "low", "medium")):
        saved(desk, RULES.replace("high", word).encode(), now=NOW + timedelta(minutes=minute))
    kept = sorted((desk.state / saving.KEPT).iterdir())
    assert [("critical" in each.read_text(), "severity: low" in each.read_text()) for each in kept] == [
        (True, False),
        (False, True),
    ]
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}


def test_nothing_is_written_or_kept_for_no_change(desk):
    saved(desk, RULES.encode())
    assert not (desk.state / saving.KEPT).exists()


def test_a_change_can_be_judged_without_being_written(desk):
    assert judged(desk, desk.path, BETTER).rules[0].severity.value == "critical"
    assert desk.path.read_text(encoding="utf-8") == RULES


@pytest.mark.parametrize(
    ("raw", "text", "written"),
    [
        (b"a: 1\nb: 2\n", "a: 1\r\nb: 3\r\n", b"a: 1\nb: 3\n"),
        (b"a: 1\r\nb: 2\r\n", "a: 1\r\nb: 3\r\n", b"a: 1\r\nb: 3\r\n"),
        (b"\xef\xbb\xbfa: 1\n", "a: 2\n", b"\xef\xbb\xbfa: 2\n"),
    ],
)
def test_a_form_changes_neither_line_ends_nor_byte_order_mark(desk, raw, text, written):
    assert Draft(desk.path, raw, "").with_text(text) == written
