"""The page of workers over HTTP, and where it is led to."""

from __future__ import annotations

import re
from html import unescape

import pytest

from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import open_postgres
from monitor.store.worker_rows import Workers
from tests.store.builders import NOW
from tests.store.conftest import with_schema
from tests.web import fleet
from tests.web.site import a_desk, client


@pytest.fixture
def url(postgres, monkeypatch):
    made = postgres.fresh(with_schema)
    monkeypatch.setenv("MONITOR_DATABASE_URL", made)
    yield made
    postgres.drop(made)


def page_of(folder, language: str = "en", path: str = "/cluster") -> str:
    answer = client(a_desk(folder), accept_language=language).get(path)
    assert answer.status_code == 200
    return re.sub("[\u2066-\u2069]", "", unescape(answer.text))


def section(page: str, name: str) -> str:
    return page.partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def plain(part: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", part))


def test_on_one_machine_there_is_no_such_page_and_nothing_leads_there(tmp_path, monkeypatch):
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    browser = client(a_desk(tmp_path))
    assert browser.get("/cluster").status_code == 404
    assert "/cluster" not in browser.get("/operations").text
    assert browser.get("/api/v1/cluster").json() == {"fleet": None}


def test_an_empty_database_has_no_such_page_either(tmp_path, postgres_url, monkeypatch):
    monkeypatch.setenv("MONITOR_DATABASE_URL", postgres_url)
    assert client(a_desk(tmp_path)).get("/cluster").status_code == 404


def test_what_is_wrong_stands_first_with_what_to_do(tmp_path, url):
    fleet.make(url)
    told = plain(section(page_of(tmp_path), "sight"))
    assert "✖ This is to be mended" in told
    assert "Worker 'b-2' does not work by the newest rules" in told
    assert "unknown setting 'nearr'" in told
    assert "Worker 'c-3' has given no sign of life for 10 minutes" in told
    assert told.index("'b-2'") < told.index("'c-3'")


def test_each_worker_is_told_with_its_stage_its_rules_and_what_it_does(tmp_path, url):
    fleet.make(url)
    page = page_of(tmp_path)
    rows = [plain(row) for row in re.findall(r"<tr.*?</tr>", section(page, "workers"), re.DOTALL)[1:]]
    by_id = {re.search("[abc]-[123]", row)[0]: row for row in rows}
    assert "working" in by_id["a-1"]
    assert "sends to desk" in by_id["a-1"]
    assert "polls: 1203, new entries: 34, alerts: 2, messages: 5" in by_id["a-1"]
    assert "ending its work" in by_id["b-2"]
    assert "gone" in by_id["c-3"]
    assert "0.8" in by_id["c-3"]


def test_what_a_host_calls_itself_is_text_and_turns_no_line(tmp_path, url):
    fleet.make(url)
    told = client(a_desk(tmp_path)).get("/cluster").text
    assert '<bdi dir="auto">غرفة</bdi>' in told
    assert "<b>غرفة" not in told
    assert "\u202e" not in told


def test_hosts_queue_channels_and_database_are_told(tmp_path, url):
    fleet.make(url)
    page = page_of(tmp_path)
    assert "giant.example" in section(page, "hosts")
    assert "poll" in section(page, "queue")
    channels = plain(section(page, "channels"))
    assert "desk a-1" in channels
    assert "field –" in channels
    assert "on one server alone" in section(page, "database")


def test_all_of_it_is_told_in_arabic_too(tmp_path, url):
    fleet.make(url)
    page = page_of(tmp_path, "ar")
    assert "<h1>عمّال المرصد</h1>" in page
    assert "العامل «b-2» لا يعمل بأحدث القواعد" in page
    assert "ينهي عمله" in section(page, "workers")
    assert "ما يُسجَّل موجود على خادم واحد" in section(page, "database")


def test_a_fleet_that_does_well_is_said_to(tmp_path, url):
    fleet.make(url)
    store = open_postgres(url, now=NOW)
    for gone in ("b-2", "c-3"):
        Workers(store.database, server_now).end(gone)
    store.close()
    assert "✔ Nothing is to be mended" in plain(section(page_of(tmp_path), "sight"))


def test_programs_are_told_the_same(tmp_path, url):
    fleet.make(url)
    browser = client(a_desk(tmp_path), accept_language="ar")
    told = browser.get("/api/v1/cluster").json()["fleet"]
    assert {each["id"]: each["stage"] for each in told["workers"]} == {
        "a-1": "working", "b-2": "draining", "c-3": "gone"
    }  # fmt: skip
    assert told["rules"]["followed_by"] == 1
    assert told["troubles"][0]["kind"] == "rules refused"
    assert told["troubles"][0]["what"].startswith("العامل")
    assert told["channels"][0]["sent_by"] == "a-1"
