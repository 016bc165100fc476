"""A file's data against the models: every problem at once, in words for its author."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from monitor.language import Location
from monitor.rules import items
from monitor.rules.habits import HABITS
from monitor.rules.names import Names
from monitor.rules.nodes import Block, Node, Scalar, locate, location
from monitor.rules.problems import Refused, Report, shown
from monitor.rules.values import plain_words
from monitor.rules.written import RulesFile, setting_names
from monitor.rules.yaml_source import Source


def judge(source: Source, names: Names, report: Report) -> RulesFile | None:
    """The file's settings, or None with every problem told."""
    try:
        return RulesFile.model_validate(source.data, context=names)
    except ValidationError as error:
        # The inputs may hold filled-in secrets: they are never taken out of the error.
        found = error.errors(include_url=False, include_input=False)
    for one in found:
        _tell(one, source.data, report)
    return None


def _tell(error: Any, data: Block, report: Report) -> None:
    path: tuple[int | str, ...] = error["loc"]
    node = locate(data, path)
    if isinstance(node, Scalar) and node.unset and error["type"] != "extra_forbidden":
        return  # told already: its ${…} has no value, or YAML cannot read it
    refused = error.get("ctx", {}).get("error")
    if isinstance(refused, Refused):
        report.refused(refused, _place(data, path, node))
    elif error["type"] == "extra_forbidden":
        _unknown(data, path, report)
    elif error["type"] == "missing":
        _missing(node, str(path[-1]), path, report)
    elif error["type"] == "union_tag_invalid" or error["type"] == "union_tag_not_found":
        _no_item(node, report)
    else:
        report.error(location(node), "R207", "this value is of the wrong kind here", _kind_remedy(error["type"]))


def _kind_remedy(kind: str) -> str:
    wanted = {"list": "a list: each item on a line of its own, as '- …'", "dict": "a block of 'name: value' lines"}
    return f"write {wanted.get(kind.split('_')[0], 'a single text')}"


def _place(data: Block, path: tuple[int | str, ...], node: Node) -> Location:
    if path and path[-1] == "[key]":
        return _key(data, path[:-1])
    # A setting with nothing in it is found by its name; the empty value may stand a line below.
    if isinstance(node, Scalar) and node.nothing and not node:
        return _key(data, path)
    return location(node)


def _key(data: Block, path: tuple[int | str, ...]) -> Location:
    """Where the name of a setting stands; of a list's item, where the item does."""
    for end in range(len(path), 0, -1):
        parent, step = locate(data, path[: end - 1]), path[end - 1]
        if isinstance(parent, Block) and step in parent:
            return parent.key_at(str(step))
        if isinstance(parent, list) and isinstance(step, int):
            break
    return location(locate(data, path))


def _unknown(data: Block, path: tuple[int | str, ...], report: Report) -> None:
    parent, key = locate(data, path[:-1]), str(path[-1])
    at = parent.key_at(key) if isinstance(parent, Block) else location(parent)
    known = setting_names(path[:-1])
    if key == "<<" or (
        isinstance(parent, Block) and any(name == key and getattr(name, "unset", False) for name in parent)
    ):
        return  # told when the file was read
    if key in items.KINDS and set(known) & set(items.KINDS) and path[-2:-1] and str(path[-2]).startswith("<"):
        what = f"one item cannot have both '{_first_kind(known)}' and '{key}'"
        report.error(at, "R201", what, "make two items of it, or put both into a box: {all: [{…}, {…}]}")
    else:
        remedy = _list_of_names(parent, key) or _meant(key, known, report)
        report.error(at, "R201", f"unknown setting '{shown(key)}'", remedy)


def _list_of_names(parent: Node, key: str) -> str:
    """A remedy for {place: idlib, homs}, where YAML takes the second name for a setting with nothing in it; else ''."""
    kind = next((kind for kind in ("place", "group", "event") if isinstance(parent, Block) and kind in parent), "")
    if not isinstance(parent, Block) or not kind or not isinstance(parent[kind], Scalar):
        return ""
    added = [str(name) for name, value in parent.items() if isinstance(value, Scalar) and value.nothing]
    return f"several are a list: {{{kind}: [{', '.join([str(parent[kind]), *added])}]}}" if key in added else ""


def _first_kind(known: Iterable[str]) -> str:
    return next(kind for kind in items.KINDS if kind in set(known))


def _meant(key: str, known: Iterable[str], report: Report) -> str:
    known = sorted(known)
    plain = _plain(key)
    habit = HABITS.get(plain) or HABITS.get(plain.removeprefix("ال"))
    if habit in known:
        language = "" if key.isascii() else "settings have English names; "
        return f"{language}did you mean '{habit}'?"
    otherwise = f"settings here: {', '.join(known)}"
    if key in items.KINDS and "severity" in known and "all" in known:
        return f"put it under 'all': - {key}: …"
    if not key.isascii():
        return f"settings have English names, and a text with ': ' in it must stand in quotes; {otherwise}"
    return report.suggest(key, known, otherwise)


def _plain(key: str) -> str:
    return re.sub(r"[ -]+", "_", plain_words(key))


_MISSING = {
    "id": ("this rule has no id", "give it one in small Latin letters, e.g. id: dez-airport-clashes"),
    "url": ("this feed has no address", "write url: https://…"),
    "heartbeat": ("the heartbeat has no address", 'write url: "${HEARTBEAT_URL}"'),
    "proxy": ("it is not said which proxy is trusted", "write the address that it connects from: proxy: 10.0.0.1"),
    "header": ("it is not said where the proxy names the user", "write header: X-Forwarded-User"),
    "version": ("the file does not say its version", "write 'version: 1' at the top"),
}


def _missing(node: Node, key: str, path: tuple[int | str, ...], report: Report) -> None:
    where = str(path[0]) if path[:1] == ("heartbeat",) else key
    what, remedy = _MISSING.get(where, (f"the setting '{key}' is missing", f"write '{key}: …'"))
    report.error(location(node), "R208", what, remedy)


def _no_item(node: Node, report: Report) -> None:
    """A block that names no kind of item."""
    first = next(iter(node), None) if isinstance(node, Block) else None
    if not isinstance(first, Scalar):
        report.error(location(node), "R210", "an item with nothing in it", "write a word, or e.g. {place: deir-ez-zor}")
    elif first in ("none", "not"):
        what = f"'{first}' cannot stand inside a list of items"
        report.error(first.at, "R201", what, "what must not be found goes under the rule's own 'none'")
    elif not first.isascii() or " " in first:
        remedy = f"if this is a search text with ': ' in it, put it in quotes: \"{shown(first)}: …\""
        report.error(first.at, "R201", f"'{shown(first)}' is no kind of item", remedy)
    else:
        report.error(first.at, "R201", f"'{shown(first)}' is no kind of item", _meant(first, items.KINDS, report))
