"""The shipped words that mean other things as well; the keys are explained at the top of traps.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from monitor.lexicon.data import read


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """Terms that news uses for something else as well: `also`, by language ('ar' and 'en').

    `say` is a phrase that means only ours. `near_place`: in news of a place, they mean ours. `event` is the class that
    has the words with their context, `place` the place of that name; '' for none.
    """

    words: tuple[str, ...]
    also: Mapping[str, str]
    say: str
    near_place: bool = False
    event: str = ""
    place: str = ""


@cache
def load_traps() -> tuple[Trap, ...]:
    """In the file's order. The data is ours: a mistake in it raises."""
    text = (resources.files("monitor.lexicon") / "traps.yaml").read_text(encoding="utf-8")
    return tuple(map(_trap, read(text)))


def _trap(record: Mapping[str, Any]) -> Trap:
    return Trap(**{**record, "words": tuple(record["words"]), "near_place": record.get("near_place") == "true"})
