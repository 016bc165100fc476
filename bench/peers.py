"""Feed readers to compare `monitor check` with: how each is installed, configured and run. See `bench.check`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parent.parent


class Peer(Protocol):
    name: str
    title: str

    def missing(self, folder: Path, *, install: bool) -> str:
        """Why it cannot be run here, or ''. With `install`, whatever can be installed below `folder` is."""

    def configure(self, folder: Path, urls: Sequence[str]) -> None:
        """Write into the empty `folder` what the command needs."""

    def command(self, folder: Path) -> list[str]:
        """One poll of every feed, due or not."""


class Monitor:
    """With the rules that `monitor init` writes, and a cron user's command."""

    name, title = "monitor", "monitor check"

    def missing(self, folder: Path, *, install: bool) -> str:  # noqa: ARG002
        return ""

    def configure(self, folder: Path, urls: Sequence[str]) -> None:
        starter = (ROOT / "rules.yaml").read_text(encoding="utf-8").splitlines(keepends=True)
        rules, inside = [], False
        for line in starter:
            if line[:1].isalpha():
                inside = line.startswith(("feeds:", "channels:"))
            rules += [] if inside else [line]
        feeds = "".join(f"  - {{url: {url}, id: f{n}, every: 30s}}\n" for n, url in enumerate(urls))
        (folder / "rules.yaml").write_text("".join(rules) + "\nfeeds:\n" + feeds, encoding="utf-8")

    def command(self, folder: Path) -> list[str]:  # noqa: ARG002
        return [sys.executable, "-m", "monitor", "check", "--all", "--state", "state"]


_SCRIPT = """
import calendar, json, pathlib, time, urllib.error, urllib.request
import feedparser

kept = pathlib.Path("kept.json")
state = json.loads(kept.read_text()) if kept.exists() else {}
for url in pathlib.Path("urls.txt").read_text().split():
    known = state.setdefault(url, {"seen": []})
    request = urllib.request.Request(url)
    if known.get("etag"):
        request.add_header("If-None-Match", known["etag"])
    if known.get("modified"):
        request.add_header("If-Modified-Since", known["modified"])
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
            known["etag"], known["modified"] = answer.headers["ETag"], answer.headers["Last-Modified"]
    except urllib.error.HTTPError as error:
        if error.code != 304:
            print(url, error)
        continue
    seen = set(known["seen"])
    for entry in feedparser.parse(body).entries:
        if entry.id not in seen:
            known["seen"].append(entry.id)
            if "اشتباكات" in entry.title:
                print(calendar.timegm(entry.published_parsed or time.gmtime()), entry.title)
kept.write_text(json.dumps(state))
"""


class Script:
    """What one writes in half an hour: urllib with the validators kept, then feedparser."""

    name, title = "script", "30-line script"

    def missing(self, folder: Path, *, install: bool) -> str:  # noqa: ARG002
        return ""

    def configure(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "urls.txt").write_text("\n".join(urls))
        (folder / "poll.py").write_text(_SCRIPT, encoding="utf-8")

    def command(self, folder: Path) -> list[str]:  # noqa: ARG002
        return [sys.executable, "poll.py"]


class Reader:
    """The `reader` library with four workers, as its documentation advises for many feeds."""

    name, title = "reader", "reader 3 (library)"
    python = ""  # of an environment that has it

    def missing(self, folder: Path, *, install: bool) -> str:
        if not self.python and install:
            home = folder / "reader-venv"
            venv.create(home, with_pip=True)
            self.python = str(home / "bin" / "python")
            subprocess.run([self.python, "-m", "pip", "install", "-q", "reader", "sgmllib3k"], check=True)
        return "" if self.python else "say --install-peers to install it into an environment of its own"

    def configure(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "urls.txt").write_text("\n".join(urls))
        (folder / "poll.py").write_text(
            "import pathlib, reader\n"
            "with reader.make_reader('db.sqlite') as r:\n"
            "    for url in pathlib.Path('urls.txt').read_text().split():\n"
            "        r.add_feed(url, exist_ok=True)\n"
            "    for result in r.update_feeds_iter(workers=4, scheduled=False):\n"
            "        if isinstance(result.value, Exception): raise result.value\n"
        )

    def command(self, folder: Path) -> list[str]:  # noqa: ARG002
        return [self.python, "poll.py"]


class Newsboat:
    """The terminal reader, in C++, told to reload and quit."""

    name, title = "newsboat", "newsboat (C++)"

    def missing(self, folder: Path, *, install: bool) -> str:  # noqa: ARG002
        return "" if shutil.which("newsboat") else "it is not installed (a package of Debian and others)"

    def configure(self, folder: Path, urls: Sequence[str]) -> None:
        (folder / "urls").write_text("\n".join(urls) + "\n")
        (folder / "config").write_text("reload-threads 4\nuser-agent bench\n")

    def command(self, folder: Path) -> list[str]:  # noqa: ARG002
        return ["newsboat", "-u", "urls", "-C", "config", "-c", "cache.db", "-x", "reload"]


READER = Reader()
PEERS: tuple[Peer, ...] = (Monitor(), Script(), READER, Newsboat())
