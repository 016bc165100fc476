from __future__ import annotations

import calendar
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.feeds.parse import parse
from monitor.model import Entry, Parsed, ParseFailed

SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "feeds"
BASE = "https://host.example/feeds/all.xml?token=sesame"


def entries(body: bytes | str, content_type: str | None = None) -> tuple[Entry, ...]:
    return read(body, content_type).entries


def read(body: bytes | str, content_type: str | None = None) -> Parsed:
    result = parse("news", body.encode() if isinstance(body, str) else body, content_type, base_url=BASE)
    assert isinstance(result, Parsed), result
    return result


def rss(*items: str, head: str = "<title>t</title>") -> str:
    return f'<rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'


def item(inside: str = "", title: str = "قصف قرب المدينة") -> str:
    return f"<item><title>{title}</title>{inside}</item>"


# The samples, value by value


def test_rss_2() -> None:
    document = read((SAMPLES / "rss20.xml").read_bytes())
    first, second, third = document.entries
    assert (document.title, document.ttl, document.warnings, document.is_whole) == (
        "مرصد الفرات",
        timedelta(minutes=15),
        (),
        True,
    )
    assert first == Entry(
        feed_id="news",
        guid="furat-101",
        link="https://furat.example/news/101",
        title="اشتباكات قرب مطار دير الزور",
        summary="<p>تجددت الاشتباكات &amp; القصف صباح اليوم.</p>",
        body="<p>تجددت الاشتباكات صباح اليوم، وقال سكان إنهم سمعوا دوي انفجارات.</p>",
        published_at=datetime(2026, 3, 4, 7, 15, tzinfo=UTC),
        author="هيئة التحرير",
        position=0,
    )
    assert (second.link, second.position) == ("https://furat.example/news/102", 1)
    assert second.published_at == datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    assert (third.guid, third.link) == ("not-an-address", None)


def test_what_is_escaped_twice_stands_as_the_feed_wrote_it() -> None:
    """XML's own escaping is undone, the second one is left to the normal form: spans refer to this text."""
    second = entries((SAMPLES / "rss20.xml").read_bytes())[1]
    assert second.title == "هدنة في الحي &quot;الشرقي&quot; <b>عاجل</b>"


def test_atom() -> None:
    first, second = entries((SAMPLES / "atom10.xml").read_bytes())
    assert first == Entry(
        feed_id="news",
        guid="urn:sahel:1",
        link="https://host.example/feeds/a/1",
        title="غارة على <em>الميناء</em>",
        summary="سقوط قذائف قرب الرصيف",
        body="<p>سقطت قذائف قرب الرصيف الشمالي مساء أمس.</p>",
        published_at=datetime(2026, 3, 4, 6, 0, tzinfo=UTC),
        updated_at=datetime(2026, 3, 4, 8, 30, tzinfo=UTC),
        author="مراسل الساحل",
        position=0,
    )
    assert "عاد الهدوء إلى <b>المدينة</b>." in second.summary
    assert second.body == ""
    assert second.published_at == second.updated_at == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)


def test_rdf_and_rss_091() -> None:
    (rdf,) = entries((SAMPLES / "rss10.rdf").read_bytes())
    assert (rdf.title, rdf.link, rdf.summary) == ("انفجار عبوة ناسفة", "https://tigris.example/1", "دون إصابات")
    assert rdf.published_at == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    (old,) = entries((SAMPLES / "rss091.xml").read_bytes())
    assert (old.title, old.summary) == ("قصف مدفعي على أطراف البلدة", "أضرار مادية\xa0فقط")


# Fields


@pytest.mark.parametrize(
    ("inside", "summary", "body"),
    [
        ("<description>a</description>", "a", ""),
        ("<c:encoded>b</c:encoded>", "b", ""),
        ("<description>a</description><c:encoded>b</c:encoded>", "a", "b"),
        ("<c:encoded>b</c:encoded><description>a</description>", "a", "b"),
        ("<description>a</description><c:encoded>a</c:encoded>", "a", ""),
        ("<description></description><c:encoded>b</c:encoded>", "b", ""),
        ("", "", ""),
    ],
)
def test_the_only_text_of_an_entry_is_its_summary(inside: str, summary: str, body: str) -> None:
    document = rss(item(inside)).replace("<rss", '<rss xmlns:c="http://purl.org/rss/1.0/modules/content/"')
    (entry,) = entries(document)
    assert (entry.summary, entry.body) == (summary, body)


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://a.example/x?b=1&amp;c=2#d", "https://a.example/x?b=1&c=2#d"),
        ("https://a.example/x?b=1&c=2", "https://a.example/x?b=1&c=2"),
        ("https://a.example/خبر", "https://a.example/خبر"),
        ("\n  https://a.example/x\n", "https://a.example/x"),
        ("https://a.example/a\nb", "https://a.example/ab"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("/x", "https://site.example/x"),
        ("x", "https://site.example/ar/x"),
        ("//b.example/x", "https://b.example/x"),
        ("", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("mailto:a@b.example", None),
        ("https://good.example@evil.example/", None),
        ("https://good.example\\@evil.example/", None),
        ("http://[evil", None),
        ("https:///x", "https://x"),  # as feedparser mends it
        ("https://a.example/" + "x" * 5000, None),
    ],
)
def test_a_link_is_an_absolute_web_address_or_none(written: str, link: str | None) -> None:
    head = "<title>t</title><link>https://site.example/ar/</link>"
    (entry,) = entries(rss(item(f"<link>{written}</link>"), head=head))
    assert entry.link == link


def test_a_relative_link_does_not_take_over_the_secrets_of_the_feeds_address() -> None:
    (entry,) = entries(rss(item("<link>?p=7</link>")))
    assert entry.link == "https://host.example/feeds/all.xml?p=7"


@pytest.mark.parametrize(
    ("guid", "link"),
    [("https://a.example/1", "https://a.example/1"), ("tag:a,1", None), ("1234", None), ("", None)],
)
def test_a_guid_is_a_link_only_if_it_is_a_whole_address(guid: str, link: str | None) -> None:
    (entry,) = entries(rss(item(f"<guid>{guid}</guid>")))
    assert (entry.guid, entry.link) == (guid, link)


@pytest.mark.parametrize(
    ("ttl", "minutes"),
    [("60", 60), (" 5 ", 5), ("0", 1), ("999999", 1440), ("-5", None), ("x", None), ("9" * 99, None)],
)
def test_a_ttl_is_between_a_minute_and_a_day(ttl: str, minutes: int | None) -> None:
    document = read(rss(item(), head=f"<ttl>{ttl}</ttl>"))
    assert document.ttl == (None if minutes is None else timedelta(minutes=minutes))


def test_a_date_in_the_future_is_none_when_we_know_the_time() -> None:
    body = rss(item("<pubDate>Fri, 01 Jan 2099 00:00:00 GMT</pubDate>")).encode()
    result = parse("news", body, None, base_url=BASE, fetched_at=datetime(2026, 3, 4, tzinfo=UTC))
    assert isinstance(result, Parsed)
    assert result.entries[0].published_at is None


def test_long_values_are_cut() -> None:
    inside = f"<guid>{'g' * 9000}</guid><description>{'s' * 90_000}</description><author>{'a' * 9000}</author>"
    (entry,) = entries(rss(item(inside, title="t" * 9000)))
    assert [len(text) for text in (entry.title, entry.guid, entry.summary)] == [4096, 2048, 65_536]
    assert len(entry.author) <= 512


# Documents that are not as they should be


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>rss</body></html>", "web page"),
        (b"<html><body><rss>in a page</rss></body></html>", "web page"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "no RSS"),
        (b"/etc/passwd", "no RSS"),
        (b"http://127.0.0.1/feed", "no RSS"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no RSS"),
        (bytes(range(256)) * 20, "no RSS"),
    ],
)
def test_what_is_no_feed_is_a_failure_that_says_what_it_is(body: bytes, detail: str) -> None:
    result = parse("news", body, "application/rss+xml", base_url=BASE)
    assert isinstance(result, ParseFailed)
    assert detail in result.detail


@pytest.mark.parametrize("document", [rss(), "<rss/>", "<feed xmlns='http://www.w3.org/2005/Atom'></feed>"])
def test_a_feed_without_entries_is_a_feed(document: str) -> None:
    assert entries(document) == ()


PROLOGS = [
    "",
    "\n\n  ",
    "\ufeff",
    "<?xml version='1.0'?>",
    "\n<?xml version='1.0' encoding='utf-8'?>\n",
    "<!-- <rss> -->",
    "<!DOCTYPE rss [<!ENTITY x 'y'>]>",
    "<?x <a ?><!DOCTYPE rss [<!ENTITY x 'y'>]>",
    "<br />\n<b>Warning</b>: no such file\n",
]


@pytest.mark.parametrize("prolog", PROLOGS)
def test_what_stands_before_a_feed_does_not_matter(prolog: str) -> None:
    assert [entry.title for entry in entries(prolog + rss(item(), item()))] == ["قصف قرب المدينة"] * 2


@pytest.mark.parametrize("rest", ["\n", "<!-- cached -->", "<script>x</script>", "</html>", "\0\0", "<rss"])
def test_what_stands_after_a_feed_does_not_matter(rest: str) -> None:
    document = read(rss(item(), item()) + rest)
    assert (len(document.entries), document.is_whole) == (2, True)


# Whoever can write one entry of a feed. Each is known to break a parser, or to hide what follows it.
POISON = [
    '<gml:pos xmlns:gml="http://www.opengis.net/gml">1 x</gml:pos>',
    '<georss:point xmlns:georss="http://www.georss.org/georss">x y z</georss:point>',
    '<georss:polygon xmlns:georss="http://www.georss.org/georss">1 2 x</georss:polygon>',
    '<itunes:explicit xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"/>',
    '<content type="application/octet-stream" mode="base64">!!</content>',
    '<x xml:base="http://[x"/>', "<media:content url='x'/>", "<x:y xmlns:x=''/>", "<a b=c d/>", "<a b='<'/>",
    "<description>&#xD800;</description>", "<description>&#99999999999;</description>",
    "<description>&#0;</description>", "<description>&bogus; & &;</description>",
    "<description><![CDATA[never closed</description>", "<description><!-- never closed</description>",
    "<description><p>open", "<?never closed", "<!DOCTYPE x [", "<!ENTITY a 'b'>", "]]>",
    "</channel>", "</rss>", "<channel>", "<item>", "</item>", "<title>", "<textinput>", "<image><url>x</url>",
    "<b><i></b></i>", "<\x00\x01\x1f>", "<1>", "< ", "<", "&", "<link>http://[x</link>", "<pubDate>x</pubDate>",
    "<pubDate>99999999999999999999</pubDate>", "<ttl>x</ttl>", "<cloud/>", "<source/>", "<enclosure/>", "<guid/>",
    "<category/>", "<author>a@" + "a." * 9000 + "!</author>", "<p>" * 3000, "<a " * 3000, f"<a {'b' * 9000}>",
    "<title>" * 500, "<summary><name>x</name><description>y</description></summary><summary>z</summary>",
]  # fmt: skip


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
def test_a_poisoned_entry_hides_no_other_one(poison: str) -> None:
    good = [item(f"<link>https://a.example/{n}</link>", title=f"غارة {n}") for n in range(8)]
    found = entries(rss(*good[:4], item(poison, title="مسموم"), *good[4:]))
    links = {entry.title: entry.link for entry in found}
    assert {title: links.get(title) for title in (f"غارة {n}" for n in range(8))} == {
        f"غارة {n}": f"https://a.example/{n}" for n in range(8)
    }


def test_even_the_poisoned_entry_keeps_its_headline() -> None:
    poison = '<gml:pos xmlns:gml="http://www.opengis.net/gml">1 x</gml:pos><link>https://a.example/p</link>'
    (entry,) = entries(rss(item(poison, title="عاجل: انفجار")))
    assert (entry.title, entry.link) == ("عاجل: انفجار", "https://a.example/p")


def test_ordinary_mistakes_in_markup_cost_nothing() -> None:
    broken = item("<link>https://a.example/?a=1&b=2&copy=3</link>", title="قصف<br>مدفعي & جوي على دير&nbsp;الزور")
    (entry,) = entries(rss(broken))
    assert entry.link == "https://a.example/?a=1&b=2&copy=3"
    assert "مدفعي & جوي على دير\xa0الزور" in entry.title.replace("&amp;", "&")


@given(st.integers(0, len(rss(*[item()] * 4).encode())))
@settings(max_examples=60, deadline=None)
def test_a_document_that_breaks_off_keeps_its_whole_entries_and_says_so(cut: int) -> None:
    whole = rss(*[item("<link>https://a.example/</link>")] * 4).encode()
    cut = min(cut, whole.rindex(b"</rss"))
    result = parse("news", whole[:cut], None, base_url=BASE)
    complete = whole[:cut].count(b"</item>")
    assert isinstance(result, Parsed) or complete == 0
    if isinstance(result, Parsed):
        assert not result.is_whole
        assert len([entry for entry in result.entries if entry.link]) >= complete
        assert all(entry.title in ("", "قصف قرب المدينة") for entry in result.entries)


def test_entries_beyond_two_thousand_are_left_out_with_a_warning() -> None:
    document = read(rss(*[f"<item><title>{n}</title></item>" for n in range(2100)]))
    assert (len(document.entries), document.entries[0].title) == (2000, "0")
    assert "100 entries" in document.warnings[0]


def test_a_document_with_more_markup_than_any_feed_keeps_its_headlines() -> None:
    heavy = item("<description>" + "<p>x" * 60_000 + "</description>", title="ثقيل")
    attributes = item(f"<x {' '.join(f'a{n}=1' for n in range(500))}/>" * 500, title="أثقل")
    assert [entry.title for entry in entries(rss(heavy, attributes, item()))] == ["ثقيل", "أثقل", "قصف قرب المدينة"]


def test_entities_are_never_expanded() -> None:
    chain = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
    document = f'<?x <a ?><!DOCTYPE rss [<!ENTITY a0 "boom"> {chain}]>' + rss(item(title="&a39; قصف"))
    (entry,) = entries(document)
    assert entry.title == "&a39; قصف"


@given(st.binary(max_size=400), st.sampled_from([b"<rss><channel><item><title>", b"<feed><entry>", b""]))
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise(body: bytes, start: bytes) -> None:
    assert isinstance(parse("news", start + body, None, base_url=BASE), Parsed | ParseFailed)


NAMES = [
    "title", "link", "description", "summary", "content", "id", "guid", "author", "name", "email", "source", "image",
    "url", "dc:title", "dc:creator", "content:encoded", "media:title", "media:content", "itunes:summary", "where",
    "georss:point", "atom:link", "atom:summary", "atom:entry", "xhtml:div", "textinput", "category", "pubDate", "svg",
    "body", "p", "info",
]  # fmt: skip
ATTRIBUTES = [
    "", "", 'type="html"', 'type="xhtml"', 'type="application/octet-stream"', 'mode="base64"', 'xml:base="http://[x"',
    'xml:base="http://evil.example/"', 'href="http://evil.example/"', 'rel="alternate"',
    'xmlns="http://purl.org/rss/1.0/"',
]  # fmt: skip
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)
ELEMENTS = st.recursive(
    st.sampled_from(["", "x", "1 2", "a@b.example (c)", "&lt;b&gt;"]),
    lambda inner: st.builds(
        lambda name, attribute, *inside: f"<{name} {attribute}>{''.join(inside)}</{name}>",
        st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES), inner, inner,
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(ELEMENTS, max_size=4).map("".join))
@example("<description>x<guid>1 2<title>y</title></guid></description>")  # empties the next summary, in feedparser
@example('<x xml:base="http://[x"/>')  # and this every later link
@settings(max_examples=150, deadline=None)
def test_no_entry_changes_how_another_is_read(foreign: str) -> None:
    def good(n: int) -> str:
        return item(f"<link>https://a.example/{n}</link><description>نص {n}</description>", title=f"غارة {n}")

    document = rss(good(0), item(foreign, title="غريب"), good(1), good(2)).replace("<rss", f"<rss {SPACES}")
    found = {entry.title: (entry.link, entry.summary, entry.body) for entry in entries(document)}
    for n in range(3):
        assert found[f"غارة {n}"] == (f"https://a.example/{n}", f"نص {n}", "")


MARKUP = st.sampled_from([*POISON[:40], item(), "<item>", "</item>", "<entry>", "<link/>", "<summary>", "</summary>"])


@given(st.lists(MARKUP, max_size=6))
@settings(max_examples=100, deadline=None)
def test_no_mixture_of_bad_markup_raises(pieces: list[str]) -> None:
    result = parse("news", rss(item(), *pieces, item()).encode(), None, base_url=BASE)
    assert isinstance(result, Parsed | ParseFailed)


# Encodings


@pytest.mark.parametrize("label", ["windows-1256", "utf-8", "iso-8859-1", None])
def test_windows_1256_is_readable_with_and_without_its_label(label: str | None) -> None:
    declared = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    body = (declared + rss(item("<description>بحسب مصادر محلية، والاشتباكات مستمرة</description>"))).encode("cp1256")
    (entry,) = entries(body, "text/xml; charset=utf-8")
    assert (entry.title, entry.summary) == ("قصف قرب المدينة", "بحسب مصادر محلية، والاشتباكات مستمرة")


# Real feeds, where they are at hand


@pytest.mark.parametrize("file", sorted(SHARED.glob("*.xml")) or [None], ids=lambda file: file.name if file else "none")
def test_a_real_feed_is_read_as_feedparser_reads_it(file: Path | None) -> None:
    if file is None:
        pytest.skip("the collection of real feeds is not at hand")
    ours = read(file.read_bytes())
    theirs = feedparser.parse(io.BytesIO(file.read_bytes()))
    assert not theirs.bozo
    assert [entry.title for entry in ours.entries] == [entry.get("title", "") for entry in theirs.entries]
    for entry, known in zip(ours.entries, theirs.entries, strict=True):
        if known.get("link", "").startswith(("http://", "https://")):
            assert entry.link == known.link
        if known.get("published_parsed"):
            assert entry.published_at is not None
            assert entry.published_at.timestamp() == calendar.timegm(known.published_parsed)
    assert ours.warnings == ()
