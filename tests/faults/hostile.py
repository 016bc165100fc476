"""Documents that were made to kill, freeze, fill or fool whoever reads them; each with entries that did nothing wrong.

A name tells the trick. The number is the row of faults that it stands for (C1: the entity chain, and so on).
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

MANY = 20
INNOCENT = [f"خبر سليم رقم {n}" for n in range(MANY)]
MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Hostile:
    """`innocent`: how many of the innocent entries, from the first on, stand in it unharmed."""

    name: str
    body: bytes
    innocent: int = MANY
    content_type: str | None = "application/rss+xml"


def good(n: int) -> str:
    return (
        f"<item><title>{INNOCENT[n]}</title><link>https://a.example/{n}</link><description>نص {n}</description></item>"
    )


def good_entry(n: int) -> str:
    return (
        f"<entry><title>{INNOCENT[n]}</title><link href='https://a.example/{n}'/><id>urn:a:{n}</id>"
        f"<summary>نص {n}</summary></entry>"
    )


def rss(*hostile: str, head: str = "", prolog: str = "", root: str = "", tail: str = "", count: int = MANY) -> str:
    """The hostile entries in the middle of the innocent ones."""
    half = count // 2
    return (
        f'{prolog}<rss version="2.0"{root}><channel><title>قناة</title>{head}'
        f"{''.join(map(good, range(half)))}{''.join(hostile)}{''.join(map(good, range(half, count)))}"
        f"</channel></rss>{tail}"
    )


def atom(*hostile: str, root: str = "") -> str:
    half = MANY // 2
    return (
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"{root}><title>قناة</title>'
        f"{''.join(map(good_entry, range(half)))}{''.join(hostile)}{''.join(map(good_entry, range(half, MANY)))}</feed>"
    )


def item(inside: str = "", title: str = "مسموم") -> str:
    return f"<item><title>{title}</title>{inside}</item>"


def documents() -> Iterator[Hostile]:
    for family in (
        _entities, _blanks, _patterns, _sizes, _poisoned, _references, _labels, _cut, _sections, _mixtures, _bytes_,
        _no_feeds,
    ):  # fmt: skip
        yield from family()


def _doc(name: str, text: str, **more: int) -> Hostile:
    return Hostile(name, text.encode("utf-8", "surrogatepass"), **more)


# C1, C5, C15: entities


def _entities() -> Iterator[Hostile]:
    chain = '<!ENTITY a0 "x">' + "".join(f'<!ENTITY a{n} "&a{n - 1};">' for n in range(1, 30_000))
    laughs = '<!ENTITY b0 "ها">' + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    declared = {
        "chain of 30,000": (chain, "&a29999;"),
        "billion laughs": (laughs, "&b11;"),
        "one long entity, often": (f'<!ENTITY c "{"ج" * 50_000}">', "&c;" * 2_000),
        "itself": ('<!ENTITY d "&d;">', "&d;"),
        "each other": ('<!ENTITY e "&f;"><!ENTITY f "&e;">', "&e;"),
        "a file": ('<!ENTITY g SYSTEM "file:///etc/hostname">', "&g;"),
        "a server": ('<!ENTITY h SYSTEM "http://127.0.0.1:9/x">', "&h;"),
        "a parameter": ('<!ENTITY % i SYSTEM "file:///etc/hostname"> %i;', "x"),
        "an attribute list": ('<!ATTLIST item title CDATA "&j;"><!ENTITY j "x">' * 200, "&j;"),
    }
    for name, (inside, used) in declared.items():
        yield _doc(f"C1 entities: {name}", rss(item(title=used), prolog=f"<!DOCTYPE rss [{inside}]>"))
    smuggled = {
        "after an instruction with a tag": "<?x <a ?><!DOCTYPE rss [{}]>",
        "after a comment with a tag": "<!-- <rss> --><!DOCTYPE rss [{}]>",
        "in small letters": "<!doctype rss [{}]>",
        "with a name": '<!DOCTYPE rss PUBLIC "-//x//y" "http://127.0.0.1:9/z" [{}]>',
        "twice": "<!DOCTYPE rss [<!ENTITY z 'z'>]><!DOCTYPE rss [{}]>",
        "behind line breaks": "\n\n\n<?xml version='1.0'?>\n<!DOCTYPE\nrss\n[{}]>",
        "in a comment that ends late": "<!-- --><!DOCTYPE rss [<!-- ]> -->{}]>",
    }
    for name, prolog in smuggled.items():
        yield _doc(f"C1 the chain smuggled {name}", rss(item(title="&a29999;"), prolog=prolog.format(chain)))
    yield _doc("C1 the chain within an entry", rss(item(f"<!DOCTYPE rss [{chain}]>&a29999;")))
    wide = rss(item(title="&a29999;"), prolog=f"<!DOCTYPE rss [{chain}]>")
    for codec, mark in (("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)):
        yield Hostile(f"C1 the chain in {codec}", mark + wide.encode(codec))
    yield _doc("C5 100,000 unknown references", rss(item(title="&zz;" * 100_000)))
    yield _doc("C5 a reference of 1 MiB", rss(item(title="&" + "z" * MIB + ";")))
    yield _doc("C5 1,000,000 ampersands", rss(item(title="&" * 1_000_000)))


# C2: what should be nothing


def _blanks() -> Iterator[Hostile]:
    for name, blank in {
        "line breaks": "\n", "returns": "\r", "both": "\r\n", "blanks": " ", "tabs": "\t", "no-break spaces": "\xa0",
        "form feeds": "\x0c", "line separators": "\u2028", "byte order marks": "\ufeff", "zeroes": "\0",
    }.items():  # fmt: skip
        yield _doc(f"C2 500,000 {name} first", blank * 500_000 + rss())
        yield _doc(f"C2 200,000 {name} within an entry", rss(item(blank * 200_000)))
    yield _doc("C2 line breaks in tags", rss("<item" + "\n" * 200_000 + ">" + item()))
    yield _doc("C2 line breaks in the root's tag", rss(root="\n" * 3_000))
    yield _doc("C2 blank lines after", rss(tail="\n" * 1_000_000))


# C3, C4: patterns that take for ever


def _patterns() -> Iterator[Hostile]:
    for name, inside in {
        "css url(": f'<p style="{"url(" * 50_000}">x</p>',
        "css quotes": f"""<p style="{"a:'" * 50_000}">x</p>""",
        "css comments": f'<p style="{"/*" * 50_000}">x</p>',
        "svg": f"<svg>{'<g>' * 20_000}x",
        "half tags": "<p " * 100_000,
        "half comments": "<!--" * 50_000,
        "half declarations": "<!" * 100_000,
        "half instructions": "<?" * 100_000,
        "half sections": "<![CDATA[" * 50_000,
        "brackets": "]]>" * 100_000,
        "equals": f"<p {'=' * 100_000}>",
        "quotes": "<p a='" * 30_000,
    }.items():
        yield _doc(f"C3 {name}, as markup", rss(item(f"<description>{inside}</description>")))
        escaped = inside.replace("&", "&amp;").replace("<", "&lt;")
        yield _doc(f"C3 {name}, as text", rss(item(f"<description>{escaped}</description>")))
    address = "a@" + "a." * 15_000 + "!"
    for element in (
        "author", "managingEditor", "webMaster", "dc:creator", "dc:publisher", "itunes:author", "media:credit",
    ):  # fmt: skip
        yield _doc(f"C4 an author without end in {element}", rss(item(f"<{element}>{address}</{element}>")))
        yield _doc(f"C4 the same at the head in {element}", rss(head=f"<{element}>{address}</{element}>"))
    for inside in ("name", "email", "uri"):
        entry = f"<entry><title>مسموم</title><author><{inside}>{address}</{inside}></author></entry>"
        yield _doc(f"C4 an author without end in Atom's {inside}", atom(entry))
    for element in ("pubDate", "dc:date", "updated", "published", "lastBuildDate"):
        for digits in ("1" * 50_000, "Mon, " * 10_000, "2026-" * 10_000, ":" * 50_000, "١" * 50_000):
            yield _doc(f"C17 a date of many {digits[:5]!r} in {element}", rss(item(f"<{element}>{digits}</{element}>")))


# C6: too much


def _sizes() -> Iterator[Hostile]:
    names = " ".join(f'a{n}="x"' for n in range(20_000))
    spaces = " ".join(f'xmlns:n{n}="http://a.example/{n}"' for n in range(10_000))
    yield _doc("C6 20,000 attributes", rss(item(f"<x {names}>y</x>")))
    yield _doc("C6 20,000 attributes of the root", rss(root=" " + names))
    yield _doc("C6 10,000 namespaces", rss(item(f"<x {spaces}>y</x>")))
    yield _doc("C6 10,000 namespaces, one a tag", rss(item("".join(f'<x xmlns:n{n}="u{n}">' for n in range(10_000)))))
    yield _doc("C6 a namespace of 1 MiB", rss(item(f'<x xmlns:y="{"u" * MIB}"/>')))
    for depth in (300, 3_000, 100_000):
        yield _doc(f"C6 {depth:,} deep", rss(item("<a>" * depth + "x" + "</a>" * depth)))
        yield _doc(f"C6 {depth:,} deep, not closed", rss(item("<a>" * depth)))
        yield _doc(f"C6 {depth:,} divisions deep", rss(item(f"<description>{'<div>' * depth}</description>")))
    yield _doc("C6 40,000 entries after the others", rss().replace("</channel>", item() * 40_000 + "</channel>"))
    yield _doc("C6 40,000 empty entries", rss().replace("</channel>", "<item/>" * 40_000 + "</channel>"))
    yield _doc("C6 300,000 paragraphs", rss(item(f"<description>{'<p>' * 300_000}</description>")))
    yield _doc("C6 300,000 elements at the head", rss(head="<x/>" * 300_000))
    yield _doc("C6 300,000 elements at the tail", rss().replace("</channel>", "<x/>" * 300_000 + "</channel>"))
    yield _doc("C6 4 MiB of title", rss(item(title="ط" * (2 * MIB))))
    yield _doc("C6 4 MiB of text", rss(item(f"<description>{'نص ' * 800_000}</description>")))
    yield _doc("C6 4 MiB of attribute", rss(item(f'<x y="{"z" * (4 * MIB)}"/>')))
    yield _doc("C6 1 MiB of a tag's name", rss(item(f"<{'n' * MIB}>x")))
    yield _doc("C6 1 MiB of link", rss(item(f"<link>https://a.example/{'l' * MIB}</link>")))
    yield _doc("C6 1 MiB of guid", rss(item(f"<guid>{'g' * MIB}</guid>")))
    yield _doc("C6 100,000 categories", rss(item("<category>c</category>" * 100_000)))
    yield _doc("C6 20,000 enclosures", rss(item('<enclosure url="x" length="1" type="y"/>' * 20_000)))
    yield _doc("C6 5,000 titles", rss(item("<title>t</title>" * 5_000)))
    yield _doc("C6 5,000 contents", rss(item("<content:encoded>t</content:encoded>" * 5_000)))
    yield _doc("C6 5 MiB of comment", rss(item("<!--" + "c" * (4 * MIB) + "-->")))
    yield _doc("C6 5 MiB of section", rss(item("<x><![CDATA[" + "<" * (2 * MIB) + "]]></x>")))


# C7: one entry that breaks its whole feed

POISON = {
    "a position": '<gml:pos xmlns:gml="http://www.opengis.net/gml">1 x</gml:pos>',
    "a position list": '<gml:posList xmlns:gml="http://www.opengis.net/gml">1 x y</gml:posList>',
    "a point": '<georss:point xmlns:georss="http://www.georss.org/georss">x y z</georss:point>',
    "a line": '<georss:line xmlns:georss="http://www.georss.org/georss">1</georss:line>',
    "a polygon": '<georss:polygon xmlns:georss="http://www.georss.org/georss">1 2 x</georss:polygon>',
    "a box": '<georss:box xmlns:georss="http://www.georss.org/georss">1</georss:box>',
    "a rating": '<itunes:explicit xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"/>',
    "bad base64": '<content type="application/octet-stream" mode="base64">!!</content>',
    "an odd type": '<content type="&#x202e;/;;;">x</content>',
    "a bad base": '<x xml:base="http://[x"/>',
    "a base with a line break": '<x xml:base="http://a.example/&#10;b"/>',
    "a base of a script": '<link xml:base="javascript:x/">y</link>',
    "a nested feed": "<rss><channel><item><title>داخلي</title></item></channel></rss>",
    "an end of the channel": "</channel>",
    "an end of the feed": "</channel></rss>",
    "a second channel": "<channel>",
    "an entry's beginning": "<item>",
    "an entry's end": "</item>",
    "an Atom entry": "<entry><title>x</title></entry>",
    "a text field": "<textinput><title>x</title><name>y</name></textinput>",
    "an image": "<image><url>x</url><title>y</title></image>",
    "a source": "<source><title>x</title></source>",
    "crossed tags": "<b><i></b></i>",
    "a tag of digits": "<1>",
    "lonely signs": "< > & \" '",
    "an undeclared prefix": "<zz:zz>x</zz:zz>",
    "an empty prefix": "<x:y xmlns:x=''/>",
    "a namespace of XML's": "<x xmlns:xml='y'/>",
    "another default namespace": "<x xmlns='http://www.w3.org/2005/Atom'><title>y</title></x>",
    "RDF within": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    "an attribute without quotes": "<a b=c d/>",
    "the same attribute twice": "<a b='1' b='2'/>",
    "a tag in an attribute": "<a b='<'/>",
    "a link to nowhere": "<link>http://[x</link>",
    "a guid that is no address": "<guid isPermaLink='true'>:::</guid>",
    "media": "<media:content url='x' medium='y'><media:title>z</media:title></media:content>",
    "a media group": "<media:group><media:content/></media:group>",
    "a chapter": "<psc:chapters xmlns:psc='http://podlove.org/simple-chapters'><psc:chapter start='x'/></psc:chapters>",
    "a licence": "<cc:license xmlns:cc='http://web.resource.org/cc/' rdf:resource='x'/>",
    "a cloud": "<cloud/>",
    "a date of another age": "<pubDate>Mon, 99 Foo 99999 99:99:99 +9999</pubDate>",
    "a number for a date": "<pubDate>99999999999999999999999</pubDate>",
    "XHTML": "<xhtml:div xmlns:xhtml='http://www.w3.org/1999/xhtml'><xhtml:p>x</xhtml:div>",
    "an open section": "<description><![CDATA[never closed</description>",
    "an open comment": "<description><!-- never closed</description>",
    "an open instruction": "<?never closed",
    "an open declaration": "<!DOCTYPE x [",
    "an entity's declaration": "<!ENTITY a 'b'>",
    "an open title": "<title>",
    "an open text": "<description><p>open",
    "a summary in a summary": "<summary><name>x</name><description>y</description></summary><summary>z</summary>",
    "a content that is a source": "<content src='file:///etc/passwd' type='text/html'/>",
    "an author in an author": "<author><author><name>x</name></author></author>",
    "directions": "<title>\u202e\u2066\u2067\u061c</title>",
    "a script": "<title>&lt;script&gt;x&lt;/script&gt;</title><link>javascript:x</link>",
}  # fmt: skip


def _poisoned() -> Iterator[Hostile]:
    for name, poison in POISON.items():
        yield _doc(f"C7 {name}", rss(item(poison)))
    for name in ("a position", "a bad base", "bad base64", "an author in an author", "crossed tags", "an open text"):
        yield _doc(f"C7 {name}, in Atom", atom(f"<entry><title>مسموم</title>{POISON[name]}</entry>"))
        yield _doc(f"C7 {name}, twenty times", rss(*[item(POISON[name])] * 20))
    yield _doc("C7 all of it", rss(*[item(poison) for poison in POISON.values()]))


# C8: characters that are none


def _references() -> Iterator[Hostile]:
    for written in (
        "&#xD800;", "&#xDFFF;", "&#55296;", "&#xFFFE;", "&#xFFFF;", "&#0;", "&#x0;", "&#11;", "&#x1F;", "&#128;",
        "&#x110000;", "&#99999999999;", "&#x" + "F" * 5_000 + ";", "&#" + "9" * 100_000 + ";", "&#-1;", "&#x;", "&#;",
        "&#xD83D;&#xDE00;", "&#1e3;", "&#\u0661;", "\ud800", "\udfff\ud800", "\ufffe", "\x00\x01\x1f\x7f\x80\x9f",
    ):  # fmt: skip
        yield _doc(f"C8 {written[:12]!r}, {len(written)} long", rss(item(title=f"مسموم {written}")))


# C10, C11, C13, C14: labels that lie


def _labels() -> Iterator[Hostile]:
    for label in (
        "punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "hex", "base64", "zlib",
        "rot13", "mbcs", "utf-16", "utf-32", "utf-8-sig", "x" * 40, "../../etc/passwd", "utf-8\0", "ebcdic-cp-us",
        "cp037", "hz", "iso-2022-jp", "windows-1256", "koi8-r", "big5", "shift_jis", "",
    ):  # fmt: skip
        yield _doc(f"C13 labelled {label[:20]!r}", rss(prolog=f'<?xml version="1.0" encoding="{label}"?>'))
        if label.isprintable():
            yield Hostile(
                f"C13 sent as {label[:20]!r}", rss(item(label)).encode(), content_type=f"text/xml; charset={label}"
            )
    long = "a-" * 100_000
    yield Hostile(
        "C14 200 KiB as punycode", rss(prolog=f'<?xml version="1.0" encoding="punycode"?><!--{long}-->').encode()
    )


# C16: what breaks off


def _cut() -> Iterator[Hostile]:
    whole = rss()
    ends = [whole.encode().find(good(n).encode()) + len(good(n).encode()) for n in range(MANY)]
    for at in range(100, len(whole.encode()), 100):
        body = whole.encode()[:at]
        yield Hostile(f"C16 cut at {at}", body, innocent=sum(end <= at for end in ends))


# Sections, comments, instructions


def _sections() -> Iterator[Hostile]:
    for name, inside in {
        "an end in a section": "<![CDATA[ ]]]]><![CDATA[> ]]>",
        "a section in a section": "<![CDATA[<![CDATA[ x ]]>",
        "a section with entries": "<![CDATA[</item><item><title>مدسوس</title></item>]]>",
        "a section with a feed's end": "<![CDATA[</channel></rss>]]>",
        "a section in small letters": "<![cdata[ x ]]>",
        "a section with bytes": "<![CDATA[\x00\x0b\x1b]]>",
        "a comment with entries": "<!--</item><item><title>مدسوس</title></item>-->",
        "a comment with dashes": "<!-- -- --- -->",
        "a comment that ends at once": "<!-->",
        "a comment in a comment": "<!-- <!-- --> -->",
        "an instruction with entries": "<?x </item><item> ?>",
        "a declaration of XML": "<?xml version='1.0' encoding='utf-16'?>",
        "a stylesheet": "<?xml-stylesheet href='http://127.0.0.1:9/x.xsl'?>",
        "an inclusion": "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>",
        "a condition": "<![IF x[ ]]>",
    }.items():
        yield _doc(f"C7 {name}", rss(item(f"<description>{inside}</description>")))
        yield _doc(f"C7 {name}, at the head", rss(head=f"<description>{inside}</description>"))


# Feeds that are two things


def _mixtures() -> Iterator[Hostile]:
    yield _doc("an Atom entry among the others", rss("<entry><title>مسموم</title></entry>"))
    yield _doc("an Atom feed within a feed", rss(item(atom())), innocent=MANY)
    yield _doc("RSS within Atom", atom("<entry><title>مسموم</title><content>" + rss(count=2) + "</content></entry>"))
    yield _doc("a second feed after the first", rss() + rss(item(), count=0))
    yield _doc("a page before the feed", "<p>تنبيه</p><br/>" + rss())
    yield _doc("a second root", "<rss version='2.0'/>" + rss(), innocent=0)
    yield _doc(
        "RDF that is RSS",
        rss(root=' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"').replace("<channel>", "<rdf:li/><channel>"),
    )
    yield _doc("other names for everything", rss(root=' xmlns:title="http://www.w3.org/2005/Atom"'))
    elsewhere = rss(root=' xmlns="http://www.w3.org/1999/xhtml"')  # who writes the root decides what all of it is
    yield _doc("a namespace that makes all of it something else", elsewhere, innocent=0)
    yield _doc("a base that is none", rss(root=' xml:base="http://[x"'))
    yield _doc("a base of a script", rss(root=' xml:base="javascript:x"'))


# Bytes


def _bytes_() -> Iterator[Hostile]:
    text = rss()
    yield Hostile("C9 a byte in each innocent entry", text.encode().replace("نص".encode(), b"\xd9\xff"))
    yield Hostile(
        "C9 half a letter before each tag's end", text.encode().replace(b"</description>", b"\xd8</description>")
    )
    yield Hostile("C13 a zero after each tag", text.encode().replace(b"><", b">\0<"))
    yield Hostile("C13 a mark before each entry", text.replace("<item>", "\ufeff<item>").encode())
    for name, mark in {
        "UTF-8": codecs.BOM_UTF8, "two of UTF-8": codecs.BOM_UTF8 * 2, "a thousand of UTF-8": codecs.BOM_UTF8 * 1000,
    }.items():  # fmt: skip
        yield Hostile(f"a mark of {name}", mark + text.encode())
    for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"):
        yield Hostile(f"in {codec}, labelled utf-8", ('<?xml version="1.0" encoding="utf-8"?>' + text).encode(codec))
    odd = text.encode("utf-16")
    yield Hostile("in utf-16, a byte short", odd[:-1])
    yield Hostile("with bytes after the end", text.encode() + bytes(range(256)) * 4000)
    yield Hostile("over-long UTF-8", text.encode() + b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80" * 10_000)
    yield Hostile("surrogates in UTF-8", rss(item(title="\ud83d\ude00")).encode("utf-8", "surrogatepass"))


# C20 and what is no feed at all


def _no_feeds() -> Iterator[Hostile]:
    for name, body in {
        "nothing": b"",
        "blanks": b" " * MIB,
        "zeroes": b"\0" * MIB,
        "all bytes": bytes(range(256)) * 8000,
        "a page": b"<!DOCTYPE html><html><body>Just a moment</body></html>",
        "a path": b"/etc/passwd",
        "an address": b"http://127.0.0.1:9/feed",
        "JSON": b"[" * 100_000,
        "an archive": b"PK\x03\x04" + bytes(10_000),
        "signs": b"<" * MIB,
        "tags": b"<a>" * 500_000,
        "a root without an end": b"<rss " + b"x" * MIB,
        "a root of roots": b"<rss>" * 300_000,
        "a mark alone": codecs.BOM_UTF16_LE,
        "entries alone": b"<item><title>x</title></item>" * 10_000,
    }.items():
        yield Hostile(f"no feed: {name}", body, innocent=0)
    yield _doc("C20 the same guid for all", rss(head="<guid>1</guid>").replace("<link>", "<guid>1</guid><link>"))
    yield _doc("C20 a guid of 300,000 characters", rss(item(f"<guid>{'g' * 300_000}</guid>")))
