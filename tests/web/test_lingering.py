"""Whoever sends more than is read gets the whole answer, and no connection that was reset; and is not read for ever."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from contextlib import contextmanager
from http.client import HTTPResponse

import pytest

from monitor.web import lingering
from monitor.web.access.bodies import USUAL
from monitor.web.app import make_app
from tests.feeds.loopback import until
from tests.web.access.made import TOKEN, WITH_TOKEN, desk_with
from tests.web.running import SOON, running
from tests.web.test_listening import Through

MIB = 1024 * 1024
MUCH = 12 * MIB  # more than waits on the way: a server that does not read cannot be written to any more
NAMED = f"Authorization: Bearer {TOKEN}\r\n"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    with running(make_app(desk_with(tmp_path_factory.mktemp("lingering"), WITH_TOKEN))) as port:
        yield port


def begun(port, method="POST", more=NAMED, *, length=MUCH, path="/preferences"):
    made = socket.create_connection(("127.0.0.1", port), timeout=SOON)
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n{more}\r\n"
    made.sendall(head.encode())
    return made


def answered(connection):
    answer = HTTPResponse(connection)
    answer.begin()
    return answer.status, answer.getheader("Connection"), len(answer.read()) == int(answer.getheader("Content-Length"))


@pytest.mark.parametrize("closing", ["", "Connection: close\r\n"], ids=["a browser", "a proxy"])
@pytest.mark.parametrize(
    ("method", "more", "status"),
    [
        ("POST", NAMED, 413),
        ("POST", "", 403),
        ("GET", NAMED, 405),
    ],
    ids=["too much", "a stranger", "no form"],
)
def test_who_sends_all_of_it_first_reads_the_whole_answer_then(port, method, more, status, closing):
    with begun(port, method, f"{more}{closing}") as connection:
        connection.sendall(b"a" * MUCH)
        assert answered(connection) == (status, "close", True)
        assert connection.recv(1) == b""


def test_who_reads_first_need_not_send_all_of_it(port):
    with begun(port) as connection:
        connection.sendall(b"a" * MIB)
        assert answered(connection) == (413, "close", True)


def test_who_waits_to_be_asked_for_the_body_is_answered_and_not_waited_for(port):
    with begun(port, more=f"{NAMED}Expect: 100-continue\r\n") as connection:
        assert answered(connection) == (413, "close", True)
        assert connection.recv(1) == b""


def test_a_body_that_was_read_ends_no_connection(port):
    sent = "Content-Type: application/json\r\n"
    with begun(port, more=f"{NAMED}{sent}", length=2, path="/api/v1/nothing") as connection:
        connection.sendall(b"{}")
        assert answered(connection) == (404, None, True)


def test_who_goes_on_sending_is_cut_off(port, monkeypatch):
    monkeypatch.setattr(lingering, "MOST", MIB)
    with begun(port, length=1024 * MIB) as connection, pytest.raises(ConnectionError):
        connection.sendall(b"a" * 1024 * MIB)


def test_who_stops_sending_is_let_go(port, monkeypatch):
    monkeypatch.setattr(lingering, "SECONDS", 0.3)
    with begun(port) as connection:
        connection.sendall(b"a" * 2 * USUAL)
        assert answered(connection) == (413, "close", True)
        assert connection.recv(1) == b""


@contextmanager
def nginx(folder, port):
    """The path of its socket. As the how-to has it, but for its own limit."""
    (folder / "nginx.conf").write_text(
        f"""
        user {pwd.getpwuid(os.getuid()).pw_name};
        daemon off; master_process on; worker_processes 1; pid {folder}/pid; error_log {folder}/errors;
        events {{}}
        http {{
            access_log off;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{
                listen unix:{folder}/web.sock;
                location / {{
                    proxy_pass http://127.0.0.1:{port};
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    client_max_body_size 50m;
                }}
            }}
        }}
        """,
        encoding="utf-8",
    )
    command = [NGINX, "-e", f"{folder}/errors", "-c", f"{folder}/nginx.conf"]
    with subprocess.Popen(command) as process:
        try:
            yield folder / "web.sock"
        finally:
            process.terminate()


@pytest.mark.skipif(not os.access(NGINX, os.X_OK), reason="nginx is not installed")
def test_nginx_passes_on_what_we_answered_and_no_bad_gateway(port, tmp_path):
    with nginx(tmp_path, port) as path:
        until(path.exists)
        for _ in range(5):
            connection = Through(path)
            connection.request("POST", "/preferences", b"a" * MUCH, {"Authorization": f"Bearer {TOKEN}"})
            assert connection.getresponse().status == 413
            connection.close()
