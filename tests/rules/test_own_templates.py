"""Own templates: read with the rules file, tried before they are used, told with their place when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor import config
from monitor.errors import ConfigError, Problem

GOOD = "{{ alert.heading }}\n{{ alert.headline | mark }}\n{{ alert.link | address }}\n"


def load(tmp_path: Path, template: str | bytes | None, *, named: str = "own.j2") -> config.Config:
    if template is not None:
        (tmp_path / "own.j2").write_bytes(template if isinstance(template, bytes) else template.encode())
    file = tmp_path / "rules.yaml"
    file.write_text(
        f"version: 1\ntemplates:\n  telegram: {named}\nrules:\n  - id: bridges\n    all:\n      - جسر\n",
        encoding="utf-8",
    )
    return config.load(file, environ={})


def problem(tmp_path: Path, template: str | bytes | None, *, named: str = "own.j2") -> Problem:
    with pytest.raises(ConfigError) as raised:
        load(tmp_path, template, named=named)
    [told] = raised.value.problems
    return told


def test_a_good_template_is_part_of_the_configuration(tmp_path):
    loaded = load(tmp_path, GOOD)
    assert loaded.templates == {"telegram": GOOD}
    assert tmp_path / "own.j2" in loaded.digests


def test_windows_line_ends_and_a_mark_at_the_beginning_do_no_harm(tmp_path):
    assert load(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()).templates == {"telegram": GOOD}


WRONG = [
    # added to a good one, so from line 4     line:column, what is said, the remedy
    ("{{ alert.headlin }}", "4:10", "there is no 'headlin' here", "did you mean 'headline'?"),
    ("\n {{ alert.link | safe }}", "5:2", "No filter named 'safe'", "filters"),
    ("{{ alert.link | urlize }}", "4:1", "No filter named 'urlize'", "filters"),
    ("{% if alert.link %}", "4:1", "Unexpected end", "block without its end"),
    ("{{ alert.link", "4:1", "unexpected end", "not closed"),
    ("{{ alert.__class__ }}", "4:10", "'__class__' cannot be reached", "templates.md"),
    ("{{ alert.headline.cut(3) }}", "4:19", "'cut' cannot be reached", "templates.md"),
    ("{{ alert.source.upper() }}", "4:17", "'upper' cannot be reached", "templates.md"),
    ("{{ '%s' % alert.source }}", "4:1", "small numbers", "templates.md"),
    ("{{ 'x' * 1000000000 }}", "4:1", "small numbers", "templates.md"),
    ("{{ 9 ** 9 ** 9 }}", "4:1", "small numbers", "templates.md"),
    ("{{ 1 / 0 }}", "4:1", "division by zero", "templates.md"),
    ("{{ range(9) }}", "4:4", "there is no 'range' here", "templates.md"),
    ("{% include '/etc/passwd' %}", "4:1", "'include' cannot be used", "templates.md"),
    ("{% import '/etc/passwd' as x %}", "4:1", "/etc/passwd", "templates.md"),
    ("{% extends alert.link %}", "4:1", "only a template of monitor", "templates.md"),
    ("{% autoescape false %}{{ alert.source }}{% endautoescape %}", "4:1", "cannot be switched", "templates.md"),
    ("{% for c in alert.source %}{% endfor %}", "4:1", "only a list", "templates.md"),
    ("{% for x in alert.lines recursive %}{% endfor %}", "4:1", "'recursive'", "templates.md"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "4:1", "calls itself without end", "let it end"),
    (
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
        "4:1",
        "signs are written, or as much is repeated",
        "templates.md",
    ),
    (
        "{% set l = [1, 2, 3, 4, 5, 6, 7, 8, 9] %}" + "{% for a in l %}" * 7 + "{% endfor %}" * 7,
        "4:1",
        "signs are written, or as much is repeated",
        "templates.md",
    ),
    (
        "{% set a %}" + "x" * 1000 + "{% endset %}"
        + "".join(f"{{% set {new} %}}{{{{ {old} ~ {old} ~ {old} ~ {old} }}}}{{% endset %}}"
                  for old, new in zip("abcdefghij", "bcdefghijk", strict=True))
        + "{{ k }}",
        "4:1",
        "signs are written, or as much is repeated",
        "templates.md",
    ),
    ("x" * 3000, "1:1", "3,102 characters", "fewer words"),
    ("x" * 70_000, "1:1", "64,000 characters", "few hundred"),
]  # fmt: skip


@pytest.mark.parametrize(("added", "place", "what", "remedy"), WRONG)
def test_what_is_wrong_is_told_with_its_place_and_a_remedy(tmp_path, added, place, what, remedy):
    told = problem(tmp_path, GOOD + added)
    assert told.file == str(tmp_path / "own.j2")
    assert (told.code, f"{told.line}:{told.column}") == ("R330", place)
    assert what in told.what
    assert remedy in told.remedy
    assert told.source or place == "1:1"


@pytest.mark.parametrize(
    ("template", "what"),
    [
        ("", "empty"),
        ("{{ alert.heading }} {{ alert.headline | mark }}", "does not show the link"),
        ("{{ alert.heading }} {{ alert.link | address }}", "does not show the headline"),
        ("{{ alert.headline | mark }} {{ alert.link | address }}", "does not show the severity"),
    ],
)
def test_a_template_has_to_show_what_nobody_can_do_without(tmp_path, template, what):
    assert what in problem(tmp_path, template).what


@pytest.mark.parametrize(
    ("template", "named", "what"),
    [
        (None, "nowhere.j2", "cannot be read: No such file"),
        (b"\xff\xfe\x00", "own.j2", "not a text in UTF-8"),
        (None, ".", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_where_it_is_named(tmp_path, template, named, what):
    told = problem(tmp_path, template, named=named)
    assert (told.file, told.line, told.column, told.code) == (str(tmp_path / "rules.yaml"), 3, 13, "R330")
    assert what in told.what


def test_a_format_that_there_is_not_is_told(tmp_path):
    (tmp_path / "rules.yaml").write_text("version: 1\ntemplates: {discord: x}\nrules: [{id: x, all: [جسر]}]\n")
    with pytest.raises(ConfigError) as raised:
        config.load(tmp_path / "rules.yaml", environ={})
    [told] = raised.value.problems
    assert (told.code, told.line) == ("R201", 2)


def test_only_the_main_file_names_templates(tmp_path):
    (tmp_path / "more.yaml").write_text("version: 1\ntemplates: {text: own.j2}\n")
    (tmp_path / "rules.yaml").write_text("version: 1\ninclude: [more.yaml]\nrules: [{id: x, all: [جسر]}]\n")
    with pytest.raises(ConfigError, match="belongs into the main file"):
        config.load(tmp_path / "rules.yaml", environ={})


def test_rules_alone_are_read_without_templates(tmp_path):
    (tmp_path / "rules.yaml").write_text("version: 1\ntemplates: {text: nowhere}\nrules: [{id: x, all: [جسر]}]\n")
    assert config.load_rules(tmp_path / "rules.yaml", environ={}).templates == {}
