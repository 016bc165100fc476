"""Twenty faults in six services, with Apprise as it is: nothing is lost once the service has healed, nothing comes
twice but for the one repeat of what may have arrived, and a healthy channel beside them gets its alert at once."""

from __future__ import annotations

import email
import html
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from monitor.alerts import zygote
from monitor.alerts.send import AppriseSender
from monitor.clock import SystemClock
from monitor.language import Lexicon
from monitor.model import Channel, DeliveryStatus, Recipient, Secret, Sent
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.rules.matcher import Matcher
from monitor.setup import Setup
from monitor.store import Reader, SqliteStore
from tests.alerts.made import a_delivery
from tests.faults.receivers import FAULTS, TAKES, Receiver, closing, hosts_file
from tests.store.builders import tell
from tests.world import PlainParser, PlainReading

SERVICES = {
    "slack": "slack://T1AAAAAAA/B1AAAAAAA/CCCCCCCCCCCCCCCCCCCCCCCC",
    "tgram": "tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4242",
    "discord": "discord://123456789012345678/AAAAAAAAAAAAAAAAAAAAAAAA",
    "json": "json://json.example/hook",
    "mailto": "mailto://mail.example?from=monitor@sender.example&smtp=mail.example&to=desk@desk.example",
    "ntfy": "ntfy://ntfy.example/desk",
}
HOSTS = {
    "slack": "hooks.slack.com",
    "tgram": "api.telegram.org",
    "discord": "discord.com",
    "json": "json.example",
    "mailto": "mail.example",
    "ntfy": "ntfy.example",
    "healthy": "healthy.example",
    "spare": "spare.example",
}
# The services' hosts are fixed in Apprise: in the sending processes of these tests they lead to loopback, by a file
# that each message reads anew, and patience is short.
BOOT = """
import json, smtplib, sys
from urllib.parse import urlsplit
from requests.adapters import HTTPAdapter
root, idle = sys.argv[1:]
root in sys.path or sys.path.insert(0, root)
from monitor.alerts import forking, service
service.OURS = {**service.OURS, "cto": 2, "rto": 3}
send, connect = HTTPAdapter.send, smtplib.SMTP.connect
def place(host):
    with open(HOSTS_FILE) as file:
        return json.load(file)[host]
def send_to_loopback(self, request, **options):
    url = urlsplit(request.url)
    host, port = place(url.hostname)
    request.url = f"http://{host}:{port}{url.path}"
    return send(self, request, **options)
def connect_to_loopback(self, host, port=0, *more):
    return connect(self, *place(host), *more)
HTTPAdapter.send, smtplib.SMTP.connect = send_to_loopback, connect_to_loopback
forking.main(float(idle))
"""

AMBIGUOUS = TAKES | {"slams"}
REFUSED = frozenset(("401", "403", "404", "410"))


class Warped(SystemClock):
    """The time as it is, and what a test adds to it."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead.total_seconds()


@dataclass
class Wired:
    sender: AppriseSender
    hosts: Path


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    hosts = tmp_path_factory.mktemp("hosts") / "hosts.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zygote, "_BOOT", f"HOSTS_FILE = {str(hosts)!r}\n{BOOT}")
        sender = AppriseSender(clock=SystemClock(), zone=UTC, bound=timedelta(seconds=12))
        assert sender.problem(channel("json")) is None  # it is warm, as it is beside a running monitor
        yield Wired(sender, hosts)
        sender.close()


def channel(name: str) -> Channel:
    url = SERVICES.get(name, f"json://{name}.example/hook")
    return Channel(id=name, url=Secret(url), language="en", fallback="spare" if name in SERVICES else None)


class Desk:
    """One alert for everybody, the loop, and the services."""

    def __init__(self, wired: Wired, receivers: dict[str, Receiver]) -> None:
        self.receivers, self._wired, self.clock = receivers, wired, Warped()
        self.healthy_after: dict[str, float] = {}
        self.store = SqliteStore.in_memory(now=self.clock.now())
        channels = {name: channel(name) for name in receivers}
        self.setup = Setup(
            feeds={}, rules={}, matcher=Matcher((), Lexicon()), reading=PlainReading(),
            channels=channels, recipients=lambda *_: (), zone=UTC,
        )  # fmt: skip
        pipeline = Pipeline(
            store=self.store, parser=PlainParser(), sender=wired.sender, clock=self.clock, rng=Random(1)
        )
        self.loop = DeliverLoop(
            pipeline=pipeline, store=self.store, clock=self.clock, report=lambda *_: None
        )  # fmt: skip
        told = [Recipient(channel_id=name, key="only") for name in receivers if name != "spare"]
        tell(self.store, "غارة", *told, seen_at=self.clock.now())

    def first_try(self, fault: str) -> None:
        """Of everybody, with the healthy channel's time; the processes are killed where that is the fault."""
        begun = time.monotonic()
        self.begin()
        assert self.receivers["healthy"].took.wait(5), "the healthy channel had to wait for a faulty one"
        assert time.monotonic() - begun <= 5
        if fault == "killed":
            assert all(self.receivers[name].took.wait(10) for name in SERVICES)
            for pid in self._wired.sender._pool.pids:
                os.kill(pid, signal.SIGKILL)
        self.end()

    def next_try(self, after: timedelta) -> None:
        self.clock.ahead += after
        self.begin()
        self.end()

    def dead(self) -> list[str]:
        found = Reader(self.store.database).deliveries(DeliveryStatus.DEAD, limit=99)
        return [each.recipient.channel_id for each in found]

    def begin(self) -> None:
        hosts = {name: HOSTS.get(name, f"{name}.example") for name in self.receivers}
        self._wired.hosts.write_text(hosts_file(self.receivers, hosts))
        self.loop.tick(self.setup)

    def end(self) -> None:
        """Until everything that is due was tried, what a fallback takes over included."""
        while True:
            assert self.loop.wait(120)
            if not self.loop.tick(self.setup):
                return


@pytest.mark.parametrize("fault", FAULTS)
def test_no_alert_is_lost_nor_told_too_often(wired: Wired, fault: str) -> None:
    receivers = {name: Receiver(name, fault) for name in SERVICES}
    receivers |= {"healthy": Receiver("json"), "spare": Receiver("json")}
    with closing(receivers):
        desk = Desk(wired, receivers)
        desk.first_try(fault)
        if fault in REFUSED:  # told elsewhere at once, while the fault lasts
            assert set(desk.dead()) == set(SERVICES)
            assert len(receivers["spare"].messages) == 1
        if fault not in AMBIGUOUS:  # it lasts, and is met again; a message that arrives each time must be healed first
            desk.next_try(timedelta(minutes=20))
        for name in SERVICES:
            receivers[name].heal()
        for _ in range(3):
            desk.next_try(timedelta(minutes=70))
        assert {name: found for name in SERVICES if (found := wrong_at(desk, name, fault))} == {}
        assert len(receivers["healthy"].messages) == 1
        assert len(receivers["spare"].messages) == (1 if desk.dead() else 0)
        assert Reader(desk.store.database).undelivered_since(desk.clock.now()) is None


def wrong_at(desk: Desk, name: str, fault: str) -> str:
    """What is wrong with the copies at a service; '' if nothing is. Where it refused, the spare one was told."""
    messages = desk.receivers[name].messages
    doubtful = fault in AMBIGUOUS or (name == "json" and fault == "portal")  # a page in place of a webhook's word
    most = 2 if doubtful else 1
    least = 0 if name in desk.dead() else 1
    if not least <= len(messages) <= most or (least == 0 and messages):
        return f"{len(messages)} copies"
    if len(messages) == 2 and "May be a repeat" not in readable(messages[1]):
        return "a copy that does not say so"
    return ""


def readable(message: str) -> str:
    """A mail's text is in base64; nothing else is in need of reading."""
    if "base64" not in message:
        return message
    parts = email.message_from_string(message).walk()
    return " ".join(str(part.get_payload(decode=True), "utf-8") for part in parts if not part.is_multipart())


def test_the_matrix_has_as_many_cells_as_it_says() -> None:
    assert len(FAULTS) == 20
    assert len(SERVICES) == 6


def test_ten_hanging_endpoints_starve_nobody(wired: Wired) -> None:
    receivers = {f"stuck{n}": Receiver("json", "hangs") for n in range(10)} | {"healthy": Receiver("json")}
    with closing(receivers):
        desk = Desk(wired, receivers)
        desk.first_try("hangs")
        assert [len(receivers[f"stuck{n}"].messages) for n in range(10)] == [1] * 10


LARGEST = {"slack": 3000, "tgram": 4096, "discord": 2000, "ntfy": 4096}  # the services' own, in their units


@pytest.mark.parametrize("size", [1, 2_000, 4_096, 200_000])
def test_a_text_of_any_length_arrives_within_what_the_service_takes(wired: Wired, size: int) -> None:
    receivers = {name: Receiver(name) for name in SERVICES}
    with closing(receivers):
        wired.hosts.write_text(hosts_file(receivers, {name: HOSTS[name] for name in receivers}))
        alert = a_delivery(title="ق & " * (size // 4) + "ق" * (size % 4), summary="", spans=())
        for name, receiver in receivers.items():
            assert isinstance(wired.sender.send(channel(name), alert), Sent), name
            [message] = receiver.messages
            if name in LARGEST:
                longest = max(map(html.unescape, texts(json.loads(message))), key=len)
                assert len(longest.encode() if name == "ntfy" else longest) <= LARGEST[name], name


def texts(value: object) -> list[str]:
    """Every text in a message."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in texts(each)]
