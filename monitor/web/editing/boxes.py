"""A rule's YAML and the boxes beside it: each read from the other. What the boxes cannot say stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from monitor.rules.problems import Refused
from monitor.rules.values import severity
from monitor.rules.written_rule import WrittenRule
from monitor.rules.yaml_nodes import hint
from monitor.web.editing import samples
from monitor.web.editing.items import line_of, yaml_of
from monitor.web.editing.places import (
    Block,
    Node,
    Series,
    Splice,
    Text,
    composed,
    data,
    is_nothing,
    line_end_of,
    scalar,
    spliced,
)
from monitor.web.editing.settings import Beyond, Settings

LISTS: Final = ("all", "any", "none")  # an item a line
NAMES: Final = ("notify", "feeds", "languages", "search_in")  # a name a line
TITLES: Final = {"title_ar": "ar", "title_en": "en"}
TEXTS: Final = ("id", "severity", "near")
FIELDS: Final = ("id", *TITLES, "severity", *LISTS, "near", *NAMES, "enabled", *samples.KINDS)
ORDER: Final = WrittenRule.setting_names()
_IN_BOXES: Final = frozenset(("id", "title", "severity", *LISTS, "near", *NAMES, "enabled", samples.SETTING))
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_NO: Final = ("false", "no", "off", "False", "FALSE")

Fields = Mapping[str, str]  # each of FIELDS; several lines where there may be several things; 'on' or '' for enabled


class NoRule(ValueError):
    """A text that is no rule. `line` and `column` count from 1; `remedy` is '' where `what` says all."""

    def __init__(self, what: str, line: int = 1, column: int = 1, *, remedy: str = "") -> None:
        super().__init__(what)
        self.line, self.column, self.remedy = line, column, remedy


def read_boxes(snippet: str) -> dict[str, str]:
    """What the boxes show of a rule. Raises NoRule."""
    rule = _settings(snippet)
    found = {name: rule.text_of(name) for name in TEXTS}
    found["severity"] = _severity(found["severity"])
    found |= {name: "\n".join(_lines(rule.values.get(name))) for name in (*LISTS, *NAMES)}
    found |= {field: _titles(rule).get(language, "") for field, language in TITLES.items()}
    found |= {kind: "\n".join(samples.samples(rule.values.get(samples.SETTING), kind)) for kind in samples.KINDS}
    found["enabled"] = "" if rule.text_of("enabled") in _NO else "on"
    return {name: found[name] for name in FIELDS}


def beside_boxes(snippet: str) -> tuple[str, ...]:
    """The settings of a rule that have no box. Raises NoRule."""
    return tuple(name for name in _settings(snippet).values if name not in _IN_BOXES)


def write_boxes(snippet: str, changed: Fields) -> str:
    """The rule as the changed boxes say, all else as it was. Raises NoRule, NotAnItem, and Beyond for what cannot be
    said without touching more."""
    for name in FIELDS:  # one by one: where one ends, the next is put in
        if name in changed and read_boxes(snippet)[name] != _tidied(name, changed[name]):
            snippet = _with_box(snippet, name, _tidied(name, changed[name]))
    return snippet


def _with_box(snippet: str, name: str, value: str) -> str:
    rule = _settings(snippet)
    made = spliced(snippet, _splices(rule, name, value))
    others = _others(rule.block, name)
    if _others(_settings(made).block, name) != others or not _says(made, name, value):
        raise Beyond(name)
    return made


def _splices(rule: Settings, name: str, value: str) -> Iterator[Splice]:
    if name in LISTS or name in NAMES:
        return rule.with_list(name, value.split("\n") if value else [], in_lines=name in LISTS)
    if name in samples.KINDS:
        return samples.with_samples(rule, name, value.split("\n") if value else [])
    if name in TITLES:
        return _with_title(rule, TITLES[name], value)
    if name == "enabled":
        return rule.without(name) if value else rule.with_text(name, "false")
    return rule.with_text(name, value)


def _with_title(rule: Settings, language: str, value: str) -> Iterator[Splice]:
    node, titles = rule.values.get("title"), _titles(rule)
    if isinstance(node, Block):
        if not value and len(node.value) == 1:
            return rule.without("title")
        return Settings(node, rule.text, tuple(TITLES.values()), rule.newline).with_text(language, value)
    wanted = {each: text for each, text in {**titles, language: value}.items() if text}
    if isinstance(node, Text) and list(wanted) == [language] == list(titles):
        return rule.with_text("title", value)
    if not wanted:
        return rule.without("title")
    pairs = ", ".join(f"{each}: {scalar(wanted[each])}" for each in TITLES.values() if each in wanted)
    return rule.with_block("title", "{" + pairs + "}")


def _titles(rule: Settings) -> dict[str, str]:
    """A title in no stated language is in that of its letters."""
    node = rule.values.get("title")
    if isinstance(node, Block):
        return {key.value: value.value for key, value in node.value if isinstance(value, Text) and value.value}
    text = rule.text_of("title")
    return {("ar" if _ARABIC.search(text) else "en"): text} if text else {}


def _lines(node: Node | None) -> list[str]:
    if isinstance(node, Series):
        return [line_of(each) for each in node.value]
    return [] if node is None or is_nothing(node) else [line_of(node)]


def _tidied(name: str, value: str) -> str:
    """Without what a box may hold and a file may not: empty lines, space around, what is said twice."""
    told = [line for line in map(str.strip, value.replace("\r", "\n").split("\n")) if line]
    return "\n".join(dict.fromkeys(told) if name in NAMES else told)


def _says(snippet: str, name: str, value: str) -> bool:
    if name in samples.KINDS:
        tests = _settings(snippet).values.get(samples.SETTING)
        return samples.says(tests, name, value.split("\n") if value else [])
    if name not in (*LISTS, *NAMES):
        return read_boxes(snippet)[name] == value
    node = _settings(snippet).values.get(name)
    got = [data(each) for each in node.value] if isinstance(node, Series) else []
    return got == [data(_only(yaml_of(line))) for line in value.split("\n") if line]


def _only(yaml_text: str) -> Node:
    node = composed(f"[{yaml_text}]")
    assert isinstance(node, Series)
    only: Node = node.value[0]
    return only


def _others(block: Block, name: str) -> list[object]:
    """What all other settings say."""
    setting = "title" if name in TITLES else samples.SETTING if name in samples.KINDS else name
    rest: list[object] = [(data(key), data(value)) for key, value in block.value if key.value != setting]
    if name in TITLES:
        titles = Settings(block, "", ORDER, "\n").values.get("title")
        told = [(data(key), data(value)) for key, value in titles.value] if isinstance(titles, Block) else []
        rest += [pair for pair in told if pair[0] != (TITLES[name], False)]
    if name in samples.KINDS:
        rest += samples.others(Settings(block, "", ORDER, "\n").values.get(samples.SETTING), name)
    return rest


def _severity(text: str) -> str:
    try:
        return severity(text).value if text else ""
    except Refused:
        return text


def _settings(snippet: str) -> Settings:
    try:
        node = composed(snippet)
    except yaml.MarkedYAMLError as error:
        if told := hint(error, snippet):
            raise NoRule(told.what, told.at.line, told.at.column, remedy=told.remedy) from error
        mark = error.problem_mark or error.context_mark
        where = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise NoRule(error.problem or "it cannot be read", *where) from error
    except yaml.YAMLError as error:
        raise NoRule(str(error)) from error
    if not isinstance(node, Series) or len(node.value) != 1 or not isinstance(node.value[0], Block):
        raise NoRule("here belongs one rule: '- id: …', and its settings below it")
    return Settings(node.value[0], snippet, ORDER, line_end_of(snippet))
