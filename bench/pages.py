"""Every page over 100,000 entries: how long the server takes, and what a writer beside it feels of eight readers.

    python -m bench.pages [--entries 100000] [--times 30] [--seconds 20] [--state DIRECTORY] [--only TEXT]

The app is the one of `monitor web`, guard and all, in a process of its own on a loopback port; what is in its state is
told by `bench.pages_state`, what is asked by `bench.pages_asked`: each route, each filter that a page offers, first and
later pages, in Arabic and in English. A new route without a sample fails.

`median` and `p95` are the server's own time from request to answer in milliseconds, `cpu` the median of the processor
time of its process, which other work on the machine moves little; `×` is the median beside that of the page that says
"not here", which reads nothing, asked in turn with it. It ends with 1 if a median is above 200 ms; on a machine that
others keep busy (a loop of ours takes half as long again as its processor time) by `cpu`, and says so.

The writer takes in 50 entries a second, as a poll does, five a transaction: alone, beside a process that only computes,
and beside eight readers, who ask without a pause. A DIRECTORY is filled if it is empty, and else taken as it is.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final
from urllib.parse import urlencode

from bench.pages_asked import FILLED, Address, Offered, sampled
from bench.pages_state import index_words, make, utc_now
from monitor import lexicon
from monitor.links import Links, key_in
from monitor.search.keeping import kept_up
from monitor.store import open_reader, open_store
from monitor.store.views.history import Wanted, history
from monitor.web.app import make_app
from monitor.web.desk import Desk
from monitor.web.serving import server_of
from tests.store.builders import item
from tests.web.site import csrf_of

MOST: Final = 200.0  # milliseconds of a median
SMALLEST: Final = Address("/no-such-page")
CROWDED: Final = 1.5  # what a loop takes beside its processor time
LANGUAGES: Final = ("ar", "en")
LANDS: Final = ("syria", "iraq", "lebanon", "palestine", "yemen", "sudan", "libya")
READERS: Final = 8
PER_SECOND, TOGETHER = 50, 5
BUSY: Final = "while True: pass"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=30)
    asked.add_argument("--seconds", type=float, default=20, help="of the writer, each of three times; 0: no writer")
    asked.add_argument("--state", type=Path, help="where the state is, or shall be made and kept")
    asked.add_argument("--only", default="", help="addresses that have this in them")
    asked.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve:
        serve(given.serve)
    elif given.write:
        print(json.dumps(write(given.write, given.seconds)))
    elif given.state:
        sys.exit(measure(given.state, given))
    else:
        with tempfile.TemporaryDirectory() as name:
            sys.exit(measure(Path(name), given))


def measure(folder: Path, given: argparse.Namespace) -> int:
    if not (folder / "state" / "monitor.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        begun = time.perf_counter()
        print(make(folder, given.entries, now=utc_now()), f"made in {time.perf_counter() - begun:.0f} s", flush=True)
    else:
        index_words(folder / "state")  # what an index of an older form lacks would be made up while pages are timed
    values = there(folder)
    with served(folder) as port:
        browser = Browser(port)
        browser.page(Address.of("GET", "/search?q=قصف"))
        first = firsts(browser, given.only)  # before other searches of them
        asked = list(dict.fromkeys(addresses(browser, folder, values)))
        slow = told(browser, asked, given.times, given.only) + first
        if given.seconds:
            beside(folder, port, given.seconds)
    for each in slow:
        print(f"above {MOST:.0f} ms: {each}")
    return 1 if slow else 0


# --- what is asked


def there(folder: Path) -> dict[str, str]:
    """What samples name of this state."""
    reader = open_reader(folder / "state")
    assert reader is not None
    with reader:
        alert = history(reader, Wanted(), limit=1)[0].alert
        wide = reader.rows("SELECT story_id FROM report GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1")[0][0]
        place = reader.rows("SELECT value FROM alert_mark WHERE kind = 'place' GROUP BY 1 ORDER BY count(*) DESC")[0][0]
        row = reader.rows("SELECT max(rowid) FROM alert")[0][0] - 5
        delivery = reader.rows("SELECT max(id) FROM delivery")[0][0]
    link = Links("", key_in(folder / "state")).of(alert)["open"]
    day = alert.decided_at.date().isoformat()
    found = {
        "alert": alert.id, "story": str(alert.story_id), "wide": str(wide), "place": place, "row": str(row),
        "delivery": str(delivery), "link": link, "day": day, "job": "",
    }  # fmt: skip
    assert found.keys() == set(FILLED)
    return found


def addresses(browser: Browser, folder: Path, values: dict[str, str]) -> Iterator[Address]:
    """The samples, and what they offer."""
    values["job"] = tried(browser)
    samples = sampled(make_app(Desk(folder / "rules.yaml", folder / "state", environ={})).routes, values)
    offered = Offered(values)
    for each in samples:
        yield each
        if each.fields is None:
            yield from offered.by(each, browser.page(each))


def tried(browser: Browser) -> str:
    """A trial of a rule that has ended."""
    answer = browser.ask(Address("/rules/r1/trial", ()), "ar")
    place = answer.headers["location"]
    until = time.monotonic() + 300
    while "http-equiv" in (page := browser.page(Address(place))) or "hx-trigger" in page:
        if time.monotonic() > until:
            raise TimeoutError("the trial of a rule does not end")
        time.sleep(0.5)
    return place.rsplit("/", 1)[1]


def firsts(browser: Browser, only: str) -> list[str]:
    """What is slowest when it is asked for the first time, each once: places with much in them, of which nothing is
    kept. Told are those that take too long."""
    asked = [
        address
        for place in (*LANDS, *sorted(each for each in lexicon.load().places if each.endswith("-governorate")))
        for where in ("", "&where=all")
        if only in str(address := Address.of("GET", f"/search?q=place:{place}{where}"))
    ]
    took = {address: browser.ask(address, "ar").took for address in asked}
    if took:
        wall, cpu = (statistics.median(each) for each in zip(*map(astuple, took.values()), strict=True))
        slowest = max(took, key=lambda each: took[each].cpu)
        print(
            f"{len(took)} places asked for the first time: median {wall:.1f} ms ({cpu:.1f} ms of the processor), "
            f"the most of the processor {took[slowest].cpu:.1f} ms: {slowest}"
        )
    return [
        f"{address}, the first time: {each.wall:.0f} ms ({each.cpu:.0f} ms of the processor)"
        for address, each in took.items()
        if each.cpu > MOST
    ]


# --- how long it takes


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of the server."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    took: Took


class Browser:
    """One connection, kept."""

    def __init__(self, port: int) -> None:
        self._port, self._line = port, HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookie = self._token = ""

    def page(self, address: Address) -> str:
        """Nothing of what is not HTML."""
        answer = self.ask(address, "ar")
        if answer.status >= 400:
            raise RuntimeError(f"{address}: {answer.status}")
        return answer.text if answer.headers.get("content-type", "").startswith("text/html") else ""

    def ask(self, address: Address, language: str) -> Answer:
        headers = {"Accept-Language": language}
        if address.fields is None:
            return self._sent("GET", address.path, None, headers)
        if not self._token:
            first = self._sent("GET", SMALLEST.path, None, headers)
            self._cookie, self._token = first.headers["set-cookie"].split(";", 1)[0], csrf_of(first.text)
        headers |= {
            "Cookie": self._cookie, "Origin": f"http://127.0.0.1:{self._port}", "X-CSRF-Token": self._token,
            "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        return self._sent("POST", address.path, urlencode(address.fields), headers)

    def _sent(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        raw = answer.read()
        told = {name.lower(): value for name, value in answer.getheaders()}
        wall, cpu = told.get("x-took", "0 0").split()
        return Answer(answer.status, told, raw.decode("utf-8", "replace"), Took(float(wall), float(cpu)))


def told(browser: Browser, asked: Sequence[Address], times: int, only: str) -> list[str]:
    """A row for each address and language; those that are too slow."""
    rows: list[tuple[str, float, float]] = []
    loops: list[Took] = []
    print(f"{len(asked)} addresses, {times} times each in both languages; milliseconds")
    print(f"{'median':>8} {'p95':>8} {'cpu':>8} {'×':>7}  address")
    for address in asked:
        if only not in str(address):
            continue
        for language in LANGUAGES:
            took, floor = [], []
            for _ in range(times):
                answer = browser.ask(address, language)
                assert answer.status < 400, f"{address}: {answer.status}"
                took.append(answer.took)
                floor.append(browser.ask(SMALLEST, language).took.wall)
            loops.append(loop())
            median, cpu = statistics.median(each.wall for each in took), statistics.median(each.cpu for each in took)
            worst = sorted(each.wall for each in took)[int(0.95 * (len(took) - 1))]
            ratio = median / statistics.median(floor)
            print(f"{median:8.1f} {worst:8.1f} {cpu:8.1f} {ratio:7.1f}  {language} {address}", flush=True)
            rows.append((f"{language} {address}", median, cpu))
    return judged(rows, sum(each.wall for each in loops) / sum(each.cpu for each in loops)) if rows else []


def judged(rows: Sequence[tuple[str, float, float]], crowd: float) -> list[str]:
    _, walls, cpus = zip(*rows, strict=True)
    for name, found in (("server's time", walls), ("processor time", cpus)):
        print(f"{len(rows)} pages, {name}: median {statistics.median(found):.1f} ms, worst {max(found):.1f} ms")
    by = 2 if crowd > CROWDED else 1
    print(f"a loop took {crowd:.1f} times its processor time: judged by {'that' if by == 2 else 'the median'}")
    return [
        f"{name}: {wall:.0f} ms ({cpu:.0f} ms of the processor)"
        for name, *both in rows
        if both[by - 1] > MOST
        for wall, cpu in [both]
    ]


def loop() -> Took:
    """Some milliseconds of nothing but computing."""
    wall, cpu = time.perf_counter(), time.process_time()
    sum(range(200_000))
    return Took(time.perf_counter() - wall, time.process_time() - cpu)


# --- the server


class Timed:
    """Tells in the answer how long it took until it began: `X-Took: WALL CPU`, milliseconds."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        wall, cpu = time.perf_counter(), time.process_time()

        async def timed(message: Any) -> None:
            if message["type"] == "http.response.start":
                took = f"{1e3 * (time.perf_counter() - wall):.3f} {1e3 * (time.process_time() - cpu):.3f}"
                message = {**message, "headers": [*message["headers"], (b"x-took", took.encode())]}
            await send(message)

        await self._app(scope, receive, timed)


def serve(folder: Path) -> None:
    """Until our standard input ends."""
    import socket

    desk = Desk(folder / "rules.yaml", folder / "state", environ={})
    server = server_of(Timed(make_app(desk)))
    with socket.create_server(("127.0.0.1", 0)) as listening, kept_up(folder / "state"):
        print(listening.getsockname()[1], flush=True)

        def end() -> None:
            sys.stdin.read()
            server.should_exit = True

        Thread(target=end, daemon=True).start()
        server.run(sockets=[listening])


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port."""
    command = [sys.executable, "-m", "bench.pages", "--serve", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            yield int(child.stdout.readline())
        finally:
            child.stdin.close()
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()


# --- the writer


def write(folder: Path, seconds: float) -> list[float]:
    """Takes in entries, and tells the milliseconds of each transaction, from its begin until it is on the disk."""
    by, took = random.Random(), list[float]()
    with closing(open_store(folder / "state", now=utc_now(), check=False)) as store:
        begun, number = time.monotonic(), 0
        while time.monotonic() - begun < seconds:
            now = datetime.now(UTC)
            texts = [f"خبر {by.getrandbits(60)} عن البلدة والطريق {number}" for number in range(TOGETHER)]
            start = time.perf_counter()
            with store.ingest() as tx:
                for text in texts:
                    tx.write(item(text, feed_id="f1", guid=text, published_at=now), seen_at=now)
            took.append(1e3 * (time.perf_counter() - start))
            number += 1
            time.sleep(max(0.0, begun + number * TOGETHER / PER_SECOND - time.monotonic()))
    return took


def writer(folder: Path, seconds: float) -> list[float]:
    command = [sys.executable, "-m", "bench.pages", "--write", str(folder), "--seconds", str(seconds)]
    made: list[float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return made


def beside(folder: Path, port: int, seconds: float) -> None:
    print(f"\nA writer of {PER_SECOND} entries a second, {TOGETHER} a transaction; milliseconds of a transaction")
    alone = _said("alone", writer(folder, seconds), 0.0)
    with subprocess.Popen([sys.executable, "-c", BUSY]) as busy:
        try:
            _said("beside a process that computes", writer(folder, seconds), alone)
        finally:
            busy.kill()
    stop, asked = Event(), list[int]()
    readers = [Thread(target=_read, args=(port, n, stop, asked)) for n in range(READERS)]
    for each in readers:
        each.start()
    try:
        _said(f"beside {READERS} readers", writer(folder, seconds), alone)
    finally:
        stop.set()
        for each in readers:
            each.join()
    print(f"the readers had {sum(asked)} pages meanwhile")


def _said(when: str, took: Sequence[float], alone: float) -> float:
    median, worst = statistics.median(took), sorted(took)[int(0.95 * (len(took) - 1))]
    ratio = f"{median / alone:5.2f} ×" if alone else ""
    print(f"{when:32} median {median:7.2f}  p95 {worst:7.2f}  {len(took)} transactions  {ratio}", flush=True)
    return median


def _read(port: int, number: int, stop: Event, asked: list[int]) -> None:
    browser, pages, count = Browser(port), ("/", "/search?q=place:syria", "/feeds", "/rules", "/operations", "/map"), 0
    while not stop.is_set():
        browser.ask(Address(pages[(number + count) % len(pages)]), LANGUAGES[count % 2])
        count += 1
    asked.append(count)


if __name__ == "__main__":
    main()
