"""The shipped newsrooms hang together, and the starter feeds are among them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from monitor import config
from monitor.language import Lexicon, Location, Newsroom
from monitor.lexicon.hosts import host_in, registered, shared_by_path
from monitor.lexicon.newsrooms import UNNAMED, Hosts, owner_names
from monitor.rules.addresses import HOST
from monitor.text.tokens import folded_words
from tests.support import ROOT


def test_there_are_newsrooms_of_the_region_and_of_the_world(lexicon: Lexicon) -> None:
    assert len(lexicon.newsrooms) >= 300
    assert {"afp", "reuters", "sana", "anadolu", UNNAMED} <= {n.id for n in lexicon.newsrooms.values() if n.agency}


def test_every_id_stands_once() -> None:
    text = (ROOT / "monitor" / "lexicon" / "newsrooms.yaml").read_text(encoding="utf-8")
    ids = re.findall(r"^  - \{id: ([^,]+),", text, re.MULTILINE)
    assert [name for name, times in Counter(ids).items() if times > 1] == []


def test_an_owner_is_declared_or_is_a_newsroom_that_nobody_owns(lexicon: Lexicon) -> None:
    declared = owner_names()
    lone = {newsroom.id for newsroom in lexicon.newsrooms.values() if newsroom.owner == newsroom.id}
    assert {n.owner for n in lexicon.newsrooms.values()} <= declared.keys() | lone


def test_every_declared_owner_owns_something_and_has_both_names(lexicon: Lexicon) -> None:
    owners = {newsroom.owner for newsroom in lexicon.newsrooms.values()}
    assert owner_names().keys() - owners == set()
    assert [owner for owner, name in owner_names().items() if not (name["ar"] and name["en"])] == []


def test_every_newsroom_has_a_name_in_arabic_and_english(lexicon: Lexicon) -> None:
    assert [n.id for n in lexicon.newsrooms.values() if not (n.name.get("ar") and n.name.get("en"))] == []


def test_no_two_newsrooms_have_a_host(lexicon: Lexicon) -> None:
    hosts = Counter(host for newsroom in lexicon.newsrooms.values() for host in newsroom.hosts)
    assert [host for host, times in hosts.items() if times > 1] == []
    assert [host for host in hosts if not re.fullmatch(HOST, host) or shared_by_path(host)] == []


def test_no_two_newsrooms_share_a_spelling(lexicon: Lexicon) -> None:
    """In the normal form; a name and a credit of one newsroom may be the same."""
    whose: dict[str, set[str]] = defaultdict(set)
    for newsroom in lexicon.newsrooms.values():
        for spelling in (*newsroom.credits, *newsroom.name.values()):
            whose[" ".join(folded_words(spelling))].add(newsroom.id)
    assert {spelling: ids for spelling, ids in whose.items() if len(ids) > 1} == {}


def test_no_spelling_stands_twice_in_one_newsroom(lexicon: Lexicon) -> None:
    spellings = {n.id: [" ".join(folded_words(credit)) for credit in n.credits] for n in lexicon.newsrooms.values()}
    assert [newsroom for newsroom, folded in spellings.items() if len(set(folded)) < len(folded)] == []


def test_every_starter_feed_is_of_a_known_newsroom(lexicon: Lexicon) -> None:
    starter = config.load(ROOT / "rules.yaml", environ={})
    assert [feed.id for feed in starter.feeds if feed.source not in lexicon.newsrooms] == []


@pytest.mark.parametrize(
    ("host", "newsroom"),
    [
        ("sana.sy", "sana"),
        ("english.alarabiya.net", "alarabiya"),
        ("arabic.rt.com", "rt"),
        ("feeds.bbci.co.uk", "bbc"),
        ("alquds.com", "alquds"),
        ("alquds.co.uk", "alquds-alarabi"),
        ("notsana.sy", None),
        ("sy", None),
        ("", None),
    ],
)
def test_a_host_is_of_the_newsroom_whose_domain_it_lies_in(host: str, newsroom: str | None, lexicon: Lexicon) -> None:
    assert Hosts(lexicon.newsrooms.values()).newsroom(host) == newsroom


def test_what_the_operator_says_of_a_host_counts() -> None:
    own = Newsroom(id="own", name={}, owner="own", hosts=("news.example",), at=Location("rules.yaml", 3, 1))
    shipped = Newsroom(id="shipped", name={}, owner="shipped", hosts=("news.example",))
    assert Hosts([own, shipped]).newsroom("news.example") == "own"


@pytest.mark.parametrize(
    ("address", "host", "domain"),
    [
        ("https://www.News.example/a?b", "news.example", "news.example"),
        ("https://ar.feeds.news.co.uk/x", "ar.feeds.news.co.uk", "news.co.uk"),
        ("https://192.0.2.7/rss", "192.0.2.7", "192.0.2.7"),
        ("https://[::1", "", ""),
        ("no address", "", ""),
    ],
)
def test_the_host_and_the_domain_of_an_address(address: str, host: str, domain: str) -> None:
    assert (host_in(address), registered(host_in(address))) == (host, domain)
