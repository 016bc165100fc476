"""`monitor worker`: one of many on a shared database."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

import click

from monitor.cli import EXIT_ERROR, EXIT_USAGE, logs
from monitor.cli.options import state_option
from monitor.cli.run import configured, polled, tried
from monitor.clock import SystemClock
from monitor.errors import UsageError
from monitor.model import ArticleReport
from monitor.ports import Fetcher
from monitor.store.which import VARIABLE, database_url

log = logging.getLogger("monitor")

LACKS = "'monitor worker' needs what is not installed ({}). Run: pip install 'monitor[cluster]'"


@click.command()
@state_option
@click.option(
    "--batches",
    type=click.IntRange(1, 256),
    default=16,
    show_default=True,
    help="Batches of 25 feeds polled at a time.",
)
@click.option(
    "--fetches", type=click.IntRange(1, 4096), default=256, show_default=True, help="Requests under way at a time."
)
@click.option(
    "--listen",
    metavar="ADDRESS:PORT",
    help="Serve /metrics, /healthz and /readyz there, for example 127.0.0.1:9618.",
)
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="NAME", help="A name that askers may know it by (repeatable)."
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Log every poll and delivery, not only what is new.")
def worker(
    state: Path,
    batches: int,
    fetches: int,
    listen: str | None,
    hosts: tuple[str, ...],
    log_format: logs.Format,
    verbose: bool,
) -> None:
    """Keep watch as one of many workers, on the PostgreSQL database that MONITOR_DATABASE_URL names.

    Start as many as you like, on any machines. They follow the rules that 'monitor rules publish' put into the
    database; what one has in hand when it dies is taken up by another within seconds. On SIGTERM or Ctrl-C it finishes
    what is under way, at most 25 seconds, and ends.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there are rules to load again
    url = database_url()
    if url is None:
        raise UsageError(f"set {VARIABLE} to the address of the database that the workers share")
    logs.set_up(logging.DEBUG if verbose else logging.INFO, log_format)
    try:
        from monitor.cli.worker_watched import Watched
        from monitor.cluster.parts import Heard
        from monitor.cluster.worker import Worker
    except ImportError as error:
        raise UsageError(LACKS.format(error.name)) from error
    heard = Heard(poll=polled, delivery=tried, article=_unheard)
    watched = Watched(listen, hosts, heard) if listen else None
    code = EXIT_ERROR
    made = Worker(
        url,
        state,
        environ=os.environ,
        clock=SystemClock(),
        heard=watched.heard if watched else heard,
        on_config=configured,
        batches=batches,
        fetches=fetches,
        around_fetcher=watched.around if watched else _as_it_is,
    )
    try:
        if watched:
            watched.serve(made)
        code = made.run()
    except UsageError as error:
        click.echo(f"monitor: {error}", err=True)
        code = EXIT_USAGE
    finally:
        if sys.exc_info()[0] is not None:
            log.critical("worker.died", exc_info=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # threads that hang on the network must not keep the process; everything is in the database


def _unheard(_report: ArticleReport) -> None:
    """Its loop has logged it."""


def _as_it_is(fetcher: Fetcher) -> Fetcher:
    return fetcher
