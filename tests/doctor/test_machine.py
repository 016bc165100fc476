"""The machine: state directory, database, clocks, zones, libraries."""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.doctor import clocks, expat_child, software, state
from monitor.doctor.findings import Finding, Level
from monitor.store import PollLock, ballast, open_store, place
from tests.store.builders import NOW


def levels(found) -> dict[str, Level]:
    worst: dict[str, Level] = {}
    for finding in found:
        assert finding.remedy or finding.level is Level.OK, finding
        if finding.level.rank >= worst.get(finding.about, Level.OK).rank:
            worst[finding.about] = finding.level
    return worst


def of(found: list[Finding], about: str) -> str:
    return " ".join(finding.what for finding in found if finding.about == about)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    made = tmp_path / "حالة"
    open_store(made, now=NOW).close()
    ballast.lay(made, size=4096)
    return made


def test_a_sound_state_is_well_and_stays_as_it_is(directory):
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    found = [*state.directory(directory), *state.database(directory, now=NOW)]
    assert set(levels(found).values()) == {Level.OK}
    after = {path.name: path.read_bytes() for path in directory.iterdir() if not path.name.endswith(("-wal", "-shm"))}
    assert after == {name: held for name, held in before.items() if not name.endswith(("-wal", "-shm"))}


def test_a_state_that_is_not_there_yet_is_no_trouble_and_is_not_made(tmp_path):
    found = [*state.directory(tmp_path / "a" / "b"), *state.database(tmp_path / "a" / "b", now=NOW)]
    assert levels(found)["state directory"] is Level.OK
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_directory_is_a_problem(tmp_path):
    (tmp_path / "state").touch()
    assert levels(state.directory(tmp_path / "state")) == {"state directory": Level.PROBLEM}


def test_a_directory_that_others_can_write_or_own_is_a_warning(directory, monkeypatch):
    directory.chmod(0o777)
    assert levels(state.directory(directory))["state directory"] is Level.WARNING
    directory.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert levels(state.directory(directory))["state directory"] is Level.WARNING


def test_a_directory_that_cannot_be_written_is_a_problem(directory, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert levels(state.directory(directory))["state directory"] is Level.PROBLEM
    assert levels(state.directory(directory / "new"))["state directory"] is Level.PROBLEM


def test_receipts_that_cannot_be_written_are_a_warning_and_say_what_may_happen(directory, monkeypatch):
    folder = directory / "receipts"
    assert "receipts" not in levels(state.directory(directory))
    folder.mkdir(mode=0o700)
    assert "receipts" not in levels(state.directory(directory))
    monkeypatch.setattr(os, "access", lambda path, _: path != folder)
    found = list(state.directory(directory))
    assert levels(found) | {"receipts": Level.WARNING} == levels(found)
    assert "may come twice" in of(found, "receipts")


@pytest.mark.parametrize("leads", [True, False])
def test_what_lies_where_the_receipts_belong_is_a_warning(directory, tmp_path, leads):
    folder = directory / "receipts"
    folder.symlink_to(tmp_path) if leads else folder.touch()
    assert levels(state.directory(directory))["receipts"] is Level.WARNING


@pytest.mark.parametrize(("free", "level"), [(1 << 20, Level.PROBLEM), (100 << 20, Level.WARNING), (1 << 30, Level.OK)])
def test_little_room_is_told(directory, monkeypatch, free, level):
    monkeypatch.setattr(ballast, "free", lambda _: free)
    assert levels(state.directory(directory))["disk"] is level


@pytest.mark.parametrize(("kind", "level"), [("nfs4", Level.WARNING), ("tmpfs", Level.WARNING), ("ext4", Level.OK)])
def test_a_file_system_that_does_not_carry_the_state_is_told(directory, monkeypatch, kind, level):
    monkeypatch.setattr(place, "_type_of", lambda *_: kind)
    assert levels(state.directory(directory))["file system"] is level


def test_no_ballast_is_told(directory):
    ballast.drop(directory)
    assert levels(state.directory(directory))["ballast"] is Level.WARNING


def test_a_damaged_a_foreign_and_a_newer_database_are_problems(directory):
    path = directory / place.DATABASE
    sound = path.read_bytes()
    path.write_bytes(sound[:4096] + b"\xff" * 4096 + sound[8192:])
    assert levels(state.database(directory, now=NOW))["database"] is Level.PROBLEM
    path.write_bytes(b"no database at all" * 100)
    assert levels(state.database(directory, now=NOW))["database"] is Level.PROBLEM
    path.write_bytes(sound)
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 9999")
    db.close()
    assert levels(state.database(directory, now=NOW))["database"] is Level.PROBLEM


def test_a_poll_that_is_recorded_in_the_future_is_told(directory):
    db = sqlite3.connect(directory / place.DATABASE)
    at = int((NOW + timedelta(hours=1)).timestamp() * 1e6)
    db.execute("INSERT INTO feed_state (feed_id, next_poll_us, last_polled_us) VALUES ('one', ?, ?)", (at, at))
    db.commit()
    db.close()
    found = list(state.database(directory, now=NOW))
    assert levels(found)["clock"] is Level.PROBLEM
    assert "3600 seconds in the future" in of(found, "clock")


def test_who_polls_is_named(directory):
    with PollLock.acquire(directory, command="monitor run", now=NOW):
        assert "monitor run" in of(list(state.database(directory, now=NOW)), "daemon")


# --- clocks


@pytest.mark.parametrize(
    ("seconds", "level"),
    [
        ([0, 1, -2], Level.OK),
        ([29], Level.OK),
        ([0, 0, 5000], Level.OK),  # one server is wrong
        ([45, 50, 44], Level.WARNING),
        ([-3600, -3601], Level.PROBLEM),
        ([86400], Level.PROBLEM),
        ([], Level.WARNING),
    ],
)
def test_the_clock_is_compared_with_those_of_most_servers(seconds, level):
    dates = [(NOW, NOW - timedelta(seconds=each)) for each in seconds]
    assert levels(clocks.drift(dates)) == {"clock": level}


class _Clock:
    def __init__(self) -> None:
        self.at, self.ticks = NOW, 100.0

    def now(self):
        return self.at

    def monotonic(self) -> float:
        return self.ticks


def test_a_clock_that_is_set_meanwhile_or_shows_a_mad_year_is_told():
    clock = _Clock()
    tell = clocks.watch(clock)
    clock.at, clock.ticks = NOW + timedelta(seconds=10), 110.0
    assert list(tell()) == []
    clock.at = NOW - timedelta(seconds=50)
    assert levels(tell()) == {"clock": Level.WARNING}
    clock.at = NOW.replace(year=1970)
    assert Level.PROBLEM in levels(clocks.watch(clock)()).values()


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("Asia/Damascus", Level.OK), (":Asia/Damascus", Level.OK), ("EET-2EEST,M3.5.0/3,M10.5.0/4", Level.OK),
        ("<+03>-3", Level.OK), ("", Level.OK), ("Asia/Damascuss", Level.WARNING), ("../etc/passwd", Level.WARNING),
        ("UTC+", Level.WARNING),
    ],
)  # fmt: skip
def test_a_time_zone_that_is_none_is_told(written, level):
    assert levels(clocks.zones(ZoneInfo("Asia/Damascus"), {"TZ": written})) == {"time zones": level}


def test_a_missing_table_of_time_zones_is_a_problem(monkeypatch):
    monkeypatch.setattr(clocks, "_loads", lambda _: False)
    assert levels(clocks.zones(None, {})) == {"time zones": Level.PROBLEM}


# --- libraries


@pytest.mark.parametrize(
    ("name", "version", "level"),
    [
        ("SQLite", (3, 40, 1), Level.WARNING), ("SQLite", (3, 44, 6), Level.OK), ("SQLite", (3, 50, 6), Level.WARNING),
        ("SQLite", (3, 51, 3), Level.OK), ("libcurl", (8, 3, 0), Level.WARNING), ("libcurl", (8, 4, 0), Level.OK),
        ("libcurl", (8, 11, 1), Level.WARNING), ("OpenSSL of libcurl", (3, 0, 6), Level.WARNING),
        ("OpenSSL", (1, 1, 1), Level.WARNING), ("OpenSSL", (3, 0, 7), Level.OK), ("Python", (3, 11, 3), Level.WARNING),
        ("Python", (3, 13, 0), Level.OK),
    ],
)  # fmt: skip
def test_known_bad_versions_are_told(name, version, level):
    assert levels(software.judged({name: version})) == {name: level}


def test_a_fault_of_sqlite_is_nothing_to_a_state_in_postgresql():
    found = {"SQLite": (3, 40, 1), "Python": (3, 11, 0)}
    assert levels(software.judged(found)) == {"SQLite": Level.WARNING, "Python": Level.WARNING}
    elsewhere = levels(software.judged(found, keeps_the_state=False))
    assert elsewhere == {"SQLite": Level.OK, "Python": Level.WARNING}


def test_the_versions_of_all_libraries_are_found():
    found = software.versions()
    assert {"Python", "SQLite", "OpenSSL", "libcurl"} <= set(found)
    assert all(len(version) >= 2 and version > (0,) for version in found.values())


@pytest.mark.parametrize("kind", ["deep", "big"])
def test_expat_is_really_tried_in_a_process_of_its_own(kind):
    [finding] = software.expat(kind)
    assert finding.level is not Level.PROBLEM
    assert "could not be tried" not in finding.what


@pytest.mark.parametrize(
    ("kind", "code", "word"),
    [
        ("deep", 0, "holds"), ("deep", -11, "SIGSEGV"), ("deep", -7, "SIGBUS"), ("big", 0, "quickly"),
        ("big", expat_child.SLOW, "CVE-2023-52425"), ("big", None, "CVE-2023-52425"), ("big", -24, "CVE-2023-52425"),
        ("deep", 1, "could not be tried"),
    ],
)  # fmt: skip
def test_what_became_of_the_process_is_told(monkeypatch, kind, code, word):
    monkeypatch.setattr(software, "_run", lambda _: code)
    [finding] = software.expat(kind)
    assert word in finding.what
    assert bool(finding.remedy) == (code != 0)
