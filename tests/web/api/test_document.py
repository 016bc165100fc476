"""The contract: what is kept of it in the documentation, and what people read of it."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator

from monitor.web.api.document import as_text, document
from monitor.web.api.operation import PLACES
from monitor.web.api.resources import all_operations
from monitor.web.pages.api import DOCUMENT
from tests.support import ROOT
from tests.web.site import a_desk, client

WRITTEN = document(all_operations())
SCHEMAS = WRITTEN["components"]["schemas"]


def test_the_document_in_the_docs_is_the_one_that_is_served(tmp_path):
    kept = (ROOT / "docs" / "reference" / "openapi.json").read_text(encoding="utf-8")
    assert kept == as_text(all_operations()), "run: python -m monitor.web.api.document > docs/reference/openapi.json"
    assert client(a_desk(tmp_path)).get(DOCUMENT).json() == json.loads(kept)


def test_it_is_kept_by_who_asks_again(tmp_path):
    browser = client(a_desk(tmp_path))
    tag = browser.get(DOCUMENT).headers["etag"]
    assert browser.get(DOCUMENT, headers={"If-None-Match": f'W/{tag}, "other"'}).status_code == 304
    assert browser.get(DOCUMENT, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_each_schema_is_one_and_refuses_what_was_not_said(name):
    Draft202012Validator.check_schema(SCHEMAS[name])


def references(of: object) -> set[str]:
    if isinstance(of, list):
        return {each for one in of for each in references(one)}
    if isinstance(of, dict):
        return {of["$ref"]} if isinstance(of.get("$ref"), str) else references(list(of.values()))
    return set()


def test_nothing_refers_to_what_is_not_there():
    for each in references(WRITTEN):
        there = WRITTEN
        for part in each.removeprefix("#/").split("/"):
            assert part in there, each
            there = there[part]


def test_every_operation_has_a_name_of_its_own_and_says_which_problems_it_may_answer():
    ids = [each["operationId"] for methods in WRITTEN["paths"].values() for each in methods.values()]
    assert len(ids) == len(set(ids)) == len(all_operations())
    for methods in WRITTEN["paths"].values():
        for method, each in methods.items():
            wanted = {"200", "401", "403", "404", "421", "422"} | ({"413"} if method != "get" else set())
            is_file = "application/json" not in each["responses"]["200"]["content"]
            wanted |= {"304"} if method == "get" and not is_file else set()
            assert each["responses"].keys() >= wanted, each["operationId"]


def test_every_parameter_is_described_and_every_example_is_what_it_is_an_example_of():
    for methods in WRITTEN["paths"].values():
        for each in methods.values():
            for parameter in each.get("parameters", ()):
                assert parameter["description"], (each["operationId"], parameter["name"])
    for name, place in PLACES.items():
        assert re.fullmatch(place.pattern, place.example), name
    for name, schema in SCHEMAS.items():
        for key, value in schema.get("properties", {}).items():
            for example in value.get("examples", ()):
                whole = {**value, "$defs": {}, "components": WRITTEN["components"]}
                assert Draft202012Validator(whole).is_valid(example), (name, key, example)


def test_whatever_may_be_null_says_so_and_all_that_is_answered_is_there():
    """An answer has every key that its schema has."""
    sent = {each.body.__name__ for each in all_operations() if each.body is not None}
    for name, schema in SCHEMAS.items():
        if name not in sent and "properties" in schema:
            assert set(schema["required"]) == set(schema["properties"]), name


def test_the_reference_names_every_address_filter_and_way():
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    for each in all_operations():
        row = next((row for row in rows if f"{each.path}`" in row or f"{each.path}?" in row), "")
        assert each.method in row, each.id
        if each.id in ("listAlerts", "listStories", "search"):
            for name in each.query.model_fields.keys() - {"limit", "after", "q", "as_written"}:
                assert f"`{name}`" in row, name


@pytest.mark.parametrize("language", ["ar", "en"])
def test_people_can_read_what_there_is(tmp_path, language):
    page = client(a_desk(tmp_path), accept_language=language).get("/api/v1/").text
    for each in all_operations():
        assert f'id="{each.id}"' in page
        assert f"/api/v1{each.path}" in page
    assert page.count("<h1>") == 1
    assert 'href="/api/v1/openapi.json"' in page
