"""Every rules file that a page shows is one: it loads, and the tests inside its rules pass.

The fence's info string says what a block is: `yaml` is a whole rules file, `yaml fragment` a part of one, which is
read as YAML and its keys compared with the schema's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import config
from monitor.rules.inline_tests import run_tests
from monitor.rules.schema import json_schema
from tests.docs.markdown import PAGES, Block, blocks

SHOWN = [block for page in PAGES for block in blocks(page)]
WHOLE = [block for block in SHOWN if block.info == "yaml"]
FRAGMENTS = [block for block in SHOWN if block.info == "yaml fragment"]
INFOS = {"", "text", "sh", "yaml", "yaml fragment", "json", "jsonl", "crontab", "ini", "python", "dockerfile"}


def test_every_block_says_what_it_is_in_a_known_word() -> None:
    assert {f"{block}: {block.info}" for block in SHOWN if block.info not in INFOS} == set()


@pytest.mark.parametrize("block", WHOLE, ids=str)
def test_every_rules_file_in_the_docs_loads_and_passes_its_own_tests(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(block.text, encoding="utf-8")
    loaded = config.load(file, environ={})
    failed = [str(result) for result in run_tests(loaded.rules, loaded.lexicon) if not result.passed]
    assert failed == []


def test_rules_in_the_readme_and_the_tutorials_have_tests(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    untested = []
    for block in (block for block in WHOLE if block.page != "docs/rules.md"):
        file.write_text(block.text, encoding="utf-8")
        untested += [
            f"{block}: {rule.id}" for rule in config.load(file, environ={}).rules if rule.seeks and not rule.tests
        ]
    assert untested == []


@pytest.mark.parametrize("block", FRAGMENTS, ids=str)
def test_a_fragment_uses_only_settings_that_exist(block: Block) -> None:
    known = _property_names(json_schema())
    assert set(_settings(yaml.safe_load(block.text))) - known == set()


def _property_names(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_property_names, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties")
    return (set(own) if isinstance(own, dict) else set()) | _property_names(list(schema.values()))


def _settings(written: Any, *, named_by_the_author: bool = False) -> list[str]:
    """The keys of a fragment, without those that its author chose (ids of channels, groups, places; headers)."""
    if isinstance(written, list):
        return [key for item in written for key in _settings(item)]
    if not isinstance(written, dict):
        return []
    own = [] if named_by_the_author else list(written)
    chosen = ("channels", "groups", "places", "headers", "title", "name", "users")
    return own + [
        key for name, value in written.items() for key in _settings(value, named_by_the_author=name in chosen)
    ]
