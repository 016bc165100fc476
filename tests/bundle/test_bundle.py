"""A story's evidence as a file, and whether it is what it says."""

from __future__ import annotations

import io
import json
import re
import zipfile
from hashlib import sha256

import pytest

from monitor.bundle.make import make
from monitor.bundle.verify import NoBundle, verify
from monitor.store.read import Reader
from tests.articles.world import CLASHES, LINE, LINK, Newsroom, line, page
from tests.world import STRIKE, World, item, rss

QUIET = "هدوء في وسط المدينة"
HOSTILE = f'{STRIKE} <script>alert(1)</script> "><img src=x onerror=alert(2)> \u202e{{{{ 7*7 }}}}'


@pytest.fixture
def world():
    made = World()
    made.poll(item(QUIET, n=9))
    made.poll(item(n=1))
    made.poll(item(f"{STRIKE} وأنباء عن جرحى", n=1))
    made.deliver()
    return made


def bundle(world: World, story: int = 1) -> bytes:
    out = io.BytesIO()
    make(Reader(world.store.database), story, out)
    return out.getvalue()


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(tmp_path, files: dict[str, bytes]):
    path = tmp_path / "bundle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def test_it_holds_every_version_with_its_digest_the_rules_the_decisions_and_the_deliveries(world):
    files = opened(bundle(world))
    manifest = json.loads(files["manifest.json"])
    assert [(each["entry"], each["version"]) for each in manifest["records"]] == [(2, 1), (2, 2)]
    for record in manifest["records"]:
        assert sha256(files[record["item"]["file"]]).hexdigest() == record["item"]["sha256"]
        assert files[record["rules"]["strikes"]["file"]].startswith(b"{")
        told = json.loads(files[record["document"]["exchange_file"]])
        assert told["document"]["sha256"] == record["document"]["sha256"]
    assert set(manifest["files"]) == set(files) - {"manifest.json"}
    story = json.loads(files["story.json"])
    assert story["entries"][0]["decisions"][0]["reason"] == "first report"
    assert story["alerts"][0]["deliveries"][0]["status"] == "sent"


def test_the_same_state_gives_the_same_bytes(world):
    assert bundle(world) == bundle(world)
    with zipfile.ZipFile(io.BytesIO(bundle(world))) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_sound_bundle_is_verified(world, tmp_path):
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle(world))
    found = verify(path)
    assert (found.story, found.differences) == (1, ())
    assert found.digests["bundle"] == sha256(path.read_bytes()).hexdigest()
    assert found.digests["manifest"] == sha256(opened(path.read_bytes())["manifest.json"]).hexdigest()


ITEM = "items/entry-2-version-1.xml"


def changed(files):
    files[ITEM] += b" "
    return f"{ITEM}: was changed"


def removed(files):
    del files[ITEM]
    return f"{ITEM}: the manifest names it"


def added(files):
    files["more.txt"] = b"x"
    return "more.txt: the manifest does not name it"


def changed_with_the_manifest(files):
    """By somebody who makes the manifest fit, but not what was recorded as the entry was seen."""
    files[ITEM] = b"<item/>"
    manifest = json.loads(files["manifest.json"])
    manifest["files"][ITEM] = {"sha256": sha256(b"<item/>").hexdigest(), "size": 7}
    files["manifest.json"] = json.dumps(manifest).encode()
    return f"{ITEM}: is not what was recorded of entry 2"


@pytest.mark.parametrize("spoil", [changed, removed, added, changed_with_the_manifest])
def test_what_differs_is_told_by_its_name(world, tmp_path, spoil):
    files = opened(bundle(world))
    expected = spoil(files)
    assert any(each.startswith(expected) for each in verify(written(tmp_path, files)).differences)


def test_a_damaged_file_is_told_and_the_others_still_looked_at(world, tmp_path):
    path = tmp_path / "bundle.zip"
    data = bytearray(bundle(world))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        about = archive.getinfo("page.html")
    at = about.header_offset + 30 + len(about.filename) + 40
    data[at : at + 20] = bytes(20)
    path.write_bytes(data)
    assert verify(path).differences == ("page.html: damaged, or too large",)


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.txt": b""}, "no manifest.json"),
        ({"manifest.json": b"{}"}, "none of monitor's"),
        ({"manifest.json": b"["}, "none of monitor's"),
        ({"manifest.json": b'{"format": "monitor evidence", "version": 99, "files": {}, "records": []}'}, "newer"),
    ],
)
def test_what_is_no_bundle_is_refused_with_the_reason(tmp_path, files, why):
    with pytest.raises(NoBundle, match=re.escape(why)):
        verify(written(tmp_path, files))


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(NoBundle, match="no zip file"):
        verify(tmp_path / "x.zip")


def test_what_a_feed_writes_is_text_on_the_page_and_nothing_else():
    world = World()
    world.poll(item(QUIET, n=9))
    world.poll_page(rss(item(HOSTILE, n=1, summary=HOSTILE)))
    page = opened(bundle(world))["page.html"].decode()
    assert "غارة" in page
    assert not re.search(r"<(script|img|link|iframe|a)\b", page, re.IGNORECASE)
    assert "\u202e" not in page
    assert "{{ 7*7 }}" in page
    assert "default-src 'none'" in page


def test_the_page_is_in_both_languages_and_loads_nothing(world):
    page = opened(bundle(world))["page.html"].decode()
    assert 'lang="ar" dir="rtl"' in page
    assert not re.search(r"(src|href|url)\s*[=(]", page)


def test_what_was_not_kept_is_told(world):
    with world.store.database.write() as db:
        db.execute("DELETE FROM evidence")
    files = opened(bundle(world))
    manifest = json.loads(files["manifest.json"])
    assert len(manifest["missing"]) == 2
    assert "nothing was kept" in manifest["missing"][0]
    assert "nothing was kept" in files["page.html"].decode()


# --- what a rule matched in the article alone


@pytest.fixture
def newsroom():
    made = Newsroom()
    made.articles[LINK] = page()
    made.poll(line(summary="ينشر لاحقا"))
    return made


def test_of_an_article_the_item_that_led_to_it_is_there_as_its_feed_served_it(newsroom, tmp_path):
    newsroom.poll("")  # the feed shows it no more
    assert newsroom.read() == [LINE]
    data = bundle(newsroom)
    files = opened(data)
    assert "ينشر لاحقا" in files["items/entry-1-version-1.xml"].decode()
    told = json.loads(files["manifest.json"])["records"]
    assert [(each["version"], sorted(each["rules"])) for each in told] == [(1, []), (2, ["clashes"])]
    assert [each["item"]["of_article"] for each in told] == [False, True]
    assert CLASHES in files[told[1]["document"]["document_file"]].decode()
    shown = files["page.html"].decode()
    assert "None matched this text by itself" in shown
    assert (shown.count("Digest of the article's page"), shown.count("Digest of the feed's whole document")) == (1, 1)
    assert verify(_written(tmp_path, data)).differences == ()


def test_a_bundle_from_before_items_of_articles_were_kept_is_verified_as_ever(newsroom, tmp_path):
    newsroom.read()
    with newsroom.store.database.write() as db:
        db.execute("DELETE FROM evidence WHERE version_id = 1")
    data = bundle(newsroom)
    assert [each["version"] for each in json.loads(opened(data)["manifest.json"])["records"]] == [2]
    assert verify(_written(tmp_path, data)).differences == ()


def _written(folder, data: bytes):
    file = folder / "evidence.zip"
    file.write_bytes(data)
    return file
