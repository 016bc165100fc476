"""Messages as they are, for people to read: one file a format and language, with an alert of each kind.

After a change that is meant:

    UPDATE_SNAPSHOTS=1 python -m pytest -n 0 tests/alerts/test_message_snapshots.py

What nobody sees is written so that it shows: ⸨ and ⸩ isolate (U+2068, U+2069), ⁀ is a word joiner (U+2060).
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.dialects import FORMATS
from monitor.alerts.fit import Limits
from monitor.alerts.render import Message, notice, render, render_digest
from monitor.alerts.samples import FULL, LINKS, NOW, PLAIN, SAMPLES
from tests.alerts.made import DAMASCUS

SNAPSHOTS = Path(__file__).parent / "snapshots"
WRITE = bool(os.environ.get("UPDATE_SNAPSHOTS"))
SHOWN = str.maketrans({"\u2068": "⸨", "\u2069": "⸩", "\u2060": "⁀"})


def _stories():
    told = (PLAIN, FULL, SAMPLES["hostile"])
    return [replace(alert, story_id=at, decided_at=NOW - timedelta(minutes=20 * at)) for at, alert in enumerate(told)]


def _messages(format, language):
    room = Limits(title=0, body=30_000 if format == "html" else 1500)
    shown = {"language": language, "zone": DAMASCUS, "now": NOW, "limits": room, "format": format}
    for name, alert in SAMPLES.items():
        yield name, render(alert, **shown, links=LINKS if name == "full" else {})
    yield "repeated", render(PLAIN, **shown, attempt=2, repeated=True, stands_in_for="desk")
    yield "digest", render_digest(_stories(), **shown)
    yield "notice", notice("The rules were refused", "rules.yaml:3:1: error R201\n  = mend it", room, format=format)


def _readable(name: str, message: Message) -> str:
    alternative = f"\n--- as text\n{message.text_alternative}" if message.text_alternative else ""
    return f"=== {name}\n{message.body}{alternative}\n".translate(SHOWN)


@pytest.mark.parametrize("language", ["ar", "en", "both"])
@pytest.mark.parametrize("format", FORMATS)
def test_messages_are_as_in_the_snapshot(format, language):
    made = "\n".join(_readable(name, message) for name, message in _messages(format, language))
    file = SNAPSHOTS / f"rendered-{format}-{language}.txt"
    if WRITE:
        SNAPSHOTS.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8")
    assert made == file.read_text(encoding="utf-8")
