"""A `Config` without reading the rules files again: see `remembered` for when that holds.

Only a sound configuration is remembered, and only if what is made of the memory equals it. So a setting that is new and
not known here is not forgotten: nothing is remembered then, until somebody teaches it here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor import config as configuration
from monitor import remembered
from monitor.compiled import Shelf
from monitor.config import Config, Content
from monitor.errors import Problem
from monitor.model import Access, Beacon, Channel, Feed, QuietHours, Rate, Rhythm, Secret, Severity

if TYPE_CHECKING:
    from monitor.language import Lexicon, Rule
    from monitor.rules.nodes import Scalar

_REFERENCE = re.compile(r"(\$\{[^{}]*\})")
_MICROSECOND = timedelta(microseconds=1)

# Which settings hold secrets, and what a text must be to stand there (`rules.usable`).
_SECRETS = {
    (Feed, "url"): "feed",
    (Feed, "headers"): "header",
    (Feed, "proxy"): "proxy",
    (Channel, "url"): "channel",
    (Channel, "secret"): "key",
    (Beacon, "url"): "feed",
    (Access, "token"): "key",
}


def recall(path: Path, shelf: Shelf, *, environ: Mapping[str, str]) -> Config | None:
    """The configuration as `config.load` would read it; None if it was not remembered or may be another now."""
    known = remembered.load(shelf, str(path), environ)
    return _thawed(known.data["config"], known.filled, path, LaterRead(path, environ)) if known else None


def remember(config: Config, shelf: Shelf, *, schema: int) -> None:
    """Keep what `config.load` read just now. `schema`: the version of the database that this code writes."""
    freezer = _Freezer(config)
    try:
        frozen = freezer.config()
    except _CannotBeKept:
        return
    if _thawed(frozen, freezer.secrets, config.path, config.content) != config:
        return
    data = {
        "files": [(str(path), digest) for path, digest in config.digests.items()],
        "references": freezer.references,
        "filled": freezer.filled,
        "feed_ids": json.dumps([feed.id for feed in config.feeds]),
        "reading": json.dumps([feed.id for feed in config.feeds if feed.full_text]),
        "shown": [str(problem) for problem in config.warnings],
        "schema": schema,
        "is_never_idle": config.beacon is not None or any(channel.canary for channel in config.channels),
        "config": frozen,
    }
    remembered.save(shelf, str(config.path), data)


class LaterRead:
    """Rules and lexicon, read when somebody asks. Raises ConfigError then, if the files were broken meanwhile."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self._path, self._environ = path, environ

    @cached_property
    def _content(self) -> Content:
        return configuration.load(self._path, environ=self._environ).content

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self._content.rules

    @property
    def lexicon(self) -> Lexicon:
        return self._content.lexicon

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LaterRead | configuration.Read) and (
            (self.rules, self.lexicon) == (other.rules, other.lexicon)
        )

    def __hash__(self) -> int:
        return hash((LaterRead, self._path))


# --- from values to plain data ----------------------------------------------------------------------


class _CannotBeKept(Exception):
    """Something that there are no plain data for."""


@dataclass(frozen=True, slots=True)
class _Reference:
    in_file: bool
    name: str
    folder: str  # of the rules file, which a path is relative to


class _Freezer:
    """`references` and `filled` as `remembered` keeps them; `secrets` are the texts of `filled`, and never kept."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._numbers: dict[_Reference, int] = {}
        self._has_value = {
            _Reference(asked.reference.file, asked.reference.name, _folder(asked.scalar)): asked.has_value
            for asked in config.asked
        }
        self._covered: set[object] = set()
        self.filled: list[tuple[str, list[str | int]]] = []
        self.secrets: list[str] = []
        for reference in self._has_value:
            self._numbers.setdefault(reference, len(self._numbers))

    @property
    def references(self) -> list[tuple[bool, str, str, bool]]:
        return [(each.in_file, each.name, each.folder, has) for each, has in self._has_value.items()]

    def config(self) -> dict[str, Any]:
        config = self._config
        frozen = {
            "timezone": self._plain(config.timezone.key),
            "language": str(config.language),
            "feeds": [self._entry(feed, written) for feed, written in _pairs(config.feeds, self._written_feeds())],
            "channels": [self._entry(channel, self._written_channels().get(channel.id)) for channel in config.channels],
            "beacon": self._entry(config.beacon, self._config.written[0].heartbeat) if config.beacon else None,
            "web": self._plain(config.web),
            "access": self._entry(config.access, self._config.written[0].web),
            "watching": list(config.watching),
            "templates": [(str(format), source) for format, source in config.templates.items()],
            "warnings": [_texts_of(problem) for problem in config.warnings],
            "digests": [(str(path), digest) for path, digest in config.digests.items()],
        }
        # A reference anywhere else, in a name perhaps, would keep the value that it has today.
        if any(asked.has_value and asked.scalar.at not in self._covered for asked in config.asked):
            raise _CannotBeKept
        return frozen

    def _written_feeds(self) -> list[Any]:
        written = [feed for file in self._config.written for feed in file.feeds]
        return [feed for feed in written if not any(scalar.unset for scalar in _scalars(Feed, feed))]

    def _written_channels(self) -> dict[str, Any]:
        return {str(key): channel for file in self._config.written for key, channel in file.channels.items()}

    def _entry(self, value: Feed | Channel | Beacon | Access, written: Any) -> dict[str, Any]:
        frozen = {}
        for each in fields(value):
            kind = _SECRETS.get((type(value), each.name), "")
            frozen[each.name] = self._plain(getattr(value, each.name), kind, getattr(written, each.name, None))
        return frozen

    def _plain(self, value: object, kind: str = "", written: Any = None) -> Any:
        match value:
            case str():
                return str(value)  # of a subclass, which knows its place in the file, the text alone
            case None | int() | bytes():
                return value
            case timedelta():
                return "timedelta", value // _MICROSECOND
            case time():
                return "time", value.isoformat()
            case Rate():
                return "rate", value.count, value.per // _MICROSECOND
            case QuietHours(begin=begin, end=end, let_through=passes):
                return "quiet hours", begin.isoformat(), end.isoformat(), passes.value
            case Rhythm(at=at, weekday=weekday):
                return "rhythm", None if at is None else at.isoformat(), weekday
            case Severity():
                return "severity", value.value
            case frozenset():
                return "frozenset", sorted(map(self._plain, value))
            case tuple():
                return "tuple", [self._plain(each, kind, _beneath(written, each)) for each in value]
            case Secret() if kind and written is not None:
                return self._secret(kind, written)
        raise _CannotBeKept

    def _secret(self, kind: str, written: Scalar) -> tuple[str, str | int]:
        if "${" not in written.written:
            return "secret", str(written.written)
        self._covered.add(written.at)
        pieces = _REFERENCE.split(str(written.written))
        self.filled.append((kind, [self._piece(piece, written) for piece in pieces]))
        self.secrets.append(str(written))
        return "filled", len(self.filled) - 1

    def _piece(self, piece: str, written: Scalar) -> str | int:
        from monitor.rules.secrets import references

        for reference in references(piece) if piece.startswith("${") else ():
            return self._numbers[_Reference(reference.file, reference.name, _folder(written))]
        return piece


def _texts_of(problem: Problem) -> dict[str, Any]:
    return {name: str(told) if isinstance(told, str) else told for name, told in asdict(problem).items()}


def _folder(scalar: Scalar) -> str:
    return str(Path(scalar.at.file).parent)


def _scalars(of: type, written: Any) -> Iterator[Scalar]:
    """The texts of a written feed or channel in which a secret may stand."""
    for kind, name in _SECRETS:
        found = getattr(written, name, None) if kind is of else None
        yield from found.values() if isinstance(found, Mapping) else [found] if found is not None else []


def _beneath(written: Any, pair: object) -> Any:
    """Of a header, `pair` being its name and value, the value as it was written; else the same."""
    return written.get(pair[0], written) if isinstance(written, Mapping) and isinstance(pair, tuple) else written


def _pairs(feeds: Sequence[Feed], written: Sequence[Any]) -> Iterable[tuple[Feed, Any]]:
    if len(feeds) != len(written):
        raise _CannotBeKept
    return zip(feeds, written, strict=True)


# --- and back -------------------------------------------------------------------------------------


def _thawed(frozen: Mapping[str, Any], secrets: Sequence[str], path: Path, content: Content) -> Config:
    def value(plain: Any) -> Any:
        match plain:
            case ("timedelta", us):
                return us * _MICROSECOND
            case ("time", text):
                return time.fromisoformat(text)
            case ("rate", count, us):
                return Rate(count=count, per=us * _MICROSECOND)
            case ("quiet hours", begin, end, name):
                hours = time.fromisoformat(begin), time.fromisoformat(end)
                return QuietHours(begin=hours[0], end=hours[1], let_through=Severity(name))
            case ("rhythm", text, weekday):
                return Rhythm(at=None if text is None else time.fromisoformat(text), weekday=weekday)
            case ("severity", name):
                return Severity(name)
            case ("frozenset", members):
                return frozenset(map(value, members))
            case ("tuple", members):
                return tuple(map(value, members))
            case ("secret", text):
                return Secret(text)
            case ("filled", number):
                return Secret(secrets[number])
        return plain

    digests = {Path(file): digest for file, digest in frozen["digests"]}
    return Config(
        path=path,
        files=tuple(digests),
        digests=digests,
        timezone=ZoneInfo(frozen["timezone"]),
        language=frozen["language"],
        feeds=tuple(Feed(**{name: value(plain) for name, plain in feed.items()}) for feed in frozen["feeds"]),
        channels=tuple(Channel(**{name: value(plain) for name, plain in each.items()}) for each in frozen["channels"]),
        content=content,
        beacon=Beacon(**{name: value(plain) for name, plain in frozen["beacon"].items()}) if frozen["beacon"] else None,
        web=frozen["web"],
        access=Access(**{name: value(plain) for name, plain in frozen["access"].items()}),
        templates=dict(frozen["templates"]),
        watching=tuple(frozen["watching"]),
        warnings=tuple(Problem(**problem) for problem in frozen["warnings"]),
    )
