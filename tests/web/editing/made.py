"""Rules files as people write them, made up: every way to write a list, quotes, comments, line ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

WORDS = ("غارة", "قصف جوي", "انفجار: كبير", "#عاجل", "air strike", "no", "12", "- dash", "it's", 'so "called"', "a, b")
BLOCKS = ("{place: idlib}", "{exact: سد}", "{all: [جسر, نهر], near: 5 words}")
TESTS = (
    'tests:\n    - match: غارة\n      because: "it\'s"\n    # more\n',
    "tests:\n      - no_match: 'فيلم عن غارة'  # as is\n      - match: غارة | عاجل\n\n"
    "      - match: {title: خبر, body: غارة}\n",
    'tests: [{match: غارة, because: one}, {no_match: سد}, {match: "[عاجل] غارة"}]\n',
    "tests:\n      - match: >-\n          غارة\n          جوية\n      - because: two\n        no_match: سد\n",
)
COMMENTS = ("", "  # air", "   # ملاحظة: لا تحذف")


def quoted(word: str, style: str) -> str:
    if style == "'":
        return "'" + word.replace("'", "''") + "'"
    safe = word.replace(" ", "").isalpha() and word != "no"
    return word if style == "" and safe else json.dumps(word, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Item:
    yaml: str
    comment: str


words = st.builds(quoted, st.sampled_from(WORDS), st.sampled_from(["", "'", '"']))
alternatives = st.lists(words, min_size=1, max_size=3).map(lambda these: "[" + ", ".join(these) + "]")
items = st.builds(Item, st.one_of(words, alternatives, st.sampled_from(BLOCKS)), st.sampled_from(COMMENTS))
lists = st.lists(items, min_size=1, max_size=4)


def in_lines(name: str, of: Sequence[Item], indent: int, between: str) -> str:
    pad = " " * indent
    told = "".join(f"{pad}- {item.yaml}{item.comment}\n{between}" for item in of)
    return f"{name}:  # of {name}\n{told}"


def in_brackets(name: str, of: Sequence[Item]) -> str:
    return f"{name}: [{', '.join(item.yaml for item in of)}]  # of {name}\n"


def over_lines(name: str, of: Sequence[Item]) -> str:
    told = "".join(f"      {item.yaml},{item.comment}\n" for item in of)
    return f"{name}: [\n{told}    ]\n"


@st.composite
def boxes(draw: st.DrawFn, name: str) -> str:
    of = draw(lists)
    shape = draw(st.sampled_from(["lines", "flush", "brackets", "over lines"]))
    if shape == "brackets":
        return in_brackets(name, of)
    if shape == "over lines":
        return over_lines(name, of)
    return in_lines(name, of, 6 if shape == "lines" else 4, draw(st.sampled_from(["", "      # between\n", "\n"])))


@st.composite
def rules(draw: st.DrawFn, rule_id: str) -> str:
    """One rule, its dash in the third column."""
    parts = [f"id: {rule_id}\n"]
    parts += draw(
        st.sampled_from([
            [], ["title: 'غارات'   # as is\n"], ["title: {ar: غارات, en: \"Strikes\"}\n"],
            ["title:\n      en: Strikes # en\n      ar: غارات\n"],
        ])
    )  # fmt: skip
    parts += draw(st.sampled_from([[], ["severity: high # !\n"], ["severity: 'عالية'\n"]]))[:1]
    names = [name for name in ("all", "any", "none") if draw(st.booleans())] or ["any"]
    parts += [draw(boxes(name)) for name in draw(st.permutations(names))]
    parts += draw(st.sampled_from([[], ["notify: desk\n"], ["notify: [desk, phone]\n"]]))
    parts += draw(st.sampled_from([[], ["description: >-\n      long\n\n      text # no comment\n"], ["# own line\n"]]))
    parts += draw(st.sampled_from([[], ["query: |+\n      a OR b\n\n"], ["near: 5 words\n"]]))
    parts += draw(st.sampled_from([[], *([test] for test in TESTS)]))
    return "  - " + "    ".join(parts)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file of three rules, a, b and c, of which b is the one that is edited."""
    told = [draw(rules(rule_id)) for rule_id in "abc"]
    between = draw(st.sampled_from(["", "\n", "\n  # ---- next\n", "# at the edge\n"]))
    head = draw(st.sampled_from(["", "# the head\n\n"])) + "version: 1\nrules:  # all of them\n"
    tail = draw(st.sampled_from(["", "# the end", "channels: {}  # none\n"]))
    text = head + between.join(told) + tail
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text
