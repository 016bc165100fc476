"""The fetcher in a process of its own, so that what it takes of memory is its own.

Reads {"urls": […], "certificates": path, "deadline": seconds} from standard input and writes, as JSON, how each poll
ended (a failure's name, or else the type of the result), after how many seconds, and by how many bytes the process grew
at most.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import feedparser  # noqa: F401 - what it takes is not a poll's

from monitor.clock import SystemClock
from monitor.feeds.fetch import CurlFetcher, trust_with
from monitor.feeds.parse import parse
from monitor.model import Fetched, FetchFailed, FetchRequest, FetchResult, ParseFailed
from tests.feeds.made import feed

TOGETHER = 8  # few, so that the seconds are the poll's own and not the waiting for a core


def main(told: Any) -> dict[str, Any]:
    fetcher = CurlFetcher(
        clock=SystemClock(), deadline=timedelta(seconds=told["deadline"]), trust=trust_with(told["certificates"])
    )
    before = _peak()
    ends = [
        end for at in range(0, len(told["urls"]), TOGETHER) for end in ask(fetcher, told["urls"][at : at + TOGETHER])
    ]
    fetcher.close()
    return {"ends": ends, "grown": _peak() - before}


def ask(fetcher: CurlFetcher, urls: list[str]) -> Iterator[tuple[str, float]]:
    begun = time.monotonic()
    ended: dict[str, float] = {}
    futures = {url: fetcher.submit(FetchRequest(feed=feed(url))) for url in urls}
    for url, future in futures.items():
        future.add_done_callback(lambda _, url=url: ended.setdefault(url, time.monotonic() - begun))  # type: ignore[misc]
    for url, future in futures.items():
        yield outcome(future), ended[url]


def outcome(future: Future[FetchResult]) -> str:
    result = future.result()
    if isinstance(result, FetchFailed):
        return result.failure.name
    if isinstance(result, Fetched):
        read = parse("f", result.body, result.content_type, base_url=result.url, fetched_at=result.fetched_at)
        return "NOT_A_FEED" if isinstance(read, ParseFailed) else "Fetched"
    return type(result).__name__


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    json.dump(main(json.load(sys.stdin)), sys.stdout)
