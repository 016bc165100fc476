"""Feeds that want their articles read, with and without what reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import config
from monitor.errors import ConfigError
from monitor.rules import full_texts

RULES = """version: 1
feeds:
  - url: https://one.example/rss
    full_text: true
  - {url: https://two.example/rss, full_text: false}
rules:
  - id: bridges
    all: [جسر]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_a_feed_may_want_its_articles_read(file):
    one, two = config.load(file, environ={}).feeds
    assert (one.full_text, two.full_text) == (True, False)


def test_without_what_reads_them_the_file_is_refused_with_the_remedy(file, monkeypatch):
    monkeypatch.setattr(full_texts, "LIBRARY", "no_such_library")
    with pytest.raises(ConfigError) as refused:
        config.load(file, environ={})
    [problem] = refused.value.problems
    assert (problem.line, problem.column, problem.code) == (4, 5, "R331")
    assert "pip install 'monitor[articles]'" in problem.remedy


def test_without_what_reads_them_a_file_that_wants_none_is_good(file, monkeypatch):
    monkeypatch.setattr(full_texts, "LIBRARY", "no_such_library")
    file.write_text(RULES.replace("full_text: true", "full_text: false"), encoding="utf-8")
    assert len(config.load(file, environ={}).feeds) == 2
