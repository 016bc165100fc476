"""Who may look at the pages, before somebody has to find out."""

from __future__ import annotations

import pytest

from monitor.doctor.pages import KEY_FILE, look
from monitor.model import Access, Secret
from monitor.web.access import sessions

USERS = Access(users=(("salma", "$argon2id$…"),))


def told(access, url=None, *, state):
    return [(each.level.value, each.what) for each in look(access, url, state)]


@pytest.mark.parametrize(("access", "what"), [
    (USERS, "1 with a password"),
    (Access(token=Secret("t" * 20)), "whoever has the token"),
    (Access(proxy="10.0.0.1/32", header="x-user"), "whom 10.0.0.1/32 names in x-user"),
])  # fmt: skip
def test_it_is_told_who_may_look(tmp_path, access, what):
    assert told(access, "https://m.example", state=tmp_path) == [("ok", f"may look: {what}")]


def test_a_token_without_a_value_lets_nobody_in(tmp_path):
    [(level, what)] = told(Access(lacks_token=True), state=tmp_path)
    assert (level, "nobody may look" in what) == ("problem", True)


def test_passwords_over_plain_http_are_warned_of(tmp_path):
    assert [level for level, _ in told(USERS, "http://m.example", state=tmp_path)] == ["warning", "ok"]


def test_a_key_that_others_can_read_is_a_problem(tmp_path):
    (tmp_path / KEY_FILE).write_bytes(b"k" * 32)
    (tmp_path / KEY_FILE).chmod(0o644)
    [(level, what)] = told(USERS, state=tmp_path)
    assert (level, "could be read by others" in what) == ("problem", True)


def test_it_is_the_key_that_sessions_are_signed_with():
    assert KEY_FILE == sessions.KEY_FILE
