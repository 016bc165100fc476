"""Alerts that wait for an acknowledgement, through the pipeline and the store: who is told, once each, until somebody
says so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.chains import ChainTick
from monitor.language import Acknowledge
from monitor.model import Channel, DeliveryStatus, MuteKind, NotSent, Recipient, Secret, Severity
from monitor.store import Reader, SqliteStore, open_store
from monitor.store.chain_rows import Chains
from monitor.store.mute_rows import Mutes
from monitor.store.wish_rows import Wishes
from tests.world import MINUTE, NOW, STRIKE, World, feed, item, rule

QUARTER = 15 * MINUTE
CHAIN = Acknowledge(within=QUARTER, then=("phone", "chief"))
OTHERWISE = "انهيار مبنى سكني بعد غارة ليلية في السوق القديم"  # what an edit makes of the first headline


class Watch:
    """A world with a desk, a phone and a chief, that ticks."""

    def __init__(self, *, store: SqliteStore | None = None, baseline: bool = True, chain: Acknowledge = CHAIN) -> None:
        self.world = World(rule(acknowledge=chain), feeds=[feed()], store=store, baseline=baseline)
        self.channel("phone")
        self.channel("chief")
        self.tick = ChainTick(
            chains=Chains(self.world.store.database), sender=self.world.sender, clock=self.world.clock
        )
        self.wishes = Wishes(self.world.store.database)

    def channel(self, name, **more):
        self.world.setup.channels[name] = Channel(id=name, url=Secret("json://x"), language="ar", **more)

    def alert(self, title=STRIKE):
        self.world.poll(item(title))
        self.world.deliver()

    def after(self, length):
        """What each channel was told within that time."""
        before = len(self.world.sender.sent)
        for _ in range(length // MINUTE):
            self.world.clock.advance(MINUTE)
            self.tick.tick(self.world.setup)
            self.world.deliver()
        return [sent.recipient.channel_id for sent in self.world.sender.sent[before:]]


@pytest.fixture
def watch():
    made = Watch()
    made.world.poll()
    return made


def test_each_further_channel_is_told_once_until_the_chain_ends(watch):
    watch.alert()
    assert watch.after(14 * MINUTE) == []
    assert watch.after(MINUTE) == ["phone"]
    assert watch.after(14 * MINUTE) == []
    assert watch.after(MINUTE) == ["chief"]
    assert watch.after(120 * MINUTE) == []
    assert {sent.alert.id for sent in watch.world.sender.sent} == {"1.1"}
    [first, *_] = Reader(watch.world.store.database).deliveries_of("1.1")
    assert [sent.unacknowledged_since for sent in watch.world.sender.sent] == [None, first.sent_at, first.sent_at]


def test_nobody_further_is_told_once_somebody_has_seen_it(watch):
    watch.alert()
    assert watch.after(QUARTER) == ["phone"]
    watch.wishes.acknowledge("1.1", by="سلمى", now=watch.world.clock.now())
    assert watch.after(60 * MINUTE) == []


def test_one_acknowledgement_ends_the_chains_of_the_whole_story(watch):
    watch.alert()
    watch.world.clock.advance(31 * MINUTE)
    watch.alert(OTHERWISE)
    assert [sent.alert.id for sent in watch.world.sender.sent] == ["1.1", "1.2"]
    watch.wishes.acknowledge("1.1", by="سلمى", now=watch.world.clock.now())
    assert watch.after(60 * MINUTE) == []


def test_what_a_further_channel_was_not_sent_yet_is_ended_by_the_acknowledgement(watch):
    watch.world.sender.refuse.add("phone")
    watch.alert()
    assert watch.after(QUARTER) == []
    watch.wishes.acknowledge("1.1", by="سلمى", now=watch.world.clock.now())
    watch.world.sender.refuse.clear()
    assert watch.after(60 * MINUTE) == []
    desk, phone = Reader(watch.world.store.database).deliveries_of("1.1")
    assert (desk.status, phone.status) == (DeliveryStatus.SENT, DeliveryStatus.ENDED)
    assert phone.last_error == "acknowledged by سلمى before it was sent"


def test_the_fallback_of_a_further_channel_hears_why_it_is_told_and_no_more_once_it_is_acknowledged(watch):
    watch.channel("phone", fallback="mail")
    watch.channel("mail")
    watch.world.sender.refuse |= {"phone", "mail"}
    watch.alert()
    watch.after(QUARTER)
    give_up = NotSent(detail="gone", permanent=True, failed_at=watch.world.clock.now())
    store, now = watch.world.store, watch.world.clock.now()
    [phone] = store.claim_deliveries(now + timedelta(hours=1), channel_id="phone", limit=1, lease=MINUTE)
    store.pass_on(phone, give_up, [Recipient(channel_id="mail", key="only")], now=now)
    [mail] = store.claim_deliveries(now, channel_id="mail", limit=1, lease=MINUTE)
    assert (mail.stands_in_for, mail.unacknowledged_since) == ("phone", phone.unacknowledged_since)
    watch.wishes.acknowledge("1.1", by="سلمى", now=now)
    assert Reader(store.database).deliveries_of("1.1")[-1].status is DeliveryStatus.ENDED


def test_a_mute_ends_the_chain(watch):
    watch.alert()
    now = watch.world.clock.now()
    mutes = Mutes(watch.world.store.database)
    mutes.begin(MuteKind.STORY, "1", until=now + MINUTE, reason="", by="x", now=now, within=lambda _: ())
    assert watch.after(60 * MINUTE) == []


def test_a_service_that_is_down_does_not_hold_up_the_next_channel(watch):
    watch.world.sender.refuse.add("desk")
    watch.alert()
    assert watch.after(QUARTER) == ["phone"]


def test_a_channel_that_takes_no_such_alerts_is_passed_over(watch):
    watch.channel("phone", min_severity=Severity.CRITICAL)
    watch.alert()
    assert watch.after(QUARTER) == ["chief"]


def test_a_chain_goes_on_after_a_restart(tmp_path):
    store = open_store(tmp_path / "state", now=NOW)
    first = Watch(store=store)
    first.world.poll()
    first.alert()
    assert first.after(QUARTER) == ["phone"]
    store.close()
    store = open_store(tmp_path / "state", now=NOW)
    second = Watch(store=store)
    second.world.clock.advance(first.world.clock.now() - NOW)
    assert second.after(14 * MINUTE) == []
    assert second.after(MINUTE) == ["chief"]
    store.close()


def test_a_crash_between_the_step_and_its_record_tells_nobody_twice(watch, monkeypatch):
    """Either both are there or neither is."""
    from monitor.store import chain_rows

    watch.alert()
    watch.world.clock.advance(QUARTER)

    def breaks(*_):
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(chain_rows, "_move", breaks)
        with pytest.raises(RuntimeError):
            watch.tick.tick(watch.world.setup)
    reader = Reader(watch.world.store.database)
    assert [each.recipient.channel_id for each in reader.deliveries_of("1.1")] == ["desk"]
    assert watch.after(MINUTE) == ["phone"]


def test_a_clock_that_is_set_takes_the_chain_with_it(watch):
    watch.alert()
    step = timedelta(hours=-3)
    watch.world.clock._now += step
    watch.world.store.shift_leases(step, now=watch.world.clock.now())
    assert watch.after(QUARTER)[:1] == ["phone"]


def test_a_rule_without_a_chain_makes_none():
    world = World(rule(), baseline=False)
    world.poll(item())
    assert Chains(world.store.database).due(NOW + timedelta(days=9)) == []
