"""The loop of deliveries: what is due is put into messages, claimed, sent in the background, and accounted for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile

from monitor.alerts import holding
from monitor.alerts.account import Account
from monitor.alerts.bursts import Crowd
from monitor.alerts.flow import Hold as Slack
from monitor.alerts.parcels import Parcel, Plan, plan
from monitor.errors import StateError
from monitor.loops import LEASE, Loop, nobody
from monitor.model import Attempt, Channel, Delivery, Hold, Sent, Severity, Wait, is_webhook
from monitor.pipeline import Pipeline
from monitor.ports import Clock, Store
from monitor.setup import Setup
from monitor.turns import NoTurns, Turn, Turns

BATCH = 8  # deliveries of one channel claimed at a time; one of them is under way, which is all that a crash can repeat
AT_ONCE = 2000  # deliveries of one channel that are looked at together


@dataclass(frozen=True, slots=True)
class _Round:
    """What is sent to a channel in one turn; None for the channel that its id names no more."""

    setup: Setup
    channel: Channel | None
    turn: Turn


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
        turns: Turns | None = None,
    ) -> None:
        """`channels`: how many are served at a time. `turns`: where others send too. `report` is called in a worker."""
        super().__init__(channels, "deliver", lost)
        self._pipeline, self._store, self._clock, self._report = pipeline, store, clock, report
        self._turns = turns or NoTurns(store)
        self._account = Account(clock)
        self._pacer, self._bursts = self._account.pacer, self._account.bursts
        self._paced: dict[str, float] = {}  # channel id -> when its next message may be sent (monotonic)

    def tick(self, setup: Setup) -> list[str]:
        """Begin to send what is due; the ids of the channels begun."""
        if self._stopping:
            return []
        free = [channel_id for channel_id in self.due() if self._may_begin(setup, channel_id)]
        return [channel_id for channel_id in free if self._submit(setup, channel_id) is not None]

    def due(self) -> list[str]:
        """Ids of the channels for which there is something to do."""
        return list(dict.fromkeys((*self._store.channels_due(self._clock.now()), *self._turns.left())))

    def serve(self, setup: Setup, channel_id: str) -> bool:
        """What a tick begins for one channel, and until that has ended. False where nothing may begin now."""
        begun = self._submit(setup, channel_id) if self._may_begin(setup, channel_id) else None
        if begun is None:
            return False
        begun.result()
        return True

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

    def _submit(self, setup: Setup, channel_id: str) -> Future[None] | None:
        if not self._begin(channel_id):
            return None
        try:
            return self._workers.submit(self._send_all, setup, channel_id)
        except RuntimeError:  # stopped meanwhile
            self._end(channel_id)
            return None

    def _send_all(self, setup: Setup, channel_id: str) -> None:
        try:
            turn = self._turns.take(channel_id, self._account)
            if turn is not None:
                self._send_in_turn(_Round(setup, setup.channels.get(channel_id), turn))
        except Exception as error:  # noqa: BLE001 - the loop must go on; see _broke
            self._broke("deliver.lost", error, channel=channel_id)
        finally:
            self._end(channel_id)

    def _send_in_turn(self, of: _Round) -> None:
        try:
            if of.channel is None:
                self._send_each(of, of.turn.claim(self._clock.now(), limit=BATCH, lease=LEASE))
            elif self._may_begin(of.setup, of.channel.id):  # whoever had the turn before may have sent just now
                while self._send_some(of, of.channel):
                    pass
        except BaseException:
            with suppress(StateError):  # what broke says more; and the turn runs out by itself
                of.turn.end(broke=True)
            raise
        of.turn.end(broke=False)

    def _send_some(self, of: _Round, channel: Channel) -> bool:
        """One message of many alerts, or a few of one each; whether there are more of the former."""
        now = self._clock.now()
        waiting = self._store.waiting(now, channel_id=channel.id, limit=AT_ONCE)
        planned = plan(
            waiting,
            now=now,
            wait=partial(_wait, of.setup, channel, now),
            fails=partial(self._pacer.fails, channel),
            crowd=partial(self._crowd, channel),
        )
        if planned.held:
            self._store.hold(planned.held)
            self._remember_burst(channel.id, planned)
        if not planned.parcels or self._stopping:
            return False
        if not planned.parcels[0].is_plain:
            return self._send_together(of, channel, planned.parcels[0])
        room = self._pacer.room(channel, BATCH)
        plain = [parcel.deliveries[0].id for parcel in takewhile(lambda each: each.is_plain, planned.parcels)]
        claimed = self._claim(of, plain[:room])
        goes_on = bool(claimed) and self._send_each(of, claimed)
        return goes_on and not all(parcel.is_plain for parcel in planned.parcels)

    def _claim(self, of: _Round, ids: Sequence[int], *, together: bool = False) -> list[Delivery]:
        return of.turn.claim(self._clock.now(), limit=len(ids), lease=LEASE, ids=ids, together=together)

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

    def _send_together(self, of: _Round, channel: Channel, parcel: Parcel) -> bool:
        """Whether there may be more."""
        hold = self._pacer.take(channel, parcel.key, critical=parcel.critical)
        if not of.turn.keeps():
            return False
        if hold is not None:
            self._remember(channel.id, hold)
            until = self._clock.now() + timedelta(seconds=hold.seconds)
            self._store.put_off(parcel.deliveries, until=until, why=hold.why)
            return True
        claimed = self._claim(of, [each.id for each in parcel.deliveries], together=True)
        if not claimed:
            return False
        attempts = self._pipeline.deliver_together(of.setup, claimed)
        self._pacer.note(channel, parcel.key, attempts[0].result)
        if isinstance(attempts[0].result, Sent):
            self._bursts.note(
                channel.id, parcel.key, critical=parcel.critical, gathered=parcel.burst,
                alerts=len(claimed) if parcel.burst else 1,
            )  # fmt: skip
        for delivery, attempt in zip(claimed, attempts, strict=True):
            self._report(delivery, attempt)
        return True

    def _send_each(self, of: _Round, claimed: Iterable[Delivery]) -> bool:
        """Whether the turn is still had.

        One after the other, in the order claimed: after a crash the store takes the first that is left to have been
        under way. A recipient that just could not be reached is not tried again for each of its alerts, which at an
        endpoint that hangs would take minutes.
        """
        left = deque(claimed)
        try:
            while left:
                if not self._send_one(of, left.popleft()):
                    return False
        except Exception:  # it goes on to whoever accounts for it
            with suppress(StateError):  # those behind what broke need not wait for the end of their leases
                if left and of.turn.keeps():
                    for delivery in left:
                        self._defer(delivery, None)
            raise
        return True

    def _send_one(self, of: _Round, delivery: Delivery) -> bool:
        """False if the turn is lost: whoever has it now has ended the leases of this one and of those behind it."""
        channel, key, critical = of.channel, delivery.recipient.key, delivery.alert.severity is Severity.CRITICAL
        hold = self._pacer.take(channel, key, critical=critical) if channel is not None else None
        if not of.turn.keeps():
            return False
        if self._stopping or hold is not None:
            self._defer(delivery, hold)
            return True
        attempt = self._pipeline.deliver(of.setup, delivery)
        if channel is not None:
            self._pacer.note(channel, key, attempt.result)
            if isinstance(attempt.result, Sent):
                self._bursts.note(channel.id, key, critical=critical, alerts=1, gathered=False)
        self._report(delivery, attempt)
        return True

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
