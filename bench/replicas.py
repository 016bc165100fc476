"""The engine as a fleet runs it: slots of a second on three replicas, what a kill -9 and a crash of the server cost.

    python -m bench.replicas [--ticks 60] [--jobs 1000]

Slots: each must come once, though a replica is killed halfway. Kill: seconds until its jobs begin elsewhere, beside
what the settings make it. Crash: jobs lost and done twice, and seconds from the server's return until a job begins.
Cost: the worker's processor time for a job that does nothing, beside a SELECT in a transaction of its own.
`tests/cluster/jobs/test_survival.py` is the short form.
"""

from __future__ import annotations

import argparse
import resource
import signal
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg

from monitor.cluster.jobs.defer import defer
from monitor.cluster.jobs.engine import Engine
from monitor.cluster.jobs.queues import Payload, Queue
from monitor.cluster.jobs.reaper import BEAT, EVERY, STALLED
from monitor.cluster.jobs.schema import install
from tests.cluster.jobs.replicas import Replicas, replicas, wait_for
from tests.postgres.server import Postgres

NAPS = 6


def slots(made: Replicas, ticks: int) -> None:
    """And the naps of the replica that is killed in the middle."""

    def come() -> int:
        return len({tick.which for tick in made.told("tick")})

    wait_for(lambda: come() >= ticks // 2, seconds=ticks + 60)
    made.nap([4.0] * NAPS)
    wait_for(lambda: len(made.told("began")) == NAPS)
    victim = made.processes[0]
    victim.send_signal(signal.SIGKILL)
    killed_at = time.time()
    wait_for(lambda: come() >= ticks and len(made.told("ended")) >= NAPS, seconds=ticks + 60)
    told = Counter(tick.which for tick in made.told("tick"))
    due = (max(told) - min(told)) // 1_000_000 + 1
    print(f"slots of 1 s on 3 replicas, one killed: {due} due, {sum(n == 1 for n in told.values())} once, "
          f"{sum(n > 1 for n in told.values())} more often, {due - len(told)} never")  # fmt: skip
    died = {nap.which for nap in made.told("began") if nap.pid == victim.pid}
    again = [nap.at - killed_at for nap in made.told("began") if nap.which in died and nap.pid != victim.pid]
    allowed = STALLED + EVERY + BEAT
    print(f"kill -9 with {len(died)} jobs under way: they began again after {max(again):.1f} s, "
          f"{max(again) / allowed:.2f} of the {allowed:g} s that the settings make it")  # fmt: skip


def crash(server: Postgres, made: Replicas) -> None:
    jobs = 150
    made.nap([1.0] * jobs)
    wait_for(lambda: len(made.told("ended")) > 10)
    server.restart(immediate=True)
    back_at = time.time()
    wait_for(lambda: len({nap.which for nap in made.told("ended")}) == jobs, seconds=2 * jobs)
    ended = Counter(nap.which for nap in made.told("ended"))
    first = min(nap.at for nap in made.told("began") if nap.at > back_at) - back_at
    twice = sum(n > 1 for n in ended.values())
    print(f"crash of the server under {jobs} jobs of 1 s: {jobs - len(ended)} lost, {twice} done twice, "
          f"the next began {first:.1f} s after the return")  # fmt: skip


def cost(server: Postgres, jobs: int) -> None:
    url = server.fresh(install)
    done: list[Payload] = []
    all_done = threading.Event()

    def work(payload: Payload) -> None:
        done.append(payload)
        if len(done) == jobs:
            all_done.set()

    engine = Engine(url, [Queue(name="q", at_once=8, tasks={"nothing": work})])
    engine.start()
    wait_for(lambda: engine.connected)
    with psycopg.connect(url) as connection:
        began, cpu = time.monotonic(), _cpu()
        for start in range(0, jobs, 25):
            payloads = [{"n": n} for n in range(start, min(start + 25, jobs))]
            defer(connection, queue="q", task="nothing", payloads=payloads)
            connection.commit()
        all_done.wait(600)
        took, used = time.monotonic() - began, _cpu() - cpu
        engine.stop(60)
        cpu = _cpu()
        for _ in range(jobs):
            connection.execute("SELECT 1")
            connection.commit()
        plain = _cpu() - cpu
    print(f"a job that does nothing: {used / jobs * 1000:.2f} ms of the worker's processor, "
          f"{used / plain:.1f} times a SELECT of its own transaction; {jobs / took:.0f} jobs a second")  # fmt: skip


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ticks", type=int, default=60, help="slots of a second")
    parser.add_argument("--jobs", type=int, default=1000)
    asked = parser.parse_args()
    with Postgres() as server, tempfile.TemporaryDirectory() as folder:
        for name in ("slots", "crash"):
            (Path(folder) / name).mkdir()
        with replicas(Path(folder) / "slots", server.fresh(install)) as made:
            made.start(3)
            slots(made, asked.ticks)
        with replicas(Path(folder) / "crash", server.fresh(install)) as made:
            made.start(2)
            crash(server, made)
        cost(server, asked.jobs)


if __name__ == "__main__":
    main()
