"""So much of a request is read, and no more, within so long."""

from __future__ import annotations

import asyncio

import pytest
from starlette.datastructures import Headers

from monitor.web.access import bodies


def read(*messages, most=10, **headers):
    waiting = list(messages)

    async def receive():
        if not waiting:
            await asyncio.Event().wait()
        return waiting.pop(0)

    found = asyncio.run(bodies.read(receive, Headers({k.replace("_", "-"): v for k, v in headers.items()}), most))
    return found, len(waiting)


def part(body, *, more=True):
    return {"type": "http.request", "body": body, "more_body": more}


def test_all_parts_are_put_together():
    assert read(part(b"ab"), part(b""), part(b"c", more=False)) == (b"abc", 0)


def test_what_says_that_it_is_too_long_is_not_read_at_all():
    with pytest.raises(bodies.BadBody, match="413"):
        read(content_length="11")  # nothing comes: one who waits for it would wait for ever


def test_what_does_not_say_how_long_it_is_is_not_read_on_and_on():
    with pytest.raises(bodies.BadBody, match="413"):
        read(*[part(b"aaaa")] * 3)  # nothing further comes


@pytest.mark.parametrize("said", ["-1", "1e3", "x", "\u0661", "9" * 20])
def test_a_length_that_is_none_is_refused(said):
    with pytest.raises(bodies.BadBody, match=r"400|413"):
        read(content_length=said.encode("utf-8").decode("latin-1"))


def test_what_breaks_off_is_not_taken_for_whole():
    with pytest.raises(bodies.BadBody, match="400"):
        read(part(b"doing=do"), {"type": "http.disconnect"})


def test_a_sender_that_never_ends_is_left(monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS", 0.01)
    with pytest.raises(bodies.BadBody, match="408"):
        read(part(b"a"))


@pytest.mark.parametrize(("path", "kib"), [
    ("/login", 4), ("/a/1.1/ack", 4), ("/feeds/add", 5120), ("/rules/new", 1024), ("/preferences", 64), ("/", 64),
])  # fmt: skip
def test_how_much_is_taken_depends_on_where_it_goes(path, kib):
    assert bodies.most_for(path) == kib * 1024
