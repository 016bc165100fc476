"""What a template is given: plain values, made safe, and nothing that leads anywhere else.

Every text is one line of plain text that the format's own escaping makes harmless. Latin runs in Arabic lines stand
between isolating characters (U+2068 and U+2069).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.alerts.marks import Marked
from monitor.alerts.words import Language

Direction = Literal["rtl", "ltr"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a message. `kind` says what it tells: 'time', 'source', 'sources', 'facts', 'why' …"""

    kind: str
    language: Language
    label: str
    text: str

    @property
    def dir(self) -> Direction:
        return "rtl" if self.language == "ar" else "ltr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something to do: `kind` is 'open', 'ack', 'mute' or 'wrong'."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """A newsroom that tells the story. `independent` is false for a copy of an earlier one."""

    name: str
    link: str
    told_at: datetime
    independent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """An alert for its template; the fields are documented in docs/howto/templates.md."""

    id: str
    rule: str
    severity: str
    severity_word: str
    icon: str
    language: Language
    dir: Direction
    heading: str
    subject: str
    titled: bool
    reason: str
    tags: tuple[str, ...]
    headline: Marked
    summary: str
    link: str
    host: str
    source: str
    published_at: datetime | None
    decided_at: datetime
    killed: str
    wounded: str
    places: tuple[str, ...]
    events: tuple[str, ...]
    actors: tuple[str, ...]
    independent: int
    reports: int
    sources: tuple[Teller, ...]
    follow_up: bool
    repeated: bool
    attempt: int
    lines: tuple[Line, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story of a digest, as it was last told."""

    icon: str
    severity: str
    severity_word: str
    time: str
    reason: str
    headline: Marked
    source: str
    link: str
    open: str
    opens: str
    language: Language
    dir: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """Several alerts as one message: `stories` the newest first, `more` what is left out, in words ('' for nothing)."""

    heading: str
    titled: bool
    language: Language
    dir: Direction
    count: int
    stories: tuple[Story, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeView:
    """A message of the monitor itself."""

    heading: str
    titled: bool
    language: Language
    dir: Direction
    lines: tuple[str, ...]


View = AlertView | DigestView | NoticeView
SHOWN: tuple[type, ...] = (Line, Action, Teller, AlertView, Story, DigestView, NoticeView, Marked)
"""The only values of ours whose fields a template may read."""
