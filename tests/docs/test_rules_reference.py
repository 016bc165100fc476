"""docs/rules.md names every setting and item that a rules file can have."""

from __future__ import annotations

from typing import Any

from monitor.rules.schema import json_schema
from tests.docs.markdown import read


def test_every_setting_of_the_models_is_in_the_reference() -> None:
    reference = read("docs/rules.md")
    missing = {
        name for name in _settings(json_schema()) if f"`{name}`" not in reference and f"`{name}:" not in reference
    }
    assert missing == set()


def test_the_schema_has_the_settings_that_everybody_uses() -> None:
    assert {"rules", "feeds", "channels", "all", "near", "place", "event", "throttle"} <= _settings(json_schema())


def _settings(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_settings, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties")
    return (set(own) if isinstance(own, dict) else set()) | _settings(list(schema.values()))
