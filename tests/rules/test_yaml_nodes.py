"""A text as nodes: what `yaml.compose` makes of it, but for what would have no bound."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.yaml_hints import MAX_DEPTH
from monitor.rules.yaml_nodes import DEEPEST, Block, Node, Series, Text, composed

PIECES = (
    "rules: ", "a", "غارة", ":", " ", "  ", "\n", "\r\n", "- ", "[", "]", "{", "}", ", ", "|\n", ">-\n",
    "'x'", '"y"', "# c", "? ",
)  # fmt: skip


def told(node: Node | None) -> object:
    """All that surgery looks at."""
    if node is None:
        return None
    place = [(mark.index, mark.line, mark.column) for mark in (node.start_mark, node.end_mark)]
    if isinstance(node, Text):
        return place, node.value, node.style
    inner = [tuple(map(told, each)) if isinstance(each, tuple) else told(each) for each in node.value]
    return type(node), place, node.flow_style, inner


def walked(node: Node | None) -> int:
    """How many nodes there are."""
    if isinstance(node, Block):
        return 1 + sum(walked(key) + walked(value) for key, value in node.value)
    return 1 + (sum(map(walked, node.value)) if isinstance(node, Series) else 0)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_what_rules_may_hold_is_what_yaml_makes_of_it(text):
    try:
        expected = told(yaml.compose(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError:
        with pytest.raises(yaml.YAMLError):
            composed(text)
    else:
        assert told(composed(text)) == expected


def test_an_alias_is_a_text_and_not_what_it_stands_for():
    levels = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 12))
    bomb = composed(f"x0: &x0 [{', '.join('l' * 10)}]\n{levels}")
    assert walked(bomb) < 200
    assert walked(composed("- &a [*a]\n")) == 3
    unknown = composed("- *nobody\n")
    assert unknown is not None
    assert unknown.value[0].value == "*nobody"


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_what_is_too_deep_is_the_text_that_stands_there(opens, closes):
    depth = 300
    node = composed(opens * depth + "x" + closes * depth)
    for _ in range(DEEPEST):
        assert node is not None
        (inner,) = node.value
        node = inner[1] if isinstance(inner, tuple) else inner
    left = depth - DEEPEST
    assert isinstance(node, Text)
    assert node.value == opens * left + "x" + closes * left


def test_what_no_reader_follows_is_told_with_line_and_remedy():
    with pytest.raises(yaml.MarkedYAMLError) as refused:
        composed("a: 1\nb: " + "[" * 5000)
    assert f"more than {MAX_DEPTH} blocks and lists inside one another; write it flatter" in str(refused.value)
    assert refused.value.problem_mark is not None
    assert refused.value.problem_mark.line == 1


def test_a_second_document_is_refused():
    with pytest.raises(yaml.MarkedYAMLError, match="a second document begins here; remove the line '---'"):
        composed("a: 1\n---\nb: 1\n")
