"""A canary in every place that holds a secret, and everything fails: it is used, and shows nowhere.

What is looked through: both log formats at debug, errors, tracebacks, every command's output, every file of the state
(the database, what is remembered of the rules, the heartbeat), a dump of the database, and the figures.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import shutil
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote, unquote, unquote_plus
from urllib.request import urlopen

import pytest

from monitor import hidden
from monitor.cli import logs
from tests.command import Command
from tests.world import item, rss

# In every one, so that one search finds all, and no word of ours (a channel has its `canary`). Each has a number, and
# signs that encodings change.
WORD = "KaNaRi"
NAMES = (
    "S_USER", "S_PASSWORD", "S_PATH", "S_QUERY", "S_HEADER", "S_PROXY", "S_PROXY_PASSWORD", "S_HOOK_USER",
    "S_HOOK_PASSWORD", "S_HOOK_PATH", "S_HOOK_HEADER", "S_BOT", "S_MAIL_PASSWORD", "S_BEACON", "S_FILE", "S_UNUSABLE",
    "S_OPS",
)  # fmt: skip
CANARIES = {name: f"{WORD}{number:02}x+y=z%40{number}" for number, name in enumerate(NAMES)}
ENVIRON = {name: quote(value, safe="") for name, value in CANARIES.items()} | {
    "S_HEADER": CANARIES["S_HEADER"],
    "S_BOT": "123456789:" + WORD + "TokenOfABotThatIsLongEnough9",
    "S_UNUSABLE": f"nosuch://{WORD}99/{WORD}98",
}

RULES = """
version: 1
defaults: {{notify: [hook, bot, mail, file, bad]}}
heartbeat: "http://127.0.0.1:{port}/beat/${{S_BEACON}}"
feeds:
  - {{id: good, url: "http://127.0.0.1:{port}/good/${{S_PATH}}?key=${{S_QUERY}}",
     headers: {{Authorization: "Bearer ${{S_HEADER}}"}}}}
  - {{id: user, url: "http://${{S_USER}}:${{S_PASSWORD}}@localhost:{port}/fails/${{S_PATH}}"}}
  - {{id: redirect, url: "http://127.0.0.1:{port}/redirect/${{S_PATH}}?key=${{S_QUERY}}"}}
  - {{id: moved, url: "http://127.0.0.1:{port}/moved/${{S_PATH}}?key=${{S_QUERY}}"}}
  - {{id: dead, url: "http://127.0.0.1:{closed}/${{S_PATH}}?key=${{S_QUERY}}"}}
  - {{id: nowhere, url: "http://${{S_USER}}:${{S_PASSWORD}}@name.invalid/${{S_PATH}}"}}
  - {{id: tls, url: "https://127.0.0.1:{port}/${{S_PATH}}"}}
  - {{id: proxied, url: "http://news.example/${{S_PATH}}", proxy: "http://${{S_PROXY}}:${{S_PROXY_PASSWORD}}@127.0.0.1:{port}"}}
  - {{id: socks, url: "http://other.example/${{S_PATH}}", proxy: "socks5h://${{S_PROXY}}:${{S_PROXY_PASSWORD}}@127.0.0.1:{closed}"}}
  - {{id: nofeed, url: "http://127.0.0.1:{port}/echo/${{S_PATH}}?key=${{S_QUERY}}"}}
rules:
  - {{id: strikes, title: غارات, severity: high, all: [غارة], tests: [{{match: غارة على البلدة}}]}}
channels:
  hook: {{url: "json://${{S_HOOK_USER}}:${{S_HOOK_PASSWORD}}@127.0.0.1:{port}/echo/${{S_HOOK_PATH}}?+X-Key=${{S_HOOK_HEADER}}"}}
  bot: {{url: "ntfy://${{S_BOT}}@127.0.0.1:{port}/topic"}}
  mail: {{url: "mailto://desk:${{S_MAIL_PASSWORD}}@127.0.0.1:{closed}?from=a@b.example&to=c@d.example"}}
  file: {{url: "${{file:secret.txt}}", fallback: hook}}
  bad: {{url: "${{S_UNUSABLE}}"}}
  ops: {{url: "json://127.0.0.1:{port}/fails/${{S_OPS}}", for: operations}}
"""


def leaks(text: str) -> list[str]:
    """As it is, percent-encoded once or twice, in base64 at any offset, or backwards escaped: where, in a few words."""
    seen = []
    for way in (text, unquote(text), unquote_plus(unquote(text)), _unescaped(text)):
        seen += [way[max(0, at.start() - 90) : at.end() + 30] for at in re.finditer(WORD, way, re.IGNORECASE)]
    for run in re.findall(r"[A-Za-z0-9+/]{12,}", text):
        for offset in range(4):
            piece = run[offset : offset + (len(run) - offset) // 4 * 4]
            if WORD.lower().encode() in base64.b64decode(piece).lower():
                seen.append(run)
    return seen


def _unescaped(text: str) -> str:
    r"""`\x41` and `\u0041` as what they stand for."""
    return re.sub(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))", lambda found: chr(int(found[1] or found[2], 16)), text)


class Hostile:
    """Answers every address with a failure, and repeats what it was asked wherever it can."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                stream, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._converse, args=(stream,), daemon=True).start()

    def _converse(self, stream: socket.socket) -> None:
        with suppress(OSError), stream:
            stream.settimeout(20)
            head = b""
            while b"\r\n\r\n" not in head:
                chunk = stream.recv(65536)
                if not chunk or chunk[:1] == b"\x16":  # TLS, which nobody speaks here
                    return
                head += chunk
            asked = head.decode("latin-1")
            self.asked.append(asked)
            stream.sendall(self._answer(asked.split(" ")[1], asked))

    def _answer(self, target: str, asked: str) -> bytes:
        echo = json.dumps({"error": asked, "again": unquote(asked)}).encode()
        body, status, more = echo, "500 " + target.replace("\r", ""), ""
        if target.startswith("/good"):
            body, status = rss(item("غارة على أطراف البلدة", n=1, at=None)), "200 OK"
        elif target.startswith("/redirect"):
            status, more = "302 Found", f"Location: http://127.0.0.1:1/{target}\r\n"
        elif target.startswith("/moved"):
            status, more = "301 Moved", f"Location: /good{target.removeprefix('/moved')}\r\n"
        elif target.startswith("/echo"):
            status = "200 OK" if asked.startswith("GET") else "400 " + target
        head = (
            f"HTTP/1.1 {status}\r\nX-Echo: {target}\r\n{more}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode("latin-1") + body


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    made = Hostile()
    yield made
    made.close()


@pytest.fixture(scope="module")
def monitor(hostile: Hostile, tmp_path_factory: pytest.TempPathFactory) -> Command:
    command = Command(tmp_path_factory.mktemp("secrets"), dict(ENVIRON))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    command.write_rules(RULES.format(port=hostile.port, closed=closed))
    (command.folder / "secret.txt").write_text(f"json://127.0.0.1:{closed}/{ENVIRON['S_FILE']}\n", encoding="utf-8")
    return command


@pytest.fixture(scope="module")
def daemon_said(monitor: Command) -> dict[str, str]:
    """A daemon for which everything fails, in each log format; and what it served."""
    said = {}
    for form in ("text", "json"):
        daemon = monitor.start("run", "-v", "--no-baseline", "--log-format", form, "--listen", "127.0.0.1:0")
        lines: list[str] = []
        reader = threading.Thread(target=lambda daemon=daemon, lines=lines: lines.extend(daemon.stderr or ()))
        reader.start()
        try:
            port = _wait_for(lambda lines=lines, daemon=daemon: _port(lines) or (daemon.poll() and "".join(lines)))
            assert isinstance(port, int), port
            _wait_for(lambda lines=lines: sum("poll." in line for line in lines) >= 8)
            if form == "text":
                _wait_for(lambda lines=lines: sum("delivery." in line for line in lines) >= 4)
            for page in ("metrics", "healthz", "readyz"):
                with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/{page}", timeout=20) as answer:
                    said[f"{page}, {form}"] = answer.read().decode()
            said[f"heartbeat, {form}"] = (monitor.folder / "state" / "heartbeat.json").read_text()
        finally:
            daemon.terminate()
            said[f"output, {form}"] = daemon.stdout.read() if daemon.stdout else ""
            daemon.wait(60)
            reader.join(30)
        said[f"log, {form}"] = "".join(lines)
        with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
            db.execute("UPDATE feed_state SET next_poll_us = 0")
    return said


def _port(lines: list[str]) -> int:
    found = re.search(r"listen\.started.*?port\W+(\d+)", "".join(lines))
    return int(found[1]) if found else 0


def _wait_for(holds, seconds: float = 90):
    deadline = time.monotonic() + seconds
    while not (value := holds()):
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.1)
    return value


def test_the_canaries_are_found_however_they_are_written():
    value = CANARIES["S_QUERY"]
    for written in (
        value,
        quote(value, safe=""),
        quote(quote(value)),
        value.lower(),
        base64.b64encode(f"a:{value}".encode()).decode(),
    ):
        assert leaks(f"something {written} else"), written
    assert leaks("nothing of the kind: YWJjZGVmZ2hpamtsbW5vcA==") == []


def test_a_daemon_for_which_everything_fails_shows_no_secret(daemon_said: dict[str, str], hostile: Hostile) -> None:
    assert {name: leaks(text) for name, text in daemon_said.items() if leaks(text)} == {}
    log = daemon_said["log, text"]
    assert {"poll.failed", "poll.done"} <= set(re.findall(r"(?:poll|delivery)\.\w+", log))
    for feed_id in ("user", "redirect", "dead", "nowhere", "tls", "proxied", "socks", "nofeed"):
        assert re.search(rf"poll\.failed feed={feed_id} ", log), feed_id
    assert "monitor_feed_fetches_total" in daemon_said["metrics, text"]
    asked = "".join(hostile.asked)
    for name in ("S_PATH", "S_QUERY", "S_HEADER", "S_HOOK_PATH", "S_HOOK_HEADER", "S_BEACON"):
        assert CANARIES[name][: len(WORD) + 2] in asked, f"{name} was never used"


def test_nothing_that_is_kept_holds_a_secret(monitor: Command, daemon_said: dict[str, str]) -> None:
    monitor.run("check")  # so that the rules are remembered
    files = [path for path in (monitor.folder / "state").rglob("*") if path.is_file()]
    assert {"monitor.db", "rules"} <= {path.name for path in files}
    assert {
        path.name: leaks(path.read_bytes().decode("latin-1"))
        for path in files
        if path.stat().st_size < 4 << 20 and leaks(path.read_bytes().decode("latin-1"))
    } == {}
    with closing(sqlite3.connect(monitor.folder / "state" / "monitor.db")) as db:
        dump = "\n".join(db.iterdump())
        blobs = [
            bytes(value)
            for table in _tables(db)
            for row in db.execute(f"SELECT * FROM {table}")
            for value in row
            if isinstance(value, bytes)
        ]
    assert "INSERT INTO" in dump
    assert leaks(dump) == []
    assert not any(WORD.lower().encode() in blob.lower() for blob in blobs)


def _tables(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]


COMMANDS = (
    ["check", "--all", "-v"], ["check", "--all", "--json"],
    ["check", "--feed", "usar"], ["status"], ["status", "--json"], ["feeds", "list"], ["feeds", "list", "--json"],
    ["feeds", "status"], ["feeds", "status", "--json"], ["feeds", "export-opml"], ["deliveries"],
    ["deliveries", "--json"], ["deliveries", "--resend-dead"], ["doctor"], ["doctor", "--json", "--pins"],
    ["lint"], ["lint", "--json"], ["test"], ["explain", "غارة على البلدة"], ["explain", "--json", "غارة"],
    ["notify", "test", "hook"], ["notify", "test", "bad"], ["notify", "test", "mail"], ["notify", "test", "file"],
    ["notify", "test", "hok"], ["db", "check"], ["status", "--healthcheck"],
)  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_shows_a_secret(monitor: Command, daemon_said: dict[str, str], arguments: list[str]) -> None:
    done = monitor.run(*arguments)
    assert "Traceback" not in done.stderr
    assert leaks(done.stdout + done.stderr) == []


BROKEN = """
version: 1
feeds:
  - {id: one, url: "http://news.example/${S_PATH}?key=${S_QUERY}", header: {Authorization: "${S_HEADER}"}}
  - {id: two, url: "http://news.example/${S_PATH}?key=${S_QUERY}"}
  - {id: odd, url: "http://news.example/a b\\\\${S_PATH}"}
  - {id: plain, url: "http://news.example/?token=KaNaRi77PlainAsDay12345"}
channels:
  plain: {url: "tgram://123456789:KaNaRiTokenOfABotThatIsLongEnough9/12345"}
  odd: {url: "${S_BOT}", fallbak: "${S_HOOK_PATH}"}
rules: [{id: strikes, title: غارات, all: [غارة], notify: ["${S_OPS}"]}]
"""


@pytest.mark.parametrize("command", ["check", "run", "lint", "test", "doctor", "feeds list", "notify test plain"])
def test_no_rules_file_that_is_refused_shows_a_secret_of_its_own_or_of_the_environment(tmp_path, command) -> None:
    broken = Command(tmp_path, dict(ENVIRON))
    broken.write_rules(BROKEN)
    done = broken.run(*command.split())
    assert done.returncode in (1, 3)
    assert "R309" in done.stdout + done.stderr
    assert leaks(done.stdout + done.stderr) == []


BREAKS = {
    "looking after itself": "monitor.lookout:Lookout.look",
    "parsing": "monitor.feeds.box:BoxedParser.parse",
    "sending": "monitor.alerts.send:AppriseSender.send",
    "the store": "monitor.store.sqlite:SqliteStore.claim_due_feeds",
    "the account": "monitor.cli.account:tell",
    "the rules": "monitor.app:Operations.use",
}
INJECT = """
import importlib, os, sys
from monitor.cli import main
module, _, path = sys.argv[1].partition(":")
owner = importlib.import_module(module)
*through, name = path.split(".")
for each in through:
    owner = getattr(owner, each)
def broken(*_, **__):
    names = ("S_PATH", "S_QUERY", "S_HEADER", "S_BOT", "S_HOOK_PASSWORD", "S_PROXY_PASSWORD", "S_BEACON")
    told = [os.environ[name] for name in names]
    raise RuntimeError(f"could not ask http://127.0.0.1/{told}") from ValueError(told)
setattr(owner, name, broken)
sys.argv = ["monitor", *sys.argv[2:]]
main()
"""


@pytest.mark.parametrize("where", BREAKS.values(), ids=BREAKS)
def test_no_error_that_nobody_expected_shows_a_secret_that_its_text_holds(
    monitor: Command, tmp_path: Path, where: str
) -> None:
    shutil.copytree(monitor.folder, tmp_path / "copy", ignore=shutil.ignore_patterns("poll.lock"))
    (tmp_path / "inject.py").write_text(INJECT, encoding="utf-8")
    command = Command(tmp_path / "copy", dict(ENVIRON))
    command.words = lambda arguments: [sys.executable, str(tmp_path / "inject.py"), where, *arguments]  # type: ignore[method-assign]
    done = command.run("check", "--all", "--no-baseline", "-v")
    assert leaks(done.stdout + done.stderr) == []
    assert "RuntimeError" in done.stderr, "it was not reached"


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_logs_hide_each_secret_in_every_form_although_something_logs_it_on_purpose(
    form, capsys, monkeypatch
) -> None:
    monkeypatch.setattr(hidden, "_hidden", ())
    addresses = [
        f"https://u:{ENVIRON['S_PASSWORD']}@h.example/{ENVIRON['S_PATH']}?k={ENVIRON['S_QUERY']}",
        ENVIRON["S_BOT"],
    ]
    logs.hide(addresses)
    logs.set_up(logging.DEBUG, form)
    log = logging.getLogger("monitor")
    for name in ("S_PASSWORD", "S_PATH", "S_QUERY", "S_BOT"):
        for written in (ENVIRON[name], unquote(ENVIRON[name]), quote(ENVIRON[name], safe=""), repr([ENVIRON[name]])):
            log.debug("asked %s", written, extra={"url": written, "parts": [written], "nested": {"a": written}})
    printed = capsys.readouterr().err
    assert printed.count("asked") == 16
    assert leaks(printed) == []
