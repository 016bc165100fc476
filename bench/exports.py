"""How fast alerts are written in each format, how much memory that takes, and what the map asks of the state.

    python -m bench.exports [--alerts 100000]

The same rows are read once without being written: a format's figure is what it costs as a multiple of that.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from sqlite3 import Connection
from time import process_time
from typing import Any, BinaryIO, cast

from monitor.exports.formats import FORMATS, write_alerts
from monitor.exports.options import Options
from monitor.exports.rows import rows
from monitor.language import KnownPlace
from monitor.lexicon.load import load
from monitor.model import Alert, Facts, Figure, NamedFact, Reason, Severity, Span
from monitor.store import Reader, open_reader
from monitor.store.alert_codec import columns
from monitor.store.mark_rows import mark
from monitor.store.opening import open_store
from monitor.store.views.history import Wanted
from monitor.store.views.places import happened
from monitor.web.map.drawing import Dot, draw, land
from monitor.web.map.geometry import Box

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OVER = timedelta(days=400)


class Nowhere(io.RawIOBase):
    def __init__(self) -> None:
        self.bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.bytes += len(data)
        return len(data)


def alert(number: int, total: int, random: Random, places: list[KnownPlace]) -> Alert:
    place = random.choice(places)
    named = NamedFact(id=place.id, name=place.name, pcode=place.pcode, lat=place.lat, lon=place.lon)
    killed = Figure(kind="killed", least=3, most=5, span=Span(field="title", start=0, end=1, clause="killed"))
    return Alert(
        id=f"{number}.1", story_id=number, number=1, rule_id=f"rule-{number % 12}", rule_title={"ar": "غارات"},
        severity=random.choice(list(Severity)), reason=Reason.FIRST_REPORT, feed_id="wire", feed_name="وكالة",
        title=f"غارة جوية على أطراف {place.name['ar']} توقع قتلى وجرحى، رقم {number}",
        summary="قال شهود إن الدخان ارتفع فوق الحي الشرقي منذ الفجر. " * 4, link=f"https://wire.example/{number}",
        published_at=None, decided_at=NOW - OVER * (1 - number / total),
        facts=Facts(killed=killed, places=(place.id,)), places=(named,),
    )  # fmt: skip


def make(folder: Path, total: int) -> None:
    """Straight into the tables: what is measured is reading."""
    store = open_store(folder, now=NOW)
    random, places = Random(1), [each for each in load().places.values() if each.lat is not None]

    def write(db: Connection) -> None:
        db.execute("INSERT INTO feed_key (feed, feed_id) VALUES (1, 'wire')")
        for number in range(1, total + 1):
            told = columns(alert(number, total, random, places))
            at = int(NOW.timestamp() * 1e6)
            db.execute("INSERT INTO story (id, begun_us, last_number) VALUES (?, ?, 1)", (number, at))
            db.execute(
                "INSERT INTO entry (id, feed, story_id, written_us, text, headline, guid, title, summary, body, "
                "author, words) VALUES (?, 1, ?, ?, x'00', x'00', '', '', '', '', '', '[]')",
                (number, number, at),
            )
            names = ", ".join([*told, "entry_id"])
            marks = ", ".join("?" * (len(told) + 1))
            db.execute(f"INSERT INTO alert ({names}) VALUES ({marks})", (*told.values(), number))
            mark(db, told, number)

    store.database.do(write)
    store.close()


def timed(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--alerts", type=int, default=100_000)
    parser.add_argument("--only", nargs="*", default=[*FORMATS])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, arguments.alerts)
        reader = open_reader(folder)
        assert reader is not None
        with reader:
            measure_formats(reader, arguments)
            measure_map(reader)


def measure_formats(reader: Reader, arguments: argparse.Namespace) -> None:
    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    read = timed(lambda: sum(1 for _ in rows(reader, Wanted())))
    print(f"{'reading alone':14}{arguments.alerts / read:9,.0f} rows/s   1.00       peak {peak():5.0f} MiB")
    options = Options(language="ar", now=NOW)
    for name in arguments.only:
        out = Nowhere()
        file = cast("BinaryIO", out)
        took = timed(partial(write_alerts, FORMATS[name], rows(reader, Wanted()), file, options))
        print(
            f"{name:14}{arguments.alerts / took:9,.0f} rows/s   {took / read:4.2f} {out.bytes / 2**20:5.0f} MiB peak "
            f"{peak():5.0f} MiB"
        )


def measure_map(reader: Reader) -> None:
    baseline = timed(lambda: json.dumps(["غارة"] * 10**6))
    for days in (1, 7, 30):
        ask = partial(happened, reader, since=NOW - timedelta(days=days))
        each, found = [timed(ask) for _ in range(9)], ask()
        print(f"map, {days:2} days: {len(found):5} places, {statistics.median(each) / baseline:5.2f} of a yardstick")
    places = {each.id: each for each in load().places.values()}
    dots = [
        Dot(
            longitude=place.lon, latitude=place.lat, stories=each.stories,
            worst=each.worst, name=place.name["ar"], title="", href="/",
        )
        for each in found
        if (place := places[each.place_id]).lat is not None and place.lon is not None
    ]  # fmt: skip
    box = Box(8, 2, 60, 40)
    first = timed(lambda: draw(dots, box, rtl=True))
    land.cache_clear()
    again = [timed(lambda: draw(dots, box, rtl=True)) for _ in range(2)]
    size = len(str(draw(dots, box, rtl=True)).encode())
    print(
        f"drawing: {first / baseline:.2f} at first, {again[0] / baseline:.2f} for a new view, {again[1] / baseline:.2f}"
    )
    print(f"of {size:,} bytes. The yardstick: a list of a million words as JSON, {baseline:.2f} s of this machine")


if __name__ == "__main__":
    main()
