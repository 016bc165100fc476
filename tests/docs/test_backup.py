"""The backup that the guide describes is a state that can be used."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from monitor.store import open_store
from monitor.store.postgres.store import open_postgres
from monitor.store.read import Reader, Totals, open_reader
from tests.command import Command
from tests.docs.commandline import command_lines
from tests.docs.markdown import blocks
from tests.servers import site
from tests.world import item, rss


def test_the_backup_of_the_guide_is_made_tried_and_restored_as_it_says(tmp_path: Path, postgres_url: str) -> None:
    back_up, rehearse, restore, move, check = (
        list(command_lines(block.text)) for block in blocks("docs/howto/backup.md") if block.info == "sh"
    )
    monitor = _with_an_alert(tmp_path)
    before = _totals(tmp_path / "state")
    beside = open_store(tmp_path / "state", now=datetime.now(UTC))
    try:
        for line in (*back_up, *rehearse, *check):
            assert monitor.run(*line).returncode == 0
    finally:
        beside.close()
    for file in (tmp_path / "state").glob("monitor.db*"):
        file.unlink()
    for line in (*restore, *check):
        assert monitor.run(*line).returncode == 0
    assert _totals(tmp_path / "state") == before
    monitor.environ["NEWS"] = postgres_url
    for line in move:
        assert monitor.run(*line).returncode == 0
    with closing(open_postgres(postgres_url, now=datetime.now(UTC))) as moved:
        assert Reader(moved.database).totals() == before


def _with_an_alert(folder: Path) -> Command:
    monitor = Command(folder)
    with site() as web:
        web.pages["/feed"] = rss(item("إغلاق المطار", at=datetime.now(UTC)))
        feed, rule = f"{{url: '{web.url('/feed')}'}}", "{id: any, title: any, all: [مطار]}"
        monitor.write_rules(f"version: 1\nfeeds: [{feed}]\nrules: [{rule}]\n")
        assert monitor.check("--no-baseline")["deliveries"]["sent"] == 1
    return monitor


def _totals(state: Path) -> Totals:
    reader = open_reader(state)
    assert reader
    with reader:
        return reader.totals()
