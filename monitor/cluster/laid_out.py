"""A rules version as files of a folder of ours: whole or not there, readable by this user alone."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from monitor.model.rules_versions import RulesFiles
from monitor.regular import MAX_BYTES, read_regular

KEPT: Final = 4  # versions, the one that was laid out last among them
_LAID_OUT: Final = re.compile(r"\d+-[0-9a-f]{16}")
_SCRATCH: Final = ".laying-"
_FORGOTTEN: Final = 3600  # seconds after which what was begun is nobody's work any more


def lay_out(files: RulesFiles, number: int, directory: Path) -> Path:
    """The folder of a version below `directory`, with its files and no others. Raises OSError.

    Its name tells the content too: a database that was brought back from a backup may have another version of this
    number. Several workers may do this at once.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_foreign(directory)
    target = directory / f"{number}-{_digest(files)}"
    if not _holds(target, files):
        _put(files, target)
    os.utime(target)
    _prune(directory, target)
    return target


def _put(files: RulesFiles, target: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=target.parent))  # mode 0700
    try:
        write(files, scratch)
        try:
            scratch.rename(target)
        except OSError:  # something is there: another worker was quicker, or it is what was spoiled
            if not _holds(target, files):
                _discard(target)
                scratch.rename(target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write(files: RulesFiles, folder: Path) -> None:
    """Into an empty folder. Their names have to be fit for it."""
    for name, text in files.texts.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(text.encode("utf-8"))


def _holds(folder: Path, files: RulesFiles) -> bool:
    """Whether it is ours alone and has just these files: one that was torn or changed is written anew."""
    try:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) != 0o700:
            return False
        there = {path.relative_to(folder).as_posix(): path for path in _files_in(folder)}
        return there.keys() == files.texts.keys() and all(
            read_regular(path, MAX_BYTES + 1) == files.texts[name].encode("utf-8") for name, path in there.items()
        )
    except OSError:
        return False


def _files_in(folder: Path) -> Iterator[Path]:
    """Links too, as what they are."""
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir():
            yield path


def _discard(folder: Path) -> None:
    """Out of the way in one step, so that nobody reads half of it."""
    if not os.path.lexists(folder):
        return
    away = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=folder.parent))
    with suppress(FileNotFoundError):
        folder.rename(away / "gone")
    shutil.rmtree(away, ignore_errors=True)


def _prune(directory: Path, loaded: Path) -> None:
    """What is loaded needs its files no more: those of older versions stay for people, and for who loads them now."""
    with suppress(OSError):  # other workers tidy up as well, and nothing depends on it
        now = loaded.stat().st_mtime
        dated = sorted(((path.lstat().st_mtime, path) for path in directory.iterdir() if path != loaded), reverse=True)
        older = [path for _, path in dated if _LAID_OUT.fullmatch(path.name)]
        begun = [path for at, path in dated if path.name.startswith(_SCRATCH) and at < now - _FORGOTTEN]
        for path in (*older[KEPT - 1 :], *begun):
            _discard(path)


def _refuse_foreign(directory: Path) -> None:
    found = directory.stat()
    if found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise PermissionError(errno.EPERM, "others than this user may write there")


def _digest(files: RulesFiles) -> str:
    digest = hashlib.sha256()
    for part in (files.main, *(each for pair in sorted(files.texts.items()) for each in pair)):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()[:16]
