"""A PostgreSQL of its own for the costs of a fleet: its processes' time, its log, its tables, and the engine's jobs."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.fleet_costs import Costs, cost
from bench.fleet_states import NOW, Server
from monitor.store.postgres.store import PostgresStore, open_postgres
from tests.postgres import Postgres

JOBS: Final = 300  # of a round
ROUNDS: Final = 5


@contextlib.contextmanager
def server() -> Iterator[Postgres]:
    """One that asks the disk. Raises `tests.postgres.NoPostgres` where there is none."""
    with Postgres(durable=True) as running:
        yield running


@contextlib.contextmanager
def postgres(running: Postgres) -> Iterator[tuple[PostgresStore, Server]]:
    url = running.fresh()
    store = open_postgres(url, now=NOW)
    with psycopg.connect(url, autocommit=True) as beside:
        try:
            yield store, looked_at(beside)
        finally:
            store.close()


def looked_at(beside: psycopg.Connection[Any]) -> Server:
    own = beside.info.backend_pid

    def cpu() -> float:
        """Of the backends, without the one that asks: what it takes to ask is nobody's."""
        pids = beside.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s", (own,)
        ).fetchall()
        return sum(of_process(pid) for (pid,) in pids)

    def log() -> float:
        [(written,)] = beside.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchall()
        return float(written)

    def tables() -> Mapping[str, float]:
        rows = beside.execute(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND "
            "relnamespace = current_schema()::regnamespace"
        ).fetchall()
        return {name: float(size) for name, size in rows}

    return Server(cpu=cpu, log=log, tables=tables)


def of_process(pid: int) -> float:
    """Microseconds on a processor of a process of one thread, which the kernel counts in nanoseconds."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1000
    except OSError:  # ended meanwhile
        return 0.0


def jobs(running: Postgres) -> Costs:
    """The engine alone: jobs that do nothing, deferred 25 at a time and run by one worker."""
    import asyncio

    return asyncio.run(_jobs(running.fresh()))


async def _jobs(url: str) -> Costs:
    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4))

    @app.task(name="nothing")
    async def nothing(**_payload: object) -> None:
        pass

    payload: Any = {"rules": 1, "feeds": [[f"feed-{n}", 1, 1] for n in range(25)]}
    worker, of_server, took, written = [], [], [], []
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        with psycopg.connect(url, autocommit=True) as beside:
            looked = looked_at(beside)
            for _ in range(ROUNDS + 1):
                cpu, theirs, log, begun = time.process_time(), looked.cpu(), looked.log(), time.perf_counter()
                for _ in range(JOBS // 25):
                    await nothing.batch_defer_async(*[payload] * 25)
                await app.run_worker_async(
                    wait=False, concurrency=8, delete_jobs="successful", install_signal_handlers=False,
                    listen_notify=False,
                )  # fmt: skip
                took.append((time.perf_counter() - begun) / JOBS * 1e6)
                worker.append((time.process_time() - cpu) / JOBS * 1e6)
                of_server.append((looked.cpu() - theirs) / JOBS)
                written.append((looked.log() - log) / JOBS)
    what = f"a job of 25 feeds, deferred and run by one worker, {JOBS} a round"
    return {
        "job: worker": cost(worker[1:], "µs", f"{what}; worker's CPU"),
        "job: server": cost(of_server[1:], "µs", f"{what}; CPU of its backends"),
        "job: by the clock": cost(took[1:], "µs", what),
        "job: log": cost(written[1:], "bytes", f"{what}; written ahead"),
    }
