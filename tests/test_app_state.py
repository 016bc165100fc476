"""What the operators hear of the state's own trouble: once when it begins, and again only if it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from monitor.app import App
from monitor.config import Config
from monitor.errors import StateDamaged
from monitor.links import KEY_FILE
from monitor.model import FeedState, NotSent, Recipient
from monitor.store import Reader, ballast, open_store
from monitor.trouble import Kind
from tests.alerts.made import an_alert
from tests.store.builders import tell
from tests.store.refusing import refusing_disk
from tests.world import FakeClock

RULES = "version: 1\nfeeds: [{url: 'https://one.example/rss'}]\nrules: [{id: any, title: any, all: [مطار]}]\n"


class Told:
    def __init__(self) -> None:
        self.heard: list[str] = []
        self._open: set[str] = set()

    def tell(self, trouble: str, title: str, text: str, **_more: object) -> None:
        if trouble not in self._open:
            self.heard.append(f"{trouble}: {title}")
        self._open.add(trouble)

    def over(self, trouble: str) -> None:
        if trouble in self._open:
            self.heard.append(f"{trouble} is over")
        self._open.discard(trouble)

    def use(self, channels: object) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setattr(ballast.lay, "__kwdefaults__", {"size": 2**20})
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    made = App(
        tmp_path / "rules.yaml", tmp_path / "state", command="a test", keeps_going=True, environ={}, clock=FakeClock()
    )
    made.operations = Told()  # type: ignore[assignment]
    yield made
    made.close(within=5)


def test_a_disk_that_takes_nothing_is_told_once_and_its_recovery_too(app: App) -> None:
    told = app.operations.heard  # type: ignore[attr-defined]
    app.look_after_state()
    with refusing_disk():
        app.store.make_due([], now=app.clock.now())  # writes nothing
        app.store.shift_leases(timedelta(seconds=1), now=app.clock.now())
        app.store.resend(now=app.clock.now())
        app.store.claim_due_feeds(app.config.feeds, app.clock.now(), limit=1, lease=timedelta(minutes=1))
        for _ in range(3):
            app.look_after_state()
        assert told == ["disk: The disk does not take what must be recorded"]
        app.keep_house()  # leaves alone what is held
        assert app.store.holds
    app.look_after_state()
    assert told[1:] == ["disk is over"]
    assert not app.store.holds


def test_a_damaged_state_is_told_within_a_day(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    told = app.operations.heard  # type: ignore[attr-defined]
    for n in range(40):
        tell(app.store, f"خبر {n}", seen_at=app.clock.now())
    app.keep_house()  # empties the log
    monkeypatch.setattr("monitor.app.tidy", lambda *_, **__: None)  # which may come across the damage sooner
    assert app.store.path is not None
    with app.store.path.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xa5" * 4096)
    app.clock.advance(timedelta(hours=23))  # type: ignore[attr-defined]
    app.keep_house()
    assert told == []
    app.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    app.keep_house()
    assert told == ["damage: The state is damaged"]


def test_a_poll_that_cannot_be_recorded_is_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease holds it back, and nothing is recorded that would tell of it."""

    def damaged(*_: object) -> None:
        raise StateDamaged("the state is damaged")

    monkeypatch.setattr(app.fetcher, "submit", damaged)
    app.tick()
    assert app.polls.wait(30)
    assert app.operations.heard == ["lost polls: Some polls came to nothing within monitor"]  # type: ignore[attr-defined]


def test_rules_that_break_the_compiler_are_refused_and_the_old_ones_stay(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("monitor.app.compile_setup", breaks)
    before = app.setup
    app.reload_if_changed(asked=True)
    assert app.setup is before
    assert app.rules_refused
    assert app.operations.heard == [  # type: ignore[attr-defined]
        "rules: The changed rules were refused; the old ones stay in force"
    ]


def test_a_daily_test_that_cannot_be_made_does_not_blind_the_look(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[object] = []

    def breaks(_config: object) -> None:
        raise LookupError

    monkeypatch.setattr(app.lookout, "send_canaries", breaks)
    monkeypatch.setattr(app.lookout, "look", lambda config, _rules: looks.append(config))
    with pytest.raises(LookupError):
        app.look_after_itself()
    assert looks == [app.config]


def test_a_send_that_the_end_breaks_off_is_written_down_and_those_behind_it_are_no_doubt(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, broken_off = Event(), Event()

    def send(_channel: object, _delivery: object) -> NotSent:
        begun.set()
        assert broken_off.wait(30)
        return NotSent(detail="broke off", ambiguous=True, failed_at=app.clock.now())

    monkeypatch.setattr(app.sender, "send", send)
    monkeypatch.setattr(app.sender, "close", broken_off.set)
    for title in ("غارة", "قصف"):
        tell(app.store, title, Recipient(channel_id="console", key="only"), seen_at=app.clock.now())
    app.deliveries.tick(app.setup)
    assert begun.wait(30)
    app.close(within=0)
    app.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    again = open_store(app.state, now=app.clock.now())
    again.take_over(now=app.clock.now())
    due = again.claim_deliveries(app.clock.now(), limit=9, lease=timedelta(minutes=1))
    again.close()
    assert sorted((delivery.attempts, delivery.doubts) for delivery in due) == [(0, 0), (1, 1)]


def test_a_look_at_a_feed_that_is_down_reads_no_rules_files(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks from cron would read them every minute, as long as one feed of many is down."""

    def read(_config: Config) -> None:
        raise AssertionError

    now, feed_id = app.clock.now(), app.config.feeds[0].id
    with app.store.ingest() as tx:
        tx.feed_state(FeedState(feed_id=feed_id, next_poll_at=now, last_polled_at=now, failures=3, failing_since=now))
    monkeypatch.setattr(Config, "rules", property(read))
    app.look()
    found = {trouble.finding.kind for trouble in Reader(app.store.database).troubles().values()}
    assert found == {Kind.FEED_FAILING, Kind.RULE_BLIND}


WEB = RULES + "web: {url: 'https://monitor.example'}\n"


def test_without_a_web_address_messages_have_no_links_and_no_key_is_made(app: App) -> None:
    assert app.links() is None
    assert app.links_of(an_alert()) == {}
    assert not (app.state / KEY_FILE).exists()


def test_a_web_address_gives_messages_links_also_when_it_is_written_later(app: App) -> None:
    app.config_file.write_text(WEB, encoding="utf-8")
    app.reload_if_changed(asked=True)
    assert sorted(app.links_of(an_alert())) == ["ack", "mute", "open", "wrong"]
    assert app.links_of(an_alert())["open"].startswith("https://monitor.example/a/")


def test_a_key_that_is_no_good_is_told_once_and_counts_when_it_is_mended(app: App) -> None:
    told = app.operations.heard  # type: ignore[attr-defined]
    (app.state / KEY_FILE).write_bytes(b"k" * 32)
    (app.state / KEY_FILE).chmod(0o644)
    app.config_file.write_text(WEB, encoding="utf-8")
    app.reload_if_changed(asked=True)
    assert app.links_of(an_alert()) == app.links_of(an_alert()) == {}
    assert told[-1] == "links: Messages have no links"
    (app.state / KEY_FILE).chmod(0o600)
    assert app.links_of(an_alert())
    assert told[-1] == "links is over"


def test_what_sends_gets_the_links_of_the_rules_in_force(app: App) -> None:
    sender = app._make_sender(None, app.config.timezone)
    assert sender.links(an_alert()) == {}
    app.config_file.write_text(WEB, encoding="utf-8")
    app.reload_if_changed(asked=True)
    assert sender.links(an_alert()) == app.links_of(an_alert()) != {}
    sender.close()
