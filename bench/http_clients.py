"""What a poll costs: our fetcher beside bare pycurl and a sketch over aiohttp; and how hostile answers end.

    python -m bench.http_clients [polls]

Both clients ask the same loopback server, which runs in a process of its own, through the same interface
(`submit` returns a future). pycurl is the fetcher as it ships; aiohttp is a sketch that keeps the same promises as far
as they matter here: a total deadline, a check of the connected address, size caps, own inflating. Bare pycurl keeps
none of them: it is the floor, libcurl's multi interface with handles that are used again. Figures are CPU time of the
client's process; only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import importlib
import multiprocessing as mp
import resource
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from datetime import timedelta
from ipaddress import ip_address
from multiprocessing.process import BaseProcess
from socket import socket
from statistics import median
from typing import Any, Protocol

from monitor.clock import SystemClock
from monitor.feeds.answer import BODY_LIMIT, WIRE_LIMIT
from monitor.feeds.inflate import Spoilt, inflate
from monitor.model import Feed, FetchRequest, Secret, Validators
from tests.feeds.loopback import Script, answer, drip, endless, hang, raw, serve

PAGE = b"<rss>" + b"<item><title>headline</title></item>" * 1_360 + b"</rss>"  # 49 kB
BOMB_PARTS = 16  # of 64 MiB each
DEADLINE = 2.0
HOSTILE: dict[str, Callable[[threading.Event], Script]] = {
    "silence": lambda _: raw(then=hang),
    "headers that drip": lambda over: drip(b"X: y\r\n", start=b"HTTP/1.1 200 OK\r\n", stopped=over),
    "body that drips": lambda over: drip(b"x", start=b"HTTP/1.1 200 OK\r\n\r\n", stopped=over),
    "endless body": lambda _: endless(b"x" * 65_536, start=b"HTTP/1.1 200 OK\r\n\r\n"),
    "gzip bomb of 1 GiB": lambda _: answer(200, bomb(), content_encoding="gzip"),
    "truncated gzip": lambda _: answer(200, gzip.compress(PAGE)[:-9], content_encoding="gzip"),
    "header flood": lambda _: endless(b"X-A: b\r\n" * 50, start=b"HTTP/1.1 200 OK\r\n"),
    "flood of 1xx": lambda _: endless(b"HTTP/1.1 103 Early\r\n\r\n" * 20, start=b""),
    "short body": lambda _: raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<rss/>"),
    "redirect to 127.0.0.2": lambda _: answer(302, location="http://127.0.0.2:9/"),
}


def bomb() -> bytes:
    return gzip.compress(bytes(1 << 26)) * BOMB_PARTS


class Client(Protocol):
    def submit(self, request: FetchRequest) -> Future[Any]: ...
    def close(self) -> None: ...


def curl() -> Client:
    from monitor.feeds.fetch import CurlFetcher

    return CurlFetcher(clock=SystemClock(), deadline=timedelta(seconds=DEADLINE))


class Aiohttp:
    """One asyncio thread. Answers are told as texts: this is a yardstick, no fetcher."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._session = asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()

    def submit(self, request: FetchRequest) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(self._fetch(request), self._loop)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._session.close(), self._loop).result()

    async def _open(self) -> Any:
        import aiohttp

        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=32, limit_per_host=1, socket_factory=_checked_socket),
            timeout=aiohttp.ClientTimeout(total=DEADLINE),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    async def _fetch(self, request: FetchRequest) -> Any:
        import aiohttp

        known = request.validators
        headers = {"If-None-Match": known.etag} if known and known.etag else {}
        try:
            url = request.feed.url.reveal()
            async with self._session.get(url, headers=headers, allow_redirects=False) as response:
                return await self._read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__

    async def _read(self, response: Any) -> Any:
        if response.status != 200:
            return f"status {response.status}"
        body = bytearray()
        async for chunk in response.content.iter_chunked(65_536):
            body += chunk
            if len(body) > WIRE_LIMIT:
                return "TOO_LARGE"
        whole = inflate(bytes(body), response.headers.get("Content-Encoding", ""), limit=BODY_LIMIT)
        return f"Spoilt: {whole.detail}" if isinstance(whole, Spoilt) else whole


def _checked_socket(info: Any) -> socket:
    if str(ip_address(info[4][0])) != "127.0.0.1":
        raise OSError("refused")
    return socket(family=info[0], type=info[1], proto=info[2])


CLIENTS: dict[str, Callable[[], Client]] = {"pycurl": curl, "aiohttp": Aiohttp}


def request(url: str, etag: str | None = None) -> FetchRequest:
    from monitor.feeds.request import binding
    from monitor.feeds.urls import read_address

    feed = Feed(id="f", url=Secret(url), address=url, name="f", source="f", every=timedelta(minutes=5))
    known = Validators(url=binding(read_address(url)), etag=etag) if etag else None
    return FetchRequest(feed=feed, validators=known)


def server(paths: dict[str, Script], host: str, told: Any) -> None:
    with serve(paths, host=host) as running:
        told.send(running.url(""))
        threading.Event().wait()


def in_child(job: Callable[..., None], *args: Any) -> tuple[BaseProcess, Any]:
    """A process that tells one thing through a pipe: what a client does to memory must not show in the next one."""
    here, there = mp.Pipe()
    process = mp.get_context("fork").Process(target=job, args=(*args, there), daemon=True)
    process.start()
    return process, here


def poll_cost(name: str, urls: list[str], etag: str | None, polls: int, told: Any) -> None:
    """CPU µs for a poll, the median of five rounds after one to warm up."""
    client = CLIENTS[name]()
    requests = [request(urls[n % len(urls)], etag) for n in range(polls)]
    rounds = []
    for _ in range(6):
        before = time.process_time()
        wait([client.submit(asked) for asked in requests])
        rounds.append((time.process_time() - before) / polls * 1e6)
    client.close()
    told.send(median(rounds[1:]))


def bare_cost(urls: list[str], etag: str | None, polls: int, told: Any) -> None:
    """CPU µs for a poll with libcurl and nothing else, measured as in `poll_cost`."""
    import pycurl

    multi = pycurl.CurlMulti()
    handles = [pycurl.Curl() for _ in range(32)]
    for handle in handles:
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.WRITEFUNCTION, len)
        handle.setopt(pycurl.HEADERFUNCTION, len)
        handle.setopt(pycurl.HTTPHEADER, [f"If-None-Match: {etag}"] if etag else [])
    rounds = []
    for _ in range(6):
        before = time.process_time()
        _ask_all(multi, list(handles), [urls[n % len(urls)] for n in range(polls)])
        rounds.append((time.process_time() - before) / polls * 1e6)
    told.send(median(rounds[1:]))


def _ask_all(multi: Any, idle: list[Any], urls: list[str]) -> None:
    import pycurl

    busy = 0
    while urls or busy:
        while urls and idle:
            handle = idle.pop()
            handle.setopt(pycurl.URL, urls.pop())
            multi.add_handle(handle)
            busy += 1
        multi.perform()
        left = 1
        while left:
            left, good, bad = multi.info_read()
            for handle in [*good, *(failed[0] for failed in bad)]:
                multi.remove_handle(handle)
                idle.append(handle)
                busy -= 1
        multi.select(1.0)


def hostile_end(name: str, url: str, told: Any) -> None:
    client = CLIENTS[name]()
    before, at = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    result = client.submit(request(url)).result()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    client.close()
    told.send((_outcome(result), time.monotonic() - at, grown))


def _outcome(result: Any) -> str:
    failure = getattr(result, "failure", None)
    return failure.name if failure is not None else result if isinstance(result, str) else f"{type(result).__name__}!"


def import_cost(module: str, told: Any) -> None:
    before = time.process_time()
    importlib.import_module(module)
    told.send((time.process_time() - before) * 1000)


def costs(polls: int) -> None:
    pages = {"/304": answer(304), "/200": answer(200, PAGE)}
    sites = [in_child(server, pages, f"127.0.0.{n}")[1].recv() for n in ((1,) * 8)]
    print(f"{'CPU of the client':<22}{'304, µs':>10}{'200, µs':>10}{'import, ms':>12}")
    kinds = (("/304", '"1"'), ("/200", None))
    floor = [in_child(bare_cost, [site + path for site in sites], etag, polls)[1].recv() for path, etag in kinds]
    print(f"{'bare pycurl':<22}{floor[0]:>10.0f}{floor[1]:>10.0f}")
    measured: dict[str, list[float]] = {}
    for name in CLIENTS:
        found = [
            in_child(poll_cost, name, [site + path for site in sites], etag, polls)[1].recv() for path, etag in kinds
        ]
        measured[name] = [*found, in_child(import_cost, name)[1].recv()]
        print(
            f"{name:<22}"
            + "".join(f"{value:>{width}.0f}" for value, width in zip(measured[name], (10, 10, 12), strict=True))
        )
    ratios = [slow / fast for slow, fast in zip(measured["aiohttp"], measured["pycurl"], strict=True)]
    print(
        f"{'aiohttp / pycurl':<22}"
        + "".join(f"{ratio:>{width}.1f}" for ratio, width in zip(ratios, (10, 10, 12), strict=True))
    )


def hostilities() -> None:
    over = threading.Event()
    scripts = {f"/{n}": make(over) for n, make in enumerate(HOSTILE.values())}
    site = in_child(server, scripts, "127.0.0.1")[1].recv()
    print(f"\n{f'hostile, deadline {DEADLINE:g} s':<24}" + "".join(f"{name:>32}" for name in CLIENTS))
    for n, what in enumerate(HOSTILE):
        ends = [in_child(hostile_end, name, f"{site}/{n}")[1].recv() for name in CLIENTS]
        print(f"{what:<24}" + "".join(f"{end[:14]:>16} {s:5.2f} s {mb:+4.0f} MB" for end, s, mb in ends))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("polls", type=int, nargs="?", default=1_000)
    costs(parser.parse_args().polls)
    hostilities()


if __name__ == "__main__":
    main()
