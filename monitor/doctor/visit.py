"""The whole visit: which checks there are, done side by side."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from monitor import config as configuration
from monitor.alerts.send import AppriseSender
from monitor.config import Config
from monitor.doctor import (
    articles,
    channels,
    clocks,
    feeds,
    links,
    opinions,
    pages,
    published,
    rules_file,
    server,
    software,
    state,
)
from monitor.doctor.findings import Check, Finding, look_at
from monitor.errors import ConfigError
from monitor.feeds.box import BoxedParser
from monitor.feeds.fetch import fetcher_from
from monitor.hidden import hide
from monitor.model import Fetched, FetchRequest
from monitor.ports import Clock
from monitor.processes import wanted as processes_wanted
from monitor.store.which import database_url

SECONDS: Final = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`config_file`, `state`, `environ`: what is looked at. `offline`: without the network. `pins`: tell each server's
    key, too."""

    config_file: Path
    state: Path
    environ: Mapping[str, str]
    clock: Clock
    offline: bool = False
    pins: bool = False
    seconds: float = SECONDS
    _pages: list[Fetched] = field(default_factory=list)  # answers, for what their servers' clocks showed

    def findings(self) -> list[Finding]:
        """Everything that was looked at, in an order fit to be read. Takes `seconds` at most, and a few."""
        clock_since = clocks.watch(self.clock)
        try:
            config = configuration.load(self.config_file, environ=self.environ)
        except ConfigError as error:
            broken: dict[str, Check] = {"rules file": partial(rules_file.unreadable, error)}
            checks = broken | self._of_the_machine(None)
            return [*look_at(checks, clock=self.clock, seconds=self.seconds), *clock_since()]
        hide(config.secrets())
        found = self._with(config)
        if config.feeds and not self.offline:
            found += clocks.drift((page.fetched_at, page.dated_at) for page in self._pages if page.dated_at)
        return [*found, *clock_since()]

    def _with(self, config: Config) -> list[Finding]:
        checks: dict[str, Check] = {"rules file": partial(rules_file.readable, config), **self._of_the_machine(config)}
        if url := database_url(self.environ):
            checks["published rules"] = partial(published.look, url, config)
        if config.web is not None:
            checks["links in messages"] = partial(
                links.look, config.web, self.state, offline=self.offline, trust=self._trust
            )
        if config.access.asks:
            checks["pages"] = partial(pages.look, config.access, config.web, self.state)
        for feed in (each for each in config.feeds if each.full_text):
            checks[f"articles of feed {feed.id}"] = partial(articles.look, feed, self.state)
        known = frozenset(rule.id for rule in config.rules)
        checks["feedback"] = partial(opinions.opinions, self.state, known, now=self.clock.now())
        sender = AppriseSender(clock=self.clock, zone=config.timezone)
        sender.templates = config.templates
        parser = BoxedParser(clock=self.clock, processes=processes_wanted())
        try:
            fetcher = fetcher_from(self.environ, clock=self.clock)
        except ConfigError as error:
            checks["certificates"] = partial(rules_file.unreadable, error)
            return look_at(checks | self._of_channels(config, sender), clock=self.clock, seconds=self.seconds)
        try:
            if not self.offline:
                asked = {feed: fetcher.submit(FetchRequest(feed=feed)) for feed in config.feeds}
                now = self.clock.now()
                for feed, answer in asked.items():
                    note = self._pages.append
                    checks[f"feed {feed.id}"] = partial(feeds.look, feed, answer, parser, now=now, note=note)
                    if self.pins:
                        checks[f"pin of feed {feed.id}"] = partial(feeds.pin, feed, fetcher)
                checks["heartbeat"] = partial(channels.heartbeat, config.beacon)
            checks |= self._of_channels(config, sender)
            return look_at(checks, clock=self.clock, seconds=self.seconds)
        finally:
            fetcher.close()
            sender.close()
            parser.close()

    def _of_the_machine(self, config: Config | None) -> dict[str, Check]:
        zone, url = config.timezone if config else None, database_url(self.environ)
        return {
            "state directory": partial(state.directory, self.state),
            "database": partial(server.database, url, clock=self.clock)
            if url
            else partial(state.database, self.state, now=self.clock.now()),
            "time zones": partial(clocks.zones, zone, self.environ),
            "versions": lambda: software.judged(software.versions(), keeps_the_state=url is None),
            "expat": partial(software.expat, "deep"),
            "expat, long tokens": partial(software.expat, "big"),
        }

    def _of_channels(self, config: Config, sender: AppriseSender) -> dict[str, Check]:
        known = {channel.id for channel in config.channels}
        look = partial(channels.look, sender=sender, known=known, offline=self.offline, trust=self._trust)
        return {f"channel {channel.id}": partial(look, channel) for channel in config.channels}

    def _trust(self) -> ssl.SSLContext:
        """As Apprise has it: certifi's, whatever SSL_CERT_FILE says."""
        import certifi

        return ssl.create_default_context(cafile=certifi.where())
