"""docs/rules.md names every setting and item that a rules file can have."""

from __future__ import annotations

import re
from typing import Any

import pytest

from monitor.rules.schema import json_schema
from tests.docs.markdown import prose


def test_every_setting_of_the_models_is_in_the_reference() -> None:
    shown = re.findall(r"`([^`\n]+)`", prose("docs/rules.md"))
    named = {name for code in shown for name in re.findall(r"(?:^|[{\[, ])([a-z_]+)(?=:|$)", code)}
    assert _settings(json_schema()) - named == set()


@pytest.mark.parametrize(
    "block", ["", "Defaults", "WrittenFeed", "WrittenSource", "WrittenPlace", "WrittenRule", "WrittenChannel"]
)
def test_every_setting_of_a_block_has_a_row_of_its_own(block: str) -> None:
    schema = json_schema()
    settings = (schema["$defs"][block] if block else schema)["properties"]
    rows = re.findall(r"^\| (`.*?) \|", prose("docs/rules.md"), flags=re.MULTILINE)
    assert set(settings) - {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)} == set()


def test_the_schema_has_the_settings_that_everybody_uses() -> None:
    assert {"rules", "feeds", "channels", "all", "near", "place", "event", "throttle"} <= _settings(json_schema())


def _settings(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_settings, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties")
    return (set(own) if isinstance(own, dict) else set()) | _settings(list(schema.values()))
