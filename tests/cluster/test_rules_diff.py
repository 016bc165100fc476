"""What one rules version says and another does not."""

from __future__ import annotations

import pytest

from monitor.cluster.rules_diff import NOTHING, diff
from monitor.model.rules_versions import RulesFiles


def files(main: str = "rules.yaml", /, **texts: str) -> RulesFiles:
    return RulesFiles(main=main, texts={f"{name}.yaml": text for name, text in texts.items()})


OLD = files(rules="a\nb\n", packs="x\n")
CASES = {
    "the same": (OLD, OLD, []),
    "a line": (
        OLD,
        files(rules="a\nc\n", packs="x\n"),
        ["--- rules.yaml (1)", "+++ rules.yaml (2)", "@@ -1,2 +1,2 @@", " a", "-b", "+c"],
    ),
    "a file more": (
        OLD,
        files(rules="a\nb\n", packs="x\n", z="y\n"),
        ["--- /dev/null", "+++ z.yaml (2)", "@@ -0,0 +1 @@", "+y"],
    ),
    "a file less": (OLD, files(rules="a\nb\n"), ["--- packs.yaml (1)", "+++ /dev/null", "@@ -1 +0,0 @@", "-x"]),
    "an empty file more": (OLD, files(rules="a\nb\n", packs="x\n", z=""), ["z.yaml (2) is new, and empty"]),
    "an empty file less": (files(rules="a\n", z=""), files(rules="a\n"), ["z.yaml (1) is gone, and was empty"]),
    "the end of the last line": (
        OLD,
        files(rules="a\nb", packs="x\n"),
        ["--- rules.yaml (1)", "+++ rules.yaml (2)", "@@ -1,2 +1,2 @@", " a", "-b", "+b\n\\ No newline at end of file"],
    ),
    "the ends of lines": (
        files(rules="a\n"),
        files(rules="a\r\n"),
        ["--- rules.yaml (1)", "+++ rules.yaml (2)", "@@ -1 +1 @@", "-a", "+a␍"],
    ),
    "another rules file": (
        OLD,
        files("packs.yaml", rules="a\nb\n", packs="x\n"),
        ["the rules file is packs.yaml, and was rules.yaml"],
    ),
    "the rules file under another name": (
        OLD,
        files("news.yaml", news="a\nc\n", packs="x\n"),
        [
            "the rules file is news.yaml, and was rules.yaml",
            "--- rules.yaml (1)",
            "+++ news.yaml (2)",
            *["@@ -1,2 +1,2 @@", " a", "-b", "+c"],
        ],
    ),
    "the first version": (NOTHING, files(rules="a\n"), ["--- /dev/null", "+++ rules.yaml (2)", "@@ -0,0 +1 @@", "+a"]),
}


@pytest.mark.parametrize(("old", "new", "lines"), CASES.values(), ids=CASES.keys())
def test_what_changed_is_told_file_by_file(old: RulesFiles, new: RulesFiles, lines: list[str]) -> None:
    assert list(diff(old, new, old_name="1", new_name="2")) == lines


def test_the_rules_file_comes_first() -> None:
    changed = files(rules="c\n", packs="y\n")
    told = [line for line in diff(OLD, changed, old_name="1", new_name="2") if line.startswith("+++")]
    assert told == ["+++ rules.yaml (2)", "+++ packs.yaml (2)"]
