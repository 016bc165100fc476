from __future__ import annotations

import io

import pytest

from monitor.alerts.console import Console
from monitor.alerts.render import Message
from monitor.model import NotSent, Recipient, Sent
from tests.alerts.made import a_channel, a_delivery

CONSOLE = a_channel(None, id="console")


def test_the_console_gets_the_message_as_a_block(make_sender):
    stream = io.StringIO()
    assert isinstance(make_sender(console=stream).send(CONSOLE, a_delivery()), Sent)
    lines = stream.getvalue().split("\n")
    assert lines[0] == "🔴 حرج · اشتباكات قرب مطار دير الزور"
    assert lines[2] == "https://www.furat.example/news/12345"
    assert stream.getvalue().endswith("\n\n")


def test_without_a_stream_it_is_standard_output_as_it_is_now(make_sender, capsys):
    make_sender().send(CONSOLE, a_delivery())
    assert "حرج" in capsys.readouterr().out


def test_the_console_is_one_recipient_and_starts_no_process(make_sender):
    sender = make_sender(console=io.StringIO())
    assert sender.recipients(CONSOLE) == (Recipient(channel_id="console", key="only"),)
    assert sender.problem(CONSOLE) is None
    sender.send(CONSOLE, a_delivery())
    assert sender._pool.pids == ()


@pytest.mark.parametrize("escape", ["\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "\x08\x08", "\r"])
def test_no_terminal_obeys_a_headline(make_sender, escape):
    stream = io.StringIO()
    make_sender(console=stream).send(CONSOLE, a_delivery(title=f"قصف {escape} المدينة", feed_name=f"x{escape}"))
    assert not set(stream.getvalue()) & set("\x1b\x07\x9b\x08\r")


def test_the_console_itself_lets_no_control_through():
    stream = io.StringIO()
    Console(stream).print(Message(title="a\x1b[31m", body="b\x07\nc"))
    assert stream.getvalue() == "a[31m\nb\nc\n\n"


def test_a_terminal_that_knows_no_arabic_gets_a_message_all_the_same(make_sender):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    assert isinstance(make_sender(console=stream).send(CONSOLE, a_delivery()), Sent)
    assert b"https://www.furat.example/news/12345" in raw.getvalue()


def test_a_console_that_nobody_reads_is_a_failure_to_repeat(make_sender):
    stream = io.StringIO()
    stream.close()
    result = make_sender(console=stream).send(CONSOLE, a_delivery())
    assert isinstance(result, NotSent)
    assert not result.permanent
