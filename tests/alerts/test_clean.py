from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.clean import dead, direction, host_of, one_line, safe_link, within

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize(
    ("published", "shown", "because"),
    [
        ("قصف\r\nعلى  المدينة\t ", "قصف على المدينة", "one line, single spaces"),
        ("قصف\u2028على\u2029المدينة", "قصف على المدينة", "Unicode's own line ends too"),
        ("\x1b[2Jقصف\x9b31m", "[2Jقصف 31m", "a terminal obeys nothing without its escape"),
        ("نص\u202eملقوب", "نصملقوب", "no text shows itself backwards"),
        (f"أ{BIDI}ب", "أب", "no bidirectional control is left"),
        ("قص\u200bف\ufeff", "قصف", "nothing invisible splits a word"),
        ("می\u200cخواهم", "می\u200cخواهم", "Persian is spelt with a non-joiner"),
        ("@everyone عاجل", "@\u2060everyone عاجل", "Discord"),
        ("<!channel> <@U12> <#C1>", "<\u2060!channel> <\u2060@\u2060U12> <\u2060#C1>", "Slack"),
        ("<https://evil.example|البنك>", "<\u2060https://evil.example|البنك>", "Slack's link with a hidden target"),
        ("[البنك](https://evil.example)", "[البنك]\u2060(https://evil.example)", "Markdown's"),
        ("<users/all>", "<\u2060users/all>", "Google Chat"),
        ("5 < 7 @ الظهر", "5 < 7 @ الظهر", "ordinary signs stay"),
        ("نصف \ud83d زوج", "نصف زوج", "half a pair fits no encoding"),
    ],
)
def test_a_line_is_plain_and_harmless(published, shown, because):
    assert one_line(published) == shown, because


@given(st.text())
def test_no_text_keeps_a_control_or_a_second_line(published):
    shown = one_line(published)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in BIDI for char in shown)
    assert shown == shown.strip()
    shown.encode()


@given(st.text())
def test_cleaning_twice_is_cleaning_once(published):
    assert one_line(one_line(published)) == one_line(published)


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("https://www.furat.example/a?b=1&c=%20#d", "https://www.furat.example/a?b=1&c=%20#d"),
        ("https://furat.example/أخبار/١", "https://furat.example/أخبار/١"),
        (" http://furat.example/a b\n", "http://furat.example/a%20b"),
        ("https://furat.example/<!channel>", "https://furat.example/%3C!channel%3E"),
        ("https://furat.example/@everyone", "https://furat.example/%40everyone"),
        ("https://video.example/@furat", "https://video.example/@furat"),
        ("https://furat.example/\u202egpj", "https://furat.example/%E2%80%AEgpj"),
        ("javascript:alert(1)", ""),
        ("/relative", ""),
        ("https://[broken", ""),
        ("https://furat.example/" + "a" * 2000, ""),
        (None, ""),
    ],
)
def test_a_link_works_as_published_and_stays_on_its_line(published, shown):
    assert safe_link(published) == shown


@given(st.text())
def test_no_link_breaks_out_of_its_line(rest):
    shown = safe_link("https://furat.example/" + rest)
    assert len(shown.split()) <= 1
    assert not set(shown) & set(BIDI + "<>\x1b")


def test_the_host_is_named_without_www():
    assert host_of("https://user@www.furat.example:8443/x") == "furat.example"
    assert host_of("https://[broken") == ""
    assert host_of("") == ""


@pytest.mark.parametrize(
    ("text", "runs"),
    [("«قصف» CNN", "ar"), ("CNN: قصف", "en"), ("🔴 3 قتلى", "ar"), ("123", None), ("\u2068CNN\u2069 قصف", "en")],
)
def test_a_text_runs_as_its_first_letter_does(text, runs):
    assert direction(text) == runs


def test_what_runs_the_other_way_is_isolated():
    assert within("ar", "Reuters") == "\u2068Reuters\u2069"
    assert within("ar", "رويترز") == "رويترز"
    assert within("en", "رويترز") == "\u2068رويترز\u2069"
    assert within("ar", "2026") == "\u20682026\u2069"


@pytest.mark.parametrize("before", ["", " ", "_", "نص", "x_", "7"])
def test_an_address_is_dead_whatever_stands_before_it(before):
    assert "://" not in dead(f"{before}https://evil.example/x")
