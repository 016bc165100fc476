"""No part of an address comes out anywhere, whatever happens."""

from __future__ import annotations

import logging
import os
import signal
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import pytest

from monitor.model import NotSent
from tests.alerts.made import a_channel, a_delivery
from tests.alerts.servers import drop, hang, mail_server, status, webhook

CANARY = "KaNaRi"  # no word of ours: a channel has its `canary`
QUERY = f"?+Authorization=Bearer%20{CANARY}HEADER&:key={CANARY}FIELD&-q={CANARY}PARAM"
USER = f"{CANARY}USER:{CANARY}PASS@"
PATH = f"/{CANARY}PATH/x"


def _webhook_url(hook) -> str:
    return hook.url(PATH, user=USER, query=QUERY)


def _echo(handler) -> None:
    """An endpoint that answers with everything it was sent."""
    body = f'{{"error": "{handler.path} {handler.headers["Authorization"]}"}}'
    status(400, body=body, X_Echo=handler.path)(handler)


def _children(sender) -> str:
    """What other users of the machine, and the tools of an operator, see of the processes."""
    seen = ""
    for pid in sender._pool.pids:
        for name in ("cmdline", "environ"):
            file = Path(f"/proc/{pid}/{name}")
            seen += file.read_text(errors="replace") if file.exists() else ""
    return seen


def _leaks(*texts: object) -> list[str]:
    """As it is, percent-encoded, or as HTTP's basic authentication writes it."""
    basic = b64encode(USER[:-1].encode()).decode()
    return [str(text)[:300] for text in texts if CANARY.lower() in unquote(str(text)).lower() or basic in str(text)]


@pytest.fixture
def everything(caplog, capfd):
    """All that was logged and written so far, at the lowest level there is."""
    caplog.set_level(logging.NOTSET)

    def read() -> tuple[object, ...]:
        captured = capfd.readouterr()
        return (captured.out, captured.err, caplog.text, [record.__dict__ for record in caplog.records])

    return read


# Each test has processes of its own, so that what they write goes where the test can see it.


def test_no_answer_brings_a_secret_out(make_sender, everything):
    sender = make_sender()
    for answer in (status(200), status(500), status(429), status(302, Location="/x"), _echo, drop):
        with webhook(answer) as hook:
            channel = a_channel(_webhook_url(hook))
            result = sender.send(channel, a_delivery())
            assert CANARY in hook.paths[0]  # it was used
            assert _leaks(result, sender.recipients(channel), channel, repr(sender), _children(sender)) == []
    assert _leaks(*everything()) == []


BAD_ADDRESSES = (
    f"tgram://{CANARY}bad/1",
    f"slack://{CANARY}A/bad",
    f"{CANARY}://token",
    f"nosuch://{CANARY}:{CANARY}@host",
    f"mailto://{CANARY}:{CANARY}@",
    f"jsons://{CANARY}:{CANARY}@host/?optional=yes",
    f"json://{CANARY}@host/?overflow={CANARY}",
    f"json://{CANARY}@host/?tz={CANARY}",
    f"dbus://{CANARY}",
    f"mqtt://{CANARY}@{CANARY}/topic",
    CANARY,
    f"json://{CANARY}:notaport/",
    f"discord://{CANARY}",
    f"twilio://{CANARY}:{CANARY}@123",
)


def test_no_bad_address_brings_a_secret_out(make_sender, everything):
    sender = make_sender()
    for address in BAD_ADDRESSES:
        channel = a_channel(address)
        problem, result = sender.problem(channel), sender.send(channel, a_delivery())
        assert isinstance(result, NotSent)
        assert _leaks(problem, result, repr(sender), _children(sender)) == []
    assert _leaks(*everything()) == []


def test_no_death_of_a_process_brings_a_secret_out(make_sender, everything):
    sender = make_sender()
    with webhook(hang) as hook, ThreadPoolExecutor(1) as threads:
        pending = threads.submit(sender.send, a_channel(_webhook_url(hook)), a_delivery())
        assert hook.began.wait(30)
        seen = _children(sender)
        for pid in sender._pool.pids:
            os.kill(pid, signal.SIGABRT)
        result = pending.result(timeout=30)
    assert isinstance(result, NotSent)
    assert _leaks(seen, result, *everything()) == []


def test_no_mail_server_brings_a_secret_out(sender, everything):
    refusal = f"550 5.1.1 <{CANARY.lower()}to@x.example> is unknown to {CANARY}"
    with mail_server(refused={f"{CANARY}to@x.example": refusal}) as mailbox:
        channel = a_channel(mailbox.url(f"to={CANARY}to@x.example", user=f"{CANARY}:{CANARY}PASS@"))
        result = sender.send(channel, a_delivery())
    assert isinstance(result, NotSent)
    assert _leaks(result, sender.recipients(channel), *everything()) == []
