from __future__ import annotations

import threading
from ipaddress import ip_address
from typing import Any

import pytest

from monitor.feeds import lookup
from monitor.feeds.lookup import Lookups, NotFound
from monitor.feeds.urls import IPAddress

from .loopback import until

ONE = ip_address("192.0.2.1")


def told(lookups: Lookups, *names: str) -> Any:
    """What is told of these names, or None while it is not."""
    answers: list[Any] = []
    lookups.start([(name, 80) for name in names], answers.append)
    until(lambda: answers)
    return answers[0]


def threads() -> int:
    return sum(thread.name == "monitor-lookup" for thread in threading.enumerate())


@pytest.fixture(autouse=True)
def _no_threads_left() -> None:
    until(lambda: threads() == 0)


def test_names_are_told_with_their_addresses() -> None:
    lookups = Lookups(lambda host, port: [ONE], most=1)
    assert told(lookups, "a.example", "b.example") == {("a.example", 80): [ONE], ("b.example", 80): [ONE]}
    lookups.close()


def test_no_names_are_told_at_once() -> None:
    assert told(Lookups(lambda host, port: [], most=1)) == {}


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (OSError(-2, "Name or service not known"), "Name or service not known"),
        (OSError(), "the name was not found"),
        (UnicodeError("label too long"), "the name was not found"),
        (None, "the name has no address"),
    ],
)
def test_the_first_name_without_an_address_is_told(trouble: Exception | None, why: str) -> None:
    def resolve(host: str, port: int) -> list[IPAddress]:
        if host == "a.example":
            return [ONE]
        if trouble is not None:
            raise trouble
        return []

    lookups = Lookups(resolve, most=1)
    assert told(lookups, "a.example", "b.example", "c.example") == NotFound("b.example", why)
    lookups.close()


def test_one_thread_serves_one_lookup_after_another() -> None:
    used: set[str] = set()

    def resolve(host: str, port: int) -> list[IPAddress]:
        used.add(str(threading.get_ident()))
        return [ONE]

    lookups = Lookups(resolve, most=8)
    for n in range(50):
        told(lookups, f"n{n}.example")
        until(lambda: lookups._idle == 1)
    assert len(used) == 1
    lookups.close()
    until(lambda: threads() == 0)


def test_a_lookup_that_hangs_holds_up_no_other_and_too_many_are_refused() -> None:
    over = threading.Event()

    def resolve(host: str, port: int) -> list[IPAddress]:
        if host.startswith("dead"):
            over.wait(30)
        return [ONE]

    lookups = Lookups(resolve, most=3)
    answers: list[Any] = []
    for n in range(2):
        lookups.start([(f"dead{n}.example", 80)], answers.append)
    for n in range(20):
        assert told(lookups, f"alive{n}.example") == {(f"alive{n}.example", 80): [ONE]}
        until(lambda: lookups._idle == 1)
    lookups.start([("dead2.example", 80)], answers.append)
    assert told(lookups, "late.example") == NotFound("late.example", "too many names are being looked up")
    lookups.close()
    over.set()
    until(lambda: len(answers) == 3 and threads() == 0)


def test_idle_threads_end_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "_IDLE_SECONDS", 0.001)
    lookups = Lookups(lambda host, port: [ONE], most=4)
    for n in range(300):  # many a thread ends just when it is given something to do
        assert told(lookups, f"n{n}.example") == {(f"n{n}.example", 80): [ONE]}
    until(lambda: threads() == 0)
    assert (lookups._idle, lookups._threads) == (0, 0)
