"""From `rules.yaml` and the environment to one frozen `Config`, or every problem at once. The only place of the
configuration that touches files: everything below is given text."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol
from zoneinfo import ZoneInfo

from monitor.errors import ConfigError, Problem
from monitor.model import Access, Beacon, Channel, Feed
from monitor.regular import MAX_BYTES, digest_of, read_regular, secret_in

if TYPE_CHECKING:  # reading rules takes ten times as long to import as what else a check needs: see `recall`
    from monitor.language import Lexicon, Location, Rule
    from monitor.rules.nodes import Scalar
    from monitor.rules.problems import Report
    from monitor.rules.read import Part, Ruleset
    from monitor.rules.secrets import Lookup, Reference
    from monitor.rules.written import RulesFile
    from monitor.rules.yaml_source import Source

__all__ = ["Config", "Content", "digest_of", "load", "load_rules", "load_stable", "load_with", "load_within"]

MAX_FILES = 100


class Content(Protocol):
    """What entries are matched against."""

    @property
    def rules(self) -> tuple[Rule, ...]: ...
    @property
    def lexicon(self) -> Lexicon: ...


@dataclass(frozen=True, slots=True)
class Read:
    """A content that was read just now."""

    rules: tuple[Rule, ...]
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class Asked:
    """A `${…}` that was met, where, and whether it has a value."""

    reference: Reference
    scalar: Scalar
    has_value: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything that an operator wrote, found sound.

    `files` were read, the main one first; `digests` has the SHA-256 of each as it was. `channels` always holds the
    console, first. Feeds and channels whose `${…}` has no value are left out; `warnings` say which, and what else an
    author may want to know. `written` and `report` are for `lint`; they and `asked` are empty where the files were not
    read, but recalled. `templates`: the sources of own ones by format, of messages. `watching`: the ids of the rules
    that count or wait, which want a look also when no entry comes.
    """

    path: Path
    files: tuple[Path, ...]
    digests: Mapping[Path, str]
    timezone: ZoneInfo
    language: Literal["ar", "en", "both"]
    feeds: tuple[Feed, ...]
    channels: tuple[Channel, ...]
    content: Content
    beacon: Beacon | None = None
    web: str | None = None  # where people reach what we serve, without a '/' at its end
    access: Access = field(default_factory=Access)
    templates: Mapping[str, str] = field(default_factory=dict)
    watching: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    asked: tuple[Asked, ...] = field(default=(), repr=False, compare=False)
    written: tuple[RulesFile, ...] = field(default=(), repr=False, compare=False)
    reported: Report | None = field(default=None, repr=False, compare=False)

    @property
    def rules(self) -> tuple[Rule, ...]:
        return self.content.rules

    @property
    def lexicon(self) -> Lexicon:
        return self.content.lexicon

    @property
    def report(self) -> Report:
        """That of the reading, with its lines to quote."""
        from monitor.rules.problems import Report

        return self.reported or Report()

    def channels_for(self, rule: Rule) -> tuple[Channel, ...]:
        """Where a rule's alerts go: the channels it names, as far as they are there, else the console. Never empty."""
        known = {channel.id: channel for channel in self.channels}
        named = tuple(known[name] for name in rule.notify if name in known and not known[name].operations)
        return named or self.channels[:1]

    @property
    def operations(self) -> tuple[Channel, ...]:
        """The channels that take the monitor's own trouble; may be empty."""
        return tuple(channel for channel in self.channels if channel.operations)

    def secrets(self) -> frozenset[str]:
        """Every text that must not show: addresses with their `${…}` filled in, header values, proxies."""
        feeds = [feed.url.reveal() for feed in self.feeds if feed.url.reveal() != feed.address]
        headers = [value.reveal() for feed in self.feeds for _, value in feed.headers]
        proxies = [feed.proxy.reveal() for feed in self.feeds if feed.proxy]
        channels = [
            secret.reveal()
            for channel in self.channels
            for secret in (channel.url, channel.secret)
            if secret is not None
        ]
        beacons = [self.beacon.url.reveal()] if self.beacon else []
        tokens = [self.access.token.reveal()] if self.access.token else []
        return frozenset([*feeds, *headers, *proxies, *channels, *beacons, *tokens])


def load(path: Path, *, environ: Mapping[str, str]) -> Config:
    """Read a rules file and all that it includes. Raises ConfigError with every problem, warnings among them."""
    return _load(path, Disk(), environ)


def load_with(path: Path, changed: Mapping[Path, bytes], *, environ: Mapping[str, str]) -> Config:
    """As `load`, as if these files held what is given for them: what a change would amount to, before it is written.
    Raises ConfigError."""
    return _load(path, Disk(changed), environ)


def load_within(path: Path, folder: Path, *, environ: Mapping[str, str] | None) -> Config:
    """As `load`, of files that came from elsewhere and lie in `folder`: no other file is read, but for secrets under
    whole paths, which are this machine's own. Without `environ` as `load_rules`. Raises ConfigError."""
    return _load(path, Disk(within=folder), environ)


def load_rules(path: Path, *, environ: Mapping[str, str]) -> Config:
    """Rules, places and groups alone, for work without feeds and channels: those are empty here but for the console,
    and no secret is asked for. Raises ConfigError."""
    del environ  # as `load`, so that callers can choose between the two; nothing of it is wanted
    return _load(path, Disk(), None)


def load_stable(path: Path, *, environ: Mapping[str, str], pause: Callable[[], None], tries: int = 5) -> Config:
    """As `load`, once no file changed between reading and the end of a pause: a file that is being written is not
    taken for a whole one. Raises ConfigError, also when the files never come to rest."""
    for _ in range(tries):
        disk = Disk()
        outcome = _attempt(path, disk, environ)
        pause()
        if disk.unchanged():
            if isinstance(outcome, ConfigError):
                raise outcome
            return outcome
    from monitor.language import Location
    from monitor.rules.problems import Report

    report = Report()
    report.error(
        Location(str(path), 1, 1), "R117", "the file keeps changing", "wait until it is written, then try again"
    )
    raise ConfigError(report.problems())


def _attempt(path: Path, disk: Disk, environ: Mapping[str, str]) -> Config | ConfigError:
    try:
        return _load(path, disk, environ)
    except ConfigError as error:
        return error


def _load(path: Path, disk: Disk, environ: Mapping[str, str] | None) -> Config:
    from monitor import lexicon as shipped
    from monitor.rules.own_templates import read_templates
    from monitor.rules.problems import Report
    from monitor.rules.read import read

    report, asked = Report(), list[Asked]()
    parts = list(_parts(path, disk, report))
    ruleset = None
    if parts:
        ruleset = read(
            parts,
            shipped.load(),
            _lookup(environ, report, asked, alone=disk.within is not None) if environ is not None else None,
            report,
        )
    templates = read_templates(ruleset.templates, disk.bytes_of, report) if ruleset and environ is not None else {}
    if ruleset is None or report.failed:
        raise ConfigError(report.problems(), disk.read)
    return _config(path, disk, ruleset, templates, report, asked)


def _config(
    path: Path, disk: Disk, ruleset: Ruleset, templates: Mapping[str, str], report: Report, asked: list[Asked]
) -> Config:
    return Config(
        path=path,
        files=tuple(disk.read),
        digests=dict(disk.read),
        timezone=ruleset.timezone,
        language=ruleset.language,
        feeds=ruleset.feeds,
        channels=ruleset.channels,
        content=Read(ruleset.rules, ruleset.lexicon),
        beacon=ruleset.beacon,
        web=ruleset.web,
        access=ruleset.access,
        templates=templates,
        watching=tuple(rule.id for rule in ruleset.rules if rule.kind is not None and rule.enabled),
        warnings=report.problems(),
        asked=tuple(asked),
        written=ruleset.written,
        reported=report,
    )


# --- files ----------------------------------------------------------------------------------------


class Outside(OSError):
    """A file that is none of those that may be read."""

    remedy = "write its path relative to the file that names it"

    def __init__(self) -> None:
        super().__init__(errno.EXDEV, "it is none of the files that belong together")


class Disk:
    """Reads files and remembers what they were: `read` maps each path to the SHA-256 of its bytes ('' for none).

    `changed`: files that are taken to hold something else, wherever their names lead to one of them. `within`: the
    folder beyond which no file is opened.
    """

    def __init__(self, changed: Mapping[Path, bytes] | None = None, within: Path | None = None) -> None:
        self.read: dict[Path, str] = {}
        self.within = None if within is None else Path(os.path.realpath(within))
        self._changed = {os.path.realpath(path): raw for path, raw in (changed or {}).items()}

    def bytes_of(self, path: Path) -> bytes:
        """Raises OSError. Of a file that is too large, just enough to see that it is."""
        self.read[path] = ""
        if self.within is not None and not Path(os.path.realpath(path)).is_relative_to(self.within):
            raise Outside
        raw = self._changed.get(os.path.realpath(path)) if self._changed else None
        if raw is None:
            raw = read_regular(path, MAX_BYTES + 1)
        self.read[path] = hashlib.sha256(raw).hexdigest()
        return raw

    def unchanged(self) -> bool:
        return all(digest_of(path) == digest for path, digest in self.read.items())


def _parts(path: Path, disk: Disk, report: Report) -> Iterator[Part]:
    """The main file and what it includes, each before its own inclusions."""
    from monitor.language import Location
    from monitor.rules.read import Part

    waiting: list[tuple[Path, str, Location]] = [(path, "", Location(str(path), 1, 1))]
    seen: dict[Path, str] = {}
    while waiting:
        here, within, at = waiting.pop(0)
        source = _source(here, at, seen, disk, report)
        if source is None:
            continue
        yield Part(source, within)
        waiting[:0] = [(_beside(here, name), source.file, name.at) for name in included(source)]


def _source(path: Path, at: Location, seen: dict[Path, str], disk: Disk, report: Report) -> Source | None:
    from monitor.rules.problems import shown
    from monitor.rules.yaml_source import read_yaml

    real = Path(os.path.realpath(path))
    if real in seen:
        remedy = "remove one of the two; a file is included once, and never by itself"
        report.error(at, "R112", f"'{shown(str(path))}' is already read, as {seen[real]}", remedy)
        return None
    if len(seen) >= MAX_FILES:
        report.unreadable(at, "R112", f"more than {MAX_FILES} files are included", "put some of them together")
        return None
    seen[real] = str(path)
    try:
        raw = disk.bytes_of(path)
    except (OSError, ValueError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else "its name is not possible"
        remedy = "look at its name and its permissions; a path is relative to the file that includes it"
        if isinstance(error, FileNotFoundError) and at.file == str(path):
            remedy = "go to the folder where it is, name it with --config FILE, or let 'monitor init' write a first one"
        if not path.suffix and at.file == str(path):
            remedy = "name the rules file with --config FILE"
        if isinstance(error, Outside):
            remedy = error.remedy
        report.unreadable(at, "R112", f"'{shown(str(path))}' cannot be read: {reason}", remedy)
        return None
    source = read_yaml(raw, str(path), report)
    if source is None:
        report.failed_to_read = True
    return source


def included(source: Source) -> list[Scalar]:
    """The files that it names, as written."""
    from monitor.rules.nodes import Scalar, Series

    named = source.data.get("include")
    return (
        [name for name in named if isinstance(name, Scalar) and not (name.nothing or name.unset)]
        if isinstance(named, Series)
        else []
    )


def _beside(includer: Path, name: str) -> Path:
    return Path(os.path.normpath(includer.parent / os.path.expanduser(name)))  # noqa: PTH111 - pathlib raises for an unknown user


# --- secrets --------------------------------------------------------------------------------------


def _lookup(environ: Mapping[str, str], report: Report, asked: list[Asked], *, alone: bool) -> Lookup:
    """What `${NAME}` and `${file:path}` stand for; an empty value counts as none. A path is relative to its file;
    where the rules are `alone`, on another machine than their author's, it has to be whole. Each is noted in `asked`.
    """

    def look_up(reference: Reference, scalar: Scalar) -> str | None:
        value = value_of(reference, scalar)
        asked.append(Asked(reference, scalar, value is not None))
        return value

    def value_of(reference: Reference, scalar: Scalar) -> str | None:
        if not reference.file:
            return environ.get(reference.name, "").strip() or None
        path = Path(os.path.expanduser(reference.name))  # noqa: PTH111 - as in `_beside`
        if alone and not path.is_absolute():
            what = f"{reference} has no whole path: its file does not go with the rules"
            report.error(scalar.at, "R315", what, "write ${file:/whole/path}, the same on every machine, or ${NAME}")
            return None
        try:
            return secret_in(Path(scalar.at.file).parent / path)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not a text in UTF-8"
            what = f"the file of {reference} cannot be read: {reason}"
            report.error(scalar.at, "R315", what, "look at its permissions: monitor must be able to read it")
            return None

    return look_up
