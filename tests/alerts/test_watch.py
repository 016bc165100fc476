"""Which failures leave a doubt, judged on what the library really raises."""

from __future__ import annotations

import socket

import pytest
import requests

from monitor.alerts.watch import _enhanced, _may_have_arrived, _what
from tests.alerts.servers import drop, hang, webhook


def _error(url: str, **options) -> requests.RequestException:
    with pytest.raises(requests.RequestException) as raised:
        requests.post(url, json={}, timeout=options.pop("timeout", 30), **options)
    return raised.value


def test_no_answer_in_time_leaves_a_doubt():
    with webhook(hang) as hook:
        error = _error(f"http://127.0.0.1:{hook.port}/", timeout=(30, 0.1))
        hook.released.set()
    assert (_what(error), _may_have_arrived(error)) == ("no answer in time", True)


def test_a_connection_that_breaks_after_the_request_leaves_a_doubt():
    with webhook(drop) as hook:
        error = _error(f"http://127.0.0.1:{hook.port}/")
    assert (_what(error), _may_have_arrived(error)) == ("the connection broke", True)


def test_an_answer_that_breaks_off_leaves_a_doubt():
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")

    with webhook(half) as hook:
        error = _error(f"http://127.0.0.1:{hook.port}/")
    assert (_what(error), _may_have_arrived(error)) == ("the answer broke off", True)


def test_a_closed_port_leaves_none():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        error = _error(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert (_what(error), _may_have_arrived(error)) == ("no connection", False)


def test_a_failed_handshake_leaves_none():
    with webhook() as plain:
        error = _error(f"https://127.0.0.1:{plain.port}/")
    assert (_what(error), _may_have_arrived(error)) == ("no secure connection", False)


def test_an_address_that_is_none_leaves_none():
    error = _error("http:///nowhere")
    assert (_what(error), _may_have_arrived(error)) == ("the request could not be made", False)


@pytest.mark.parametrize(
    ("reply", "code"),
    [(b"5.1.1 no such user", "5.1.1"), (b"no such user", ""), (b"", ""), (b"5.1 x", ""), (b"\xff", "")],
)
def test_the_enhanced_code_of_a_mail_server_is_read(reply, code):
    assert _enhanced(reply) == code
