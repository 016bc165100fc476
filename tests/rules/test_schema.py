from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from monitor.rules.schema import json_schema, json_schema_text
from tests.rules.mistakes import GOOD, item, rule
from tests.support import ROOT


def test_the_schema_in_the_docs_is_the_one_that_reads_files() -> None:
    kept = (ROOT / "docs" / "rules.schema.json").read_text(encoding="utf-8")
    assert kept == json_schema_text(), "run: python -m monitor.rules.schema > docs/rules.schema.json"


def test_every_setting_that_a_person_writes_is_described() -> None:
    definitions = {"": json_schema(), **json_schema()["$defs"]}
    items = {
        name
        for name, model in definitions.items()
        if len(model.get("required", [])) == 1 and "id" not in model["properties"]
    }
    undescribed = [
        f"{name}.{key}"
        for name, model in definitions.items()
        for key, value in model.get("properties", {}).items()
        if "description" not in value and name not in items | {"Sample"}
    ]
    assert undescribed == []


def complaints(text: str) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema", reason="compares the schema with an independent reader of schemas")
    return [error.message for error in jsonschema.Draft202012Validator(json_schema()).iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize(
    "written", ["مطار", "[جسر, سد]", "{place: idlib}", "{any: [a b, {title: c d}], at_least: 2}", "300"]
)
def test_editors_accept_what_the_reader_accepts(written: str) -> None:
    assert complaints(item(written)) == []


def test_editors_accept_the_starter_rules() -> None:
    assert complaints((ROOT / "rules.yaml").read_text(encoding="utf-8")) == []


WRONG: list[Any] = [
    rule("nearr: 3 words", *GOOD),
    rule("severity: urgent", *GOOD),
    rule("all: مطار"),
    item("{plcae: x}"),
    "rules: []\n",
]


@pytest.mark.parametrize("text", WRONG)
def test_editors_mark_what_the_reader_refuses(text: str) -> None:
    assert complaints(text)


def test_the_schema_is_json_with_readable_arabic() -> None:
    assert json.loads(json_schema_text())["title"] == "Rules of monitor"
    assert "مرتفع" in json_schema_text()
