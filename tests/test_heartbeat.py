from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta

from monitor import heartbeat
from monitor.heartbeat import Heartbeat
from tests.world import NOW

BEAT = Heartbeat(pid=7, started_at=NOW.isoformat(), beat_at=NOW.isoformat(), version="1")


def test_a_beat_is_read_as_it_was_written(tmp_path):
    heartbeat.write(tmp_path, BEAT)
    assert heartbeat.read(tmp_path) == BEAT
    assert heartbeat.age(BEAT, now=NOW + timedelta(seconds=61)) > heartbeat.FRESH


def test_no_beat_or_a_broken_one_is_none(tmp_path):
    assert heartbeat.read(tmp_path) is None
    for broken in ("", "{", "[]", '{"pid": 1}'):
        (tmp_path / heartbeat.FILE).write_text(broken)
        assert heartbeat.read(tmp_path) is None


def test_where_there_is_no_room_for_a_second_file_the_beat_is_written_over_the_last(tmp_path):
    heartbeat.write(tmp_path, replace(BEAT, version="1.0.0"))
    (tmp_path / f".{heartbeat.FILE}.new").mkdir()  # so that none can be made
    heartbeat.write(tmp_path, BEAT)
    assert heartbeat.read(tmp_path) == BEAT


def test_a_daemon_that_ended_on_purpose_leaves_no_beat(tmp_path):
    heartbeat.write(tmp_path, BEAT)
    heartbeat.remove(tmp_path)
    heartbeat.remove(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_service_manager_hears_what_it_is_told(tmp_path):
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        assert heartbeat.notify_systemd("READY=1", "STATUS=ok", environ={"NOTIFY_SOCKET": address})
        assert manager.recv(100) == b"READY=1\nSTATUS=ok"


def test_without_a_service_manager_nobody_is_told():
    assert not heartbeat.notify_systemd("READY=1", environ={})
