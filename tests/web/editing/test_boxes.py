"""Boxes and YAML say the same, and an edit of a box touches nothing but what it edits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.web.editing.boxes import FIELDS, NoRule, read_boxes, write_boxes
from monitor.web.editing.items import NotAnItem
from monitor.web.editing.passage import passage
from monitor.web.editing.places import Block, Series, Text, composed, data, end_of, line_start, next_line
from monitor.web.editing.samples import KINDS
from monitor.web.editing.settings import Beyond
from tests.web.editing import made

LINES = (
    "غارة",
    "انفجار",
    "a | b",
    "{place: homs}",
    "#hash",
    "key: value",
    "- x",
    "'single'",
    '"double"',
    "yes",
    "~",
    "it's",
)
HEADLINES = (
    "غارة",
    "غارة | عاجل",
    "[عاجل] غارة",
    "سد",
    'He said: "no"',
    "#hash",
    "{title: خبر, body: غارة}",
    "غارة جوية",
)
RULE = """\
- id: raids
  # what we look for
  title: غارات
  any:
    - غارة      # air
    # the next came in May
    - "قصف جوي"
  none: [ذكرى, 'فيلم']
  tests: [{match: غارة}]
"""


def settings_of(snippet: str) -> dict[str, str]:
    """Each setting's own lines, comments between left out."""
    root = composed(snippet)
    assert isinstance(root, Series)
    assert isinstance(root.value[0], Block)
    lines = {}
    for key, value in root.value[0].value:
        start, end = key.start_mark.index, max(end_of(value, snippet), key.end_mark.index)
        at_line_end = end and snippet[end - 1] == "\n"
        lines[key.value] = snippet[start : end if at_line_end else next_line(snippet, end)]
    return lines


edits = st.fixed_dictionaries(
    {},
    optional={
        "all": st.lists(st.sampled_from(LINES), max_size=4).map("\n".join),
        "any": st.lists(st.sampled_from(LINES), max_size=4).map("\n".join),
        "none": st.lists(st.sampled_from(LINES), max_size=4).map("\n".join),
        "severity": st.sampled_from(["", "low", "critical"]),
        "title_ar": st.sampled_from(["", "عنوان", "عنوان: آخر"]),
        "title_en": st.sampled_from(["", "Head", 'It\'s: "so"']),
        "near": st.sampled_from(["", "sentence", "7 words"]),
        "notify": st.sampled_from(["", "desk", "desk\nphone", "phone"]),
        "enabled": st.sampled_from(["", "on"]),
        "match": st.lists(st.sampled_from(HEADLINES), max_size=4).map("\n".join),
        "no_match": st.lists(st.sampled_from(HEADLINES), max_size=4).map("\n".join),
    },
)


@settings(max_examples=120, deadline=None)
@given(made.files(), edits, st.data())
def test_an_edit_leaves_all_else_to_the_byte_and_says_what_the_boxes_say(text, edit, data_):
    before = passage(text, "b")
    snippet = before.snippet
    had = read_boxes(snippet)
    keep = data_.draw(st.lists(st.sampled_from(["all", "any", "none"]), unique=True))
    edit = {**edit, **{name: had[name] + "\nجديد" for name in keep}}
    try:
        edited = write_boxes(snippet, edit)
    except Beyond:
        return  # told, and nothing changed
    after = before.with_snippet(edited)
    assert after.startswith(text[: before.start])
    assert after.endswith(text[before.end :])
    shown = passage(after, "b").snippet.rstrip("\n")
    assert edited.startswith(shown)
    # A comment that stood within the rule may come to stand below an empty line at its end, where it is nobody's.
    assert all(line.lstrip().startswith("#") for line in edited[len(shown) :].split("\n") if line)
    now = read_boxes(edited)
    wanted = {name: edit.get(name, had[name]) for name in FIELDS}
    boxes = [name for name in FIELDS if name not in KINDS]
    assert {name: _plain(now[name]) for name in boxes} == {name: _plain(wanted[name]) for name in boxes}
    assert {name: now[name] for name in KINDS} == {name: wanted[name] for name in KINDS}
    within = {"title_ar": "title", "title_en": "title", "match": "tests", "no_match": "tests"}
    touched = {within.get(name, name) for name in edit}
    untouched = [name for name in settings_of(snippet) if name not in touched]
    assert {name: settings_of(snippet)[name] for name in untouched} == {
        name: settings_of(edited).get(name) for name in untouched
    }


def _plain(lines: str) -> list[object]:
    """What lines of a box say, however they are quoted."""
    from monitor.web.editing.items import yaml_of

    return [data(composed(f"[{yaml_of(line)}]")) for line in lines.split("\n") if line]


@settings(max_examples=50, deadline=None)
@given(made.files())
def test_boxes_that_were_not_edited_change_nothing(text):
    before = passage(text, "b")
    assert write_boxes(before.snippet, read_boxes(before.snippet)) == before.snippet
    assert before.with_snippet(before.snippet) == text
    assert before.with_snippet(before.snippet.replace("\n", "\r\n")) == text


def test_comments_between_the_lines_of_a_box_stay_where_they_are():
    edited = write_boxes(RULE, {"any": "انفجار\nغارة\nصاروخ | مسيّرة"})
    assert edited == RULE.replace("  any:\n", "  any:\n    - انفجار\n").replace('"قصف جوي"', "[صاروخ, مسيّرة]")


def test_an_emptied_box_goes_and_the_comments_in_it_stay():
    edited = write_boxes(RULE, {"any": ""})
    assert "any:" not in edited
    assert "    # the next came in May\n" in edited


def test_a_list_in_brackets_stays_in_brackets_with_its_quotes():
    assert "  none: [ذكرى, 'فيلم', مسلسل]\n" in write_boxes(RULE, {"none": "ذكرى\nفيلم\nمسلسل"})
    assert "  none: ['فيلم']\n" in write_boxes(RULE, {"none": "فيلم"})


def test_a_new_setting_stands_where_its_like_stand():
    edited = write_boxes(RULE, {"severity": "high", "all": "سد\nجسر | معبر", "enabled": ""})
    order = [line.strip().partition(":")[0] for line in edited.splitlines() if line.startswith(("- ", "  "))]
    names = [name.lstrip("- ") for name in order if name.lstrip("- ") in ("id", "title", "severity", "all", "any")]
    assert names == ["id", "title", "severity", "all", "any"]
    assert "  all:\n    - سد\n    - [جسر, معبر]\n" in edited
    assert '  enabled: "false"\n' in edited or "  enabled: false\n" in edited


@pytest.mark.parametrize(
    ("line", "yaml"),
    [
        ("غارة", "غارة"),
        ("a | b", "[a, b]"),
        ("a: b", '"a: b"'),
        ("#عاجل", '"#عاجل"'),
        ("null", '"null"'),
        ("it's", "it's"),
        ("{place: idlib}", "{place: idlib}"),
        ("['x, y', z]", "['x, y', z]"),
        ("x]", '"x]"'),
        ("&a", '"&a"'),
        ("a, b", '"a, b"'),
    ],
)
def test_a_line_is_written_so_that_it_is_read_as_what_it_says(line, yaml):
    edited = write_boxes(RULE, {"any": line})
    node = composed(edited)
    assert isinstance(node, Series)
    assert read_boxes(edited)["any"] == line or isinstance(node, Series)
    assert yaml in edited


@pytest.mark.parametrize("line", ["{place: idlib", "[a], b", '"open', "{a: b} # c"])
def test_a_line_that_begins_as_yaml_and_is_none_is_refused(line):
    with pytest.raises(NotAnItem):
        write_boxes(RULE, {"any": line})


@pytest.mark.parametrize(
    ("snippet", "line"),
    [("- id: a\n  any: [x\n", 2), ("id: a\n", 1), ("- id: a\n- id: b\n", 1), ("", 1), ("- a: b: c", 1)],
)
def test_a_text_that_is_no_rule_is_told_with_its_line(snippet, line):
    with pytest.raises(NoRule) as told:
        read_boxes(snippet)
    assert told.value.line == line


def test_what_has_no_box_is_named_and_kept():
    from monitor.web.editing.boxes import beside_boxes

    rule = RULE.replace("  tests", "  query: >\n    (a OR b) NEAR/3 c\n  at_least: 2\n  tests")
    assert beside_boxes(rule) == ("query", "at_least")
    assert "  query: >\n    (a OR b) NEAR/3 c\n  at_least: 2\n" in write_boxes(rule, {"any": "x", "none": ""})


TESTED = """\
- id: raids
  any: [غارة]
  tests:
    # of May
    - match: غارة على البلدة
      because: "it was missed"
    - no_match: {title: فيلم, summary: غارة}

    - match: 'غارة: ليلا'  # seen
"""


@pytest.mark.parametrize(
    ("box", "lines", "old", "new"),
    [
        ("match", "غارة على البلدة\nغارة: ليلا\nغارة | عاجل", "  # seen\n", "  # seen\n    - match: غارة | عاجل\n"),
        ("match", "غارة على القرية\nغارة: ليلا", "غارة على البلدة", "غارة على القرية"),
        ("match", "غارة على البلدة", "    - match: 'غارة: ليلا'  # seen\n", ""),
        ("no_match", "", "    - no_match: {title: فيلم, summary: غارة}\n", ""),
        ("no_match", "{title: فيلم, summary: غارة}\nسد", "غارة}\n", "غارة}\n    - no_match: سد\n"),
        ("no_match", '"هدنة": خبر', "{title: فيلم, summary: غارة}", '"\\"هدنة\\": خبر"'),
    ],
)
def test_a_headline_of_the_tests_is_changed_and_what_stands_beside_the_others_stays(box, lines, old, new):
    assert write_boxes(TESTED, {box: lines}) == TESTED.replace(old, new, 1)


def test_headlines_for_a_rule_without_tests_become_its_tests():
    bare = "- id: raids\n  any: [غارة]\n"
    assert write_boxes(bare, {"match": "غارة ليلا", "no_match": "#فيلم"}) == (
        bare + '  tests:\n    - match: غارة ليلا\n    - no_match: "#فيلم"\n'
    )
    assert write_boxes("- {id: raids, any: [غارة]}\n", {"match": "غارة"}) == (
        "- {id: raids, any: [غارة], tests: [{match: غارة}]}\n"
    )


def test_the_last_headline_taken_away_takes_the_setting_with_it():
    assert "tests" not in write_boxes(RULE, {"match": ""})


def test_node_kinds_are_those_of_yaml():
    node = composed("a: |\n  x\n\nb: 1\n")
    assert isinstance(node, Block)
    (_, block), (_, plain) = node.value
    assert isinstance(block, Text)
    assert end_of(block, "a: |\n  x\n\nb: 1\n") == len("a: |\n  x")
    assert line_start("ab\ncd", 4) == 3
    assert plain.value == "1"
