"""The pages beside the daemon: begun again, told of, ended with it; alerting waits for nothing of theirs."""

from __future__ import annotations

import socket
import sys
import threading

import pytest

from monitor.web.beside import TOLD, TROUBLE, Pages

STAYS = "import sys; sys.stdin.read()"
ENDS = "raise SystemExit(3)"
STAYS_STUBBORNLY = "import time\nwhile True: time.sleep(60)"


class Teller:
    def __init__(self):
        self.told, self.changed = [], threading.Condition()

    def tell(self, trouble, title, text):
        self._add((trouble, title))

    def over(self, trouble):
        self._add((trouble, "over"))

    def _add(self, word):
        with self.changed:
            self.told.append(word)
            self.changed.notify_all()

    def wait_for(self, true):
        with self.changed:
            assert self.changed.wait_for(lambda: true(self.told), 20)


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


@pytest.fixture
def kept():
    made = []
    yield made
    for pages in made:
        pages.stop()


class Scripts:
    """What is started next, the last for ever; `began` tells each."""

    def __init__(self, *scripts):
        self._scripts, self.began = list(scripts), threading.Semaphore(0)
        self.count = 0

    def __call__(self, descriptor):
        script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        self.count += 1
        self.began.release()
        return [sys.executable, "-I", "-S", "-c", script]


def started(kept, listening, scripts, teller=None, **more):
    pages = Pages(listening, scripts, teller or Teller(), **{"pauses": (0.0,), "well": 30.0, **more})
    kept.append(pages)
    pages.start()
    return pages


def test_what_ends_is_begun_again(kept, listening):
    scripts = Scripts(ENDS, ENDS, STAYS)
    started(kept, listening, scripts)
    for _ in range(3):
        assert scripts.began.acquire(timeout=20)
    assert scripts.count == 3


def test_operators_hear_of_it_once_it_keeps_ending(kept, listening):
    teller = Teller()
    started(kept, listening, Scripts(*[ENDS] * TOLD, STAYS), teller)
    teller.wait_for(bool)
    assert teller.told == [(TROUBLE, "The pages do not stay up")]


def test_what_ends_now_and_then_is_no_trouble(kept, listening):
    teller, scripts = Teller(), Scripts(*[ENDS] * (TOLD - 1), STAYS)
    started(kept, listening, scripts, teller)
    for _ in range(TOLD):
        assert scripts.began.acquire(timeout=20)
    assert teller.told == []


def test_the_trouble_is_over_once_they_have_stayed_up(kept, listening):
    teller = Teller()
    started(kept, listening, Scripts(*[ENDS] * TOLD, STAYS), teller, well=0.2)
    teller.wait_for(lambda told: told[-1:] == [(TROUBLE, "over")])


def test_a_command_that_cannot_be_begun_is_tried_again_and_told(kept, listening):
    teller = Teller()

    def nowhere(descriptor):
        return ["/nonexistent/program"]

    started(kept, listening, nowhere, teller)
    teller.wait_for(bool)


@pytest.mark.parametrize("script", [STAYS, STAYS_STUBBORNLY])
def test_it_ends_with_the_daemon_and_is_not_begun_again(kept, listening, script, monkeypatch):
    monkeypatch.setattr("monitor.web.beside.END_WITHIN", 0.2)
    scripts = Scripts(script)
    pages = started(kept, listening, scripts)
    assert scripts.began.acquire(timeout=20)
    pages.stop()
    pages._thread.join(20)
    assert not pages._thread.is_alive()
    assert pages.pid is None
    assert scripts.count == 1


def test_an_end_before_the_beginning_begins_nothing(kept, listening):
    scripts = Scripts(STAYS)
    pages = Pages(listening, scripts, Teller())
    pages.stop()
    pages.start()
    pages._thread.join(20)
    assert scripts.count == 0
