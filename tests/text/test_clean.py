from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.clean import clean, display
from monitor.text.document import read_text
from tests.text.test_fold import any_text

_CLEANED = [
    ("قصف &amp; نزوح", "قصف & نزوح", "a named reference"),
    ("&laquo;عاجل&raquo;", "«عاجل»", "two of them"),
    ("&amp;laquo;عاجل&amp;raquo;", "«عاجل»", "escaped twice"),
    ("&amp;amp;laquo;", "&laquo;", "three times is no feed's mistake any more"),
    ("&#1602;&#x635;&#1601;", "قصف", "numeric references"),
    ("&ampقصف", "&قصف", "a reference without its semicolon"),
    ("&nosuchname; &x", "&nosuchname; &x", "no reference"),
    ("&#150; &#0; &#xD800;", "– \ufffd \ufffd", "numbers that browsers correct"),
    ("&#" + "9" * 6000 + ";", "\ufffd", "a number too long to be one"),
    ("<p>أول</p><p>ثان</p>", "\u2029أول\u2029\u2029ثان\u2029", "blocks part paragraphs"),
    ("قص<b>ف</b> ع<span class='x'>نيف</span>", "قصف عنيف", "inline tags leave nothing"),
    ("سطر<br/>سطر<BR>سطر", "سطر\nسطر\nسطر", "line breaks"),
    ("قبل<img src=a>بعد", "قبل بعد", "others leave a space"),
    ("&lt;p&gt;قصف&lt;/p&gt;", "\u2029قصف\u2029", "escaped markup"),
    ("<a title='x > y'>رابط</a>", "رابط", "a quoted angle bracket"),
    ('<a title="b>رابط</a> باق "', 'رابط باق "', "a quote that does not close before the next tag"),
    ("5 < 7 و 8 > 3", "5 < 7 و 8 > 3", "no tags at all"),
    ("قتلى <عاجل>", "قتلى <عاجل>", "no tag begins with Arabic"),
    ("قصف <b و <i>نزوح</i>", "قصف <b و نزوح", "a tag without an end is text"),
    ('قصف <img src="http://a.example/x', "قصف  ", "a tag cut off with its attributes"),
    ("قصف <cut", "قصف <cut", "a word cut off is no tag"),
    ("<script>قصف</script>هدوء<style>.x{}</STYLE >", "  هدوء ".replace("  ", " "), "scripts and styles"),
    ("<script>قصف", " قصف", "a script without an end hides nothing"),
    ("<!-- قصف --> هدوء", " هدوء", "a comment"),
    ("<!-- قصف", "<!-- قصف", "a comment without an end hides nothing"),
    ("<![CDATA[قصف]]>", "قصف", "CDATA that was escaped"),
    ("<!DOCTYPE html><?xml version='1'?>قصف", "  قصف", "declarations"),
    ("<o:p>قصف</o:p>", " قصف ", "a word processor's tag"),
]


@pytest.mark.parametrize(("published", "expected", "because"), _CLEANED)
def test_markup_and_escapes_are_undone(published: str, expected: str, because: str) -> None:
    assert clean(published).text == expected, because


_MEANT = "هجوم على أطراف المدينة القديمة"
_BROKEN = [
    (_MEANT.encode().decode("latin-1"), "UTF-8 as latin-1"),
    (_MEANT.encode().decode("windows-1256"), "UTF-8 as windows-1256"),
    (_MEANT.encode("windows-1256").decode("latin-1"), "windows-1256 as latin-1"),
    (_MEANT.encode().decode("latin-1").encode().decode("latin-1"), "UTF-8 as latin-1, twice"),
    (_MEANT.encode("windows-1256").decode("latin-1").encode().decode("latin-1"), "two different ones"),
    (_MEANT.encode().decode("latin-1").replace(" ", "&nbsp;").replace("&nbsp;", " "), "beside references"),
]


@pytest.mark.parametrize(("published", "because"), _BROKEN)
def test_a_wrong_encoding_is_repaired(published: str, because: str) -> None:
    assert clean(published).text == _MEANT, because


def test_a_repair_keeps_what_was_cut_off_and_what_was_right() -> None:
    broken = "انفجار ضخم في المرفأ القديم".encode().decode("latin-1")
    assert clean(f"{broken} عاجل \u00d8").text == "انفجار ضخم في المرفأ القديم عاجل \u00d8"


@pytest.mark.parametrize(
    "meant", ["Kerkük'te saldırı", "ŞIRNAK'TA ÇATIŞMA", "Взрыв в порту", "פיצוץ בנמל", "پهپادها بر فراز شهر"]
)
def test_other_languages_are_repaired_too(meant: str) -> None:
    assert clean(meant.encode().decode("latin-1")).text == meant


_SOUND = [
    "قصفٌ عنيفٌ على الأطراف الشرقية",
    "طبيب طوارئ يطلب طائرة طبية لطفل عطش",
    "ظاهرة الطقس: طوفان يضرب طرطوس وطبرقة",
    "« عاجل » — قصف",
    "«« مط\u200dار «««",  # quotation marks are no sign of trouble, nor is a joiner
    "Élysée : une réunion à l’été",
    "Kürtçe öğretim sürüyor, çatışmalar bitti",
    "Überfälle in größeren Städten häufen sich",
    "Øst for Ørsted: åtte ulykker på én dag",
    "ÀÉÎ",
    "São João: ações e reações à «Ã»",
    "Il coûte 5 Â°",
    "AT&T",
    "",
]


@pytest.mark.parametrize("published", _SOUND)
def test_sound_text_is_not_repaired(published: str) -> None:
    assert clean(published).text == published


@given(st.text(st.sampled_from("<>&;#x1a/!-[]\"' bpقصف\n"), max_size=60))
def test_places_never_go_back_and_stay_inside(published: str) -> None:
    _check_places(published)


@given(any_text)
def test_places_hold_for_any_text(published: str) -> None:
    _check_places(published)


def _check_places(published: str) -> None:
    mapped = clean(published)
    places = [mapped.source(at, at + 1) for at in range(len(mapped.text))]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(published) for start, end in places)
    ends = [end for _, end in places]
    assert ends == sorted(ends)


def test_people_see_one_clean_line() -> None:
    assert display(" <p>قصف\n&nbsp; عنيف</p>\r\n<p>ونزوح</p>") == "قصف عنيف ونزوح"


def test_people_never_see_what_steers_their_terminal() -> None:
    assert display("عا\u202eجل\u2066 \x1b[31mقصف\x00\u200b\ufeff\U000e0041 \x9bع") == "عاجل [31mقصف ع"


def test_what_people_see_can_always_be_sent() -> None:
    assert display("قصف \ud83d\ude00 \udc00").encode() == "قصف \ufffd\ufffd \ufffd".encode()


@given(any_text)
def test_what_people_see_is_one_line_that_can_be_sent(published: str) -> None:
    shown = display(published)
    shown.encode()
    assert shown == " ".join(shown.split())


_N = 4_000
_HOSTILE = [
    "<" * _N,
    "<a " * _N,
    '<a "' * _N,
    "<a \"'" * _N,
    '<a "x>" ' * _N,
    "<!--" * _N,
    "<![CDATA[" * _N,
    "<script>" * _N,
    "<script>" + "</script " * _N,
    "<style><script>" * _N,
    "<!a" * _N,
    "<?a" * _N,
    "&" * _N,
    "&#" * _N,
    "&a" * _N,
    "&amp" * _N,
    "&" + "amp;" * _N,
    "&#" + "0" * _N,
    "&#x" + "f" * _N,
    "Ø" * _N,
    "Ù\x81" * _N,
    "طظ" * _N,
    "ي" * _N,
    "يء" * _N,
    "." * _N,
    "a." * _N,
    '!"' * _N,
    "\n" * _N,
    "\n " * _N,
    "ـ" * _N,
    "\u0651" * _N,
    "م\u0651ـ" * _N,
    "'a" * _N,
    "\x00" * _N,
    "\ud800" * _N,
    "وال" * _N,
    "ﷺ" * 2_000,
]


@pytest.mark.parametrize("published", _HOSTILE, ids=lambda text: ascii(text[:9]))
def test_a_long_hostile_text_is_read_to_its_end(published: str) -> None:
    """What takes more than linear time would stop the whole run here."""
    text = read_text(f"{published} نهاية")
    assert text.tokens[-1].folded == "نهاية"
    assert text.folded.endswith(" نهاية")
