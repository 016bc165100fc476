"""What one of each thing that a fleet does costs on this machine, by the project's own code.

Every figure is a `Cost`: how often it was measured, its median, spread and mean. Processor time is that of this
process, and of its children where the work is done there. Sums are made with means: a mean is what a day costs.
"""

from __future__ import annotations

import gzip
import os
import resource
import ssl
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import certifi

from bench.deliveries import Ours
from bench.deliveries import server as receiver
from bench.http_clients import in_child, request
from bench.known import made
from bench.polling import DATA
from monitor.clock import SystemClock
from monitor.feeds.fetch import CurlFetcher
from monitor.feeds.schedule import body_hash
from monitor.feeds.transfer import Trust
from monitor.late import late_parser
from monitor.model import Fetched, FetchFailed, Parsed
from tests.feeds.loopback import answer, serve

ROUNDS: Final = 8
POLLS: Final = 400  # of a round
CHANNELS: Final = 16
_TICKS: Final = os.sysconf("SC_CLK_TCK")
MEASURED: Final = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`mean`, `median`, `low` and `high` (the tenth and ninetieth per cent of what was found) in `unit`."""

    n: int
    mean: float
    median: float
    low: float
    high: float
    unit: str
    how: str
    origin: str = MEASURED


Costs = Mapping[str, Cost]


def cost(found: Sequence[float], unit: str, how: str) -> Cost:
    """Of at least one."""
    ordered = sorted(found)
    return Cost(
        n=len(ordered), mean=statistics.fmean(ordered), median=statistics.median(ordered),
        low=ordered[len(ordered) // 10], high=ordered[len(ordered) * 9 // 10], unit=unit, how=how,
    )  # fmt: skip


def assumed(value: float, unit: str, how: str) -> Cost:
    return Cost(n=0, mean=value, median=value, low=value, high=value, unit=unit, how=how, origin="assumed")


# --- processor time


def of_children(process: int | None = None) -> float:
    """Seconds that all living descendants took; those of the dead are in `RUSAGE_CHILDREN` of whoever waited."""
    total = 0.0
    for child in _children(process or os.getpid()):
        try:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # gone meanwhile
            continue
        total += sum(map(int, fields[11:15])) / _TICKS + of_children(child)
    return total


def _children(process: int) -> list[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found.update(map(int, task.read_text().split()))
        except OSError:
            continue
    return sorted(found)


def spent() -> float:
    """Seconds of this process and all that it started."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + gone.ru_utime + gone.ru_stime + of_children()


def each_of(rounds: int, times: int, work: Callable[[], object], clock: Callable[[], float]) -> list[float]:
    """Microseconds for one of the `times` things that `work` does, a round each after one to warm up."""
    work()
    found = []
    for _ in range(rounds):
        before = clock()
        work()
        found.append((clock() - before) / times * 1e6)
    return found


# --- fetching


def fetching() -> Costs:
    """Without anybody's network: what the client's processor does."""
    body = _document()
    pages = {
        "/304": answer(304),
        "/200": answer(200, gzip.compress(body), content_encoding="gzip"),
        "/304-closed": answer(304, connection="close"),
    }
    with tempfile.TemporaryDirectory() as folder:
        trusted, tls = _certificates(Path(folder))
        plain, secure = (_sites(pages, *more) for more in ((None,), (tls,)))
        costs = {name: _fetched(plain, path, trusted) for name, path in (("304", "/304"), ("200", "/200"))}
        closed = [_fetched(sites, "/304-closed", trusted) for sites in (plain, secure)]
    handshakes = [with_tls - without for without, with_tls in zip(closed[0], closed[1], strict=True)]
    hashed = each_of(ROUNDS, POLLS, lambda: [body_hash(body) for _ in range(POLLS)], time.process_time)
    size = f"{len(body) / 1024:.0f} KiB, gzip"
    return {
        "fetch, 304": cost(costs["304"], "µs", "loopback HTTP, answered 304; client's CPU"),
        "fetch, 200": cost(costs["200"], "µs", f"loopback HTTP, a document of {size}; client's CPU"),
        "connection": cost(
            [new - kept for new, kept in zip(closed[0], costs["304"], strict=True)], "µs",
            "a new TCP connection for a poll beside one that is kept; client's CPU",
        ),
        "TLS handshake": cost(handshakes, "µs", "a new connection with TLS 1.3 beside one without; client's CPU"),
        "hash of a body": cost(hashed, "µs", f"BLAKE2b of {len(body) / 1024:.0f} KiB"),
    }  # fmt: skip


def _fetched(sites: Sequence[str], path: str, trusted: str) -> list[float]:
    etag = '"1"' if path.startswith("/304") else None
    requests = [request(sites[n % len(sites)] + path, etag) for n in range(POLLS)]
    client = CurlFetcher(clock=SystemClock(), trust=Trust(file=trusted))
    try:
        first = client.submit(requests[0]).result()
        if isinstance(first, FetchFailed):
            raise SystemExit(f"the server of the bench did not answer: {first.detail}")
        return each_of(ROUNDS, POLLS, lambda: wait([client.submit(asked) for asked in requests]), time.process_time)
    finally:
        client.close()


def _sites(pages: Mapping[str, Any], tls: tuple[str, str] | None = None) -> list[str]:
    return [in_child(_serve, pages, tls)[1].recv() for _ in range(4)]


def _serve(pages: Mapping[str, Any], tls: tuple[str, str] | None, told: Any) -> None:
    context = None
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        context.num_tickets = 0  # hosts are many and asked minutes apart: nothing is resumed
    with serve(pages, tls=context) as running:
        told.send(running.url(""))
        threading.Event().wait()


def _certificates(folder: Path) -> tuple[str, tuple[str, str]]:
    """What to trust; a server's certificate, with its key."""
    import trustme

    authority = trustme.CA()
    made_for = authority.issue_cert("127.0.0.1")
    trusted, chain, key = (str(folder / name) for name in ("trusted.pem", "chain.pem", "key.pem"))
    Path(trusted).write_bytes(Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())  # as many as are usual
    for blob in made_for.cert_chain_pems:
        blob.write_to_path(chain, append=True)
    made_for.private_key_pem.write_to_path(key)
    return trusted, (chain, key)


# --- parsing


def recorded() -> list[bytes]:
    """One real feed as it stood at successive polls, or made-up ones of the same size."""
    found = sorted((DATA / "feeds").glob("shafaq_poll_*.xml")) if DATA.is_dir() else []
    return [file.read_bytes() for file in found] or [
        made("cdata", 25 + n).replace(b"<guid>", b"<guid>") for n in range(8)
    ]


def _document() -> bytes:
    return recorded()[0]


def parsing() -> Costs:
    """In the process of its own in which a document is read, with what goes there and back."""
    documents = recorded()
    parser = late_parser(SystemClock())
    try:
        marks = [_parsed(parser, body).marks for body in documents]
        pairs = [
            (before, body) for before, body, last in zip(marks, documents[1:], documents, strict=False) if body != last
        ]
        again = [(mark, body + b"\n") for mark, body in zip(marks, documents, strict=True)]
        return {
            "parse, some new": _parse_cost(parser, pairs, "successive documents of a recorded feed"),
            "parse, none new": _parse_cost(parser, again, "the same entries in other bytes"),
        }
    finally:
        parser.close()


def _parse_cost(parser: Any, work: Sequence[tuple[bytes | None, bytes]], what: str) -> Cost:
    where = "" if DATA.is_dir() else ", made up"
    often = list(work) * max(1, 400 // len(work))
    found = each_of(ROUNDS, len(often), lambda: [_parsed(parser, body, known) for known, body in often], spent)
    return cost(found, "µs", f"{len(work)} × {what}{where}; CPU of both processes")


def _parsed(parser: Any, body: bytes, known: bytes | None = None) -> Parsed:
    page = Fetched(
        url="https://feed.example/rss", body=body, content_type="application/rss+xml", validators=None,
        fetched_at=SystemClock().now(),
    )  # fmt: skip
    parsed = parser.parse("f", page, known=known)
    if not isinstance(parsed, Parsed):
        raise SystemExit(f"not a feed: {parsed.detail}")
    return parsed


# --- delivering


def delivering() -> Costs:
    with receiver(0.0) as port, tempfile.TemporaryDirectory() as folder:
        ours = Ours(port, CHANNELS, Path(folder) / "state")
        try:
            found = each_of(ROUNDS, CHANNELS, ours.send, spent)
        finally:
            ours.close()
    return {"delivery": cost(found, "µs", "from the outbox to a loopback webhook and recorded; CPU of all processes")}


def all_costs() -> Iterator[Costs]:
    """Those that need no store."""
    yield fetching()
    yield parsing()
    yield delivering()
