"""What things are called on the pages."""

from __future__ import annotations

import pytest

from monitor.web.names import Names
from tests.web.site import a_desk

RULES = """\
version: 1
feeds:
  - {id: quay, name: The Old Quay, url: https://quay.example/feed.xml}
  - {id: north, name: Wire North, url: https://wire.example/north.xml, source: wire}
  - {id: south, name: Wire South, url: https://wire.example/south.xml, source: wire}
  - {id: miraat, name: مرآة, url: https://miraat.example/feed.xml, source: miraat}
sources:
  miraat: {name: {ar: جريدة مرآة الساحل, en: Miraat Daily}}
rules:
  - {id: strikes, title: {ar: غارات, en: Air strikes}, any: [غارة]}
"""


@pytest.fixture
def desk(tmp_path):
    return a_desk(tmp_path, RULES)


@pytest.mark.parametrize(
    ("source", "called"),
    [
        ("quay", "The Old Quay"),
        ("north", "Wire North"),
        ("miraat", "مرآة"),  # a feed before a newsroom
        ("wire", "wire"),  # two feeds: neither's name is that of both
        ("gone", "gone"),
    ],
)
def test_a_source_is_called_by_a_name_that_is_its_own(desk, source, called):
    assert Names(desk.config, "en").source(source) == called


def test_a_newsroom_that_only_one_feed_speaks_for_is_called_as_that_feed(desk):
    newsroom = next(feed.source for feed in desk.config.feeds if feed.id == "quay")
    assert newsroom != "quay"
    assert Names(desk.config, "ar").source(newsroom) == "The Old Quay"


def test_names_are_those_of_the_reader_s_language(desk):
    assert Names(desk.config, "ar").rule("strikes") == "غارات"
    assert Names(desk.config, "en").rule("strikes") == "Air strikes"
    assert Names(desk.config, "en").place("idlib") != Names(desk.config, "ar").place("idlib")
    assert Names(desk.config, "en").place("no-such-place") == "no-such-place"
