"""A rule is cut out of its file and put back where it was; a new one stands behind the last."""

from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.web.editing.passage import NotHere, elsewhere_the_same, first_id, passage, with_new
from monitor.web.editing.places import composed, data
from tests.web.editing import made

NEW = "- id: new\n  any:\n    - سد\n"
FILE = """\
version: 1
rules:
  # the first
  - id: a
    any: [x]
    # of a
  # of b
  -
    id: b
    any: [y]  # why
channels: {}
"""


def test_a_rule_is_its_lines_and_the_comments_that_are_indented_with_it():
    assert passage(FILE, "a").snippet == "- id: a\n  any: [x]\n  # of a\n"
    assert passage(FILE, "b").snippet == "-\n  id: b\n  any: [y]  # why\n"
    assert passage(FILE, "a").line == 4


def test_only_lines_that_were_edited_change():
    rule = passage(FILE, "b")
    assert rule.with_snippet(rule.snippet.replace("[y]", "[z]")) == FILE.replace("[y]", "[z]")
    assert rule.with_snippet(rule.snippet + "  near: 5 words\n") == FILE.replace("why\n", "why\n    near: 5 words\n")


def test_a_rule_at_the_end_of_a_file_without_a_line_end_is_put_back_as_it_was():
    text = FILE.replace("channels: {}\n", "").rstrip("\n")
    rule = passage(text, "b")
    assert rule.with_snippet(rule.snippet) == text
    assert rule.with_snippet(rule.snippet + "  none: [q]\n") == text + "\n    none: [q]\n"


ADDED = "  - id: new\n    any:\n      - سد\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 1\nrules:\n- id: a\n  any: [x]\n", f"version: 1\nrules:\n- id: a\n  any: [x]\n\n{NEW}"),
        ("version: 1\nrules: []  # none\nfeeds: []\n", f"version: 1\nrules:  # none\n{ADDED}feeds: []\n"),
        ("version: 1\nrules:\n", f"version: 1\nrules:\n{ADDED}"),
        ("version: 1\nrules: ~\n", f"version: 1\nrules:\n{ADDED}"),
        ("version: 1\nrules:", f"version: 1\nrules:\n{ADDED}"),
        ("version: 1", f"version: 1\nrules:\n{ADDED}"),
    ],
)
def test_a_new_rule_stands_behind_the_last(text, expected):
    got = with_new(text, NEW)
    assert got == expected
    assert elsewhere_the_same(text, got, number=None)


@settings(max_examples=60, deadline=None)
@given(made.files())
def test_a_new_rule_leaves_every_byte_of_the_file(text):
    got = with_new(text, NEW)
    at = next(number for number in range(len(text), -1, -1) if got.startswith(text[:number]))
    assert got.endswith(text[at:])
    assert passage(got, "new").snippet == NEW
    assert elsewhere_the_same(text, got, number=None)


@settings(max_examples=60, deadline=None)
@given(made.files(), st.sampled_from("abc"))
def test_what_is_said_elsewhere_is_compared(text, rule_id):
    rule = passage(text, rule_id)
    got = rule.with_snippet(f"- id: other\n  any: [{rule_id}]\n")
    assert elsewhere_the_same(text, got, number=rule.number)
    assert not elsewhere_the_same(text, got, number=(rule.number + 1) % 3)
    assert not elsewhere_the_same(text, got + "\nfeeds: []\n", number=rule.number)


def test_a_rule_that_breaks_out_of_its_place_is_seen():
    rule = passage(FILE, "a")
    broken = rule.with_snippet(rule.snippet + "- id: c\n  any: [q]\n")
    assert not elsewhere_the_same(FILE, broken, number=0)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("version: 1\nrules: [{id: a, any: [x]}]\n", "editor.in_brackets"),
        ("version: 1\nrules:\n  - {id: b, any: [x]}\n", "editor.gone"),
        ("{version: 1}", "editor.in_brackets"),
    ],
)
def test_a_rule_that_cannot_be_edited_where_it_stands_is_told(text, key):
    with pytest.raises(NotHere) as told:
        passage(text, "a")
    assert told.value.key == key


def test_the_id_of_a_snippet_is_read_as_far_as_it_can_be():
    assert first_id(NEW) == "new"
    assert first_id("- id: [") == first_id("") == first_id("x") == ""
    assert data(composed("a: 1")) == [(("a", False), ("1", False))]


@pytest.mark.parametrize("indent", ["", "  ", "    "])
@pytest.mark.parametrize("decoration", [" &all", " !!seq", " !!seq &all", " &all  # - so", " &all\n  # - so\n"])
def test_a_list_that_has_an_anchor_or_a_tag_begins_at_its_first_dash(indent, decoration):
    body = "".join(f"{indent}- id: {name}\n{indent}  any: [x]\n" for name in "ab")
    text = f"version: 1\nrules:{decoration.rstrip()}\n{body}"
    for name, line in (("a", text.count("\n") - 3), ("b", text.count("\n") - 1)):
        rule = passage(text, name)
        assert (rule.snippet, rule.line, rule.dash) == (f"- id: {name}\n  any: [x]\n", line, len(indent))
    assert passage(with_new(text, NEW), "new").snippet == NEW


def test_a_rule_that_begins_behind_something_else_on_its_line_is_told():
    text = "? rules\n: - id: a\n    any: [x]\n  - id: b\n    any: [y]\nfeeds:\n  - id: w\n"
    with pytest.raises(NotHere) as told:
        passage(text, "a")
    assert told.value.key == "editor.mid_line"
    assert passage(text, "b").snippet == "- id: b\n  any: [y]\n"


@settings(max_examples=100, deadline=None)
@given(st.text("rules:?-[]{}&x!|># ida,\n", max_size=60))
def test_no_text_keeps_it_busy_for_ever(text):
    for file in (text, f"rules:{text}", f"rules:\n  - id: a\n{text}", f"? rules\n: {text}- id: a\n"):
        with suppress(NotHere, yaml.YAMLError, ValueError):
            passage(file, "a")
        with suppress(NotHere, yaml.YAMLError, ValueError):
            with_new(file, NEW)
