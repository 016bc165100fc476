"""What starting costs: `monitor --help` and `monitor check`, beside `python -c pass` of the same interpreter.

    python -m bench.startup [rounds] [rules]

CPU time of whole processes, children included, and wall time, as medians; the commands take turns, so that a machine
that is busy is so for all of them. Only ratios within one run mean anything. The rules are made up (a thousand, if
nothing else is asked), the feed is served on loopback.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.matching_rules import made_up_word
from tests.servers import Site, site
from tests.world import item, rss

MONITOR = [sys.executable, "-c", "from monitor.cli import main; main()"]
SECRET = 'channels:\n  desk: {url: "${DESK_URL}"}\n'


@dataclass
class Case:
    """A command, where it runs, and what is done before each run and not measured."""

    name: str
    words: Sequence[str]
    folder: Path
    limit: float | None = None
    before: Callable[[], object] = lambda: None
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def run(self) -> None:
        self.before()
        used, begun = _used(), time.perf_counter()
        done = subprocess.run(self.words, cwd=self.folder, env=_environ(), capture_output=True, check=False)
        self.wall.append(time.perf_counter() - begun)
        self.cpu.append(_used() - used)
        assert done.returncode == 0, done.stderr.decode()


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[1]), "DESK_URL": "json://127.0.0.1:9/hook"}


def rules(count: int, address: str) -> str:
    dice = random.Random(count)

    def rule(number: int) -> str:
        one, *others = (made_up_word(dice) for _ in range(3))
        return f"  - {{id: r{number}, all: [{one}, {{any: [{', '.join(others)}]}}]}}"

    lines = "\n".join(map(rule, range(count)))
    lines += "\n  - {id: told, title: Strikes, all: [غارة]}"
    return f'version: 1\nfeeds:\n  - {{id: one, url: "{address}", every: 12h}}\nrules:\n{lines}\n'


def cases(folder: Path, served: Site, count: int) -> list[Case]:
    text = rules(count, served.url("/one"))
    plain, secret, other = (_checked(folder / name, text + more) for name, more in _KINDS.items())
    told = _checked(folder / "told", rules(count, served.url("/told")))
    stories, dice = iter(range(10**6)), random.Random(1)

    def new_entry() -> None:
        served.pages["/one"] = rss(*[item(f"خبر {number}", n=number) for number in (next(stories), 10**7)])

    def new_report() -> None:
        place, people, why = (made_up_word(dice) for _ in range(3))
        served.pages["/told"] = rss(
            item(f"غارة على {place} ومقتل {next(stories) + 3} {people} {why}", n=next(stories), at=datetime.now(UTC))
        )

    def forget() -> None:
        for file in (other / "state" / "cache").iterdir():
            file.unlink()

    return [
        Case("python -c pass", [sys.executable, "-c", "pass"], folder),
        Case("monitor --help", [*MONITOR, "--help"], folder, 2.5),
        Case("check, nothing due", [*MONITOR, "check"], plain, 6.0),
        Case("the same, a ${…} in the rules", [*MONITOR, "check"], secret),
        Case("check, one feed unchanged", [*MONITOR, "check", "--all"], plain),
        Case("check, one new entry", [*MONITOR, "check", "--all"], plain, before=new_entry),
        Case("the same, nothing remembered", [*MONITOR, "check", "--all"], other, before=forget),
        Case("check, one alert, printed", [*MONITOR, "check", "--all"], told, before=new_report),
    ]


_KINDS = {"plain": "", "secret": SECRET, "other": ""}


def _checked(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "rules.yaml").write_text(text, encoding="utf-8")
    subprocess.run([*MONITOR, "check"], cwd=folder, env=_environ(), check=True)
    return folder


def report(measured: Sequence[Case]) -> str:
    base = measured[0]
    lines = [f"{'':32} {'CPU ms':>8} {'ratio':>7} {'to reach':>9} {'wall ms':>8} {'ratio':>7}"]
    for case in measured:
        cpu, wall = median(case.cpu), median(case.wall)
        limit = f"{case.limit:g}" if case.limit else ""
        lines.append(
            f"{case.name:32} {cpu * 1000:8.1f} {cpu / median(base.cpu):7.2f} {limit:>9} {wall * 1000:8.1f} "
            f"{wall / median(base.wall):7.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rounds", type=int, nargs="?", default=15)
    parser.add_argument("rules", type=int, nargs="?", default=1000, help="how many")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, site() as served:
        served.pages["/one"] = served.pages["/told"] = rss(item("خبر أول", n=10**7))
        measured = cases(Path(folder), served, asked.rules)
        for _ in range(asked.rounds):
            for case in measured:
                case.run()
    print(report(measured))


if __name__ == "__main__":
    main()
