"""The server gives its pages to who asks for them properly, and to nobody else anything."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from monitor import serve
from monitor.errors import UsageError
from monitor.serve import Listen, Page, Server

SECONDS = 1.0
HELLO = {"/metrics": lambda: Page(200, "figures")}


@contextmanager
def serving(pages=HELLO, **options) -> Iterator[Server]:
    made = Server(Listen("127.0.0.1", 0), pages, seconds=SECONDS, **options)
    made.start()
    try:
        yield made
    finally:
        made.stop()


def connect(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=20)


def ask(server: Server, request: str | bytes) -> str:
    raw = request if isinstance(request, bytes) else request.replace("\n", "\r\n").encode("latin-1")
    with connect(server) as stream:
        stream.sendall(raw)
        return everything(stream)


def everything(stream: socket.socket) -> str:
    read = b""
    with suppress(ConnectionResetError):
        while chunk := stream.recv(65536):
            read += chunk
    return read.decode("latin-1")


def status(answer: str) -> int:
    return int(answer.split(" ")[1])


@pytest.fixture(scope="module")
def server():
    with serving(hosts=["Monitor.example:80"]) as made:
        yield made


@pytest.mark.parametrize(
    ("request_head", "expected"),
    [
        ("GET /metrics HTTP/1.1\nHost: 127.0.0.1\n\n", 200),
        ("GET /metrics HTTP/1.1\nhost: localhost:9618\n\n", 200),
        ("GET /metrics HTTP/1.1\nHost: [::1]:9618\n\n", 200),
        ("GET /metrics HTTP/1.0\nHost: monitor.example.\n\n", 200),
        ("GET /metrics?module=x HTTP/1.1\nHost: localhost\n\n", 200),
        ("HEAD /metrics HTTP/1.1\nHost: localhost\n\n", 200),
        ("GET /metrics HTTP/1.1\nHost: attacker.example\n\n", 421),
        ("GET /metrics HTTP/1.1\nHost: localhost.attacker.example\n\n", 421),
        ("GET /metrics HTTP/1.1\nHost: 127.0.0.1.attacker.example:9618\n\n", 421),
        ("GET /metrics HTTP/1.1\nHost: attacker@localhost\n\n", 421),
        ("GET /metrics HTTP/1.1\nHost: 10.0.0.1\n\n", 421),
        ("GET /metrics HTTP/1.1\nHost:\n\n", 421),
        ("GET /metrics HTTP/1.1\n\n", 400),
        ("GET /metrics HTTP/1.0\n\n", 400),
        ("GET /metrics HTTP/1.1\nHost: localhost\nHost: attacker.example\n\n", 400),
        ("GET /metrics HTTP/1.1\nHost: localhost\n attacker.example\n\n", 400),
        ("GET /metrics HTTP/2\nHost: localhost\n\n", 400),
        ("GET  /metrics HTTP/1.1\nHost: localhost\n\n", 400),
        ("\n\n", 400),
        ("POST /metrics HTTP/1.1\nHost: localhost\nContent-Length: 3\n\nabc", 405),
        ("DELETE /metrics HTTP/1.1\nHost: localhost\n\n", 405),
        ("GET / HTTP/1.1\nHost: localhost\n\n", 404),
        ("GET /metrics/../../etc/passwd HTTP/1.1\nHost: localhost\n\n", 404),
        ("GET http://localhost/metrics HTTP/1.1\nHost: localhost\n\n", 404),
        ("GET /%6detrics HTTP/1.1\nHost: localhost\n\n", 404),
    ],
)
def test_a_request_gets_what_it_deserves(server, request_head, expected):
    answer = ask(server, request_head)
    assert status(answer) == expected
    assert ("figures" in answer) == (expected == 200 and not request_head.startswith("HEAD"))
    assert ("Allow: GET, HEAD" in answer) == (expected == 405)


def test_nothing_that_was_asked_is_repeated(server):
    for head in (
        "GET /<script>EchoMe HTTP/1.1\nHost: localhost\n\n",
        "GET /metrics HTTP/1.1\nHost: EchoMe\n\n",
        "EchoMe\n\n",
    ):
        assert "echome" not in ask(server, head).lower()


def test_a_head_that_has_no_end_is_refused(server):
    assert status(ask(server, b"GET /metrics HTTP/1.1\r\nX: " + b"y" * 20_000)) == 431
    assert status(ask(server, b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 4_000)) == 431


def test_a_slow_client_is_cut_off_at_its_deadline_although_it_never_stops_sending(server):
    with connect(server) as slow:
        begun = time.monotonic()
        with suppress(OSError):
            for _ in range(400):
                slow.sendall(b"G")
                time.sleep(0.05)
        assert time.monotonic() - begun < 15  # and not 20


def test_a_client_that_never_reads_and_one_that_never_hangs_up_are_cut_off():
    with serving({"/metrics": lambda: Page(200, b"x" * 50_000_000)}) as server:
        with connect(server) as stream:
            stream.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(2 * SECONDS)
            assert len(everything(stream)) < 50_000_000
        assert not server._open


def test_many_idle_connections_keep_nobody_out_and_take_no_threads():
    with serving() as server:
        before = threading.active_count()
        idle = [connect(server) for _ in range(3 * serve.MOST)]
        answer = ask(server, "GET /metrics HTTP/1.1\nHost: localhost\n\n")
        assert status(answer) == 200
        assert threading.active_count() <= before + serve.MAKING
        assert len(server._open) <= serve.MOST
        for each in idle:
            each.close()


def test_a_page_that_hangs_costs_its_askers_a_503_and_holds_up_no_health_check():
    let_go = threading.Event()

    def hang() -> Page:
        let_go.wait(60)
        return Page(200, "late")

    with serving({"/metrics": hang}, at_once={"/healthz": lambda: Page(200, "alive")}) as server:
        answers = []
        askers = [
            threading.Thread(target=lambda: answers.append(ask(server, "GET /metrics HTTP/1.1\nHost: localhost\n\n")))
            for _ in range(serve.MAKING + 3)
        ]
        for asker in askers:
            asker.start()
        assert "alive" in ask(server, "GET /healthz HTTP/1.1\nHost: localhost\n\n")
        for asker in askers:
            asker.join(30)
        assert [status(answer) for answer in answers] == [503] * len(askers)
        let_go.set()


def test_a_page_that_breaks_tells_nothing_of_why(caplog):
    def break_() -> Page:
        raise RuntimeError("EchoMe")

    with serving({"/metrics": break_}) as server:
        answer = ask(server, "GET /metrics HTTP/1.1\nHost: localhost\n\n")
    assert status(answer) == 500
    assert "EchoMe" not in answer
    assert "page.broke" in caplog.text


@pytest.mark.parametrize(
    ("written", "listen", "is_loopback"),
    [
        ("127.0.0.1:9618", Listen("127.0.0.1", 9618), True),
        ("[::1]:9618", Listen("::1", 9618), True),
        ("localhost:1", Listen("localhost", 1), True),
        ("9618", Listen("127.0.0.1", 9618), True),
        (":9618", Listen("127.0.0.1", 9618), True),
        ("0.0.0.0:9618", Listen("0.0.0.0", 9618), False),
        ("[::]:9618", Listen("::", 9618), False),
    ],
)
def test_an_address_to_listen_on_is_read(written, listen, is_loopback):
    assert Listen.of(written) == listen
    assert listen.is_loopback == is_loopback


@pytest.mark.parametrize("written", ["", "localhost", "::1:9618", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:٩"])
def test_an_address_that_is_none_is_refused_with_an_example(written):
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:9618"):
        Listen.of(written)


def test_a_port_that_is_taken_is_told(server):
    with pytest.raises(UsageError, match="choose another port"):
        Server(Listen("127.0.0.1", server.port), HELLO)
