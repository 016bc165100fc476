"""docs/errors.md explains every code, and its example is such a mistake."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor import config
from monitor.errors import ConfigError, Problem
from monitor.rules.lint import lint
from monitor.rules.problems import CODES
from tests.docs.markdown import read

SECTION = re.compile(r"^### (R\d{3}): (.+?)( \(warning\))?\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = SECTION.findall(read("docs/errors.md"))
EXAMPLES = [
    pytest.param(code, found[1], id=code)
    for code, _, _, text in SECTIONS
    if (found := re.search(r"```text\n(.*?)```", text, re.DOTALL))
]


def test_every_code_is_explained_once_in_the_words_of_the_program() -> None:
    assert [(code, title) for code, title, _, _ in SECTIONS] == list(CODES.items())


@pytest.mark.parametrize(("code", "example"), EXAMPLES)
def test_the_example_of_a_code_is_told_so(code: str, example: str, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(example, encoding="utf-8")
    assert code in {problem.code for problem in _problems(tmp_path / "rules.yaml")}


def test_almost_every_code_has_an_example() -> None:
    not_to_be_shown = {"R102", "R111", "R114", "R117"}  # in a page, nobody would see what is wrong
    without_an_extra = {"R331"}  # which is installed where tests run: see tests/rules/test_full_texts.py
    assert {parameters.values[0] for parameters in EXAMPLES} == set(CODES) - not_to_be_shown - without_an_extra


def _problems(file: Path) -> tuple[Problem, ...]:
    try:
        loaded = config.load(file, environ={})
    except ConfigError as error:
        return error.problems
    return (*loaded.warnings, *lint(loaded))
