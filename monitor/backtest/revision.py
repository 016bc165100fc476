"""The rules files of another day, as git has them. The work tree is not touched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from monitor import config as configuration
from monitor.config import Config
from monitor.errors import ConfigError, Problem, UsageError
from monitor.rules.problems import Report
from monitor.rules.yaml_source import read_yaml

_MOST_FILES = configuration.MAX_FILES
_PATIENCE = 60  # seconds that one call of git may take


def load_revision(path: Path, revision: str, *, environ: Mapping[str, str]) -> Config:
    """The rules, places and groups of a rules file as of a commit, with all that it included then; without feeds and
    channels but for the console. Raises UsageError where git cannot tell, ConfigError where they are broken."""
    git = _Git(path, revision)
    with TemporaryDirectory(prefix="monitor-rules-") as folder:
        main = git.fetch(Path(folder))
        try:
            loaded = configuration.load_rules(main, environ=environ)
        except ConfigError as error:
            raise ConfigError(tuple(_named(each, Path(folder), revision) for each in error.problems)) from None
        return replace(loaded, files=tuple(Path(f"{revision}:{file.relative_to(folder)}") for file in loaded.files))


def _named(problem: Problem, folder: Path, revision: str) -> Problem:
    return replace(problem, file=problem.file.replace(f"{folder}{os.sep}", f"{revision}:"))


class _Git:
    """One commit of the repository that a file is in."""

    def __init__(self, path: Path, revision: str) -> None:
        self._revision = revision
        self._folder = path.absolute().parent
        while not self._folder.is_dir():  # that of a file which has moved since
            self._folder = self._folder.parent
        within = self._asked("rev-parse", "--show-prefix")
        if within is None:
            raise UsageError(f"'{revision}' is no file, and {self._folder} lies in no git repository")
        beside = Path(os.path.relpath(path.absolute(), self._folder)).as_posix()
        self._path = PurePosixPath(os.path.normpath(PurePosixPath(within.decode().strip()) / beside))
        commit = self._asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if commit is None:
            raise UsageError(
                f"'{revision}' is neither a file nor a revision that git knows here:"
                f" 'git log --oneline -- {path}' lists those of the rules file"
            )
        self._commit = commit.decode().strip()

    def fetch(self, folder: Path) -> Path:
        """Write the rules file and what it includes below `folder`; where the former is then."""
        waiting, fetched = [self._path], set[PurePosixPath]()
        while waiting and len(fetched) <= _MOST_FILES:
            here = waiting.pop()
            raw = self._file(here)
            if here == self._path and raw is None:
                raise UsageError(f"{here} was not in the repository as of '{self._revision}'")
            if raw is None or here in fetched:
                continue  # that it is not there is told by who reads the rules
            fetched.add(here)
            target = folder / here
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(raw)
            waiting += [inner for name in _included(raw) if (inner := _inside(here, name)) is not None]
        return folder / self._path

    def _file(self, path: PurePosixPath) -> bytes | None:
        return self._asked("cat-file", "blob", f"{self._commit}:{path}")

    def _asked(self, *words: str) -> bytes | None:
        """What git answers; None where it does not."""
        try:
            told = subprocess.run(
                ["git", "-C", str(self._folder), *words], capture_output=True, check=False, timeout=_PATIENCE
            )
        except FileNotFoundError:
            raise UsageError(
                f"'{self._revision}' is no file, and git is not installed, which could know it as a revision"
            ) from None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UsageError(f"git could not be asked for '{self._revision}': {error}") from None
        return told.stdout if told.returncode == 0 else None


def _included(raw: bytes) -> list[str]:
    source = read_yaml(raw, "", Report())
    return [str(name) for name in configuration.included(source)] if source is not None else []


def _inside(here: PurePosixPath, name: str) -> PurePosixPath | None:
    """Where in the repository a file lies that another names; None for what lies elsewhere."""
    path = PurePosixPath(os.path.normpath(here.parent / name))
    return None if path.is_absolute() or path.parts[:1] == ("..",) else path
