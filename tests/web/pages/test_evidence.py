"""What was seen of a story, on a page and as a file."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from hashlib import sha256
from zipfile import ZipFile

import pytest

from monitor import witness
from monitor.bundle.verify import verify
from monitor.model import Exchange, Fetched
from monitor.store import open_store
from tests.web.site import a_desk, client
from tests.world import NOW, STRIKE, FakeClock, FakeNetwork, World, item, rss

QUIET = "هدوء في وسط المدينة"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
SEEN = Exchange(
    method="GET", request=(), status=200, response=(("x-note", HOSTILE),), peer="192.0.2.7", secure="TLS, as pinned"
)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    answer = FakeNetwork._answer

    def with_exchange(self, feed):
        page = answer(self, feed)
        return replace(page, exchange=SEEN) if isinstance(page, Fetched) else page

    monkeypatch.setattr(FakeNetwork, "_answer", with_exchange)
    store = open_store(tmp_path / "state", now=NOW)
    world = World(store=store)
    world.poll(item(QUIET, n=9))
    world.poll(item(n=1, summary=HOSTILE))
    world.poll(item(f"{STRIKE} وأنباء عن جرحى", n=1))
    world.poll_page(rss(item("غارة على المطار القديم شرق النهر", n=2)).replace(b"</item>", b""))
    store.close()
    made = a_desk(tmp_path)
    monkeypatch.setattr(made, "clock", FakeClock())
    return made


def get(desk, address, status=200, language="en"):
    answer = client(desk, accept_language=language).get(address)
    assert answer.status_code == status, answer.text[:500]
    return answer


def test_every_version_is_shown_with_its_digests_and_who_answered(desk):
    page = get(desk, "/stories/1/evidence").text
    assert page.count('class="card"') == 2
    assert "Entry 2, version 1" in page
    assert "Entry 2, version 2" in page
    assert sha256(item(n=1, summary=HOSTILE).encode()).hexdigest() in page
    assert "192.0.2.7" in page
    assert "encrypted, and its owner verified" in page


def test_what_could_not_be_kept_is_said_in_the_readers_language(desk):
    assert "could not be cut out of the document" in get(desk, "/stories/2/evidence").text
    assert "تعذّر اقتطاع الخبر" in get(desk, "/stories/2/evidence", language="ar").text
    with open_store(desk.state, now=NOW).database.write() as db:
        told = {"size": 1, "cut": False, "encoding": "", "note": witness.REPEATS}
        db.execute("UPDATE evidence SET item = NULL, told = ?", (json.dumps(told),))
    assert "repeat a secret of the feed" in get(desk, "/stories/1/evidence").text


def test_headers_of_servers_are_text(desk):
    page = get(desk, "/stories/1/evidence").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_file_is_a_sound_bundle(desk, tmp_path):
    answer = get(desk, "/stories/1/evidence.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="evidence-1.zip"'
    assert "manifest.json" in ZipFile(io.BytesIO(answer.content)).namelist()
    path = tmp_path / "x.zip"
    path.write_bytes(answer.content)
    assert verify(path).differences == ()


@pytest.mark.parametrize("address", ["/stories/77/evidence", "/stories/77/evidence.zip", f"/stories/{10**30}/evidence"])
def test_a_story_that_is_not_kept_is_not_found(desk, address):
    assert "no story" in get(desk, address, 404).text.lower()


def test_the_story_leads_to_its_evidence(desk):
    page = get(desk, "/stories/1").text
    assert 'href="/stories/1/evidence"' in page
    assert 'href="/stories/1/evidence.zip"' in page
