"""A worker process without a pipeline: `python -m tests.cluster.jobs.replica FOLDER`, with its orders there.

It writes what it does, a line each, to `told` in the folder, which others write too: a line shorter than a page, added
in one write, stays whole.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from monitor.cluster.jobs.engine import Engine
from monitor.cluster.jobs.queues import Payload, Queue
from monitor.cluster.jobs.ticks import Tick, Ticks

DRAIN = 30  # seconds


def main(folder: Path) -> None:
    orders = json.loads((folder / "orders.json").read_text())
    told = os.open(folder / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    stopped = threading.Event()

    def tell(what: str, which: object) -> None:
        os.write(told, f"{what} {which} {os.getpid()} {time.time():.3f}\n".encode())

    def nap(payload: Payload) -> None:
        tell("began", payload["n"])
        time.sleep(float(str(payload["seconds"])))
        tell("ended", payload["n"])

    engine = Engine(
        orders["url"],
        [
            Queue(name="naps", at_once=2, tasks={"nap": nap}),
            Queue(name="ticks", at_once=2, tasks={"tick": lambda payload: tell("tick", payload["slot_us"])}),
        ],
    )
    ticks = Ticks(engine, {"tick": Tick(every=timedelta(seconds=orders["every"]), one_waits=False)})
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    engine.start()
    ticks.start()
    tell("up", 0)
    stopped.wait()
    ticks.stop()
    os._exit(0 if engine.stop(within=DRAIN) else 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
