"""What is hidden of a secret: all of it that tells, in every way that it may be written, and nothing else."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import hidden

ADDRESS = "https://reader:Qw3rty%20Secret@news.example/private/T0kenInPath9/feed.xml?key=S3cretValue&page=12#Frag77ment"


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch):
    monkeypatch.setattr(hidden, "_hidden", ())


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        (ADDRESS, ADDRESS),
        (ADDRESS, "Qw3rty%20Secret"),
        (ADDRESS, "Qw3rty Secret"),
        (ADDRESS, "Qw3rty+Secret"),
        (ADDRESS, b64encode(b"reader:Qw3rty Secret").decode()),
        (ADDRESS, "T0kenInPath9"),
        (ADDRESS, "/private/T0kenInPath9/feed.xml"),
        (ADDRESS, "%2Fprivate%2FT0kenInPath9%2Ffeed.xml"),
        (ADDRESS, "S3cretValue"),
        (ADDRESS, "Frag77ment"),
        ("https://news.example/?q=a%2Fb%3Dc9", "a/b=c9"),
        ("https://news.example/?q=a%2Fb%3Dc9", "a%2fb%3dc9"),
        ("tgram://123456789:AbCdEf-Ghi_jkl/-100200300", "AbCdEf-Ghi_jkl"),
        ("tgram://123456789:AbCdEf-Ghi_jkl/-100200300", "bot123456789:AbCdEf-Ghi_jkl"),
        ("slack://T0ken/TokenB99/TokenC99", "TokenC99"),
        ("mailto://desk:pass@mail.example?to=a@b.example", "pass"),
        ("http://user:pa[ss@[::1", "http://user:pa[ss@[::1"),
        ("Bearer Xy12345678", "Xy12345678"),
        ("غارة9ب-سر", "%D8%BA%D8%A7%D8%B1%D8%A99%D8%A8-%D8%B3%D8%B1"),
    ],
)
def test_a_part_that_tells_is_hidden_however_it_is_written(secret, told):
    hidden.hide([secret])
    assert told not in hidden.mask(f"before {told} after")
    assert hidden.mask(f"before {told} after").startswith("before ")


@pytest.mark.parametrize(
    "harmless",
    [
        "news.example: answered 404",
        "poll.failed feed=private why=timeout",
        "page 12",
        "reader",
        "feed.xml",
        "rules.yaml",
    ],
)
def test_words_that_anybody_may_write_are_shown(harmless):
    hidden.hide([ADDRESS, "mailto://desk:Secret77@mail.example", "abc"])
    assert hidden.mask(harmless) == harmless


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="*[]"), min_size=6, max_size=40))
def test_no_password_survives_in_any_writing(password):
    address = f"https://user:{quote(password, safe='')}@news.example/"
    hidden._hidden = ()
    hidden.hide([address])
    for written in (password, quote(password, safe=""), quote_plus(password), unquote(quote(password))):
        if len(written) >= hidden.SHORTEST:
            assert written not in hidden.mask(f"[{written}]")
