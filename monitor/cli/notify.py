"""`monitor notify`: does a channel work?"""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

import click

from monitor import config as configuration
from monitor.alerts.sample import sample_alert
from monitor.alerts.send import AppriseSender
from monitor.cli import EXIT_UNDELIVERED
from monitor.cli.options import config_option, state_accepted
from monitor.cli.show import warn
from monitor.clock import SystemClock
from monitor.config import Config
from monitor.errors import UsageError
from monitor.hidden import hide
from monitor.model import Channel, Delivery, NotSent


@click.group()
def notify() -> None:
    """Send a sample alert to a channel."""


@notify.command("test")
@click.argument("channel_id", metavar="CHANNEL")
@config_option
@state_accepted
@click.pass_context
def notify_test(ctx: click.Context, channel_id: str, config: Path) -> None:
    """Send a sample alert to CHANNEL, made and sent as a real one is, and print what the service answered.

    Exit codes: 0 delivered, 3 configuration, 5 undelivered.
    """
    loaded = configuration.load(config, environ=os.environ)
    hide(loaded.secrets())
    warn(problem for problem in loaded.warnings)
    channel = _channel(loaded, channel_id)
    clock = SystemClock()
    sender = AppriseSender(clock=clock, zone=loaded.timezone)
    failed = 0
    try:
        for recipient in sender.recipients(channel):
            now = clock.now()
            delivery = Delivery(id=0, alert=sample_alert(now), recipient=recipient, attempts=0, created_at=now)
            result = sender.send(channel, delivery)
            where = channel.id if recipient.key == "only" else f"{channel.id} ({recipient.key})"
            if isinstance(result, NotSent):
                failed += 1
                click.echo(f"{where}: not delivered: {result.detail}", err=True)
            else:
                click.echo(f"{where}: delivered", err=True)
    finally:
        sender.close()
    ctx.exit(EXIT_UNDELIVERED if failed else 0)


def _channel(config: Config, channel_id: str) -> Channel:
    known = {channel.id: channel for channel in config.channels}
    if channel_id not in known:
        close = get_close_matches(channel_id, known, 1)
        usable = ", ".join(sorted(known))
        hint = f"did you mean '{close[0]}'?" if close else f"those that can be used: {usable}"
        raise UsageError(f"no channel '{channel_id}': {hint}")
    return known[channel_id]
