"""The sentences that modules of the project can say, read from their sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2] / "monitor"
SAMPLE = "11"  # what stands in a hole
_WORDS = re.compile(r"(?<![\w{}$./:-])[a-z]+(?:'s)? [a-z]+(?![\w:])")
_FILLED = re.compile(r"\{[a-z_]+\}")  # by `format`, later
_UNSPOKEN = {"description", "examples", "title"}  # keywords of settings: for the schema


def sentences(module: str) -> Iterator[str]:
    """Those of a module, each part in braces of an f-string replaced by a sample. Docstrings, the schema's descriptions
    and what has no two English words in a row are none."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    silent = set(_silent(tree))
    for node in ast.walk(tree):
        if id(node) not in silent and (text := _text(node)) and _WORDS.search(text.replace(SAMPLE, "")):
            yield text


def _silent(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as value):  # docstrings, also of constants
                yield id(value)
            case ast.keyword(arg=name, value=value) if name in _UNSPOKEN:
                yield from (id(each) for each in ast.walk(value))
            case ast.Assert(msg=ast.expr() as value):
                yield from (id(each) for each in ast.walk(value))
            case ast.JoinedStr(values=parts):
                yield from (id(part) for part in parts if isinstance(part, ast.Constant))


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return _FILLED.sub(SAMPLE, text)
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else SAMPLE for part in parts)
    return ""
