"""A link's token opens what it was made for, until its time is over, and nothing else."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import StateError
from monitor.links import ACTIONS, KEY_FILE, LASTS, Bad, Links, judge_token, key_in, make_token
from tests.alerts.made import NOW, an_alert

KEY = b"k" * 32
MINUTE = timedelta(minutes=1)


def token_of(action="mute", alert_id="41.2", *, key=KEY, expires_at=NOW + timedelta(days=1)) -> str:
    return make_token(key, action, alert_id, expires_at=expires_at)


def judged(token: str, action="mute", alert_id="41.2", *, now=NOW) -> Bad | None:
    return judge_token(KEY, token, action, alert_id, now=now)


def test_a_token_opens_what_it_was_made_for():
    assert judged(token_of()) is None


@pytest.mark.parametrize("action", [action for action in ACTIONS if action != "mute"])
def test_a_token_is_good_for_one_action_only(action):
    assert judged(token_of(), action) is Bad.FORGED


@pytest.mark.parametrize("alert_id", ["41.1", "4.12", "41.2.", "", "41.20"])
def test_a_token_is_good_for_one_alert_only(alert_id):
    assert judged(token_of(), alert_id=alert_id) is Bad.FORGED


def test_parts_that_are_the_same_when_put_together_are_no_same_token():
    assert judge_token(KEY, token_of("ack", "k1"), "ack", "1", now=NOW) is Bad.FORGED


def test_a_token_of_another_key_is_forged():
    assert judged(token_of(key=b"j" * 32)) is Bad.FORGED


def test_a_token_is_good_to_the_end_of_its_minute():
    token = token_of(expires_at=NOW)
    assert judged(token, now=NOW + MINUTE - timedelta(microseconds=1)) is None
    assert judged(token, now=NOW + MINUTE) is Bad.EXPIRED


def test_nobody_gives_a_token_more_time():
    raw = urlsafe_b64decode(token_of(expires_at=NOW - timedelta(days=1)) + "=")
    later = (int.from_bytes(raw[:4], "big") + 10**6).to_bytes(4, "big") + raw[4:]
    assert judged(urlsafe_b64encode(later).decode().rstrip("=")) is Bad.FORGED


@given(st.integers(0, 26), st.sampled_from("ABCXYZabcxyz0189-_"))
def test_no_sign_of_a_token_can_be_another(at, sign):
    token = token_of()
    other = token[:at] + sign + token[at + 1 :]
    assert (judged(other) is None) == (other == token)


@given(st.text(max_size=60))
def test_no_text_is_a_token_by_chance(text):
    assert judged(text) is Bad.FORGED


@pytest.mark.parametrize("written", ["{}=", "{}A", " {}", "{}\n", "{}==", "{}\u0661"])
def test_a_token_is_written_in_one_way_only(written):
    assert judged(written.format(token_of())) is Bad.FORGED


def test_links_lead_to_the_alert_and_are_the_same_at_each_try():
    links = Links("https://monitor.example/desk", KEY)
    alert = an_alert(id="41.2")
    made = links.of(alert)
    assert made == links.of(alert)
    assert [urlsplit(made[action]).path for action in ("open", "ack", "mute", "wrong")] == [
        "/desk/a/41.2", "/desk/a/41.2/ack", "/desk/a/41.2/mute", "/desk/a/41.2/wrong",
    ]  # fmt: skip
    for action in ACTIONS:
        [token] = parse_qs(urlsplit(made[action]).query)["t"]
        ends = alert.decided_at + LASTS[action]
        assert judged(token, action, now=ends) is None
        assert judged(token, action, now=ends + MINUTE) is Bad.EXPIRED


def test_a_link_is_short():
    assert max(map(len, Links("https://m.example", KEY).of(an_alert(id="41234.12")).values())) <= 70


def test_the_key_does_not_show():
    assert "kkk" not in repr(Links("https://m.example", KEY))


# --- the key


def test_the_key_is_made_once_and_for_this_user_alone(tmp_path: Path):
    key = key_in(tmp_path)
    assert len(key) == 32
    assert key_in(tmp_path) == key
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


def test_of_two_who_make_a_key_at_once_both_have_the_same(tmp_path: Path, monkeypatch):
    from monitor import keyfile

    read, first = keyfile.read, []

    def nothing_there_yet(path, *, loss):
        return read(path, loss=loss) if first else first.append(True)

    (tmp_path / KEY_FILE).write_bytes(b"o" * 32)
    (tmp_path / KEY_FILE).chmod(0o600)
    monkeypatch.setattr(keyfile, "read", nothing_there_yet)
    assert key_in(tmp_path) == b"o" * 32
    assert [file.name for file in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, mode):
    key_in(tmp_path)
    (tmp_path / KEY_FILE).chmod(mode)
    with pytest.raises(StateError, match=r"could be read by others.*Remove it"):
        key_in(tmp_path)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_not_replaced_without_a_word(tmp_path: Path, content):
    (tmp_path / KEY_FILE).write_bytes(content)
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(StateError, match="damaged"):
        key_in(tmp_path)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_link_or_a_pipe_in_the_place_of_the_key_is_not_read(tmp_path: Path):
    (tmp_path / "elsewhere").write_bytes(b"e" * 32)
    (tmp_path / KEY_FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StateError):
        key_in(tmp_path)
    (tmp_path / KEY_FILE).unlink()
    os.mkfifo(tmp_path / KEY_FILE, 0o600)
    with pytest.raises(StateError):
        key_in(tmp_path)


def test_a_directory_that_is_not_there_is_told_with_a_remedy(tmp_path: Path):
    with pytest.raises(StateError, match="permission"):
        key_in(tmp_path / "none")
