"""What one rules version says and another does not, file by file, as `diff -u` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from monitor.model.rules_versions import RulesFiles

NOTHING = RulesFiles(main="", texts={})
"""What was there before the first version."""


def diff(old: RulesFiles, new: RulesFiles, *, old_name: str, new_name: str) -> Iterator[str]:
    """Lines without their ends; none if both say the same. The rules file comes first, then the others by name; one
    that has another name now is compared with what it was."""
    if old.main and old.main != new.main:
        yield f"the rules file is {new.main}, and was {old.main}"
    is_renamed = old.main in old.texts.keys() - new.texts and new.main not in old.texts
    gone = {old.main} if is_renamed else set()
    for name in sorted({*old.texts, *new.texts} - gone, key=lambda name: (name != new.main, name)):
        earlier = old.main if is_renamed and name == new.main else name
        before, after = old.texts.get(earlier), new.texts.get(name)
        yield from unified_diff(
            _lines(before),
            _lines(after),
            f"{earlier} ({old_name})" if before is not None else "/dev/null",
            f"{name} ({new_name})" if after is not None else "/dev/null",
            lineterm="",
        )
        if before is None and after == "":
            yield f"{name} ({new_name}) is new, and empty"
        if before == "" and after is None:
            yield f"{name} ({old_name}) is gone, and was empty"


def _lines(text: str | None) -> list[str]:
    """Ends of lines that are no line feed are shown as what they are: a file that got others has changed."""
    if not text:
        return []
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    else:
        lines[-1] += "\n\\ No newline at end of file"
    return [line.replace("\r", "␍") for line in lines]
