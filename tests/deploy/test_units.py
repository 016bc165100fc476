"""The systemd units: understood by systemd, naming only what exists, and no tighter than the program can bear."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import yaml

from monitor.store.which import VARIABLE
from tests.cluster.made import until
from tests.command import Command
from tests.docs.commandline import trouble
from tests.servers import Site, site
from tests.support import ROOT, needs
from tests.world import item, rss

DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("monitor*.*") if path.suffix in (".service", ".timer"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
INSTALLED = "/opt/monitor/bin/monitor"
WORKER = "monitor-worker@.service"
# What a service may differ in from the others; the rest is the same hardening for all.
OWN = {"Type", "NotifyAccess", "ExecStart", "ExecReload", "WatchdogSec", "TimeoutStartSec", "TimeoutStopSec", "Restart",
       "RestartSec", "SuccessExitStatus", "KillMode", "Environment", "EnvironmentFile", "StateDirectory",
       "MemoryMax"}  # fmt: skip

RULES = """version: 1
feeds: [{{id: one, url: "{feed}"}}]
channels: {{desk: {{url: "{hook}"}}}}
rules: [{{id: any, title: any, all: [مطار], notify: [desk]}}]
"""


def settings(unit: str, section: str = "Service") -> list[tuple[str, str]]:
    """Name and value of each setting in a section, in order; comments are left out."""
    part = re.search(rf"^\[{section}\]$(.*?)(?=^\[|\Z)", (DEPLOY / unit).read_text(), flags=re.MULTILINE | re.DOTALL)
    assert part, f"{unit} has no [{section}]"
    lines = (line for line in part[1].splitlines() if line and not line.startswith("#"))
    return [(name, value) for name, _, value in (line.partition("=") for line in lines)]


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_starts_a_command_of_ours(unit: str) -> None:
    program, *arguments = dict(settings(unit))["ExecStart"].split()
    assert program == INSTALLED
    assert trouble(arguments) is None


@pytest.mark.parametrize("unit", [unit for unit in SERVICES if unit != WORKER])
def test_rules_and_state_lie_where_the_service_may_reach_them(unit: str) -> None:
    variables = dict(value.split("=", 1) for name, value in settings(unit) if name == "Environment")
    assert variables == {"MONITOR_CONFIG": "/etc/monitor/rules.yaml", "MONITOR_STATE": "/var/lib/monitor"}
    assert dict(settings(unit))["StateDirectory"] == "monitor"


def test_each_worker_has_a_state_directory_of_its_own_and_no_rules_file() -> None:
    variables = dict(value.split("=", 1) for name, value in settings(WORKER) if name == "Environment")
    assert variables == {"MONITOR_STATE": "/var/lib/monitor-worker/%i"}
    assert dict(settings(WORKER))["StateDirectory"] == "monitor-worker/%i"


def test_a_worker_comes_back_whatever_it_ended_by_and_has_the_time_to_end_well() -> None:
    from monitor.cluster.worker import DRAIN

    told = dict(settings(WORKER))
    assert told["Restart"] == "always"
    assert dict(settings(WORKER, "Unit"))["StartLimitIntervalSec"] == "0"
    assert int(told["TimeoutStopSec"]) >= DRAIN + 10
    assert not told["EnvironmentFile"].startswith("-")  # without the database's address there is nothing to start


def test_the_address_of_the_database_stands_in_the_example_environment() -> None:
    from monitor.store.postgres import address

    example = (DEPLOY / "monitor.env.example").read_text(encoding="utf-8")
    told = re.search(rf"^#{VARIABLE}=(\S+)$", example, flags=re.MULTILINE)
    assert told
    assert address.read(told[1]) == "the PostgreSQL database monitor on db.example.org:5432"


def test_all_services_are_hardened_alike() -> None:
    hardening = [[pair for pair in settings(unit) if pair[0] not in OWN] for unit in SERVICES]
    assert len(hardening) == 3
    assert hardening == [hardening[0]] * 3


def test_each_service_has_a_bound_of_memory_and_a_worker_that_of_its_container() -> None:
    most = {unit: dict(settings(unit))["MemoryMax"] for unit in SERVICES}
    fleet = yaml.safe_load((DEPLOY / "compose.cluster.yaml").read_text(encoding="utf-8"))
    assert most.pop(WORKER) == fleet["services"]["worker"]["mem_limit"].upper() == "2G"
    assert set(most.values()) == {"1G"}


def test_the_watchdog_is_fed_often_enough() -> None:
    from monitor.daemon import BEAT, FROZEN

    longest = int(dict(settings("monitor.service"))["WatchdogSec"])
    assert BEAT.total_seconds() * 2 < longest
    assert longest > FROZEN  # our own watchdog, which says why it ends, goes first
    assert dict(settings("monitor.service"))["Type"] == "notify"


def test_the_timer_starts_the_pass() -> None:
    assert dict(settings("monitor-check.timer", "Timer"))["OnCalendar"] == "*:0/5"
    assert "monitor-check.service" in UNITS


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = needs("systemd-analyze")
    for unit in UNITS:
        text = (DEPLOY / unit).read_text(encoding="utf-8")
        (tmp_path / unit).write_text(text.replace(INSTALLED, sys.executable), encoding="utf-8")
    command = [analyze, "verify", "--man=no", *(str(tmp_path / unit) for unit in UNITS)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in told.stderr.splitlines() if "monitor" in line]
    assert (told.returncode, ours) == (0, [])


@pytest.mark.parametrize("unit", SERVICES)
def test_systemd_finds_little_exposed(unit: str) -> None:
    analyze = needs("systemd-analyze")
    shown = subprocess.run(
        [analyze, "security", "--offline=yes", "--no-pager", "--threshold=20", str(DEPLOY / unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stdout[-200:] + shown.stderr


def test_every_variable_of_the_rules_file_stands_in_the_example_environment() -> None:
    named = set(re.findall(r"\$\{([A-Z][A-Z0-9_]*)\}", (ROOT / "rules.yaml").read_text(encoding="utf-8")))
    example = (DEPLOY / "monitor.env.example").read_text(encoding="utf-8")
    assert named
    assert {name for name in named if not re.search(rf"^#?{name}=", example, flags=re.MULTILINE)} == set()


def test_the_example_environment_sets_nothing_by_itself() -> None:
    example = (DEPLOY / "monitor.env.example").read_text(encoding="utf-8")
    assert [line for line in example.splitlines() if line and not line.startswith("#")] == []


def _allowed_system_calls(analyze: str) -> set[str]:
    """What the unit's SystemCallFilter comes to."""
    allowed: set[str] = set()
    for value in (value for name, value in settings("monitor.service") if name == "SystemCallFilter"):
        sets = [_members(analyze, each) for each in value.removeprefix("~").split()]
        allowed = allowed.difference(*sets) if value.startswith("~") else allowed.union(*sets)
    return allowed


def _members(analyze: str, name: str) -> set[str]:
    shown = subprocess.run([analyze, "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    lines = [line.strip() for line in shown.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*(_members(analyze, line) if line.startswith("@") else {line} for line in lines))


@pytest.fixture
def a_pass(tmp_path: Path) -> Iterator[tuple[list[str], Site]]:
    """The command of a whole pass, from a feed to a webhook, and the server of both."""
    with site() as made:
        made.pages["/feed"] = rss(item("إغلاق المطار", at=datetime.now(UTC)))
        (tmp_path / "rules.yaml").write_text(RULES.format(feed=made.url("/feed"), hook=made.hook()))
        config, state = str(tmp_path / "rules.yaml"), str(tmp_path / "state")
        yield [sys.executable, "-m", "monitor", "check", "--no-baseline", "-c", config, "-s", state], made


def test_the_program_lives_within_its_systemd_sandbox(tmp_path: Path, a_pass: tuple[list[str], Site]) -> None:
    """Every system call and address family of a whole pass, its senders included, is one that the unit allows."""
    analyze, strace, (command, server) = needs("systemd-analyze"), needs("strace"), a_pass
    traced = [strace, "-f", "-qq", "-o", str(tmp_path / "calls"), *command]
    ran = subprocess.run(traced, cwd=ROOT, capture_output=True, text=True, check=False)
    if "ptrace" in ran.stderr.lower():
        pytest.skip("this machine does not let strace trace")
    assert (ran.returncode, len(server.received)) == (0, 1), ran.stderr
    _assert_allowed(analyze, tmp_path / "calls")


def _assert_allowed(analyze: str, trace: Path) -> None:
    text = trace.read_text(errors="replace")
    called = set(re.findall(r"^\d+\s+(\w+)\(", text, flags=re.MULTILINE))
    assert {"execve", "socket"} <= called
    as_root_only = {"fchown"} if os.geteuid() == 0 else set()  # SQLite keeps the owner of what root makes
    assert called - _allowed_system_calls(analyze) - as_root_only == set()
    families = set(dict(settings("monitor.service"))["RestrictAddressFamilies"].split())
    assert set(re.findall(r"\bsocket\((AF_\w+)", text)) - families == set()


# prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN), Linux 6.3: what MemoryDenyWriteExecute= asks for
_DENY = (
    "import ctypes, os, sys; assert not ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


def test_the_program_needs_no_writable_executable_memory(a_pass: tuple[list[str], Site]) -> None:
    command, server = a_pass
    assert dict(settings("monitor.service"))["MemoryDenyWriteExecute"] == "yes"
    if subprocess.run([sys.executable, "-c", _DENY, "/bin/true"], capture_output=True, check=False).returncode:
        pytest.skip("this kernel knows no PR_SET_MDWE")
    ran = subprocess.run([sys.executable, "-c", _DENY, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, len(server.received)) == (0, 1), ran.stderr


def test_a_worker_lives_within_the_sandbox_too(tmp_path: Path, postgres_url: str) -> None:
    """From its start to its end, with what PostgreSQL's client library asks of the system."""
    analyze, strace = needs("systemd-analyze"), needs("strace")
    monitor = Command(tmp_path, {VARIABLE: postgres_url})
    with site() as made:
        made.pages["/feed"] = rss(item("إغلاق المطار", at=datetime.now(UTC)))
        monitor.write_rules(RULES.format(feed=made.url("/feed"), hook=made.hook()))
        assert monitor.run("check", "--no-baseline").returncode == 0  # the next report is none of a new feed
        assert monitor.run("rules", "publish", "--yes").returncode == 0
        with psycopg.connect(postgres_url) as db:
            db.execute("UPDATE feed_state SET next_poll_us = 0")
        made.pages["/feed"] = rss(item("تفجير قرب المطار", n=2, at=datetime.now(UTC)))
        # The kernel stops it at these calls alone: at each one a worker, with its threads, would be too slow.
        unseen = ",".join(f"?{call}" for call in _allowed_system_calls(analyze) - {"execve", "socket"})
        traced = [strace, "-f", "-qq", "--seccomp-bpf", "-e", f"trace=!{unseen}", "-o", str(tmp_path / "calls")]
        running = subprocess.Popen(
            [*traced, sys.executable, "-m", "monitor", "worker"], cwd=tmp_path, env=monitor.environment(),
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            until(lambda: len(made.received) == 2 or running.poll() is not None)
            until(lambda: _worker(postgres_url) is not None or running.poll() is not None)
            if (pid := _worker(postgres_url)) is not None:
                os.kill(pid, signal.SIGTERM)
            _, told = running.communicate(timeout=60)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
    if "ptrace" in told.lower():
        pytest.skip("this machine does not let strace trace")
    assert (running.returncode, len(made.received)) == (0, 2), told
    _assert_allowed(analyze, tmp_path / "calls")


def _worker(url: str) -> int | None:
    """Its process, once it gave a sign of life."""
    with psycopg.connect(url) as db:
        row = db.execute("SELECT pid FROM worker").fetchone()
    return row[0] if row else None


def test_nothing_but_units_and_examples_is_deployed() -> None:
    known = {*UNITS, "compose.yaml", "compose.cluster.yaml", "create-database.sql", "monitor.env.example"}
    assert {path.name for path in DEPLOY.iterdir() if path.is_file() and path.suffix != ".env"} == known
