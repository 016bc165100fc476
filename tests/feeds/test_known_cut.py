from __future__ import annotations

import pytest

from monitor.feeds.clean import clean
from monitor.feeds.decode import Decoded, decode
from monitor.feeds.known_cut import Cut, cut
from monitor.feeds.parts import MOST_ATTRIBUTES, MOST_ENTRIES, split

HEAD = b"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>\n"
TAIL = b"\n</channel></rss>"


def document(*entries: bytes, head: bytes = HEAD, tail: bytes = TAIL, between: bytes = b"\n") -> bytes:
    return head + between.join(entries) + tail


def item(inside: bytes = b"", title: bytes = b"\xd9\x82\xd8\xb5\xd9\x81") -> bytes:
    return b"<item><title>%b</title>%b</item>" % (title, inside)


def in_full(body: bytes) -> Cut | None:
    return cut(body, ())


def without(body: bytes, *known: int) -> Cut:
    """Cut it again, with the entries at these places known."""
    full = in_full(body)
    assert full is not None
    again = cut(body, {full.digests[place] for place in known})
    assert again is not None
    return again


SOUND = {
    "plain": document(item(), item(b"<guid>2</guid>")),
    "one": document(item()),
    "a byte order mark": b"\xef\xbb\xbf" + document(item()),
    "CDATA": document(item(b"<description><![CDATA[<b>x</b> & y]]></description>"), item()),
    "a comment in an entry": document(item(b"<!-- x > y -->"), item()),
    "a comment in the head": document(item(), head=HEAD + b"<!-- x -->"),
    "comments around the root": b"<!-- a -->" + document(item(), tail=TAIL + b"<!-- b -->"),
    "an instruction": document(item(), head=b"<?xml version='1.0'?><?style x?>" + HEAD[21:]),
    "a document type": document(item(), head=b"<!DOCTYPE rss>" + HEAD),
    "references": document(item(b"<description>&nbsp;&#1602; & &lt;item&gt; &am</description>"), item(b"p;")),
    "bad tags": document(item(b"< 3 <b"), item(b">")),
    "half an attribute in each": document(item(b" xml:base='<"), item(b"'")),
    "attributes of an entry": document(b"<item rdf:about='x'><title>a</title></item>"),
    "atom": b"<feed><entry><id>1</id></entry> <entry>\n<id>2</id></entry></feed>",
    "entries outside of the channel": b"<rdf:RDF><channel><items/></channel><item>1</item><item>2</item></rdf:RDF>",
    "a channel left open": b"<rss><channel><item>1</item></rss>",
    "a prefixed entry within an entry": document(item(b"<x:item>1</x:item>"), item()),
    "another kind of entry within an entry": document(item(b"<entry>1</entry>"), item()),
}


@pytest.mark.parametrize("body", SOUND.values(), ids=SOUND.keys())
def test_pieces_cleaned_by_themselves_are_what_they_are_in_the_whole(body: bytes) -> None:
    parts = split(clean(decode(body, None).text))
    full = in_full(body)
    assert full is not None
    assert full.parts == parts
    count = len(parts.entries)
    for place in range(count):
        others = without(body, place)
        assert others.new == tuple(at for at in range(count) if at != place)
        assert others.parts.entries == parts.entries[:place] + parts.entries[place + 1 :]
        assert (others.parts.head, others.parts.tail) == (parts.head, parts.tail)
    nothing = without(body, *range(count))
    assert (nothing.parts.head, nothing.parts.entries, nothing.parts.tail) == (parts.head, (), parts.tail)


DOUBTS = {
    "no entries": document(),
    "no feed": b"<x><item>1</item></x>",
    "a page": b"<html><rss><channel><item>1</item></channel></rss></html>",
    "no root before the entries": b"<item>1</item><rss><channel></channel></rss>",
    "it breaks off": document(item(), item(), tail=b""),
    "it breaks off within an entry": document(item(), b"<item><title>x", tail=b""),
    "the root closes within an entry only": document(item(b"</rss>"), tail=b"\n"),
    "the root closes in a comment only": document(item(), tail=b"</channel><!-- </rss> -->"),
    "text between entries": document(item(), item(), between=b"x"),
    "an element between entries": document(item(), item(), between=b"<link>x</link>"),
    "a comment between entries": document(item(), item(), between=b"<!-- x -->"),
    "a second channel": document(item(), b"</channel><channel>" + item()),
    "an entry within an entry": document(item(b"<item>1</item>")),
    "an entry that is empty": document(b"<item/>", item()),
    "an entry that is left open": document(b"<item><title>a</title>", item()),
    "an entry in capitals after small ones": document(item(), b"<ITEM>1</ITEM>"),
    "an entry in capitals before small ones": document(b"<ITEM>1</ITEM>", item()),
    "an end with a space": document(b"<item>1</item >", item()),
    "an entry's tag in CDATA": document(item(b"<![CDATA[<item>]]>")),
    "an entry's end in CDATA": document(item(b"<![CDATA[</item>]]>")),
    "an entry's end in a comment": document(item(b"<!-- </item> -->")),
    "an entry in a comment of the head": document(item(), head=HEAD + b"<!-- <item>1</item> -->"),
    "an entry in CDATA of the head": document(item(), head=HEAD + b"<![CDATA[<item>1</item>]]>"),
    "entries in a comment": document(item(), item(), head=HEAD + b"<!--", tail=b"-->" + TAIL),
    "a comment that an entry leaves open": document(item(b"<!--"), item(b"-->")),
    "CDATA that an entry leaves open": document(item(b"<![CDATA["), item()),
    "an instruction that an entry leaves open": document(item(b"<?x"), item(b"?>")),
    "an instruction that the head leaves open": document(item(), head=HEAD + b"<?x", tail=b"?>" + TAIL),
    "a tag made by taking a comment out": document(item(b"<it<!-- -->em>")),
    "an end made by taking a comment out": document(item(b"</it<!-- -->em>")),
    "two ends": document(item(b"</item >")),
    "a tag made by a CDATA": document(item(b"<item<![CDATA[ ]]>>")),
    "a tag made by taking an instruction out": document(item(), tail=b"<it<?x?>em>1</item>" + TAIL),
    "a tag made by taking a character out": document(item(b"<it\x01em>1</it\x01em>")),
    "an entry made of no-break space": document(item(), head=HEAD + "<item\u00a0>".encode()),
    "a forbidden character": document(item("\ufffe".encode())),
    "damaged UTF-8": document(item(b"\xd9")),
    "windows-1256": document(item("قصف قرب المدينة".encode("cp1256"))),
    "UTF-16": document(item()).decode().encode("utf-16"),
    **{
        f"{inner} read as {outer}, one word of it": document(item("اشتباكات".encode(inner).decode(outer).encode()))
        for inner, outer in (("utf-8", "cp1252"), ("utf-8", "cp1256"))
    },
    "cp1256 read as cp1252, one word of it": document(item("القصف".encode("cp1256").decode("cp1252").encode())),
    "too many entries": document(*[item()] * (MOST_ENTRIES + 1)),
    "too much markup": document(item(b"<x a='1'/>" * (MOST_ATTRIBUTES + 1))),
    "too many references": document(item(b"&equals;" * (MOST_ATTRIBUTES + 1))),
    "too long a head": document(item(), head=HEAD + b"x" * (256 * 1024)),
    "an entry too long": document(item(b"x" * (256 * 1024))),
}


@pytest.mark.parametrize("body", DOUBTS.values(), ids=DOUBTS.keys())
def test_in_any_doubt_there_is_no_cut(body: bytes) -> None:
    assert in_full(body) is None


BY_THE_WHOLE = ["too many entries", "too much markup", "too many references", "too long a head", "it breaks off"]


@pytest.mark.parametrize("name", BY_THE_WHOLE)
def test_what_only_the_whole_document_shows_is_seen_where_all_is_known(name: str) -> None:
    """`split` reduces or leaves out entries of a document that is too large, known or not."""

    class Everything:
        def __contains__(self, _: object) -> bool:
            return True

    assert cut(DOUBTS[name], Everything()) is None


def test_what_decoding_would_change_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.feeds.known_cut.decode", lambda body, label: Decoded(body.decode().replace("t", "x")))
    assert in_full(SOUND["plain"]) is None


def test_a_known_entry_is_one_only_where_an_entry_can_stand() -> None:
    """Its bytes in a comment, in CDATA or in another entry are nothing known."""
    body = document(item(), item(b"<guid>2</guid>"))
    full = in_full(body)
    assert full is not None
    for hidden in (
        document(item(), b"<!--" + item(b"<guid>2</guid>") + b"-->"),
        document(item(), head=HEAD + b"<!--" + item() + b"-->"),
        document(item(b"<description><![CDATA[" + item() + b"]]></description>")),
        document(b"<item>" + item() + b"</item>"),
    ):
        assert cut(hidden, set(full.digests)) is None


def test_a_known_entry_costs_neither_decoding_nor_cleaning(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [item(b"<guid>%d</guid>" % n) for n in range(50)]
    full = in_full(document(*entries))
    assert full is not None
    read: list[int] = []
    monkeypatch.setattr(
        "monitor.feeds.known_cut.decode", lambda body, label: read.append(len(body)) or decode(body, label)
    )
    found = cut(document(item(b"<guid>new</guid>"), *entries), set(full.digests))
    assert found is not None
    assert found.new == (0,)
    assert read == [len(document(item(b"<guid>new</guid>")))]
