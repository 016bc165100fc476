from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.clean import LONGEST_SHORT_FIELD, LONGEST_TAG, clean

PIECES = [
    "<", ">", "&", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE x [", "]>", "<!ENTITY a 'b'>", "<a>",
    "</a>", "<item>", "</item>", "<title>", "</title>", "&#xD800;", "&#99999999999;", "&#0;", "&nbsp;", "&lt;",
    "&#x41;", "&bogus;", "&#60;", "&amp;", "\0", "\x0b", "\x85", "\ufffe", " ", "قصف", 'x="1"', "&LT;", "&quot",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)

CASES = [
    # what comes                                   what is left                         because
    ("<t><![CDATA[a & <b>]]></t>", "<t>a &amp; &lt;b&gt;</t>", "CDATA is only another way to write text"),
    ("<t><![CDATA[&amp;quot;]]></t>", "<t>&amp;amp;quot;</t>", "what stands in CDATA is not undone"),
    ("<t>a<!-- b --></t><?php c ?>", "<t>a</t>", "comments and instructions say nothing"),
    ("<t>a<!-- b</t>", "<t>a&lt;!-- b</t>", "a comment that never ends hides nothing"),
    ("<t><![CDATA[a</t>", "<t>a</t>", "nor does a CDATA section"),
    ("<!DOCTYPE a><t>", "&lt;!DOCTYPE a><t>", "no declaration is left"),
    ("<t>a & b &amp; c</t>", "<t>a &amp; b &amp; c</t>", "a bare ampersand"),
    ("<t>a < b</t>", "<t>a &lt; b</t>", "a bare less-than"),
    ("<t>دير&nbsp;الزور&hellip;</t>", "<t>دير\xa0الزور…</t>", "HTML's names are not XML's"),
    ("<t>&bogus;</t>", "<t>&amp;bogus;</t>", "a name that nobody knows"),
    ("<t>&#1583;&#x64a;&#60;</t>", "<t>دي&lt;</t>", "numbers, markup among them"),
    ("<t>&#xD800;&#0;&#99999999999;&#x110000;</t>", "<t>\ufffd\ufffd\ufffd\ufffd</t>", "numbers of no character"),
    ("<t>غا\x01رة\x0bب</t>", "<t>غارة ب</t>", "a control character does not cut a word"),
    ("<a href='x?a=1&b=2&copy=3'>", "<a href='x?a=1&amp;b=2&amp;copy=3'>", "addresses are full of ampersands"),
    (f"<a><img src='{'x' * LONGEST_TAG}'/></a>", "<a></a>", "a tag that is too long"),
    (f"<author>{'a' * 300}</author>", f"<author>{'a' * LONGEST_SHORT_FIELD}</author>", "a name that is too long"),
    ("<author>" + "a" * 254 + "&amp;b</author>", "<author>" + "a" * 254 + "</author>", "not cut within a reference"),
]


@pytest.mark.parametrize(("text", "left", "because"), CASES, ids=[because for *_, because in CASES])
def test_what_is_left(text: str, left: str, because: str) -> None:
    assert clean(text) == left


@given(SOUP)
def test_nothing_dangerous_is_left(text: str) -> None:
    left = clean(text)
    assert "<!" not in left
    assert "<?" not in left
    assert not any(ord(char) < 32 and char not in "\t\n\r" for char in left)


@given(SOUP)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    left = clean(text)
    assert clean(left) == left


@given(SOUP)
def test_text_without_tags_is_always_well_formed(text: str) -> None:
    left = clean(text.replace("<", "").replace(">", ""))
    expat.ParserCreate().Parse(f"<t>{left}</t>".encode(), True)
