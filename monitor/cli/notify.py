"""`monitor notify`: does a channel work, and how does an alert look in it?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import click

from monitor import config as configuration
from monitor.alerts import sample
from monitor.alerts.advice import note, remedy
from monitor.alerts.fit import measure
from monitor.alerts.send import AppriseSender
from monitor.alerts.wording import Preview
from monitor.cli import EXIT_UNDELIVERED
from monitor.cli.options import config_option, state_option
from monitor.cli.show import warn
from monitor.cli.unset import channels_left_out, lacks_value, of_the_running, without_channels
from monitor.clock import SystemClock
from monitor.config import Config
from monitor.errors import UsageError
from monitor.hidden import hide, mask
from monitor.links import at_hand
from monitor.model import ONLY, Alert, Channel, Delivery, NotSent, Recipient, SendResult, Sent

KINDS = ("first", "update", "digest", "hostile", "notice")


@click.group()
def notify() -> None:
    """Send a sample alert to a channel."""


@notify.command("test")
@click.argument("channel_id", metavar="[CHANNEL]", required=False)
@click.option("--all", "every", is_flag=True, help="Every channel of the rules file.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="first",
    help="first report (the default); update: a first report and what follows it; digest; hostile: what a feed that "
    "means harm might write; notice: of the monitor itself.",
)
@click.option("--preview", is_flag=True, help="Show what would be sent, and send nothing.")
@config_option
@state_option
@click.pass_context
def notify_test(
    ctx: click.Context, channel_id: str | None, every: bool, kind: str, preview: bool, config: Path, state: Path
) -> None:
    """Send a sample alert to CHANNEL, made and sent as a real one is, and print what the service answered.

    Exit codes: 0 delivered, 3 configuration, 5 undelivered.
    """
    loaded = configuration.load(config, environ=os.environ)
    hide(loaded.secrets())
    left_out = channels_left_out(loaded.warnings)
    if channel_id is not None and channel_id in left_out:
        raise UsageError(f"{lacks_value(channel_id, left_out[channel_id], config)}{of_the_running(state)}")
    warn(loaded.warnings if channel_id is None else without_channels(loaded.warnings))
    channels = _channels(loaded, channel_id, every=every)
    clock = SystemClock()
    sender = AppriseSender(clock=clock, zone=loaded.timezone)
    sender.templates = loaded.templates
    if loaded.web is not None:
        sender.links = at_hand(loaded.web, state).of
    failed = False
    try:
        for channel in channels:
            trial = _Trial(sender, channel, kind, clock.now())
            failed |= not (trial.show() if preview else trial.send())
    finally:
        sender.close()
    ctx.exit(EXIT_UNDELIVERED if failed else 0)


def _channels(config: Config, channel_id: str | None, *, every: bool) -> Sequence[Channel]:
    if every:
        if channel_id is not None:
            raise UsageError("a CHANNEL and --all do not go together")
        return config.channels
    if channel_id is None:
        raise UsageError(f"name a channel, or --all: {', '.join(sorted(channel.id for channel in config.channels))}")
    return [_channel(config, channel_id)]


def _channel(config: Config, channel_id: str) -> Channel:
    known = {channel.id: channel for channel in config.channels}
    if channel_id not in known:
        close = get_close_matches(channel_id, known, 1)
        usable = ", ".join(sorted(known))
        hint = f"did you mean '{close[0]}'?" if close else f"those that can be used: {usable}"
        raise UsageError(f"no channel '{channel_id}': {hint}")
    return known[channel_id]


@dataclass(frozen=True)
class _Trial:
    """One channel, tried with samples of one kind."""

    sender: AppriseSender
    channel: Channel
    kind: str
    now: datetime

    def send(self) -> bool:
        """Whether all of it was delivered."""
        delivered = True
        for where, result in self._results():
            _say(where, result)
            delivered &= isinstance(result, Sent)
        if advice := note(self.channel):
            click.echo(f"  note: {advice}", err=True)
        return delivered

    def _results(self) -> Iterator[tuple[str, SendResult]]:
        if self.kind == "notice":
            yield self.channel.id, self.sender.tell(self.channel, *sample.NOTICE)
            return
        for recipient in self.sender.recipients(self.channel):
            where = self.channel.id if recipient.key == ONLY else f"{self.channel.id} ({recipient.key})"
            if self.kind == "digest":
                deliveries = [self._delivery(alert, recipient) for alert in sample.sample_digest(self.now)]
                yield where, self.sender.send_digest(self.channel, deliveries)
                continue
            first = sample.sample_hostile(self.now) if self.kind == "hostile" else sample.sample_alert(self.now)
            result = self.sender.send(self.channel, self._delivery(first, recipient))
            yield where, result
            if self.kind == "update" and isinstance(result, Sent):
                follow_up = self._delivery(sample.sample_update(self.now), recipient, thread=result.thread)
                yield f"{where}, the update", self.sender.send(self.channel, follow_up)

    def show(self) -> bool:
        """Whether the channel could be used."""
        recipient = self.sender.recipients(self.channel)[0]
        if problem := self.sender.problem(self.channel):
            click.echo(f"{self.channel.id}: cannot be used: {mask(problem)}", err=True)
            return False
        if self.kind == "notice":
            previews = [self.sender.preview_notice(self.channel, *sample.NOTICE)]
        elif self.kind == "digest":
            deliveries = [self._delivery(alert, recipient) for alert in sample.sample_digest(self.now)]
            previews = [self.sender.preview(self.channel, deliveries)]
        else:
            alerts = {
                "first": [sample.sample_alert(self.now)],
                "hostile": [sample.sample_hostile(self.now)],
                "update": [sample.sample_alert(self.now), sample.sample_update(self.now)],
            }[self.kind]
            previews = [self.sender.preview(self.channel, [self._delivery(alert, recipient)]) for alert in alerts]
        for preview in previews:
            click.echo(_shown(self.channel, preview))
        if advice := note(self.channel):
            click.echo(f"note: {advice}", err=True)
        return True

    def _delivery(self, alert: Alert, recipient: Recipient, thread: str | None = None) -> Delivery:
        return Delivery(id=0, alert=alert, recipient=recipient, attempts=0, created_at=self.now, thread=thread)


def _say(where: str, result: SendResult) -> None:
    match result:
        case Sent(answer=answer, thread=thread):
            said = f" ({mask(answer)})" if answer else ""
            click.echo(f"{where}: delivered{said}", err=True)
            if thread:
                click.echo("  follow-ups hang on this message", err=True)
        case NotSent() as refused:
            click.echo(f"{where}: not delivered: {mask(refused.detail)}", err=True)
            click.echo(f"  = {remedy(refused)}", err=True)


def _shown(channel: Channel, preview: Preview) -> str:
    """The message as it would be sent, beneath what it measures of what the service takes."""
    message, limits = preview.message, preview.limits
    head = [f"--- {channel.id}: {message.format if limits else 'a CloudEvent'}"]
    if limits is not None:
        sizes = [(name, text, most) for name, text, most in _parts(preview) if most]
        head += [f"{name}: {measure(text, limits.unit)} of {most} {limits.unit}" for name, text, most in sizes]
    return "\n".join([*head, "", *([message.title] if message.title else []), message.body.rstrip("\n"), ""])


def _parts(preview: Preview) -> Iterator[tuple[str, str, int]]:
    if preview.limits is not None:
        yield "title", preview.message.title, preview.limits.title
        yield "body", preview.message.body, preview.limits.body
