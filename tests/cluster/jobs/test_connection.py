from __future__ import annotations

import psycopg
import psycopg_pool
import pytest
from procrastinate.exceptions import AppNotOpen, ConnectorException

from monitor.cluster.jobs.connection import connection_string, is_away, listens, said
from monitor.errors import StateError


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"MONITOR_LISTEN": "on"}, True),
        ({"MONITOR_LISTEN": ""}, True),
        ({"MONITOR_LISTEN": "off"}, False),
        ({"MONITOR_LISTEN": " OFF "}, False),
        ({"MONITOR_LISTEN": "0"}, False),
    ],
)
def test_workers_listen_unless_told_not_to(environ: dict[str, str], expected: bool) -> None:
    assert listens(environ) is expected


@pytest.mark.parametrize("url", ["postgresql://me:hunter2@[half/db", "postgresql//me:hunter2@host", "me hunter2"])
def test_an_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StateError, match="postgresql://USER:PASSWORD@HOST") as caught:
        connection_string(url)
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


def wrapped(cause: Exception) -> ConnectorException:
    error = ConnectorException()
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (wrapped(psycopg.OperationalError("gone")), True),
        (wrapped(psycopg.errors.AdminShutdown("stopped")), True),
        (wrapped(psycopg.errors.CannotConnectNow("starts")), True),
        (wrapped(psycopg_pool.PoolTimeout("full")), True),
        (wrapped(psycopg_pool.PoolClosed("closed")), True),
        (AppNotOpen(), True),
        (TimeoutError(), True),
        (wrapped(psycopg.errors.RaiseException("Job was not found")), False),
        (wrapped(psycopg.errors.UndefinedFunction("none")), False),
    ],
)
def test_no_answer_is_another_thing_than_no(error: Exception, expected: bool) -> None:
    assert is_away(error) is expected


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (wrapped(psycopg.OperationalError("gone\n\tIs it running?")), "gone"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_an_error_is_said_in_one_line(error: Exception, line: str) -> None:
    assert said(error) == line
