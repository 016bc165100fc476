"""What was on its way when a monitor was killed: the next one records it, and it comes once."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.alerts.receipts import FOLDER, Receipts, Stub
from monitor.errors import StateError
from monitor.model import DeliveryStatus, Receipt
from monitor.store import Reader, SqliteStore, open_store
from monitor.unheard import record_unheard
from tests.command import Command
from tests.servers import Site, site
from tests.store.builders import HOUR, NOW, tell
from tests.test_end_to_end import deliveries, wait_until
from tests.world import item, rss

RULES = """
version: 1
defaults: {{notify: [desk], max_age: 30d}}
feeds:
  - {{id: one, url: "{feed}"}}
rules:
  - {{id: strikes, title: غارات, all: [غارة]}}
channels:
  desk: {{url: "{channel}"}}
"""
QUIET = item("خبر أول", n=100)


def taken_and_not_recorded(store: SqliteStore, state: Path, title: str) -> None:
    tell(store, title)
    [delivery] = store.claim_deliveries(NOW, channel_id="desk", limit=1, lease=HOUR)
    receipts = Receipts(state)
    with Stub(receipts.begin([delivery], now=NOW)) as stub:
        stub.sign({"sent": True})
    os.close(receipts._open.popitem()[1].descriptor)  # as at the end of the process


def sent(store: SqliteStore) -> int:
    return Reader(store.database).totals().deliveries.get(DeliveryStatus.SENT, 0)


def test_all_that_was_taken_is_recorded_and_once(tmp_path):
    with closing(open_store(tmp_path, now=NOW)) as store:
        for title in ("أ", "ب"):
            taken_and_not_recorded(store, tmp_path, title)
        record_unheard(Receipts(tmp_path), store)
        assert sent(store) == 2
        record_unheard(Receipts(tmp_path), store)
        assert sent(store) == 2


def test_what_the_state_does_not_take_is_left_for_the_next_start(tmp_path, monkeypatch):
    def away(_receipt: Receipt) -> int:
        raise StateError("the database is away")

    with closing(open_store(tmp_path, now=NOW)) as store:
        taken_and_not_recorded(store, tmp_path, "أ")
        with monkeypatch.context() as patch:
            patch.setattr(store, "record_receipt", away)
            with pytest.raises(StateError):
                record_unheard(Receipts(tmp_path), store)
        record_unheard(Receipts(tmp_path), store)
        assert sent(store) == 1


def test_one_receipt_that_cannot_be_recorded_keeps_nobody_from_starting_nor_the_others_from_being_recorded(
    tmp_path, monkeypatch
):
    with closing(open_store(tmp_path, now=NOW)) as store:
        for title in ("أ", "ب", "ج"):
            taken_and_not_recorded(store, tmp_path, title)
        record, asked = store.record_receipt, []

        def breaks_once(receipt: Receipt) -> int:
            asked.append(receipt)
            if len(asked) == 1:
                raise KeyError("a row that nobody can read")
            return record(receipt)

        monkeypatch.setattr(store, "record_receipt", breaks_once)
        record_unheard(Receipts(tmp_path), store)
        assert sent(store) == 2
        record_unheard(Receipts(tmp_path), store)
        assert sent(store) == 3


def test_who_still_sends_is_waited_for(tmp_path):
    with closing(open_store(tmp_path, now=NOW)) as store, ThreadPoolExecutor(1) as threads:
        tell(store, "أ")
        [delivery] = store.claim_deliveries(NOW, channel_id="desk", limit=1, lease=HOUR)
        receipts = Receipts(tmp_path)
        with Stub(receipts.begin([delivery], now=NOW)) as stub:
            os.close(receipts._open.popitem()[1].descriptor)
            waiting = threads.submit(record_unheard, Receipts(tmp_path), store, within=60)
            time.sleep(0.2)
            assert sent(store) == 0
            stub.sign({"sent": True})
        waiting.result(60)
        assert sent(store) == 1


def test_while_the_disk_takes_nothing_the_receipt_stays(tmp_path, monkeypatch):
    with closing(open_store(tmp_path, now=NOW)) as store:
        taken_and_not_recorded(store, tmp_path, "أ")
        with monkeypatch.context() as patch:
            patch.setattr(SqliteStore, "holds", True)
            record_unheard(Receipts(tmp_path), store)
        assert len(list((tmp_path / FOLDER).iterdir())) == 1
        record_unheard(Receipts(tmp_path), store)
        assert list((tmp_path / FOLDER).iterdir()) == []


# --- the command


@pytest.fixture
def web():
    with site() as made:
        made.pages["/one"] = rss(QUIET)
        yield made


@pytest.fixture
def monitor(web: Site, tmp_path: Path) -> Command:
    command = Command(tmp_path)
    command.write_rules(RULES.format(feed=web.url("/one"), channel=web.hook()))
    command.check("--all")
    web.pages["/one"] = rss(item("غارة على أطراف البلدة", n=1, at=datetime.now(UTC)), QUIET)
    return command


def killed_while_it_sends(monitor: Command, web: Site, *arguments: str) -> None:
    web.hold.add("/hook")
    with monitor.start(*arguments) as first:
        wait_until(lambda: ("POST", "/hook") in web.requests)
        first.kill()


def test_a_message_that_was_under_way_when_a_pass_was_killed_comes_once(monitor, web):
    killed_while_it_sends(monitor, web, "check", "--all")
    web.release.set()  # before anybody else comes: the answer has nobody but its receipt
    monitor.check("--all")
    assert deliveries(monitor.folder) == ["sent"]
    assert len(web.received) == 1
