"""What each command imports, and that a check that is answered at a glance would have done nothing."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor import idle
from monitor.cli import overview
from monitor.cli.group import cli
from monitor.cli.passes import AHEAD
from tests.cluster.made import until
from tests.command import Command
from tests.servers import Site, site
from tests.world import item, rss

RULES = """
version: 1
feeds:
  - {{id: one, url: "{feed}", every: 2h}}
rules:
  - id: strikes
    title: غارات
    all: [غارة]
channels:
  desk: {{url: "${{DESK_URL}}"}}
"""
ENVIRON = {"DESK_URL": "json://127.0.0.1:9/hook"}
QUIET = rss(item("خبر أول", n=100))
HOUR = 3_600_000_000  # microseconds
PROBE = """
import atexit, sys
atexit.register(lambda: print("", " ".join(sys.modules), sep="\\n", file=sys.__stderr__))
from monitor.cli import main
sys.argv = ["monitor", *sys.argv[1:]]
main()
"""

LIBRARIES = {"pydantic", "yaml", "apprise", "apscheduler", "requests", "listparser"}
MATCHING = {"regex", "ahocorasick_rs", "feedparser", "monitor.rules.matcher", "monitor.text.document"}
FETCHING = {"click", "pycurl", "logging", "dataclasses", "typing", "re", "pathlib", "threading", "json"}


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    with site() as made:
        made.pages["/one"] = QUIET
        yield made


@pytest.fixture(scope="module")
def checked(served: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A first check is done: the feed is a baseline, rules and matcher are remembered."""
    command = Command(tmp_path_factory.mktemp("checked"), ENVIRON)
    command.write_rules(RULES.format(feed=served.url("/one")))
    command.check()
    return command.folder


@pytest.fixture
def web(served: Site) -> Site:
    served.pages["/one"] = QUIET
    return served


@pytest.fixture
def monitor(checked: Path, tmp_path: Path) -> Command:
    """In a copy of its own."""
    return Command(shutil.copytree(checked, tmp_path / "copy"), dict(ENVIRON))


def modules(monitor: Command, *arguments: str) -> set[str]:
    """What a command had imported at its end; it exits with 0."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], cwd=monitor.folder, env=monitor.environment(), capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


# --- imports ---


def test_the_overview_imports_nothing_to_speak_of(tmp_path: Path) -> None:
    assert not modules(Command(tmp_path), "--help") & (LIBRARIES | MATCHING | FETCHING)


def test_a_check_with_nothing_due_imports_neither_what_fetches_nor_what_matches(monitor: Command, web: Site) -> None:
    monitor.write_rules(RULES.format(feed=web.url("/one")).partition("channels:")[0])
    monitor.check()
    assert not modules(monitor, "check") & (LIBRARIES | MATCHING | FETCHING)


def test_one_with_secrets_imports_little_more(monitor: Command) -> None:
    assert not modules(monitor, "check") & (LIBRARIES | MATCHING | FETCHING - {"re"})


def test_a_check_of_an_unchanged_feed_imports_nothing_that_reads_rules_or_matches(monitor: Command) -> None:
    assert not modules(monitor, "check", "--all") & (LIBRARIES | MATCHING)


def test_a_check_with_a_new_entry_and_no_alert_reads_no_rules_and_sends_nothing(monitor: Command, web: Site) -> None:
    web.pages["/one"] = rss(item("خبر ثان", n=101), item("خبر أول", n=100))
    imported = modules(monitor, "check", "--all")
    assert "monitor.rules.matcher" in imported
    assert not {
        name for name in imported if name.startswith(("monitor.facts", "monitor.stories.s", "monitor.stories.k"))
    }
    assert not imported & (LIBRARIES - {"requests"}), "the compiled rules come from the shelf"


# --- one machine needs nothing of a fleet's ---

FLEETS = ("monitor.cluster", "monitor.store.postgres", "psycopg", "psycopg_pool", "procrastinate")
WATCH = f"""
import sys
class Told:
    def find_spec(self, name, path=None, target=None):
        if name in {FLEETS!r}:
            print("imported:", name, file=sys.stderr, flush=True)
sys.meta_path.insert(0, Told())
from monitor.cli import main
sys.argv = ["monitor", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize("ends", ["check", "check --all", "run"])
def test_one_machine_imports_nothing_of_a_fleets(monitor: Command, web: Site, ends: str) -> None:
    web.pages["/one"] = rss(item("غارة على البلدة", n=103, at=datetime.now(UTC)), item("خبر أول", n=100))
    if ends == "run":
        change(monitor, "UPDATE feed_state SET next_poll_us = 0")
    process = subprocess.Popen(
        [sys.executable, "-c", WATCH, *ends.split()], cwd=monitor.folder, env=monitor.environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        if ends == "run":
            until(lambda: "غارة على البلدة" in _titles(monitor), seconds=120)
            process.terminate()
        _, told = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 0, told
    assert "imported:" not in told


def _titles(monitor: Command) -> list[str]:
    with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
        return [title for (title,) in db.execute("SELECT title FROM alert")]


# --- the overview ---


def test_the_overview_is_what_click_would_print() -> None:
    with cli.make_context("monitor", [], resilient_parsing=True, terminal_width=78) as context:
        assert overview.overview() == cli.get_help(context) + "\n"


@pytest.mark.parametrize(("columns", "by_click"), [("79", True), ("80", False), ("200", False), ("nonsense", False)])
def test_a_narrow_terminal_is_left_to_click(tmp_path: Path, columns: str, by_click: bool) -> None:
    command = Command(tmp_path, {"COLUMNS": columns})
    assert ("click" in modules(command, "--help")) is by_click
    assert command.run("--help").stdout.startswith("Usage: monitor [OPTIONS] COMMAND")


# --- a check with nothing to do ---


def look(monitor: Command, *arguments: str) -> tuple[str, ...] | None:
    """What `idle_check` says, from where the command runs."""
    before = Path.cwd()
    os.chdir(monitor.folder)
    try:
        return idle.idle_check(arguments, monitor.environment())
    finally:
        os.chdir(before)


def rows(monitor: Command) -> list[tuple[object, ...]]:
    with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return [row for table in tables for row in db.execute(f"SELECT * FROM {table}")]


def change(monitor: Command, sql: str) -> None:
    with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
        db.execute(sql.format(now=time.time_ns() // 1000, hour=HOUR))
    db.close()


@pytest.fixture(autouse=True)
def nobody_looks_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)


def test_nothing_is_to_do_where_a_whole_check_does_nothing(monitor: Command, web: Site) -> None:
    before, asked = rows(monitor), len(web.requests)
    assert look(monitor) == ()
    assert look(monitor, "-c", "rules.yaml", "--state=state") == ()
    done = monitor.run("check", "--no-baseline")  # an option that the glance does not know: all of it runs
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (rows(monitor), len(web.requests)) == (before, asked)


def test_warnings_are_printed_as_a_whole_check_prints_them(monitor: Command) -> None:
    del monitor.environ["DESK_URL"]
    whole = monitor.run("check", "--no-baseline")
    assert "R316" in whole.stderr
    assert look(monitor) is not None
    glance = monitor.run("check")
    assert (glance.returncode, glance.stdout, glance.stderr) == (0, "", whole.stderr)


TO_DO = {
    "the feed is due": "UPDATE feed_state SET next_poll_us = {now}",
    "it will be due before the next look": "UPDATE feed_state SET next_poll_us = {now} + 29000000",
    "a process died while it polled": "UPDATE feed_state SET lease_until_us = {now} + {hour}",
    "the clock was set back": "UPDATE feed_state SET last_polled_us = {now} + {hour}",
    "the feed was never polled": "UPDATE feed_state SET last_polled_us = NULL",
    "the feed is new": "DELETE FROM feed_state",
    "the database is of another version": "PRAGMA user_version = 1",
    "the database is no such thing": "DROP TABLE feed_state",
}


@pytest.mark.parametrize("sql", TO_DO.values(), ids=TO_DO.keys())
def test_something_may_be_to_do(monitor: Command, sql: str) -> None:
    assert look(monitor) == ()
    change(monitor, sql)
    assert look(monitor) is None


def test_a_feed_that_is_no_longer_wanted_makes_no_work(monitor: Command) -> None:
    change(monitor, "INSERT INTO feed_state (feed_id, next_poll_us) VALUES ('gone', 0)")
    assert look(monitor) == ()


@pytest.mark.parametrize(("status", "answer"), [("pending", None), ("retrying", None), ("sent", ()), ("dead", ())])
def test_what_waits_to_be_sent_is_to_do(
    monitor: Command, web: Site, status: str, answer: tuple[str, ...] | None
) -> None:
    web.pages["/one"] = rss(item("غارة على البلدة", n=101, at=datetime.now(UTC)))
    monitor.check("--all")
    assert look(monitor) == (), "the console has it"
    change(monitor, f"UPDATE delivery SET status = '{status}', next_try_us = {{now}} + {HOUR}")
    assert look(monitor) == answer


def test_what_is_held_is_to_do_when_it_is_due_and_the_next_check_sends_it(monitor: Command, web: Site) -> None:
    web.pages["/one"] = rss(item("غارة على البلدة", n=102, at=datetime.now(UTC)))
    monitor.check("--all")
    held = "UPDATE delivery SET status = 'pending', attempts = {{tries}}, hold = 'DIGEST', next_try_us = {now} + {due}"
    for tries in (0, 1):
        change(monitor, held.replace("{{tries}}", str(tries)).replace("{due}", str(HOUR)))
        before = rows(monitor)
        assert look(monitor) == ()
        done = monitor.run("check", "--no-baseline")
        assert (done.returncode, done.stdout, done.stderr, rows(monitor)) == (0, "", "", before)
    change(monitor, held.replace("{{tries}}", "0").replace("{due}", "0"))
    assert look(monitor) is None
    assert "غارة على البلدة" in monitor.run("check").stdout
    assert look(monitor) == ()


@pytest.mark.parametrize(
    ("due", "answer"), [("{now} + {hour}", ()), ("{now} + 29000000", None), ("{now} - 1", None)],
    ids=["later", "before the next look", "by now"],
)  # fmt: skip
def test_what_is_held_is_to_do_when_its_time_comes(
    monitor: Command, web: Site, due: str, answer: tuple[str, ...] | None
) -> None:
    web.pages["/one"] = rss(item("غارة على البلدة", n=101, at=datetime.now(UTC)))
    monitor.check("--all")
    change(monitor, f"UPDATE delivery SET status = 'pending', attempts = 0, hold = 'THROTTLE', next_try_us = {due}")
    assert look(monitor) == answer
    whole = monitor.check("--no-baseline")
    sent = whole["deliveries"]["sent"]
    assert (sent, whole["deliveries"]["pending"]) == ((1, 0) if due.endswith("- 1") else (0, 0))


@pytest.mark.parametrize(
    ("due", "answer"), [("{now} + {hour}", ()), ("{now} + 29000000", None), ("{now} - 1", None)],
    ids=["later", "before the next look", "by now"],
)  # fmt: skip
def test_an_alert_that_nobody_acknowledged_is_to_do_when_the_next_channel_is_due(
    monitor: Command, web: Site, due: str, answer: tuple[str, ...] | None
) -> None:
    web.pages["/one"] = rss(item("غارة على البلدة", n=101, at=datetime.now(UTC)))
    monitor.check("--all")
    chain = """
        INSERT INTO chain SELECT id, '["console"]', 1000, {due} FROM alert;
        UPDATE delivery SET channel_id = 'elsewhere', sent_us = sent_us - {hour};
    """
    for sql in chain.replace("{due}", due).split(";"):
        change(monitor, sql)
    assert look(monitor) == answer
    done = monitor.run("check")
    assert done.returncode == 0, done.stderr
    assert ("غارة على البلدة" in done.stdout) is (answer is None)
    assert ("Not acknowledged since" in done.stdout or "لم يؤكد" in done.stdout) is (answer is None)


@pytest.mark.parametrize(
    "asked", ['heartbeat: "http://127.0.0.1:9/beat"', 'channels: {desk: {url: "json://127.0.0.1:9", canary: "08:00"}}']
)
def test_a_sign_of_life_or_a_daily_test_is_something_to_do(monitor: Command, asked: str) -> None:
    text = (monitor.folder / "rules.yaml").read_text(encoding="utf-8")
    monitor.write_rules(text[: text.index("channels:")] + asked + "\n")
    monitor.run("check")
    assert look(monitor) is None


def edit(monitor: Command) -> None:
    path = monitor.folder / "rules.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# more\n", encoding="utf-8")


def no_feeds(monitor: Command) -> None:
    text = (monitor.folder / "rules.yaml").read_text(encoding="utf-8")
    monitor.write_rules("version: 1\n" + text[text.index("rules:") :])
    assert monitor.run("check").returncode == 2


AROUND: dict[str, Callable[[Command], object]] = {
    "the rules were edited": edit,
    "there are no feeds": no_feeds,
    "a variable changed to nothing": lambda monitor: monitor.environ.update(DESK_URL=""),
    "a variable changed to no address": lambda monitor: monitor.environ.update(DESK_URL="nonsense"),
    "there is another setting of ours": lambda monitor: monitor.environ.update(MONITOR_MORE="1"),
    "the certificates cannot be read": lambda monitor: monitor.environ.update(SSL_CERT_FILE="/nowhere"),
    "the rules are elsewhere": lambda monitor: monitor.environ.update(MONITOR_CONFIG="other.yaml"),
    "the state is elsewhere": lambda monitor: monitor.environ.update(MONITOR_STATE="other"),
    "the lock is not there": lambda monitor: (monitor.folder / "state" / "poll.lock").unlink(),
    "the database is not there": lambda monitor: (monitor.folder / "state" / "monitor.db").unlink(),
    "others can write to what is remembered": lambda monitor: (monitor.folder / "state" / "cache").chmod(0o777),
}


@pytest.mark.parametrize("happen", AROUND.values(), ids=AROUND.keys())
def test_something_around_it_changed(monitor: Command, happen: Callable[[Command], object]) -> None:
    assert look(monitor) == ()
    happen(monitor)
    assert look(monitor) is None


@pytest.mark.parametrize(
    "arguments",
    [["--all"], ["--json"], ["-v"], ["-n"], ["--feed", "one"], ["--exit-code"], ["-c"], ["-crules.yaml"],
     ["--config="], ["--help"], ["--", "x"], ["x"]],
)  # fmt: skip
def test_whoever_asks_for_more_gets_a_whole_check(monitor: Command, arguments: list[str]) -> None:
    assert look(monitor, *arguments) is None


def test_a_person_who_looks_on_gets_a_whole_check(monitor: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert look(monitor) is None


def test_while_another_process_polls_a_check_is_refused(monitor: Command) -> None:
    with (monitor.folder / "state" / "poll.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert look(monitor) is None
        assert monitor.run("check").returncode == 6


def test_a_dry_run_remembers_nothing(web: Site, tmp_path: Path) -> None:
    command = Command(tmp_path, ENVIRON)
    command.write_rules(RULES.format(feed=web.url("/one")))
    command.check("--dry-run")
    assert not (tmp_path / "state").exists()


def test_rules_with_mistakes_are_refused_each_time(monitor: Command) -> None:
    monitor.write_rules("version: 1\nrules: [{id: a, all: [{place: nowhere-at-all}]}]\n")
    assert [monitor.run("check").returncode for _ in range(2)] == [3, 3]


def test_the_glance_looks_as_far_ahead_as_the_check() -> None:
    assert AHEAD.total_seconds() == idle.AHEAD
