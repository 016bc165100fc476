"""A hostile server: whatever it answers, the poll ends in time, small, and as a failure with a name."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.faults.hostile_answers import FEED, OVER, Ends, paths
from tests.feeds.loopback import Server, answer, raw, serve

DEADLINE = 2.0
TRIES = 4  # a machine with much else to do is late, too: a path is at fault that is late, or ends wrong, each time
GROWTH = 64 * 1024 * 1024
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificates(authority: trustme.CA, tmp_path: Path) -> str:
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


def context(authority: trustme.CA) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(made)
    return made


def ask(urls: list[str], certificates: str) -> Any:
    told = json.dumps({"urls": urls, "certificates": certificates, "deadline": DEADLINE})
    command = [sys.executable, "-m", "tests.faults.hostile_client"]
    done = subprocess.run(command, input=told, capture_output=True, text=True, timeout=120, cwd=ROOT, check=True)
    return json.loads(done.stdout)


def unlike(wanted: dict[str, Ends], server: Server, certificates: str) -> dict[str, str]:
    """The paths that ended otherwise than they must, and how."""
    told = ask([server.url(path) for path in wanted], certificates)
    assert told["grown"] <= GROWTH
    return {
        path: f"{end} after {seconds:.2f} s"
        for (path, ends), (end, seconds) in zip(wanted.items(), told["ends"], strict=True)
        if end not in ((ends,) if isinstance(ends, str) else ends) or seconds > DEADLINE + 1
    }


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_hostile_answer_ends_in_time_small_and_as_a_failure(
    scheme: str, authority: trustme.CA, certificates: str
) -> None:
    tls = context(authority) if scheme == "https" else None
    with serve({"*": answer(200, FEED)}, host="127.0.0.2") as inside:
        cases = paths(f"127.0.0.2:{inside.port}")
        scripts = {path: script for path, (script, _) in cases.items()} | {"*": answer(404)}
        with serve(scripts, tls=tls) as server:
            wanted = {path: ends for path, (_, ends) in cases.items()}
            for _ in range(TRIES):
                wrong = unlike(wanted, server, certificates)
                OVER.set()
                OVER.clear()
                wanted = {path: wanted[path] for path in wrong}
                if not wrong:
                    break
    assert len(cases) >= 100
    assert wrong == {}
    assert inside.connections == 0
    assert not any("cookie" in request.headers for request in server.requests)


def test_a_healthy_answer_is_no_failure(authority: trustme.CA, certificates: str) -> None:
    """The measure of the test above: what it counts as a failure is none for an ordinary server."""
    with serve({"*": answer(200, FEED)}) as plain, serve({"*": answer(200, FEED)}, tls=context(authority)) as secure:
        told = ask([plain.url(), secure.url()], certificates)
    assert [end for end, _ in told["ends"]] == ["Fetched", "Fetched"]


@contextmanager
def handshakes(said: bytes) -> Iterator[int]:
    """The port of a server that says this as soon as anybody comes, and then waits."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            with suppress(OSError):
                stream, _ = listener.accept()
                with stream:
                    stream.sendall(said)
                    while stream.recv(65_536):
                        pass

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(10)


TLS: dict[str, bytes] = {
    "silence": b"",
    "plain http": b"HTTP/1.1 200 OK\r\n\r\n",
    "an alert": b"\x15\x03\x03\x00\x02\x02\x28",
    "half a record": b"\x16\x03\x03\x40\x00\x02",
    "a record of impossible length": b"\x16\x03\x03\xff\xff" + b"\0" * 99,
    "random bytes": bytes(range(255, 0, -1)) * 9,
}


@pytest.mark.parametrize("what", TLS)
def test_what_is_no_handshake_ends_in_time(what: str, certificates: str) -> None:
    with handshakes(TLS[what]) as port:
        told = ask([f"https://127.0.0.1:{port}/"], certificates)
    ((end, seconds),) = told["ends"]
    assert end in ("TLS", "TIMEOUT", "BROKEN")
    assert seconds <= DEADLINE + 1


def test_an_answer_that_is_followed_by_another_poisons_no_later_poll(certificates: str) -> None:
    """Bytes after the end of an answer must not be taken for the answer to the next request."""
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    length = str(len(FEED)).encode()
    poison = b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\n" + FEED + forged
    with serve({"/poison": lambda stream, _: stream.sendall(poison), "*": answer(200, FEED)}) as server:
        for _ in range(5):
            told = ask([server.url("/poison"), server.url("/good")], certificates)
            assert [end for end, _ in told["ends"]] == ["Fetched", "Fetched"]


def test_a_body_that_ends_without_the_goodbye_of_tls_is_cut(authority: trustme.CA, certificates: str) -> None:
    """Where nothing else tells its length, anybody on the way could have cut it."""
    with serve({"*": raw(b"HTTP/1.1 200 OK\r\n\r\n" + FEED)}, tls=context(authority)) as server:
        told = ask([server.url()], certificates)
    assert [end for end, _ in told["ends"]] == ["BROKEN"]
