"""How quickly rules are tried on an archive, and whether they match what `monitor match` says.

    taskset -c 0 python -m bench.backtest [--articles 24203] [--rules rules.yaml] [FILE.jsonl.gz …]

One process, one core, CPU time; the rules are compiled before, as a running monitor has them. `split` is `str.split` of
the same articles, `match` what `monitor match` does to them (reading JSON, matching, no output); each file is read by
each in turn, in this process. `trial` is all that `monitor backtest --data` does: reading, matching, keeping, deciding.
At the end, whether both found the same: every document, every rule.

The articles are those beside the project, or made-up ones where there are none.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.matching_rules import ARTICLES, articles
from monitor import config as configuration
from monitor.backtest import Archive, Trial, content_of, run
from monitor.clock import SystemClock
from monitor.config import Config
from monitor.prepared import OnDemand
from monitor.text.archive import document_of, entry_of
from monitor.text.document import read

FILES = sorted(ARTICLES.parent.glob("*.jsonl.gz"))
Matched = set[tuple[int, str]]  # number of the document, from 1, and rule


def lines(path: Path, most: int) -> Iterator[bytes]:
    with gzip.open(path, "rb") as file:
        for number, line in enumerate(file):
            if number == most:
                return
            yield line


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def split(path: Path, most: int) -> float:
    """The articles alone: they are read before the clock is looked at."""
    texts = [
        (each.title, each.summary, each.body) for line in lines(path, most) for each in [entry_of(document_of(line))]
    ]
    return timed(lambda: [field.split() for text in texts for field in text])[0]


def match(content: OnDemand, path: Path, most: int) -> Matched:
    found: Matched = set()
    for number, line in enumerate(lines(path, most), start=1):
        matches = content.match(read(entry_of(document_of(line))), feed=None, today=None)
        found |= {(number, each.rule_id) for each in matches.matches}
    return found


def trial(config: Config, content: OnDemand, path: Path) -> Trial:
    archive = Archive(lambda: path.open("rb"), size=path.stat().st_size)
    return run(config, archive, clock=SystemClock(), content=content)


@contextmanager
def first(path: Path, most: int) -> Iterator[Path]:
    """A file of the first articles of one, packed as it is."""
    with tempfile.NamedTemporaryFile(suffix=path.name) as kept:
        with gzip.GzipFile(fileobj=kept, mode="wb", compresslevel=1) as packed:
            packed.writelines(lines(path, most))
        kept.flush()
        yield Path(kept.name)


def found_by(tried: Trial) -> Matched:
    """Each match is either an alert or has a reason why it is none."""
    keys = [*(each.key for each in tried.alerts), *tried.quiet]
    return {(int(document.split()[1]), rule_id) for document, rule_id in keys}


def compare(config: Config, content: OnDemand, path: Path, most: int) -> bool:
    floor = split(path, most)
    plain, matched = timed(lambda: match(content, path, most))
    with first(path, most) as those:
        whole, tried = timed(lambda: trial(config, content, those))
    assert isinstance(tried, Trial)
    assert isinstance(matched, set)
    same = found_by(tried) == matched
    print(
        f"{path.name:<28} {tried.entries:>7} {tried.entries / plain:>9.0f} {tried.entries / whole:>9.0f}"
        f" {whole / plain:>8.2f} {plain / floor:>8.1f} {whole / floor:>8.1f} {len(matched):>8} {len(tried.alerts):>7}"
        f"  {'yes' if same else 'NO'}",
        flush=True,
    )
    for number, rule_id in sorted(found_by(tried) ^ matched):
        print(f"    differs: line {number}, rule {rule_id}")
    return same


def made_up(count: int, folder: Path) -> list[Path]:
    path = folder / "made-up.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for each in articles(count):
            file.write(json.dumps({"title": each.title, "text": each.body}, ensure_ascii=False) + "\n")
    return [path]


def measure(files: Sequence[Path], rules: Path, most: int) -> int:
    config = configuration.load_rules(rules, environ={})
    content = content_of(config)
    content.prepare()
    content.prepare_reading()
    print(f"{len(config.rules)} rules of {rules.name}")
    print(
        "file                         entries   match/s   trial/s  x match  m xsplit  t xsplit  matches  alerts  same"
    )
    same = [compare(config, content, path, most) for path in files]
    return 0 if all(same) else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10**9, help="of each file, the first")
    parser.add_argument("--rules", type=Path, default=Path("rules.yaml"))
    parser.add_argument("files", nargs="*", type=Path, default=FILES)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = asked.files or made_up(min(asked.articles, 24_000), Path(folder))
        return measure(files, asked.rules, asked.articles)


if __name__ == "__main__":
    raise SystemExit(main())
