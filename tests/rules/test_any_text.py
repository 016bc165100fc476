"""What holds for every file, however it is broken."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.problems import CODES, MAX_PROBLEMS
from tests.rules.given import read_text

WHOLE = """\
version: 1
timezone: Asia/Damascus
defaults:
  notify: [console]
feeds:
  - {url: https://news.example/rss, name: أخبار, tags: [syria]}
groups:
  runway:
    - مدرج
    - "مهبط: طائرات"
rules:
  - id: first
    title: {ar: خبر, en: News}
    severity: حرج
    all:
      - place: deir-ez-zor
      - group: runway
    near: 15 words
    tests:
      - match: اشتباك في المدرج
  - id: second
    any: [جسر, سد]
    throttle: 15m
"""
YAML_BITS = st.sampled_from(
    ["version: 1\n", "rules:\n", "- ", "  ", "all:", "[", "]", "{", "}", ": ", "\n", "'", '"', "|", ">", "&a ", "*a", "!t ", "#", "${X}",
     "id: x", "مطار", "\t", "\u200f", "place: idlib", "near: 3 words", "- id: a\n    all: [مطار]\n", "channels:\n", "feeds:\n", "---\n",
     "  - url: https://a.example/\n", "groups:\n", "places:\n", "?", "<<", "regex: '(a+)+$'", "null", "~", "\u0085", ",", "،", "%", "@"]
)  # fmt: skip


def check(text: str | bytes) -> None:
    ruleset, problems = read_text(text)
    errors = [problem for problem in problems if problem.level == "error"]
    assert (ruleset is None) == bool(errors)
    assert len(problems) <= MAX_PROBLEMS + 1
    for problem in problems:
        assert problem.code in CODES
        assert problem.what
        assert problem.remedy
        assert problem.line >= 1
        assert problem.column >= 1
        assert len(problem.source) <= 160
        assert problem.source.isprintable() or any(joiner in problem.source for joiner in "\u200c\u200d")
        assert "\n" not in problem.what + problem.remedy


@given(st.text(max_size=400))
@settings(max_examples=80, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    check(raw)


@given(st.lists(YAML_BITS, max_size=40).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_heap_of_yaml_is_read_or_refused(text: str) -> None:
    check(text)


@given(st.integers(0, len(WHOLE)), st.integers(0, 30), YAML_BITS)
@settings(max_examples=150, deadline=None)
def test_a_good_file_with_any_piece_replaced_is_read_or_refused(start: int, length: int, piece: str) -> None:
    check(WHOLE[:start] + piece + WHOLE[start + length :])


def test_a_file_cut_off_anywhere_is_refused_or_told_or_ends_with_a_whole_line() -> None:
    """A cut inside a line is never silent. A cut between two lines may leave a whole file: only the caller can know,
    who waits until a file no longer changes; its rules are then the first of the whole one's."""
    raw = WHOLE.encode()
    whole, problems = read_text(raw)
    assert whole is not None
    assert problems == ()
    for end in range(len(raw)):
        ruleset, problems = read_text(raw[:end])
        if ruleset is None:
            assert any(problem.level == "error" for problem in problems)
        elif not raw[:end].endswith(b"\n"):
            assert [problem.code for problem in problems] == ["R114"]
        ids = [rule.id for rule in ruleset.rules] if ruleset else []
        assert ids in ([], ["first"], ["first", "second"]) or problems


def test_deep_nesting_and_endless_lists_end_soon() -> None:
    for text in ("[" * 100_000, "{a: " * 100_000, "- " * 100_000, "version: 1\nrules:\n" + "- {}\n" * 20_000):
        check(text)


def test_many_problems_are_told_up_to_a_limit() -> None:
    _, problems = read_text("version: 1\nrules:\n" + "  - {idd: x}\n" * 2000)
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].what.endswith("more problems")


def test_very_long_lines_are_told_without_being_shown() -> None:
    long = "a." * 200_000
    _, problems = read_text(f"version: 1\nrules:\n  - {{id: a, severity: {long}, all: [{{place: {long}}}]}}\n")
    assert [problem.code for problem in problems] == ["R203", "R305"]
    assert all(len(str(problem)) < 1000 for problem in problems)
