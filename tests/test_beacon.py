"""The sign of life to an address elsewhere."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from monitor import beacon
from monitor.model import Secret
from tests.receiver import Receiver, receiver


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def test_well_is_a_request_for_the_address_itself(service):
    assert beacon.beat(Secret(service.url("/ping/5f3a"))) is None
    assert service.got == [("GET", "/ping/5f3a", "")]


def test_not_well_goes_to_fail_with_the_reason(service):
    assert beacon.beat(Secret(service.url("/ping/5f3a")), trouble="7 of 10 feeds do not answer") is None
    assert service.got == [("POST", "/ping/5f3a/fail", "7 of 10 feeds do not answer")]


@pytest.mark.parametrize(
    ("url", "failing"),
    [
        ("https://hc.example/x", "https://hc.example/x/fail"),
        ("https://hc.example/x/", "https://hc.example/x/fail"),
        ("https://hc.example/x?create=1", "https://hc.example/x/fail?create=1"),
    ],
)
def test_where_not_well_goes(url, failing):
    assert beacon.failing(url) == failing


@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_answer_that_is_no_success_is_told_without_the_address(service, status):
    service.status["/ping/5f3a"] = status
    assert beacon.beat(Secret(service.url("/ping/5f3a"))) == f"it answered {status}"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:1/5f3a", "no connection"),
        ("http://no-such-host.invalid/5f3a", "its host name was not found"),
        ("file:///etc/hosts", "libcurl error 1"),
        ("http://\ud800/5f3a", "its address cannot be used"),
    ],
)
def test_what_cannot_be_reached_is_told_without_the_address(url, why):
    told = beacon.beat(Secret(url), seconds=5)
    assert told is not None
    assert why in told
    assert "5f3a" not in told


def test_a_service_that_hangs_or_never_ends_holds_nobody_up():
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = time.monotonic()
        assert beacon.beat(Secret(f"http://127.0.0.1:{server.getsockname()[1]}/"), seconds=0.5) == "too slow"
        assert time.monotonic() - began < 5


def test_an_answer_without_an_end_is_cut_off():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def flood() -> None:
            taken, _ = server.accept()
            with taken:
                taken.recv(4096)
                taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                try:
                    while True:
                        taken.sendall(b"x" * 65536)
                except OSError:
                    return

        thread = threading.Thread(target=flood, daemon=True)
        thread.start()
        assert (
            beacon.beat(Secret(f"http://127.0.0.1:{server.getsockname()[1]}/"), seconds=20) == "its answer is too long"
        )
        thread.join(10)
