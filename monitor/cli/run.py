"""`monitor run`: the daemon."""

from __future__ import annotations

import logging
import os
import signal
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.app import App
from monitor.cli import EXIT_ERROR, EXIT_USAGE, logs
from monitor.cli.options import config_option, state_option
from monitor.clock import SystemClock
from monitor.compiled import Shelf
from monitor.config import Config
from monitor.daemon import Daemon
from monitor.errors import UsageError
from monitor.model import ArticleReport, Attempt, Delivery, NotSent, PollReport
from monitor.ports import Fetcher

if TYPE_CHECKING:  # what serves is imported only where it is asked for
    from monitor.serve import Listen
    from monitor.web.beside import Pages
    from monitor.web.listening import Made, Place

log = logging.getLogger("monitor")


@click.command()
@config_option
@state_option
@click.option("--no-baseline", is_flag=True, help="Announce also what a feed holds when it is read for the first time.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--listen",
    metavar="ADDRESS:PORT",
    help="Serve /metrics, /healthz, /readyz and the pages behind links there, for example 127.0.0.1:9618.",
)
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="NAME", help="A name that askers may know it by (repeatable)."
)
@click.option(
    "--web",
    "pages",
    metavar="ADDRESS:PORT",
    help="Serve the pages there as 'monitor web' does, for example 127.0.0.1:8080 or unix:/PATH.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log every poll and delivery, not only what is new.")
def run(
    config: Path,
    state: Path,
    no_baseline: bool,
    log_format: logs.Format,
    listen: str | None,
    hosts: tuple[str, ...],
    pages: str | None,
    verbose: bool,
) -> None:
    """Keep watch until SIGTERM or Ctrl-C: poll feeds when they are due, alert, deliver.

    A changed rules file is taken over within seconds (SIGHUP: at once); a bad one is refused, told to the operations
    channels, and the rules in force stay. Ends within 10 seconds and loses nothing: what was not delivered is
    delivered after the next start. Logs go to standard error; alerts for the console to standard output.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there are rules that it can have us read again
    logs.set_up(logging.DEBUG if verbose else logging.INFO, log_format)
    watched = _watched(listen, hosts) if listen else None
    beside = _beside(pages, log_format) if pages else None
    app = App(
        config,
        state,
        command="monitor run",
        keeps_going=True,
        baseline=not no_baseline,
        shelf=Shelf(state),
        around_fetcher=watched.around if watched else _as_it_is,
        on_config=configured if watched or beside else _configured_unheard,
        on_poll=watched.polled if watched else polled,
        on_delivery=watched.tried if watched else tried,
        on_article=watched.read_article if watched else _unheard,
    )
    code = EXIT_ERROR
    try:
        app.begin_watch()
        daemon = Daemon(app)
        if watched:
            watched.serve(app, daemon)
        if beside:
            beside.serve(app)
        code = daemon.run()
    except UsageError as error:
        click.echo(f"monitor: {error}", err=True)
        code = EXIT_USAGE
    finally:
        if beside:
            beside.stop()
        if sys.exc_info()[0] is not None:
            log.critical("run.died", exc_info=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # threads that hang on the network must not keep the process; everything is on disk


def _watched(listen: str, hosts: tuple[str, ...]) -> _Watched:
    from monitor.serve import Listen

    return _Watched(Listen.of(listen), hosts)


class _Watched:
    """What is asked of a daemon from outside: counted as it goes, and served."""

    def __init__(self, listen: Listen, hosts: tuple[str, ...]) -> None:
        from monitor.metrics import Metrics

        self._listen, self._hosts, self._metrics = listen, hosts, Metrics()
        if not listen.is_loopback:
            what = (
                "others on the network can read how this monitor does: ids of feeds, rules and channels, and counts; "
                "alerts only with a link"
            )
            log.warning("listen.open", extra={"address": listen.host, "what": what})

    def around(self, fetcher: Fetcher) -> Fetcher:
        from monitor.metrics import TimedFetcher

        return TimedFetcher(fetcher, metrics=self._metrics, clock=SystemClock())

    def polled(self, report: PollReport) -> None:
        self._metrics.polled(report)
        polled(report)

    def read_article(self, report: ArticleReport) -> None:
        self._metrics.read_article(report)

    def tried(self, delivery: Delivery, attempt: Attempt) -> None:
        self._metrics.tried(delivery, attempt)
        tried(delivery, attempt)

    def serve(self, app: App, daemon: Daemon) -> None:
        """Raises UsageError."""
        from monitor.store.wish_rows import Wishes
        from monitor.vitals import Vitals
        from monitor.web.links.site import AlertSite

        vitals = Vitals(
            state=app.state,
            config=lambda: app.config,
            rules=lambda: (app.rules_at, app.rules_refused),
            since_tick=daemon.since_tick,
            metrics=self._metrics,
            clock=app.clock,
        )
        wishes = Wishes(app.store.database)
        site = AlertSite(
            state=app.state,
            config=lambda: app.config,
            links=app.links,
            wishes=lambda: nullcontext(wishes),
            clock=app.clock,
        )
        app.links()  # the key is made, or what is wrong with it told, before the first message wants it
        server = vitals.server(self._listen, hosts=self._hosts, site=site)
        server.start()
        log.info("listen.started", extra={"address": self._listen.host, "port": server.port})


def _beside(pages: str, log_format: logs.Format) -> _Beside:
    from monitor.web.listening import place_of

    return _Beside(place_of(pages, option="--web"), log_format)


class _Beside:
    """The pages, in a process of their own that alerting does not wait for."""

    def __init__(self, place: Place, log_format: logs.Format) -> None:
        self._place, self._log_format = place, log_format
        self._pages: Pages | None = None
        self._made: Made | None = None

    def serve(self, app: App) -> None:
        """Raises UsageError."""
        from monitor.processes import command
        from monitor.web.access import opening
        from monitor.web.beside import Pages
        from monitor.web.listening import bound, made_at, where_of

        opening.check(self._place, app.config, option="--web")
        listening = bound(self._place, option="--web")
        self._made = made_at(self._place)
        config, state = str(app.config.path.absolute()), str(app.state.absolute())

        def child(descriptor: int) -> list[str]:
            return command("monitor.cli.web_child", config, state, str(descriptor), self._log_format)

        self._pages = Pages(listening, child, app.operations)
        self._pages.start()
        log.info("web.listening", extra=where_of(self._place, listening))

    def stop(self) -> None:
        if self._pages is not None:
            from monitor.web.listening import removed

            self._pages.stop()
            removed(self._place, self._made)


def _as_it_is(fetcher: Fetcher) -> Fetcher:
    return fetcher


def configured(config: Config) -> None:
    logs.hide(config.secrets())
    for problem in config.warnings:
        log.warning("rules.warning", extra={"what": str(problem)})


def _configured_unheard(config: Config) -> None:
    configured(config)
    if config.web is not None:
        what = "messages have links, but nothing serves them: start with --listen or --web, or remove 'url' from 'web'"
        log.warning("web.unheard", extra={"what": what})


def polled(report: PollReport) -> None:
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


def _unheard(_report: ArticleReport) -> None:
    """Its loop has logged it."""


def tried(delivery: Delivery, attempt: Attempt) -> None:
    about = {"alert": delivery.alert.id, "rule": delivery.alert.rule_id, "channel": delivery.recipient.channel_id}
    if isinstance(attempt.result, NotSent):
        event = "delivery.given_up" if attempt.dead else "delivery.failed"
        log.warning(event, extra={**about, "attempt": delivery.attempts + 1, "detail": attempt.result.detail})
    else:
        log.info("delivery.sent", extra=about)
