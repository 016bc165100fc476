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


def test_an_end_of_line_is_escaped_once():
    assert logs.key_values(record(detail="two\nlines of it")).endswith(r'detail="two\nlines of it"')


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


FORGED = "2026-01-01T00:00:00.000Z info all.well"
HOSTILE = f"bad\n{FORGED}", "bad\x1b[2J\x9b31m\u202e\u2028\x7f", "bad\udc80"


def _logged(capsys, form, error=None, **extra):
    before = logging.getLogger().handlers[:]
    logs.set_up(logging.DEBUG, form)
    try:
        logging.getLogger("monitor").error("broke", exc_info=error, extra=extra)
    finally:
        logging.getLogger().handlers = before
    return capsys.readouterr().err


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_error_text_commands_the_terminal_or_makes_a_line_of_its_own(form, hostile, capsys):
    cause = ValueError(hostile)
    cause.add_note(hostile)
    error = RuntimeError(hostile)
    error.__cause__ = cause
    printed = _logged(capsys, form, error, detail=hostile)
    assert "RuntimeError: bad" in printed
    assert all(c.isprintable() for c in printed.replace("\n", ""))
    assert not any(line.startswith(FORGED[:10]) for line in printed.splitlines()[1:])
    if form == "json":
        assert (len(printed.splitlines()), json.loads(printed)["detail"]) == (1, hostile)


def test_a_hidden_text_shows_in_no_form_that_quoting_gives_it(capsys):
    logs.hide(['pass"word\\9\n7'])
    for form in ("text", "json"):
        printed = _logged(capsys, form, RuntimeError('x pass"word\\9\n7'), a='pass"word\\9\n7')
        assert "broke" in printed
        assert "word" not in printed


@pytest.mark.parametrize("form", ["text", "json"])
def test_every_line_of_a_process_names_the_same_run(form, capsys):
    before = logging.getLogger().handlers[:]
    runs = []
    for _ in range(2):
        logs.set_up(logging.INFO, form)
        logging.getLogger("monitor").info("one")
        logging.getLogger("monitor").info("two")
        lines = capsys.readouterr().err.splitlines()
        ids = [json.loads(line)["run_id"] if form == "json" else line.split("run_id=")[1] for line in lines]
        assert ids[0] == ids[1]
        runs.append(ids[0])
    logging.getLogger().handlers = before
    assert runs[0] != runs[1]


def test_an_error_that_nobody_expected_is_shown_without_secrets(capsys):
    logs.hide(["https://x.example/T0kenOfTheTest"])
    try:
        raise RuntimeError("could not ask /T0kenOfTheTest")
    except RuntimeError as error:
        logs.show_traceback(type(error), error, error.__traceback__)
    shown = capsys.readouterr().err
    assert "RuntimeError: could not ask" in shown
    assert "T0ken" not in shown
