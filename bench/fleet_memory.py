"""What feeds cost a worker in memory: the rules that name them, a second version beside the first, and a look at all.

    python -m bench.fleet_memory [--feeds 20000]

Resident memory of a process of its own, which only grows; PostgreSQL is real. A look is made every half a minute and
another one for each heartbeat, at one worker at a time each, so that both may be one's.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from monitor import config
from monitor.store.postgres.store import open_postgres
from monitor.store.read import Reader
from tests.postgres import Postgres
from tests.support import ROOT
from tests.world import NOW

FEW = 1_000  # feeds, beside which the rest is counted
A_FILE = 10_000  # of a megabyte at most
# As much as a feed that is read each day has of everything.
FILL = """
    INSERT INTO feed_state (
        feed_id, next_poll_us, lane, baselined, validators_url, etag, body_hash, rhythm, entry_marks, last_polled_us,
        last_success_us, last_new_us, newest_us
    ) SELECT 'f' || n, n, 'h' || n, 1, 'https://h' || n || '.example/rss', 'W/"' || md5(n::text) || '"',
        decode(md5(n::text), 'hex'), decode(repeat('0a', 170), 'hex'), decode(repeat('ab', 600), 'hex'), n, n, n, n
    FROM generate_series(1, %s) AS n
"""


def resident() -> int:
    """Bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def measured(folder: str, url: str) -> dict[str, int]:
    begun = resident()
    first = config.load(Path(folder) / "rules.yaml", environ={})
    rules = resident()
    second = config.load(Path(folder) / "rules.yaml", environ={})
    both = resident()
    store = open_postgres(url, now=NOW)
    before = resident()
    states = Reader(store.database).feeds(whole=False)
    look = resident()
    assert len(first.feeds) == len(second.feeds) == len(states)
    store.close()
    return {"the rules": rules - begun, "newer rules beside them": both - rules, "a look at all feeds": look - before}


def _write(folder: Path, feeds: int) -> None:
    names = []
    for start in range(1, feeds + 1, A_FILE):
        of_file = range(start, min(start + A_FILE, feeds + 1))
        lines = [f"  - {{id: f{n}, url: 'https://h{n}.example/rss'}}" for n in of_file]
        names.append(f"{start}.yaml")
        (folder / names[-1]).write_text("\n".join(["version: 1", "feeds:", *lines, ""]), encoding="utf-8")
    rules = f"version: 1\ninclude: [{', '.join(names)}]\nrules:\n  - {{id: strikes, title: غارات, all: [غارة]}}\n"
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")


def _in_a_process(server: Postgres, feeds: int) -> dict[str, int]:
    url = server.fresh()
    store = open_postgres(url, now=NOW)
    with store.database.write() as db:
        db.raw.execute(FILL.encode(), (feeds,))
    store.close()
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), feeds)
        command = [sys.executable, "-m", "bench.fleet_memory", "--in", folder, url]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found: dict[str, int] = json.loads(told)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=20_000)
    parser.add_argument("--in", dest="within", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.within:
        print(json.dumps(measured(*asked.within)))
        return
    with Postgres() as server:
        few, many = (_in_a_process(server, feeds) for feeds in (FEW, asked.feeds))
    each = {name: (many[name] - few[name]) / (asked.feeds - FEW) for name in many}
    for name, size in each.items():
        print(f"{name:<26} {size / 1000:5.1f} kB a feed")
    most = each["the rules"] + each["newer rules beside them"] + 2 * each["a look at all feeds"]
    print(f"{'at most, with two looks':<26} {most / 1000:5.1f} kB a feed")


if __name__ == "__main__":
    main()
