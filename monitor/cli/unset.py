"""Channels and feeds that lack a value in this terminal, which says nothing of the monitor that runs: that has what was
set where it was started."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from monitor.errors import Problem, StateError
from monitor.store.which import at_work

_LEFT_OUT: Final = re.compile(
    r"the (?P<kind>\w+) '?(?P<name>.*?)'? is left out: (?P<references>.*) ha(?:s|ve) no value"
)


def without_channels(problems: Iterable[Problem]) -> list[Problem]:
    """For a command that sends nothing."""
    return [problem for problem in problems if (found := _read(problem)) is None or found["kind"] != "channel"]


def channels_left_out(problems: Iterable[Problem]) -> Mapping[str, tuple[str, ...]]:
    """Their ids, and the references without a value: `${NAME}`, `${file:PATH}`."""
    some = [found for problem in problems if (found := _read(problem)) is not None]
    return {found["name"]: tuple(found["references"].split(", ")) for found in some if found["kind"] == "channel"}


def _read(problem: Problem) -> re.Match[str] | None:
    return _LEFT_OUT.match(problem.what) if problem.code == "R316" else None


def lacks_value(channel_id: str, references: Sequence[str], config: Path) -> str:
    """What the file has and this terminal has not, with the remedy."""
    has = "has" if len(references) == 1 else "have"
    remedies = ", ".join(_remedy(reference.removeprefix("${").removesuffix("}")) for reference in references)
    return (
        f"the channel '{channel_id}' stands in {config}, but {', '.join(references)} {has} no value in this terminal: "
        f"{remedies}; then try again"
    )


def _remedy(name: str) -> str:
    return f"create the file {name.removeprefix('file:')}" if name.startswith("file:") else f"export {name}=…"


def of_the_running(state: Path) -> str:
    """What it means for the monitor that runs, on a line of its own; '' where none does."""
    try:
        found = at_work(state)
    except StateError:  # it has nothing to do with what was asked for
        return ""
    if not found:
        return ""
    who = str(found[0]) + (f", and {len(found) - 1} more" if len(found) > 1 else "")
    return (
        f"\nThe monitor that runs is another matter ({who}): it sends with what was set where it was started, "
        "and 'monitor deliveries' shows what it sent. If it lacks the value, too, set it there and start it again"
    )
