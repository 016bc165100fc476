"""Arabic text in whatever bytes it comes: readable, whatever the labels say and whatever happened to a byte of it."""

from __future__ import annotations

import codecs
from random import Random

import pytest

from monitor.feeds.decode import decode
from monitor.feeds.parse import parse
from monitor.model import Parsed

HEADLINES = [
    "غارة جوية على أطراف البلدة الشرقية",
    "اشتباكات عنيفة قرب المطار، وحظر تجوال",
    "«هدنة» مؤقتة في ثلاثة أحياء؛ وعودة الأهالي",
    "إصابة 5 مدنيين بانفجار لغم في الريف الجنوبي",
    "المتحدث: لا صحة لأنباء الانسحاب من الجسر الكبير",
    "قصف مدفعي على محيط القرية، وأضرار في المشفى",
]
BROKEN = 10_000  # documents with a damage at random
BROKEN_PARSED = 500


def document(label: str | None, headlines: list[str] = HEADLINES) -> str:
    declared = f'<?xml version="1.0" encoding="{label}"?>\n' if label else ""
    entries = "".join(f"<item><title>{title}</title><link>https://a.example/1</link></item>\n" for title in headlines)
    return f'{declared}<rss version="2.0"><channel><title>أخبار</title>\n{entries}</channel></rss>'


def as_1252(data: bytes) -> str:
    """As browsers read it: a hole of the codec is the control character of that number."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


# name: what the document says of itself, what the server says, and its bytes
CASES: dict[str, tuple[bytes, str | None]] = {
    "UTF-8": (document("utf-8").encode(), "text/xml; charset=utf-8"),
    "UTF-8 with a mark, labelled as UTF-16": (codecs.BOM_UTF8 + document("utf-16").encode(), None),
    "UTF-8 labelled as windows-1256": (document("windows-1256").encode(), "text/xml; charset=windows-1256"),
    "UTF-8 sent as KOI8-R": (document("utf-8").encode(), "text/xml; charset=koi8-r"),
    "windows-1256": (document("windows-1256").encode("cp1256"), "text/xml"),
    "windows-1256 without a label": (document(None).encode("cp1256"), None),
    "windows-1256 labelled as UTF-8": (document("utf-8").encode("cp1256"), "text/xml; charset=utf-8"),
    "windows-1256 labelled as Latin-1": (document("iso-8859-1").encode("cp1256"), "text/xml; charset=iso-8859-1"),
    "windows-1256 with a label that is no codec": (document("unicode_escape").encode("cp1256"), "charset=undefined"),
    "ISO 8859-6": (document("iso-8859-6").replace("«", "").replace("»", "").encode("iso8859-6"), None),
    "ISO 8859-6 labelled as windows-1256": (
        document("windows-1256").replace("«", "").replace("»", "").encode("iso8859-6"),
        None,
    ),
    "UTF-16, small end first": (codecs.BOM_UTF16_LE + document("utf-16").encode("utf-16-le"), None),
    "UTF-16, big end first, labelled as UTF-8": (
        codecs.BOM_UTF16_BE + document("utf-8").encode("utf-16-be"),
        "text/xml; charset=utf-8",
    ),
    "UTF-16 without a mark": (document("utf-16").encode("utf-16-be"), None),
    "UTF-32": (codecs.BOM_UTF32_LE + document("utf-32").encode("utf-32-le"), None),
    "UTF-32 without a mark": (document("utf-32").encode("utf-32-be"), None),
    "UTF-8 read as windows-1252 and encoded again": (document(None).encode().decode("latin-1").encode(), None),
    "the same with windows-1252's signs": (as_1252(document("utf-8").encode()).encode(), None),
    "UTF-8 read as windows-1256 and encoded again": (document("utf-8").encode().decode("cp1256").encode(), None),
    "windows-1256 read as windows-1252 and encoded again": (
        as_1252(document("utf-8").encode("cp1256")).encode(),
        "text/xml; charset=utf-8",
    ),
}


def titles(body: bytes, content_type: str | None) -> list[str]:
    result = parse("news", body, content_type, base_url="https://a.example/feed")
    return [entry.title for entry in result.entries] if isinstance(result, Parsed) else []


def test_there_are_enough_encodings() -> None:
    assert len({body for body, _ in CASES.values()}) >= 12


@pytest.mark.parametrize("case", CASES)
def test_every_headline_is_readable(case: str) -> None:
    body, sent = CASES[case]
    quoted = HEADLINES if "8859-6" not in case else [title.replace("«", "").replace("»", "") for title in HEADLINES]
    assert titles(body, sent) == quoted


@pytest.mark.parametrize("case", [case for case in CASES if "encoded again" in case or "signs" in case])
def test_what_was_encoded_twice_is_told(case: str) -> None:
    assert "twice" in decode(*CASES[case]).warning


def test_one_entry_in_another_encoding_is_read_by_its_own_letters() -> None:
    entries = [f"<item><title>{title}</title></item>" for title in HEADLINES]
    mixed = [entry.encode("cp1256" if at == 2 else "utf-8") for at, entry in enumerate(entries)]
    body = b"<rss><channel>" + b"".join(mixed) + b"</channel></rss>"
    assert titles(body, "text/xml; charset=utf-8") == HEADLINES


@pytest.mark.parametrize("junk", [b"\xff" * 50_000, b"\xc0\xaf" * 20_000, bytes(range(128, 256)) * 300])
def test_an_entry_of_bad_bytes_does_not_change_how_the_others_are_read(junk: bytes) -> None:
    entries = [f"<item><title>{title}</title></item>".encode() for title in HEADLINES]
    body = b"<rss><channel>" + b"".join([*entries[:3], b"<item><title>" + junk + b"</title></item>", *entries[3:]])
    assert [title for title in titles(body + b"</channel></rss>", None) if title in HEADLINES] == HEADLINES


class Damage:
    """Documents in UTF-8, windows-1256 or UTF-16, each with one byte changed, lost or put in, or cut off somewhere.

    `safe`: the headlines that the damage does not touch. `own`: the one that it is in, or whose end it is in.
    """

    def __init__(self, random: Random) -> None:
        codec = random.choice(["utf-8", "utf-8", "cp1256", "utf-16-le"])
        whole = (codecs.BOM_UTF16_LE if codec == "utf-16-le" else b"") + document(None).encode(codec)
        marks = [(title, whole.find(title.encode(codec))) for title in HEADLINES]
        first = marks[0][1]
        self.at = random.randrange(first, len(whole))
        self.codec = codec
        self.is_cut = random.random() < 0.3
        self.own = [title for title, start in marks if start <= self.at < start + len(f"{title}</title>".encode(codec))]
        self.safe = [
            title
            for title, start in marks
            if start + len(title.encode(codec)) < self.at or (start > self.at and not self.is_cut)
        ]
        change = bytes([random.randrange(256)])
        if self.is_cut:
            self.body = whole[: self.at]
        elif codec == "utf-16-le":  # a byte lost or put in moves all that follows
            self.body = whole[: self.at] + change + whole[self.at + 1 :]
        else:
            self.body = whole[: self.at] + random.choice([b"", change, change]) + whole[self.at + random.randrange(2) :]


def test_a_damaged_byte_spoils_no_headline_but_its_own() -> None:
    random = Random(7)
    for _ in range(BROKEN):
        damage = Damage(random)
        text = decode(damage.body, random.choice([None, "text/xml; charset=utf-8"])).text
        lost = [title for title in damage.safe if title not in text]
        assert not lost, (damage.codec, damage.at, damage.is_cut)


def test_a_damaged_byte_spoils_no_entry_but_its_own() -> None:
    """Where it stands in a headline: in markup it may spoil the entry's neighbour too, which then stands within it."""
    random = Random(8)
    tried = 0
    while tried < BROKEN_PARSED:
        damage = Damage(random)
        if damage.is_cut or not damage.own:
            continue
        tried += 1
        assert set(damage.safe) - set(damage.own) <= set(titles(damage.body, None)), (damage.codec, damage.at)
