"""32 deliveries to channels 200 ms away: our outbox, loop and sending processes beside one Apprise object.

    python bench/deliveries.py [--channels 32] [--away 0.2] [--rounds 5]

Both send to the same server on loopback, in turn, in one run; only the ratio means anything. Ours is the whole way of
a delivery: claimed in a database on disk, rendered, sent by a process that can be killed, recorded. Apprise's is one
object with as many targets, all notified by one call, already imported: nothing of that is done.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from monitor.alerts.send import AppriseSender
from monitor.clock import SystemClock
from monitor.language import Lexicon
from monitor.model import (
    Alert,
    Channel,
    DeliveryStatus,
    Entry,
    Fingerprint,
    IngestEntry,
    Match,
    Reason,
    Recipient,
    Secret,
    Severity,
    Verdict,
)
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.rules.matcher import Matcher
from monitor.setup import Setup
from monitor.store import Reader, SqliteStore
from monitor.store.opening import open_store
from tests.world import PlainParser, PlainReading

TITLE = "انقطاع الكهرباء عن الحي الشرقي بعد عطل في المحطة"


def serve(away: float, told: Connection) -> None:
    """Answers each request after `away` seconds; tells its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n") if b": " in line)
        await reader.readexactly(int(lines.get(b"content-length", b"0")))
        await asyncio.sleep(away)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def server(away: float) -> Iterator[int]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(away, theirs), daemon=True)
    process.start()
    try:
        yield int(ours.recv())
    finally:
        process.kill()
        process.join()


class Ours:
    def __init__(self, port: int, channels: int, state: Path) -> None:
        self.clock = SystemClock()
        self.store: SqliteStore = open_store(state, now=self.clock.now())
        self.sender = AppriseSender(clock=self.clock, zone=UTC)
        each = [
            Channel(id=f"c{n}", url=Secret(f"json://127.0.0.1:{port}/hook{n}"), language="both")
            for n in range(channels)
        ]
        self.recipients = [Recipient(channel_id=channel.id, key="only") for channel in each]
        self.setup = Setup(
            feeds={}, rules={}, matcher=Matcher((), Lexicon()), reading=PlainReading(),
            channels={channel.id: channel for channel in each}, recipients=lambda *_: self.recipients, zone=UTC,
        )  # fmt: skip
        pipeline = Pipeline(store=self.store, parser=PlainParser(), sender=self.sender, clock=self.clock, rng=Random(1))
        self.loop = DeliverLoop(pipeline=pipeline, store=self.store, clock=self.clock, report=lambda *_: None)

    def send(self) -> float:
        decide(self.store, self.recipients, self.clock.now())
        begun = time.perf_counter()
        while self.loop.tick(self.setup):
            self.loop.wait(120)
        took = time.perf_counter() - begun
        assert Reader(self.store.database).undelivered_since(datetime.now(UTC)) is None
        return took

    def close(self) -> int:
        sent = Reader(self.store.database).totals().deliveries[DeliveryStatus.SENT]
        self.sender.close()
        self.store.close()
        return sent


def decide(store: SqliteStore, recipients: list[Recipient], now: datetime) -> None:
    """One alert for everybody, in the transaction in which a poll would write it."""
    title = f"{TITLE} {now:%f}"
    mark = title.encode()[-16:]
    entry = Entry(feed_id="f", guid=title, link=None, title=title, summary="", body="", published_at=now)
    verdict = Verdict(
        match=Match(rule_id="r", severity=Severity.HIGH, spans=()), reason=Reason.FIRST_REPORT
    )  # fmt: skip
    row = IngestEntry(
        entry=entry,
        fingerprint=Fingerprint(raw=mark, text=mark, headline=mark, words=frozenset()),
        known_id=None,
        story_id=None,
        verdicts=(verdict,),
    )
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(row, seen_at=now)
        assert story_id is not None
        alert = Alert(
            id=f"{story_id}.{number}", story_id=story_id, number=number, rule_id="r", rule_title={"": "r"},
            severity=Severity.HIGH, reason=Reason.FIRST_REPORT, feed_id="f", feed_name="f", title=title, summary="",
            link="https://news.example/1", published_at=now, decided_at=now,
        )  # fmt: skip
        tx.alert(entry_id, alert, recipients)


class Theirs:
    def __init__(self, port: int, channels: int) -> None:
        import apprise

        self.object = apprise.Apprise()
        for n in range(channels):
            self.object.add(f"json://127.0.0.1:{port}/hook{n}")

    def send(self) -> float:
        begun = time.perf_counter()
        assert self.object.notify(title="r", body=TITLE)
        return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--channels", type=int, default=32)
    parser.add_argument("--away", type=float, default=0.2, help="seconds until a service answers")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with server(chosen.away) as port, tempfile.TemporaryDirectory() as folder:
        ours = Ours(port, chosen.channels, Path(folder) / "state")
        cold = ours.send()
        theirs = Theirs(port, chosen.channels)
        theirs.send()
        pairs = [(theirs.send(), ours.send()) for _ in range(chosen.rounds)]
        assert ours.close() == (chosen.rounds + 1) * chosen.channels
    one, many = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"{chosen.channels} deliveries, services {chosen.away * 1000:.0f} ms away, medians of {chosen.rounds} rounds")
    print(f"  one Apprise object, imported          {one:6.2f} s")
    print(f"  ours, warm                            {many:6.2f} s   {many / one:.2f} of it")
    print(f"  ours, the first alert after a start   {cold:6.2f} s")


if __name__ == "__main__":
    main()
