"""Alerts that nobody acknowledged are told to the next channel of their rule's chain."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from functools import partial

from monitor.alerts.chain import step
from monitor.alerts.policy import channels_for
from monitor.model import Chain, ChainStep, Recipient
from monitor.ports import Clock, Sender
from monitor.setup import Setup
from monitor.store.chain_rows import Chains

log = logging.getLogger(__name__)


class ChainTick:
    """What is due is put into the outbox; the deliveries go their way from there."""

    def __init__(self, *, chains: Chains, sender: Sender, clock: Clock) -> None:
        self._chains, self._sender, self._clock = chains, sender, clock

    def tick(self, setup: Setup, *, ahead: timedelta = timedelta(0)) -> None:
        """`ahead`: what will be due so soon is due now, for a caller that comes again only much later."""
        now = self._clock.now()
        for alert_id, channel_ids in self._chains.due(now + ahead):
            known = {each: self._recipients(setup, each) for each in channel_ids}  # before the transaction: it may last
            move = partial(_step, setup=setup, recipients=known, now=now + ahead)
            done = self._chains.move(alert_id, move, by=now + ahead, now=now)
            if done is not None and done.tell:
                told = {"alert": alert_id, "channel": done.tell[0].channel_id}
                log.info("alert.unacknowledged", extra=told)

    def _recipients(self, setup: Setup, channel_id: str) -> tuple[Recipient, ...]:
        channel = setup.channels.get(channel_id)
        return self._sender.recipients(channel) if channel is not None else ()


def _step(chain: Chain, *, setup: Setup, recipients: dict[str, tuple[Recipient, ...]], now: datetime) -> ChainStep:
    """Channels that take no alerts of its severity are not told of it here either."""
    there = (setup.channels[channel_id] for channel_id in chain.channels if channel_id in setup.channels)
    takes = {channel.id for channel in channels_for(chain.severity, there)}
    return step(chain, {each: found for each, found in recipients.items() if each in takes}, now=now)
