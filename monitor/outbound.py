"""The loop of deliveries: what is due is put into messages, claimed, sent in the background, and accounted for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from monitor.alerts import holding
from monitor.alerts.bursts import Bursts, Crowd
from monitor.alerts.flow import Hold as Slack
from monitor.alerts.pace import Pacer
from monitor.alerts.parcels import Parcel, Plan, plan
from monitor.errors import StateError
from monitor.loops import LEASE, Loop, nobody
from monitor.model import Attempt, Channel, Delivery, Hold, Sent, Severity, Wait, is_webhook
from monitor.pipeline import Pipeline
from monitor.ports import Clock, Store
from monitor.setup import Setup

BATCH = 8  # deliveries of one channel claimed at a time; one of them is under way, which is all that a crash can repeat
AT_ONCE = 2000  # deliveries of one channel that are looked at together


class DeliverLoop(Loop):
    """Deliveries, one thread a channel, so that a channel that hangs holds back no other.

    No thread waits for a channel's turn: what may not be sent yet is due again when it may.
    """

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        store: Store,
        clock: Clock,
        report: Callable[[Delivery, Attempt], None],
        lost: Callable[[Exception], None] = nobody,
        channels: int = 32,
    ) -> None:
        """`channels`: how many are served at a time. `report` is called in a worker."""
        super().__init__(channels, "deliver", lost)
        self._pipeline, self._store, self._clock, self._report = pipeline, store, clock, report
        self._pacer, self._bursts = Pacer(clock), Bursts(clock)
        self._paced: dict[str, float] = {}  # channel id -> when its next message may be sent (monotonic)

    def tick(self, setup: Setup) -> list[str]:
        """Begin to send what is due; the ids of the channels begun."""
        if self._stopping:
            return []
        due = self._store.channels_due(self._clock.now())
        free = [channel_id for channel_id in due if self._may_begin(setup, channel_id)]
        return [channel_id for channel_id in free if self._serve(setup, channel_id)]

    def next_in(self) -> float | None:
        """Seconds until a channel may be sent to for which something waits only because of its pace; None if none."""
        times = list(self._paced.values())
        return max(min(times) - self._clock.monotonic(), 0.0) if times else None

    def _may_begin(self, setup: Setup, channel_id: str) -> bool:
        channel = setup.channels.get(channel_id)
        hold = self._pacer.hold(channel) if channel is not None else None
        self._remember(channel_id, hold)
        return hold is None

    def _remember(self, channel_id: str, hold: Slack | None) -> None:
        if hold is not None and hold.reason == "pace":
            self._paced[channel_id] = self._clock.monotonic() + hold.seconds
        else:
            self._paced.pop(channel_id, None)

    def _serve(self, setup: Setup, channel_id: str) -> bool:
        if not self._begin(channel_id):
            return False
        try:
            self._workers.submit(self._send_all, setup, channel_id)
        except RuntimeError:  # stopped meanwhile
            self._end(channel_id)
            return False
        return True

    def _send_all(self, setup: Setup, channel_id: str) -> None:
        try:
            channel = setup.channels.get(channel_id)
            if channel is None:
                now = self._clock.now()
                claimed = self._store.claim_deliveries(now, channel_id=channel_id, limit=BATCH, lease=LEASE)
                self._send_each(setup, None, claimed)
            else:
                while self._send_some(setup, channel):
                    pass
        except Exception as error:  # noqa: BLE001 - the loop must go on; see _broke
            self._broke("deliver.lost", error, channel=channel_id)
        finally:
            self._end(channel_id)

    def _send_some(self, setup: Setup, channel: Channel) -> bool:
        """One message of many alerts, or a few of one each; whether there are more of the former."""
        now = self._clock.now()
        waiting = self._store.waiting(now, channel_id=channel.id, limit=AT_ONCE)
        planned = plan(
            waiting,
            now=now,
            wait=partial(_wait, setup, channel, now),
            fails=partial(self._pacer.fails, channel),
            crowd=partial(self._crowd, channel),
        )
        if planned.held:
            self._store.hold(planned.held)
            self._remember_burst(channel.id, planned)
        if not planned.parcels or self._stopping:
            return False
        if not planned.parcels[0].is_plain:
            self._send_together(setup, channel, planned.parcels[0])
            return True
        room = self._pacer.room(channel, BATCH)
        plain = [parcel.deliveries[0].id for parcel in takewhile(lambda each: each.is_plain, planned.parcels)]
        self._send_each(setup, channel, self._claim(channel, plain[:room]))
        return not all(parcel.is_plain for parcel in planned.parcels)

    def _claim(self, channel: Channel, ids: Sequence[int], *, together: bool = False) -> list[Delivery]:
        return self._store.claim_deliveries(
            self._clock.now(), channel_id=channel.id, limit=len(ids), lease=LEASE, ids=ids, together=together
        )

    def _crowd(self, channel: Channel, key: str, critical: bool, waiting: int) -> Crowd | None:
        """A machine takes each event as itself, and the console is read where one can scroll."""
        if not waiting or channel.url is None or is_webhook(channel.url.reveal()):
            return None
        room = self._pacer.within_a_minute(channel, key)
        return self._bursts.crowd(channel.id, key, critical=critical, waiting=waiting, room=room)

    def _remember_burst(self, channel_id: str, planned: Plan) -> None:
        """A caller that ends waits for it as for a pace."""
        until = [wait.until for _, wait in planned.held if wait.hold is Hold.BURST]
        if until:
            self._paced[channel_id] = self._clock.monotonic() + (min(until) - self._clock.now()).total_seconds()

    def _send_together(self, setup: Setup, channel: Channel, parcel: Parcel) -> None:
        hold = self._pacer.take(channel, parcel.key, critical=parcel.critical)
        if hold is not None:
            self._remember(channel.id, hold)
            until = self._clock.now() + timedelta(seconds=hold.seconds)
            self._store.put_off(parcel.deliveries, until=until, why=hold.why)
            return
        claimed = self._claim(channel, [each.id for each in parcel.deliveries], together=True)
        if not claimed:
            return
        attempts = self._pipeline.deliver_together(setup, claimed)
        self._pacer.note(channel, parcel.key, attempts[0].result)
        if isinstance(attempts[0].result, Sent):
            self._bursts.note(
                channel.id, parcel.key, critical=parcel.critical, gathered=parcel.burst,
                alerts=len(claimed) if parcel.burst else 1,
            )  # fmt: skip
        for delivery, attempt in zip(claimed, attempts, strict=True):
            self._report(delivery, attempt)

    def _send_each(self, setup: Setup, channel: Channel | None, claimed: Iterable[Delivery]) -> None:
        """One after the other, in the order claimed: after a crash the store takes the first that is left to have been
        under way. A recipient that just could not be reached is not tried again for each of its alerts, which at an
        endpoint that hangs would take minutes."""
        left = deque(claimed)
        try:
            while left:
                self._send_one(setup, channel, left.popleft())
        except Exception:  # it goes on to whoever accounts for it
            with suppress(StateError):  # those behind what broke need not wait for the end of their leases
                for delivery in left:
                    self._defer(delivery, None)
            raise

    def _send_one(self, setup: Setup, channel: Channel | None, delivery: Delivery) -> None:
        key, critical = delivery.recipient.key, delivery.alert.severity is Severity.CRITICAL
        hold = self._pacer.take(channel, key, critical=critical) if channel is not None else None
        if self._stopping or hold is not None:
            self._defer(delivery, hold)
            return
        attempt = self._pipeline.deliver(setup, delivery)
        if channel is not None:
            self._pacer.note(channel, key, attempt.result)
            if isinstance(attempt.result, Sent):
                self._bursts.note(channel.id, key, critical=critical, alerts=1, gathered=False)
        self._report(delivery, attempt)

    def _defer(self, delivery: Delivery, hold: Slack | None) -> None:
        """It was not tried: that is no attempt, and brings nothing nearer to being given up."""
        self._remember(delivery.recipient.channel_id, hold)
        wait = timedelta(seconds=hold.seconds if hold is not None else 0)
        self._store.defer(delivery, until=self._clock.now() + wait, why=hold.why if hold is not None else None)


def _wait(setup: Setup, channel: Channel, now: datetime, delivery: Delivery) -> Wait | None:
    """Looked at when it was made, and again now: the channel's hours may have begun, or the rules be others."""
    alert = delivery.alert
    if not holding.is_held_at_all(alert):
        return None
    digest = None
    if delivery.hold in (Hold.THROTTLE, Hold.QUIET_HOURS, Hold.DIGEST):  # the rules may have to be read for it
        rule = setup.rules.get(alert.rule_id)
        digest = rule.digest if rule is not None else None
    since = holding.since(delivery, now=now)
    return holding.wait(alert.severity, channel, digest, since=since, now=now, zone=setup.zone)
