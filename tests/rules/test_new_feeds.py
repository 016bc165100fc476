"""Feeds added to a rules file: only lines of their own are new, whatever the file looks like."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.new_feeds import CannotInsert, NewFeed, has_feeds, plain_name, with_feeds

NEW = NewFeed(id="new", url="https://new.example/rss", name="New")
LINES = ["- id: new", "  name: New", "  url: https://new.example/rss"]


def block(column: int, ends: str = "\n") -> str:
    return "".join(f"{' ' * column}{line}{ends}" for line in LINES)


# what stands before the new feed, and after it
CASES = {
    "after the last": ("version: 1\nfeeds:\n  - url: https://a.example/\n    name: A\n", block(2), "rules: []\n"),
    "as indented": ("feeds:\n- url: https://a.example/\n", block(0), "rules: []\n"),
    "far": ("feeds:\n      - url: https://a.example/\n", block(6), "rules: []\n"),
    "at the end": ("rules: []\nfeeds:\n  - {url: https://a.example/}\n", block(2), ""),
    "behind a comment of the line": ("feeds:\n  - url: https://a.example/  # ours\n", block(2), "# rules\nrules: []\n"),
    "before comments": ("feeds:\n  - url: https://a.example/\n", block(2), "  # - url: https://off/\nrules: []\n"),
    "Arabic": ("feeds:\n  - url: https://a.example/\n    name: وكالة الأنباء\n", block(2), "# قواعد\nrules: []\n"),
    "a list in it": ("feeds:\n  - url: https://a.example/\n    tags:\n      - a\n      - b\n", block(2), "rules: []\n"),
    "a text over lines": ("feeds:\n  - url: https://a.example/\n    name: |\n      A\n", block(2), "rules: []\n"),
    "quoted": ("feeds:\n  - url: https://a.example/\n    name: \"A: 'x' # no\"  # one\n", block(2), "rules: []\n"),
    "empty": ("version: 1\nfeeds:\n", block(2), "rules: []\n"),
    "empty with a comment": ("feeds:  # none yet\n", block(2), "  # - url: https://a.example/\nrules: []\n"),
    "no line end": ("rules: []\nfeeds:\n  - url: https://a.example/", "\n" + block(2).rstrip("\n"), ""),
    "CRLF": ("feeds:\r\n  - url: https://a.example/\r\n", block(2, "\r\n"), "rules: []\r\n"),
    "no section": ("version: 1\nrules: []\n", "\nfeeds:\n" + block(2), ""),
    "no section, no line end": ("version: 1\nrules: []", "\n\nfeeds:\n" + block(2), ""),
}  # fmt: skip


@pytest.mark.parametrize(("before", "added", "after"), CASES.values(), ids=CASES.keys())
def test_every_other_byte_stays(before, added, after):
    assert with_feeds(before + after, [NEW]) == before + added + after


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("feeds: []\nrules: []\n", f"feeds:\n{block(2)}rules: []\n"),
        ("feeds: []  # none yet\nrules: []\n", f"feeds:  # none yet\n{block(2)}rules: []\n"),
        ("feeds: ~\nrules: []\n", f"feeds:\n{block(2)}rules: []\n"),
        (
            "feeds: [{url: 'https://a.example/'},]  # short\n",
            "feeds: [{url: 'https://a.example/'}, {id: new, name: New, url: 'https://new.example/rss'},]  # short\n",
        ),
        (
            "feeds: [\n  # none yet\n]\n",
            "feeds: [\n  # none yet\n{id: new, name: New, url: 'https://new.example/rss'}]\n",
        ),
    ],
)
def test_brackets_stay_unless_they_hold_nothing(text, expected):
    assert with_feeds(text, [NEW]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{version: 1, rules: []}\n",
        "- a\n- b\n",
        "feeds: https://a.example/\n",
        "feeds: {a: 1}\n",
        "a: [\n",
        "",
        "a: 1\n...\n",
    ],
)
def test_what_is_not_understood_is_left_to_its_author(text):
    with pytest.raises(CannotInsert):
        with_feeds(text, [NEW])


@pytest.mark.parametrize(
    ("published", "written"),
    [
        ("${SECRET} news", "$ {SECRET} news"),
        ("two\nlines\u202e and &lt;b&gt;more&lt;/b&gt;", "two lines and more"),
        ("ا" * 200, "ا" * 80),
    ],
)
def test_a_name_that_others_chose_is_one_harmless_line(published, written):
    assert plain_name(published) == written


@given(
    names=st.lists(st.text(), min_size=1, max_size=3),
    tags=st.lists(st.text(min_size=1), max_size=2),
    before=st.sampled_from([before + after for before, _, after in CASES.values()]),
)
def test_whatever_a_feed_is_called_the_file_holds_it_and_all_that_it_held(names, tags, before):
    new = [
        NewFeed(id=f"n{n}", url="https://n.example/?a=1#b", name=name, tags=tuple(tags)) for n, name in enumerate(names)
    ]
    held, holds = yaml.safe_load(before), yaml.safe_load(with_feeds(before, new))
    assert {key: value for key, value in holds.items() if key != "feeds"} == {
        key: value for key, value in held.items() if key != "feeds"
    }
    old = held.get("feeds") or []
    assert holds["feeds"][: len(old)] == old
    assert [(feed["id"], feed.get("name", "")) for feed in holds["feeds"][len(old) :]] == [
        (feed.id, plain_name(feed.name)) for feed in new
    ]


def test_a_file_is_asked_whether_it_has_feeds():
    assert [has_feeds(text) for text in ("feeds:\n", "feeds: []\n", "rules: []\n", "a: [\n", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_a_file_with_aliases_costs_no_more_than_its_size():
    levels = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 12))
    text = f"self: &self [*self]\nx0: &x0 [a]\n{levels}feeds: []\n"
    assert "https://n.example/" in with_feeds(text, [NewFeed(id="n", url="https://n.example/")])
