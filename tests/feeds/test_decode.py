from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.decode import decode

ARABIC = "قصف يستهدف قاعدة جوية قرب المدينة، واشتباكات عنيفة في الريف الشرقي بحسب مصادر محلية"
PERSIAN = "حملهٔ پهپادی به پایگاه هوایی و درگیری در شرق شهر، گزارش‌های محلی از چند انفجار خبر می‌دهند"
FRENCH = "L'armée a bombardé la région; déjà évacuée à l'été, où ça brûle"
RUSSIAN = "Обстрел города и столкновения на восточном направлении, сообщают местные источники"
TURKISH = "Şırnak'ta çatışma: güvenlik güçleri bölgeyi kuşattı, ağır yaralılar var"


def document(text: str, label: str | None) -> str:
    declared = "" if label is None else f'<?xml version="1.0" encoding="{label}"?>\n'
    return f"{declared}<rss version='2.0'><channel><item><title>{text}</title></item></channel></rss>"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1256"])
@pytest.mark.parametrize(
    "declared", [None, "utf-8", "windows-1256", "iso-8859-1", "punycode", "undefined", "x-unknown"]
)
@pytest.mark.parametrize("sent", [None, "text/xml", "text/xml; charset=UTF-8", "text/xml; charset=iso-8859-1"])
def test_arabic_is_read_whatever_the_labels_say(codec: str, declared: str | None, sent: str | None) -> None:
    assert decode(document(ARABIC, declared).encode(codec), sent).text == document(ARABIC, declared)


@pytest.mark.parametrize(
    "sent", ["text/xml; charset=windows-1256", "text/xml; charset=koi8-r", "text/xml; charset=big5"]
)
def test_valid_utf8_wins_over_every_label(sent: str) -> None:
    assert decode(document(PERSIAN, "windows-1251").encode(), sent).text == document(PERSIAN, "windows-1251")


@pytest.mark.parametrize("label", [None, "iso-8859-6", "windows-1256", "us-ascii"])
def test_the_two_arabic_codecs_are_told_apart_by_the_article(label: str | None) -> None:
    text = document(ARABIC, label)
    assert decode(text.encode("iso8859-6"), None).text == text
    assert decode(text.encode("cp1256"), None).text == text


@pytest.mark.parametrize(
    ("text", "label", "codec"),
    [
        (RUSSIAN, "windows-1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (TURKISH, "iso-8859-9", "cp1254"),
        (FRENCH, "iso-8859-1", "cp1252"),
        (FRENCH, "utf-8", "cp1252"),
        (FRENCH, None, "cp1252"),
        (ARABIC, "UTF-16", "utf-16"),
        (ARABIC, None, "utf-16-le"),
        (ARABIC, "UTF-16", "utf-16-be"),
        (ARABIC, None, "utf-32"),
    ],
)
def test_other_scripts_and_widths_are_read_by_their_label_or_mark(text: str, label: str | None, codec: str) -> None:
    assert decode(document(text, label).encode(codec), None).text == document(text, label)


@given(st.integers(0, len(ARABIC.encode()) - 1), st.integers(0x80, 0xFF))
def test_one_bad_byte_costs_two_words_at_most_and_not_the_feed(place: int, byte: int) -> None:
    """Two, where it stands for the space between them."""
    title = bytearray(ARABIC.encode())
    title[place] = byte
    start, end = document("|", "utf-8").encode().split(b"|")
    read = decode(start + bytes(title) + end, "text/xml; charset=utf-8").text
    assert (read.startswith(start.decode()), read.endswith(end.decode())) == (True, True)
    assert len(set(ARABIC.split()) - set(read[len(start) : -len(end)].split())) <= 2


@given(st.integers(0, len(ARABIC.encode())))
def test_a_headline_cut_within_a_letter_costs_that_letter(cut: int) -> None:
    start, end = document(f"{PERSIAN} |", "utf-8").encode().split(b"|")
    read = decode(start + ARABIC.encode()[:cut] + end, None).text
    whole = ARABIC.encode()[:cut].decode("utf-8", "ignore")
    assert read.replace("\ufffd", "") == document(f"{PERSIAN} {whole}", "utf-8")
    assert read.count("\ufffd") <= 1


def test_text_that_was_encoded_twice_is_repaired() -> None:
    twice = document("".join(_as_1252(byte) for byte in ARABIC.encode()), "utf-8").encode()
    decoded = decode(twice, None)
    assert decoded.text == document(ARABIC, "utf-8")
    assert "twice" in decoded.warning


@pytest.mark.parametrize("text", [FRENCH, TURKISH, "Ø og Å er bogstaver; «Ø» Ø± 5 Ú", "Señal Ñ°1 Ùltimo", ARABIC])
def test_text_that_was_not_encoded_twice_stays(text: str) -> None:
    assert decode(document(text, "utf-8").encode(), None).text == document(text, "utf-8")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_no_bytes_and_no_label_raise(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type).text, str)


def test_a_label_that_was_wrong_is_told() -> None:
    assert "cp1256" in decode(document(ARABIC, "utf-8").encode("cp1256"), None).warning
    assert decode(document(ARABIC, "windows-1256").encode("cp1256"), None).warning == ""


def _as_1252(byte: int) -> str:
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)
