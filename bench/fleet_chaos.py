"""`monitor worker`, two of them on one PostgreSQL, killed while thousands of feeds publish and channels listen.

    python -m bench.fleet_chaos [--feeds 2000] [--seconds 150] [--kills 10] [--restarts 1] [--seeds 1 2]

Real processes, real HTTP on loopback; each is started again at once, as a service manager does it, and the database is
restarted as after a crash. Which alerts are due follows from what was published, without any code of ours. `lost` were
due and never came; `repeats` came again (one a kill is allowed: a message that was under way); `in the database` are
alerts of one event, or deliveries of one alert, beyond the first. `tests/cluster/test_chaos.py` is the short form.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.cluster.chaos import Outcome, Plan, iterated


def told(done: Outcome) -> str:
    account, plan = done.account, done.plan
    late = [f"{done.late[int(part * (len(done.late) - 1))]:.1f}" for part in (0.5, 0.9, 1.0)] if done.late else []
    sound = not account.lost and not account.unasked and account.repeats <= plan.kills and done.in_database == 0
    rows = {
        "feeds, each asked again after (s)": f"{plan.feeds:,}, {plan.every:g}",
        "workers, kill -9, restarts of PostgreSQL": f"{plan.workers}, {plan.kills}, {plan.restarts}",
        "published, alerts due": f"{done.published:,}, {done.expected:,}",
        "lost": len(account.lost),
        "repeats, at the receiver": account.repeats,
        "repeats, in the database": done.in_database,
        "messages that nobody asked for": len(account.unasked),
        "messages of several alerts": account.gathered,
        "looks a second while feeds published": f"{done.looks / done.lasted:.0f}",
        "seconds from publication to message: median, 90 %, last": " ".join(late),
        "workers that ended by themselves; exit codes at the end": f"{done.died}; {done.ends}",
        "feeds that count as failed": done.failed,
        "as it has to be": "yes" if sound else "NO",
    }
    return "\n".join(f"{name:<58} {value}" for name, value in rows.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=150, help="so long feeds publish")
    parser.add_argument("--a-second", type=float, default=8, help="publications")
    parser.add_argument("--every", type=float, default=10, help="seconds between two looks at a feed")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--restarts", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    asked = parser.parse_args()
    plans = [
        Plan(
            feeds=asked.feeds, seconds=asked.seconds, a_second=asked.a_second, kills=asked.kills, every=asked.every,
            restarts=asked.restarts, workers=asked.workers, seed=seed,
        )
        for seed in asked.seeds
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for done in iterated(Path(folder), plans):
            print(f"seed {done.plan.seed}\n{told(done)}\n", flush=True)


if __name__ == "__main__":
    main()
