"""The exception tree. Expected failure is a value (see `model`); these are for bugs and bad configuration.

MonitorError
├── ConfigError        the configuration cannot be used; carries every problem at once      exit 3
├── StateError         the state directory cannot be used as it is                          exit 1
│   ├── StateLocked    another process polls on this state                                  exit 6
│   ├── StateUnwritable  no room, or no disk that takes it: worth one more try
│   ├── LeaseLost      what was leased is another's meanwhile
│   ├── StateTooNew    written by a newer version of monitor
│   └── StateDamaged   the integrity check failed
└── UsageError         the command line asks for something that is not there                exit 2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a configuration file, told so that its author can mend it.

    `line` and `column` count from 1. `source` is the quoted line with every secret masked; empty when
    there is no such line. `remedy` says what to do and is never empty.
    """

    file: str
    line: int
    column: int
    level: Literal["error", "warning"]
    code: str
    what: str
    remedy: str
    source: str = ""

    def __str__(self) -> str:
        shown = f"{self.file}:{self.line}:{self.column}: {self.level} {self.code}: {self.what}"
        if self.source:
            shown += f"\n    {self.source}"
        return f"{shown}\n  = {self.remedy}"


class MonitorError(Exception):
    """Anything monitor raises on purpose."""


class ConfigError(MonitorError):
    """The configuration cannot be used.

    `problems` holds every error and warning, in file order; `digests` the files that were read, as they were.
    """

    def __init__(self, problems: tuple[Problem, ...], digests: Mapping[Path, str] | None = None) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems, self.digests = problems, dict(digests or {})


class StateError(MonitorError):
    """The state directory cannot be used as it is."""


class StateLocked(StateError):
    """Another process polls on this state: that of a directory, or of a database, as errors name it."""

    def __init__(self, directory: Path | str, holder: str) -> None:
        super().__init__(f"{directory} is in use: {holder}")
        self.directory, self.holder = directory, holder


class StateUnwritable(StateError):
    """Nothing was stored, but the store has made room or will keep it in memory: do the same once more."""


class LeaseLost(StateError):
    """Whoever held a lease too long has lost it to another; nothing was stored."""


class StateTooNew(StateError):
    """The database was written by a newer version of monitor."""


class StateDamaged(StateError):
    """The database failed its integrity check."""


class UsageError(MonitorError):
    """The command line asks for something that is not there."""
