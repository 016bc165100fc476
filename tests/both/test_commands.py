"""Each command that tells of the state."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.cli.terminal import monitor
from tests.postgres import Postgres
from tests.web.pages.conftest import Told

from .conftest import Both, Kept

# What was measured while it was made, and the time of the question.
_OWN = re.compile(r'"(?:now|until|asked_at|checked_at|made_at)": [^,}]*|"\w+": \{[^{}]*"deciding": [^{}]*\}')

COMMANDS = [
    ["status", "--json"],
    ["history", "--format", "json", "--place", "idlib-governorate"],
    ["why", "--json", "8.1"],
    ["why", "--json", "مشفى ريف"],
    ["explain", "--json", "https://harbour.example/11"],
    ["compare", "--json", "9", "https://harbour.example/11"],
    ["deliveries", "--json"],
    ["mutes", "--all", "--json"],
    ["feedback", "--json"],
    ["feeds", "status", "--json"],
    ["search", "--json", "قصف OR shelling"],
    ["export", "geojson"],
    ["backtest", "--json", "--since", "2026-01-01", "air-strikes"],
]
_WITHOUT_RULES = {"deliveries", "feedback", "ack", "evidence"}


def told(kept: Kept, arguments: list[str]) -> str:
    where = ["--state", str(kept.told.state)]
    if arguments[0] not in _WITHOUT_RULES:
        where += ["--config", str(kept.told.rules)]
    with kept.asked():
        done = monitor(*arguments, *where)
    assert done.exit_code == 0, done.output
    return _OWN.sub("own", done.stdout.replace(str(kept.told.rules.parent), "desk"))


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_command_tells_the_same_whatever_keeps_the_state(both: Both, arguments):
    expected = told(both.on_sqlite, arguments)
    assert len(expected) > 100, "it tells nothing"
    told_there = told(both.on_postgres, arguments).replace(
        "start 'monitor worker'", "start 'monitor run', or look at cron"
    )
    assert told_there == expected


def test_evidence_is_the_same_whatever_keeps_the_state(both: Both, tmp_path):
    assert bundled(both.on_postgres, tmp_path / "server.zip") == bundled(both.on_sqlite, tmp_path / "file.zip")


def bundled(kept: Kept, file: Path) -> dict[str, int]:
    """The digests in it are of the time when it was made, too."""
    told(kept, ["evidence", "8.1", "-o", str(file)])
    with zipfile.ZipFile(file) as bundle:
        return {each.filename: each.file_size for each in bundle.infolist()}


def test_what_is_said_by_a_command_is_heard_whatever_keeps_the_state(both: Both, postgres: Postgres, tmp_path):
    copies = [
        copied(kept, postgres, tmp_path / name) for kept, name in ((both.on_sqlite, "a"), (both.on_postgres, "b"))
    ]
    for kept in copies:
        told(kept, ["ack", "8.1", "--by", "sana"])
        told(kept, ["feedback", "8.1", "wrong", "--by", "sana", "--note", "a drill"])
        told(kept, ["mute", "story:8", "3d", "--by", "sana"])
        assert '"sana"' in told(kept, ["mutes", "--json"])
    for arguments in (["why", "--json", "8.1"], ["feedback", "--json"]):
        on_sqlite, on_postgres = (re.sub(r'"(at|said_at)": "[^"]*"', "at", told(kept, arguments)) for kept in copies)
        assert "sana" in on_sqlite
        assert on_postgres == on_sqlite


def copied(kept: Kept, postgres: Postgres, folder: Path) -> Kept:
    """To be changed."""
    shutil.copytree(kept.told.rules.parent, folder)
    url = None
    if kept.url:
        postgres.administer(f"CREATE DATABASE {folder.name}_copy TEMPLATE {kept.url.rpartition('/')[2]}")
        url = postgres.url(f"{folder.name}_copy")
    return Kept(Told(folder / "rules.yaml", folder / "state", kept.told.clock), url)
