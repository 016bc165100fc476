"""A web page as an entry: headline, description, paragraphs of the article, and nothing of what stands around it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.article import is_page, read_article
from monitor.text.clean import display

URL = "https://news.example/1"
PAGE = """<!doctype html><html dir="rtl"><head><meta charset="utf-8">
<title>غارة على الجسر | موقع الأخبار</title>
<meta property="og:title" content="غارة على &quot;الجسر&quot;">
<meta name='description' content='وصف قصير'><meta property=og:description content="موجز الخبر">
<script>var p = "<p>ليس فقرة</p>";</script><style>p { x: "<p>ولا هذه</p>" }</style></head>
<body><nav><p>القائمة الرئيسية</p></nav>
<main><p>شريط عاجل</p><article><h1>غارة على الجسر القديم</h1>
<!-- <p>تعليق محذوف</p> -->
<p class="lead">قُتل ثلاثة <b>أشخاص</b> في الغارة.</p><p>وأصيب آخرون<div>صورة</div>
<aside><p>اقرأ أيضًا</p></aside><p> </p>
<P>قال شهود إن الجسر انهار.</P></article></main><footer><p>حقوق النشر</p></footer></body></html>"""


def words(page: str, content_type: str | None = "text/html; charset=utf-8") -> tuple[str, str, str]:
    """Title, summary and body as people read them."""
    found = read_article(page.encode(), content_type, url=URL)
    return display(found.title), display(found.summary), display(found.body)


def test_an_article_is_its_headline_its_description_and_its_own_paragraphs():
    title, summary, body = words(PAGE)
    assert title == 'غارة على "الجسر"'
    assert summary == "موجز الخبر"
    assert body == "قُتل ثلاثة أشخاص في الغارة. وأصيب آخرون قال شهود إن الجسر انهار."
    assert read_article(PAGE.encode(), "text/html", url=URL).link == URL


@pytest.mark.parametrize(
    ("page", "title", "summary", "body"),
    [
        ("<title>عنوان</title>", "عنوان", "", ""),
        ("<h1>خبر</h1><title>عنوان</title>", "خبر", "", ""),
        ("<nav><h1>الموقع</h1></nav><h1>خبر</h1>", "خبر", "", ""),
        ("<h1>خبر <em>عاجل</em></h1>", "خبر عاجل", "", ""),
        ("<meta name=twitter:title content=خبر>", "خبر", "", ""),
        ("<meta content='موجز' name='Description'>", "", "موجز", ""),
        ("<p>أول<p>ثان", "", "", "أول ثان"),
        ("<p>أول</p><main><p>ثان</p></main>", "", "", "ثان"),
        ("<main><p>أول</p></main><article><p>ثان</p></article>", "", "", "ثان"),
        ("<article></article><p>أول</p>", "", "", "أول"),
        ("<nav><p>أول</p>", "", "", "أول"),
        ("<p>سعر 5 < 7 & أقل</p>", "", "", "سعر 5 < 7 & أقل"),
        ("<p title='لا > لا'>نعم</p>", "", "", "نعم"),
        ("<p>قبل<!-- <p>لا</p> -->بعد</p>", "", "", "قبلبعد"),
        ("<script>لا</script><p>نعم</p><script>", "", "", "نعم"),
        ("نص بلا وسوم", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_page_gives_what_it_says_of_itself(page, title, summary, body):
    found = words(page)
    assert found[:2] == (title, summary)
    assert found[2] == body


@pytest.mark.parametrize("shape", [lambda told: told, lambda told: [told], lambda told: {"@graph": [{"x": told}]}])
def test_a_page_without_paragraphs_gives_what_it_tells_search_engines(shape):
    told = json.dumps(shape({"@type": "NewsArticle", "articleBody": "نص الخبر كله"}))
    script = f'<h1>خبر</h1><script type="application/ld+json">{told}</script>'
    assert words(script)[2] == "نص الخبر كله"
    assert words(script + "<p>فقرة</p>")[2] == "فقرة"
    assert words('<script type="application/ld+json">{"articleBody": </script><h1>خبر</h1>')[2] == ""


@pytest.mark.parametrize(
    ("encoding", "content_type", "meta"),
    [
        ("utf-8", None, ""),
        ("cp1256", "text/html", '<meta charset="windows-1256">'),
        ("cp1256", "text/html; charset=windows-1256", ""),
        ("cp1256", None, '<meta http-equiv=Content-Type content="text/html; charset=windows-1256">'),
        ("utf-16", None, ""),
    ],
)
def test_a_page_is_read_in_its_own_letters(encoding, content_type, meta):
    page = f"<html><head>{meta}</head><h1>غارة على الجسر القديم في المدينة</h1></html>".encode(encoding)
    assert read_article(page, content_type, url=URL).title == "غارة على الجسر القديم في المدينة"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"<!DOCTYPE html><p>x", None, True),
        (b"\n<!-- x --><html lang=ar>", "application/rss+xml", True),
        (b"x", "text/html; charset=utf-8", True),
        (b"x", "application/xhtml+xml", True),
        (b"<rss><channel>", "text/xml", False),
        ("خبر عن المطار".encode(), None, False),
        (b'{"title": "x"}', "application/json", False),
    ],
)
def test_a_page_is_known_by_what_it_says_or_how_it_begins(body, content_type, expected):
    assert is_page(body, content_type) is expected


PIECES = [
    "<p>", "</p>", "<article>", "</article>", "<nav>", "</nav>", "<!--", "-->", "<script>", "</script>", "<", ">", '"',
    "'", "<h1>", "</h1>", "<title>", "</title>", "<meta name=description content=", "نص", " ", "&lt;", "=",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_page_gives_texts_that_stand_in_it(page):
    found = read_article(page.encode(), "text/html", url=URL)
    assert found.title in page or "&" in page
    for paragraph in filter(None, found.body.split("\n")):
        assert paragraph.removeprefix("<p>").removesuffix("</p>") in page
