from __future__ import annotations

import json
import logging

import pytest

from monitor.cli import logs


def record(event: str = "poll.failed", **fields: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"msg": event, "levelno": logging.WARNING, "levelname": "WARNING", "created": 0.5})
    vars(made).update(fields)
    return made


def test_a_line_names_time_level_event_and_fields():
    line = logs.key_values(record(feed="one", why="timeout"))
    assert line == "1970-01-01T00:00:00.500Z warning poll.failed feed=one why=timeout"


def test_values_that_would_be_misread_are_quoted():
    assert logs.key_values(record(detail='a "b" = c', empty="")).endswith(r'detail="a \"b\" = c" empty=""')


@pytest.mark.parametrize("hostile", ["\x1b[2J", "a\nb", "\x9b31m", "\u202eabc", "\r"])
def test_no_field_commands_the_terminal_or_begins_a_line(hostile):
    line = logs.key_values(record(detail=hostile))
    assert line.isprintable()


def test_json_has_the_same_fields():
    line = json.loads(logs.json_line(record(feed="واحد", tries=3)))
    assert line == {
        "at": "1970-01-01T00:00:00.500Z", "level": "warning", "event": "poll.failed", "feed": "واحد", "tries": 3,
    }  # fmt: skip


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_hidden_text_shows_in_no_line_not_even_in_a_traceback(form, capsys):
    logs.hide(["t0ken-of-the-test"])
    before = logging.getLogger().handlers[:]
    logs.set_up(logging.INFO, form)
    try:
        raise RuntimeError("https://x/t0ken-of-the-test")
    except RuntimeError:
        logging.getLogger("monitor").exception("broke", extra={"url": "t0ken-of-the-test"})
    finally:
        logging.getLogger().handlers = before
    printed = capsys.readouterr().err
    assert "broke" in printed
    assert "t0ken" not in printed
