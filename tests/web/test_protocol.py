"""Who does not come to the end of a request is let go, and nobody else."""

from __future__ import annotations

import socket
from http.client import HTTPConnection

import pytest

from monitor.web import protocol
from monitor.web.app import make_app
from monitor.web.serving import CONNECTIONS
from tests.web.running import running
from tests.web.site import a_desk

HEAD = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture
def port(tmp_path, monkeypatch):
    monkeypatch.setattr(protocol, "HEAD_WITHIN", 0.3)
    with running(make_app(a_desk(tmp_path))) as port:
        yield port


def connected(port, sent=b""):
    made = socket.create_connection(("127.0.0.1", port), timeout=20)
    made.sendall(sent)
    return made


def is_closed(connection):
    try:
        return connection.recv(1000) == b""
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    "sent", [b"", b"G", HEAD, HEAD + b"X: " + b"a" * 1000], ids=["nothing", "a sign", "half", "long"]
)
def test_who_sends_no_whole_head_is_let_go(port, sent):
    with connected(port, sent) as connection:
        assert is_closed(connection)


def test_who_begins_a_further_one_and_does_not_end_it_is_let_go(port):
    with connected(port, HEAD + b"\r\n") as connection:
        assert b"200 OK" in connection.recv(1000)
        connection.sendall(b"GET /healthz")
        while not is_closed(connection):
            pass


def test_many_who_say_nothing_keep_nobody_out_for_long(port):
    held = [connected(port, HEAD) for _ in range(CONNECTIONS)]
    try:
        assert all(map(is_closed, held))
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
    finally:
        for each in held:
            each.close()


def test_a_connection_serves_one_request_after_another(port):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(5):
        connection.request("GET", "/healthz")
        assert connection.getresponse().read() == b"ok\n"
    connection.close()
