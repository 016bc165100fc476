"""`monitor run`: the daemon."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

import click

from monitor.app import App
from monitor.cli import EXIT_ERROR, logs
from monitor.cli.options import config_option, state_option
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.model import Attempt, Delivery, NotSent, PollReport

log = logging.getLogger("monitor")


@click.command()
@config_option
@state_option
@click.option("--no-baseline", is_flag=True, help="Announce also what a feed holds when it is read for the first time.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("-v", "--verbose", is_flag=True, help="Log every poll and delivery, not only what is new.")
def run(config: Path, state: Path, no_baseline: bool, log_format: logs.Format, verbose: bool) -> None:
    """Keep watch until SIGTERM or Ctrl-C: poll feeds when they are due, alert, deliver.

    A changed rules file is taken over within seconds (SIGHUP: at once); a bad one is refused, told to the operations
    channels, and the rules in force stay. Ends within 10 seconds and loses nothing: what was not delivered is
    delivered after the next start. Logs go to standard error; alerts for the console to standard output.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there are rules that it can have us read again
    logs.set_up(logging.DEBUG if verbose else logging.INFO, log_format)
    app = App(
        config,
        state,
        command="monitor run",
        keeps_going=True,
        baseline=not no_baseline,
        shelf=Shelf(state),
        on_config=_configured,
        on_poll=_polled,
        on_delivery=_tried,
    )
    code = EXIT_ERROR
    try:
        app.begin_watch()
        code = Daemon(app).run()
    finally:
        if sys.exc_info()[0] is not None:
            log.critical("run.died", exc_info=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # threads that hang on the network must not keep the process; everything is on disk


def _configured(config: Config) -> None:
    logs.hide(config.secrets())
    for problem in config.warnings:
        log.warning("rules.warning", extra={"what": str(problem)})


def _polled(report: PollReport) -> None:
    level = logging.INFO if report.new or report.changed or report.alerts else logging.DEBUG
    log.log(
        level,
        "poll.done",
        extra={
            "feed": report.feed_id,
            "outcome": report.outcome,
            "new": report.new,
            "changed": report.changed,
            "alerts": len(report.alerts),
        },
    )


def _tried(delivery: Delivery, attempt: Attempt) -> None:
    about = {"alert": delivery.alert.id, "rule": delivery.alert.rule_id, "channel": delivery.recipient.channel_id}
    if isinstance(attempt.result, NotSent):
        event = "delivery.given_up" if attempt.dead else "delivery.failed"
        log.warning(event, extra={**about, "attempt": delivery.attempts + 1, "detail": attempt.result.detail})
    else:
        log.info("delivery.sent", extra=about)
