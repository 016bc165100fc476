from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.urls import BadAddress, follow, read_address, read_proxy

READ = [
    # written                                  canonical
    ("http://News.Example", "http://news.example/"),
    (" https://news.example/feed \n", "https://news.example/feed"),
    ("HTTPS://news.example:443/a?b=c#part", "https://news.example/a?b=c"),
    ("http://news.example:8080?x", "http://news.example:8080/?x"),
    ("http://news.example:/", "http://news.example/"),
    ("http://news.example./", "http://news.example/"),
    ("http://me:pw@news.example/", "http://news.example/"),
    ("http://news.example/أخبار", "http://news.example/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1"),
    ("http://news.example/%D8%A3?q=%20", "http://news.example/%D8%A3?q=%20"),
    ("http://أخبار.example/", "http://xn--igbicxr.example/"),
    ("http://127.1/", "http://127.0.0.1/"),
    ("http://2130706433/", "http://127.0.0.1/"),
    ("http://0x7f.0.0.1:80/", "http://127.0.0.1/"),
    ("http://0177.0.0.1/", "http://127.0.0.1/"),
    ("http://１２７.0.0.1/", "http://127.0.0.1/"),
    ("http://[0:0:0:0:0:0:0:1]:81/", "http://[::1]:81/"),
    ("http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
    ("http://" + "a." * 126 + "a", "http://" + "a." * 126 + "a/"),  # a host's name has 253 characters at most
]

REFUSED = [
    "", "news.example/feed", "file:///etc/passwd", "ftp://news.example/", "feed://news.example/", "javascript:alert(1)",
    "http:///feed", "http://", "http://@/", "http:news.example", "http:/news.example", "http://a b/", "http://a/b c",
    "http://a\\@b/", "http://a/\\b", "http://a/\x00", "http://a/\r\nHost: b", "http://a\tb/", "http://[::1/", "http://::1/",
    "http://[fe80::1%25eth0]/", "http://a%2eb/", "http://a:0/", "http://a:65536/", "http://a:x/", "http://1.2.3.4.5/",
    "http://256.1.1.1/", "http://0x/x", "http://a..b/", "http://a,b/",
    "http://a/\ud800", "http://" + "a" * 9000, "http://" + "a." * 126 + "ab/",
]  # fmt: skip


@pytest.mark.parametrize(("written", "canonical"), READ)
def test_an_address_has_one_canonical_form(written: str, canonical: str) -> None:
    assert read_address(written).url == canonical
    assert read_address(canonical).url == canonical


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_no_plain_web_address_is_refused(written: str) -> None:
    with pytest.raises(BadAddress):
        read_address(written)


@given(st.text(max_size=60).map(lambda rest: "http://" + rest) | st.text(max_size=40))
def test_any_text_is_read_into_a_stable_plain_form_or_refused(written: str) -> None:
    try:
        address = read_address(written)
    except BadAddress:
        return
    assert address.url.isascii()
    assert not set(address.url) & set(' "<>\\^`{}\r\n\0')
    assert read_address(address.url).url == address.url


def test_an_address_does_not_show_what_may_be_secret() -> None:
    shown = repr(read_address("https://me:sesame@news.example:8443/feed/token?key=sesame"))
    assert shown == "WebAddress(https://news.example:8443)"


def test_credentials_are_percent_decoded() -> None:
    assert read_address("http://me%40desk:a%3Ab@news.example/").credentials == "me@desk:a:b"


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://news.example/b"),
        ("b?c", "https://news.example/dir/b?c"),
        ("?c", "https://news.example/dir/a?c"),
        ("../b", "https://news.example/b"),
        ("//other.example/b", "https://other.example/b"),
        ("https://other.example", "https://other.example/"),
        (" /a b ", "https://news.example/a%20b"),
    ],
)
def test_a_redirect_leads_where_its_location_says(location: str, target: str) -> None:
    assert follow(read_address("https://news.example/dir/a"), location).url == target


@pytest.mark.parametrize(
    "location", ["http://news.example/", "https://me@news.example/", "mailto:a@b", "https:b", "//"]
)
def test_some_redirects_are_not_followed(location: str) -> None:
    with pytest.raises(BadAddress):
        follow(read_address("https://news.example/dir/a"), location)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("http://a.example/x", "http://a.example/y", True),
        ("http://a.example/", "https://a.example/", True),
        ("https://a.example/", "http://a.example/", False),
        ("http://a.example/", "http://a.example:8080/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("http://a.example/", "http://www.a.example/", False),
        ("http://127.0.0.1/", "http://127.1/", True),
    ],
)
def test_what_counts_as_the_same_site(first: str, second: str, same: bool) -> None:
    assert read_address(first).is_same_site(read_address(second)) is same


def test_a_proxy_is_read_with_its_credentials_apart() -> None:
    proxy = read_proxy("SOCKS5H://me:p%40ss@[::1]:9050/")
    assert (proxy.url, proxy.credentials) == ("socks5h://[::1]:9050", "me:p@ss")
    assert "ss" not in repr(proxy).replace("socks5h", "")


def test_an_address_is_no_longer_in_ascii_than_it_may_be() -> None:
    """What was read can be read again: a redirect's address is kept, and asked at the next poll."""
    with pytest.raises(BadAddress, match="too long"):
        read_address("https://a.example/" + "خ" * 4_000)
    longest = read_address("https://a.example/" + "خ" * 1_300)
    assert read_address(longest.url) == longest
