"""Rules files as one value that can lie in a database: gathered by who publishes them, laid out by who works by them.

A version is data from a database. So its files go into a folder of our own, none is written or read outside of it, and
what is left of a folder that somebody else could have written to is not trusted. Secrets are no part of it: `${NAME}`
and `${file:/path}` stand in the texts, and mean what they mean to the worker that reads them.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from monitor import config as configuration
from monitor.cluster.laid_out import lay_out, write
from monitor.config import Config
from monitor.errors import ConfigError, Problem, StateError, UsageError
from monitor.model.rules_versions import PublishedRules, RulesFiles
from monitor.regular import MAX_BYTES, read_regular
from monitor.rules.filling import tells_of_what_is_left_out

MOST_FILES: Final = 2 * configuration.MAX_FILES  # what is included, and templates
_LONGEST: Final = 255  # bytes of a name, as most file systems have it
_REMEDY: Final = "publish the rules again with 'monitor rules publish'; nothing else writes rules versions"


@dataclass(frozen=True, slots=True)
class Gathered:
    """`folder` is the innermost that holds all of the files."""

    folder: Path
    files: RulesFiles


# --- by who publishes


def gather(config: Config) -> Gathered:
    """The files of a configuration that was read just now: the rules file, what it includes, its templates.

    Raises UsageError for a file that changed meanwhile, or whose name is no text.
    """
    texts = {Path(os.path.abspath(path)): _text(path, digest) for path, digest in config.digests.items()}  # noqa: PTH100
    folder = Path(os.path.commonpath([path.parent for path in texts]))
    named = {_name(path, folder): text for path, text in texts.items()}
    main = _name(Path(os.path.abspath(config.path)), folder)  # noqa: PTH100 - a link stays: paths begin beside it
    return Gathered(folder, RulesFiles(main=main, texts=named))


def rehearse(gathered: Gathered, *, environ: Mapping[str, str]) -> Config:
    """Load it as a worker would. Raises ConfigError, in which the files have the names that they have here: for what
    is named by a whole path, say, and so would not be there."""
    with tempfile.TemporaryDirectory(prefix="monitor-rules-") as scratch:
        folder = Path(os.path.realpath(scratch))
        write(gathered.files, folder)
        return _loaded(folder, gathered.files.main, environ, called=f"{gathered.folder}{os.sep}")


def _text(path: Path, digest: str) -> str:
    raw = read_regular(path, MAX_BYTES + 1)
    if hashlib.sha256(raw).hexdigest() != digest:
        raise UsageError(f"{path} changed while it was read: publish it once it is written")
    return raw.decode("utf-8")  # a byte order mark stays; what is not UTF-8 was refused as it was loaded


def _name(path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    why = _flaw(name)
    if why:
        raise UsageError(f"{path} cannot be published: {why}. Give it another name.")
    return name


# --- by who works by them


def load(published: PublishedRules, directory: Path, *, environ: Mapping[str, str] | None) -> Config:
    """Lay a version out below `directory`, which is made if need be, and read it as any rules file is read; without
    `environ` rules and places alone, and no secret is asked for.

    Raises ConfigError, in which each file is called 'rules version 7: packs/water.yaml', and StateError where the
    directory cannot be written.
    """
    number = published.version.number
    called = f"rules version {number}: "
    _refuse(published.files, called)
    try:
        folder = lay_out(published.files, number, Path(os.path.realpath(directory)))
    except OSError as error:
        raise StateError(
            f"{directory} cannot take rules version {number}: {error.strerror or error}. "
            "Give this user write permission on it, and room."
        ) from error
    return _loaded(folder, published.files.main, environ, called=called)


def load_whole(published: PublishedRules, directory: Path, *, environ: Mapping[str, str]) -> Config:
    """As `load`, for who works by them. Raises ConfigError also where a feed, a channel or the heartbeat would be left
    out for want of a value: other workers may have it, and who is told must not depend on who happens to poll."""
    config = load(published, directory, environ=environ)
    lacking = tuple(
        replace(problem, level="error") for problem in config.warnings if tells_of_what_is_left_out(problem)
    )
    if lacking:
        raise ConfigError(lacking, config.digests)
    # Who may look at the pages is for those who serve them. What is left is the same for every worker.
    return replace(config, warnings=tuple(problem for problem in config.warnings if problem.code != "R316"))


def export(published: PublishedRules, directory: Path) -> Path:
    """Write its files into a directory, which is made; where the rules file is then. Raises ConfigError, and UsageError
    where something is there already or nothing can be written."""
    _refuse(published.files, f"rules version {published.version.number}: ")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            raise UsageError(f"{directory} is not empty: name a new directory, so that nothing in it is overwritten")
        write(published.files, directory)
    except OSError as error:
        raise UsageError(f"{error.filename or directory} cannot be written: {error.strerror or error}") from None
    return directory / published.files.main


def _refuse(files: RulesFiles, called: str) -> None:
    """Raises ConfigError for names that lead elsewhere, or that no folder can hold."""
    if files.main not in files.texts:
        raise _unfit(called, files.main, "it is the rules file, and not among the files")
    if len(files.texts) > MOST_FILES:
        raise _unfit(called, files.main, f"there are more than {MOST_FILES} files")
    for name, text in files.texts.items():
        why = _flaw(name) or _flaw_of_text(text)
        if why:
            raise _unfit(called, name, why)
    for name in files.texts:
        if any(str(above) in files.texts for above in PurePosixPath(name).parents):
            raise _unfit(called, name, "a file cannot lie below another file")


def _flaw(name: str) -> str:
    """Why a file of a version cannot be called so; '' if it can."""
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "its name leads elsewhere"
    if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in name):
        return "its name is not a text that can be printed"
    if any(len(part.encode()) > _LONGEST for part in parts):
        return "its name is too long"
    return ""


def _flaw_of_text(text: str) -> str:
    try:
        return "it is too large" if len(text.encode("utf-8")) > MAX_BYTES else ""
    except UnicodeEncodeError:
        return "it is not a text in UTF-8"


def _unfit(called: str, name: str, why: str) -> ConfigError:
    shown = name.encode("unicode_escape", "backslashreplace").decode() if not name.isprintable() else name
    return ConfigError((Problem(
        file=called + shown, line=1, column=1, level="error", code="R112", what=why, remedy=_REMEDY,
    ),))  # fmt: skip


def _loaded(folder: Path, main: str, environ: Mapping[str, str] | None, *, called: str) -> Config:
    """`called`: what problems say in the place of the folder."""
    here = f"{folder}{os.sep}"

    def renamed(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        return tuple(
            replace(each, file=each.file.replace(here, called), what=each.what.replace(here, called))
            for each in problems
        )

    try:
        config = configuration.load_within(folder / main, folder, environ=environ)
    except ConfigError as error:
        raise ConfigError(renamed(error.problems), error.digests) from None
    return replace(config, warnings=renamed(config.warnings))
