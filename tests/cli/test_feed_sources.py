"""`monitor feeds sources`: whose the feeds are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import monitor, rules_in

FEEDS = """
version: 1
sources:
  valley-post: {name: Valley Post, owner: valley-media, hosts: [valleypost.example]}
  valley-radio: {name: Valley Radio, owner: valley-media}
feeds:
  - {id: sana, url: "https://sana.sy/feed"}
  - {id: sana-en, url: "https://sana.sy/en/feed"}
  - {id: ikhbariah, url: "https://alikhbariah.com/feed"}
  - {id: afp, url: "https://news.example/x", source: afp}
  - {id: post, url: "https://rss.valleypost.example/all"}
  - {id: radio, url: "https://radio.example/x", source: valley-radio}
  - {id: hill, url: "https://hill.example/rss"}
  - {id: search, url: "https://news.google.com/rss/search?q=x"}
rules:
  - {id: bridges, all: [جسر]}
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    return str(rules_in(tmp_path, FEEDS))


def test_feeds_of_one_owner_stand_together_and_the_unknown_last(config: str) -> None:
    assert monitor("feeds", "sources", "-c", config).stdout.splitlines() == [
        "8 feeds of 7 newsrooms: 5 voices at most",
        "",
        "One voice:",
        "  state-of-syria",
        "    alikhbariah (Alikhbariah Syria): ikhbariah",
        "    sana (SANA): sana, sana-en",
        "  valley-media",
        "    valley-post (Valley Post): post",
        "    valley-radio (Valley Radio): radio",
        "",
        "Each a voice of its own:",
        "  afp (AFP): afp",
        "",
        "No known newsroom:",
        "  hill: counts as hill.example",
        "  search: each entry by its own newsroom",
        "  If one belongs to a newsroom, write its id as the feed's source; if it has an owner, add it under sources.",
    ]


def test_the_same_as_json(config: str) -> None:
    told = json.loads(monitor("feeds", "sources", "-c", config, "--json").stdout)
    assert {"owner": "hill.example", "newsroom": "hill.example", "name": None, "feeds": ["hill"]} in told
    assert {"owner": "state-of-syria", "newsroom": "sana", "name": "SANA", "feeds": ["sana", "sana-en"]} in told
    assert len(told) == 7


def test_a_file_without_feeds_is_told_so(tmp_path: Path) -> None:
    config = rules_in(tmp_path, "version: 1\nrules:\n  - {id: bridges, all: [جسر]}\n")
    result = monitor("feeds", "sources", "-c", config)
    assert (result.exit_code, "has no feeds" in result.stderr) == (2, True)
