"""`monitor explain` of an address, a file, a stored entry: what is read, how that is told, what to do if it is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.store import open_store
from tests.cli.terminal import RULES, monitor, rules_in
from tests.feeds.test_article import PAGE
from tests.servers import Site, site
from tests.world import NOW, World, feed, item, rss, rule

CLASH = "اشتباكات قرب المطار"
ARTICLE = f"<!doctype html><title>{CLASH}</title><article><p>بقية الخبر</p></article>"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture
def explain(tmp_path: Path):
    def run(*arguments: str, rules: str = RULES, stdin: str | bytes = ""):
        return monitor(
            "explain", *arguments, "-c", rules_in(tmp_path, rules), "-s", str(tmp_path / "state"), stdin=stdin
        )

    return run


def test_a_page_is_read_and_named(explain, web):
    web.pages["/a"] = ARTICLE.encode()
    told = explain(web.url("/a"))
    assert told.exit_code == 0
    assert told.stdout.startswith(f"page: {web.url('/a')}\n  {CLASH}\n  read: title, body\nclashes: matches\n")


def test_a_feed_gives_its_newest_entries_each_with_its_rules(explain, web):
    entries = [item(f"خبر {n}", n=n, at=NOW + timedelta(hours=n)) for n in range(1, 8)]
    web.pages["/rss"] = rss(item(CLASH, n=99, at=None), *entries)
    told = explain(web.url("/rss"), "--json")
    assert [each["title"] for each in json.loads(told.stdout)] == ["خبر 7", "خبر 6", "خبر 5", "خبر 4", "خبر 3"]
    every = json.loads(explain(web.url("/rss"), "--json", "--limit", "20").stdout)
    assert every[-1]["title"] == CLASH
    assert [each["rules"][0]["matches"] for each in every] == [False] * 7 + [True]
    assert {each["kind"] for each in every} == {"feed"}
    text = explain(web.url("/rss"), "-n", "2").stdout
    assert [line for line in text.splitlines() if line.startswith("feed: ")] == [
        "feed: https://news.example/7", "feed: https://news.example/6",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("saved.xml", rss(item(CLASH)), "feed"),
        ("saved.html", ARTICLE.encode(), "page"),
        ("saved.txt", f"{CLASH}\n\nموجز".encode(), "text"),
        ("saved.json", json.dumps({"title": CLASH}).encode(), "text"),
        ("saved 1256.txt", "اشتباكات عنيفة قرب المطار في المدينة القديمة".encode("cp1256"), "text"),
    ],
)
def test_a_file_is_read_by_what_it_holds(explain, tmp_path, name, content, kind):
    (tmp_path / name).write_bytes(content)
    [told] = json.loads(explain(str(tmp_path / name), "--json").stdout)
    assert (told["kind"], told["rules"][0]["matches"]) == (kind, True)


def test_a_headline_that_is_the_name_of_no_file_is_a_headline(explain):
    assert explain(CLASH).stdout.startswith("clashes: matches")
    assert explain("م" * 5000).exit_code == 0
    assert explain("~nobody-here/" + CLASH).exit_code == 0


def test_a_file_and_an_address_can_be_explained_as_headlines(explain, tmp_path, monkeypatch):
    (tmp_path / CLASH).write_text("خبر آخر", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert not explain(CLASH).stdout.startswith("clashes: matches")
    assert explain("--title", CLASH).stdout.startswith("clashes: matches")


def stored(tmp_path: Path, *titles: str, **more: object) -> None:
    store = open_store(tmp_path / "state", now=NOW)
    world = World(rule(), feeds=[feed("one"), feed("two")], store=store)
    for title in titles:
        for feed_id in ("one", "two"):
            world.poll(item(title, n=1, **more), feed_id=feed_id)
    store.close()


def test_an_address_that_is_known_gives_the_stored_entry_of_each_feed_without_asking(explain, tmp_path):
    stored(tmp_path, "خبر قديم", CLASH)
    told = json.loads(explain("https://news.example/1", "--json").stdout)
    assert sorted((each["feed"], each["kind"], each["title"]) for each in told) == [
        ("one", "stored entry", CLASH), ("two", "stored entry", CLASH),
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["https://news.example/1#top", "https://news.example/1/"])
def test_a_stored_address_is_found_as_a_browser_shows_it(explain, tmp_path, way):
    stored(tmp_path, CLASH)
    assert "stored entry of one" in explain(way).stdout


def test_a_rule_of_certain_feeds_says_whether_it_looks_at_the_one_that_had_it(explain, tmp_path):
    stored(tmp_path, CLASH)
    rules = RULES.replace("    severity: high\n", "    severity: high\n    feeds: [tag:syria]\n")
    told = {
        each["feed"]: each["rules"][0]
        for each in json.loads(explain("https://news.example/1", "--json", rules=rules).stdout)
    }
    assert told["one"]["matches"]
    assert told["one"]["notes"] == []
    assert told["two"]["notes"] != []  # a feed that is no longer in the rules: nothing is known of it


def test_a_fresh_reading_asks_although_it_is_stored(explain, tmp_path, web):
    stored(tmp_path, "خبر قديم", link=web.url("/1"))
    web.pages["/1"] = ARTICLE.encode()
    assert "stored entry" in explain(web.url("/1")).stdout
    assert web.requests == []
    assert explain(web.url("/1"), "--fresh").stdout.startswith("page: ")
    assert web.requests == [("GET", "/1")]


@pytest.mark.parametrize(
    ("path", "page", "told", "remedy"),
    [
        ("/none", None, "answered 404", "save the page"),
        ("/empty", rss(), "without an entry", "try again"),
        ("/script", b"<!doctype html><body><script>x</script>", "no text that can be read", "copy the text"),
        ("/binary", b"\0\1\2" * 50, "no feed, no web page and no text", "copy its text"),
    ],
)
def test_an_address_that_gives_nothing_to_explain_is_told_with_a_remedy(explain, web, path, page, told, remedy):
    if page is not None:
        web.pages[path] = page
    result = explain(web.url(path))
    assert result.exit_code == 1
    assert told in result.stderr
    assert remedy in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("url", ["http://", "https://[::1", "http://host name/"])
def test_an_address_that_is_none_is_told_or_taken_for_a_text(explain, url):
    result = explain(url)
    assert (result.exit_code, "address" in result.stderr) in ((1, True), (0, False))


def test_no_password_of_an_address_shows(explain, web):
    web.pages["/a"] = ARTICLE.encode()
    told = explain(web.url("/a").replace("//", "//amal:s3cret@"))
    assert told.exit_code == 0
    assert "s3cret" not in told.output


def test_an_address_is_asked_as_the_feed_of_that_address_is(explain, web, tmp_path, monkeypatch):
    monkeypatch.setenv("WIRE_TOKEN", "s3cret-token")
    web.pages["/rss?k=s3cret-token"] = rss(item(CLASH))
    rules = RULES.replace("https://one.example/rss", web.url("/rss?k=${WIRE_TOKEN}"))
    told = explain(web.url("/rss?k=${WIRE_TOKEN}"), rules=rules)
    assert told.stdout.startswith("feed of one: https://news.example/1\n")
    assert "s3cret" not in told.output


def test_what_a_page_says_commands_no_terminal(explain, web):
    web.pages["/a"] = ARTICLE.replace(CLASH, CLASH + "\x1b[31m\u202e").encode()
    assert not set(explain(web.url("/a")).stdout) & {"\x1b", "\u202e"}


def test_an_article_is_judged_by_its_paragraphs_where_the_rule_looks_at_the_body(explain, tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    rules = RULES.replace("all: [اشتباك, مطار]\n    near: 5 words\n", "all: [شهود, جسر]\n    search_in: [body]\n")
    rules = rules.partition("    tests:")[0]
    assert "clashes: matches" in explain(str(tmp_path / "page.html"), rules=rules).stdout


def test_facts_are_told_with_the_words_that_say_them(explain):
    told = explain("مقتل ثلاثة وإصابة خمسة في غارة على إدلب، والجيش ينفي", "--facts").stdout
    for line in (
        "  killed 3: «مقتل ثلاثة»",
        "  wounded 5: «",
        "  place idlib",
        "  event airstrike: «غارة»",
        "  tag denied: «",
    ):
        assert line in told


def test_facts_are_data_too_and_a_text_without_any_says_so(explain, tmp_path):
    (tmp_path / "two.xml").write_bytes(rss(item("مقتل أكثر من عشرة في حلب", n=1), item("اجتماع عادي", n=2)))
    first, second = json.loads(explain(str(tmp_path / "two.xml"), "--facts", "--json").stdout)
    assert first["facts"]["killed"]["least"] >= 10
    assert first["facts"]["killed"]["most"] is None
    assert [place["id"] for place in first["facts"]["places"]] == ["aleppo"]
    assert second["facts"]["killed"] is None
    assert second["facts"]["tags"] == []
