"""The evidence as a web archive, read back by warcio."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from dataclasses import replace

import pytest
from warcio.archiveiterator import ArchiveIterator

from monitor.bundle.gather import gather
from monitor.bundle.make import make
from monitor.bundle.warc import MISSING, warc
from monitor.model import Exchange, Fetched
from monitor.store.read import Reader
from tests.world import FakeNetwork, World, item, rss

QUIET = "هدوء في وسط المدينة"
SEEN = Exchange(
    method="GET",
    request=(("User-Agent", "monitor/1"), ("X-Odd", "a\r\nInjected: yes")),
    status=200,
    response=(("content-type", "text/xml"), ("content-encoding", "gzip"), ("x-note", "caf\xe9 \u0639")),
    peer="192.0.2.7",
)


@pytest.fixture
def world(monkeypatch):
    answer = FakeNetwork._answer

    def with_exchange(self, feed):
        page = answer(self, feed)
        return replace(page, exchange=SEEN) if isinstance(page, Fetched) else page

    monkeypatch.setattr(FakeNetwork, "_answer", with_exchange)
    made = World()
    made.poll(item(QUIET, n=9))
    return made


def archive(world: World) -> bytes:
    made = warc(gather(Reader(world.store.database), 1))
    assert made is not None
    return made


def records(data: bytes):
    """Type, headers, what stands in front of the content, and the content; digests are checked."""
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        yield record.rec_type, record.rec_headers, record.http_headers, record.content_stream().read()


def test_an_entry_that_was_cut_out_is_a_resource_and_nothing_is_called_a_response(world):
    strike = item(n=1)
    world.poll(strike)
    (request, metadata, resource) = records(archive(world))
    assert [each[0] for each in (request, metadata, resource)] == ["request", "metadata", "resource"]
    assert request[1].get_header("WARC-IP-Address") == "192.0.2.7"
    assert json.loads(metadata[3])["response"]["status"] == 200
    assert resource[3] == strike.encode()
    assert "an element of the document" in resource[1].get_header("X-Monitor-Part")
    assert resource[1].get_header("WARC-Concurrent-To") == metadata[1].get_header("WARC-Record-ID")


def test_a_document_that_is_kept_whole_is_the_response_with_headers_that_fit_its_body(world):
    document = rss(item(n=1)).replace(b"</item>", b"")
    world.poll_page(document)
    (request, response) = records(archive(world))
    assert (request[0], response[0], response[3]) == ("request", "response", document)
    assert response[2].get_statuscode() == "200"
    assert response[2].get_header("content-encoding") is None
    assert response[2].get_header("x-archive-orig-content-encoding") == "gzip"


def test_no_header_of_others_becomes_two(world):
    world.poll(item(n=1))
    request = next(iter(records(archive(world))))
    assert request[2].get_header("Injected") is None
    assert "Injected: yes" in request[2].get_header("X-Odd")


def test_it_says_which_version_of_the_format_it_is_and_is_the_same_each_time(world):
    world.poll(item(n=1))
    assert archive(world).startswith(b"WARC/1.1\r\n")
    assert archive(world) == archive(world)


def test_without_the_extra_the_bundle_says_what_is_missing_and_how_to_get_it(world, monkeypatch):
    world.poll(item(n=1))
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)
    out = io.BytesIO()
    made = make(Reader(world.store.database), 1, out)
    assert made.missing == (MISSING,)
    with zipfile.ZipFile(out) as found:
        assert "evidence.warc" not in found.namelist()
        assert json.loads(found.read("manifest.json"))["missing"] == [MISSING]
