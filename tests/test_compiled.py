"""What is kept from start to start: who may make us read it, and that it holds no secret."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import compiled
from monitor.compiled import Shelf, key_of

KEY = b"k" * 32
STRANGER = 12345  # a user id


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path)
    made.save("rules", KEY, b"payload")
    return made


def file_of(shelf: Shelf, name: str = "rules") -> Path:
    return Path(shelf.folder) / name


def names_in(shelf: Shelf) -> list[str]:
    return [path.name for path in Path(shelf.folder).iterdir()]


def test_what_was_saved_is_loaded(shelf: Shelf) -> None:
    assert shelf.load("rules", KEY) == b"payload"


def test_what_was_saved_under_another_key_is_not(shelf: Shelf) -> None:
    assert shelf.load("rules", b"x" * 32) is None


def test_the_last_that_was_saved_counts_and_nothing_else_is_left(shelf: Shelf) -> None:
    shelf.save("rules", KEY, b"newer")
    assert shelf.load("rules", KEY) == b"newer"
    assert names_in(shelf) == ["rules"]


def test_only_we_can_read_it(shelf: Shelf) -> None:
    assert stat.S_IMODE(file_of(shelf).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(shelf.folder).stat().st_mode) == 0o700


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[-3] ^= 1
    path.write_bytes(raw)


def to_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def folder_to_link(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.symlink_to("moved")


ODD: list[Callable[[Path], None]] = [
    truncate,
    flip,
    to_link,
    to_pipe,
    to_folder,
    folder_to_link,
    lambda path: path.unlink(),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"monitor0" + path.read_bytes()[8:]),
    lambda path: path.chmod(0o620),
    lambda path: path.chmod(0o602),
    lambda path: path.parent.chmod(0o770),
    lambda path: path.parent.chmod(0o707),
]


@pytest.mark.parametrize("spoil", ODD)
def test_what_is_odd_counts_as_not_there(shelf: Shelf, spoil: Callable[[Path], None]) -> None:
    spoil(file_of(shelf))
    assert shelf.load("rules", KEY) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("of", [file_of, lambda shelf: file_of(shelf).parent])
def test_what_belongs_to_somebody_else_is_not_read(shelf: Shelf, of: Callable[[Shelf], Path]) -> None:
    os.chown(of(shelf), STRANGER, STRANGER)
    assert shelf.load("rules", KEY) is None


def test_nothing_is_put_into_a_folder_that_others_can_write_to(shelf: Shelf) -> None:
    Path(shelf.folder).chmod(0o777)
    shelf.save("matcher", KEY, b"payload")
    assert names_in(shelf) == ["rules"]


def test_what_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / compiled.FOLDER).write_text("in the way")
    shelf = Shelf(tmp_path)
    shelf.save("rules", KEY, b"payload")
    assert shelf.load("rules", KEY) is None


def test_a_write_that_fails_leaves_the_old_one_and_no_litter(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compiled.os, "replace", fail)
    shelf.save("rules", KEY, b"newer")
    assert shelf.load("rules", KEY) == b"payload"
    assert names_in(shelf) == ["rules"]


def test_a_shelf_that_is_only_read_creates_nothing(tmp_path: Path) -> None:
    Shelf(tmp_path, writes=False).save("rules", KEY, b"payload")
    assert not list(tmp_path.iterdir())


def test_a_key_differs_with_each_part_and_where_parts_meet() -> None:
    keys = {key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("ab", "d"), key_of(b"ab", "c", "")}
    assert len(keys) == 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("monitor.compiled.__version__", "99.0"),
        ("monitor.compiled._files", lambda _folder: ["monitor/rules/affixes.py 1 2"]),
        ("monitor.compiled._changed", lambda _folder: 1),
        ("sys.version", "3.99"),
    ],
)
def test_another_version_has_other_keys(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    before = key_of("rules")
    monkeypatch.setattr(name, value)
    assert key_of("rules") != before


def test_every_kind_of_file_that_rules_are_compiled_with_is_among_the_code() -> None:
    files = {line.split()[0] for line in compiled._files(str(Path(compiled.__file__).parent))}
    package = Path(compiled.__file__).parent
    wanted = ["rules/matcher.py", "lexicon/places/syria.yaml", "lexicon/ordinary.txt", "text/twins.tsv", "config.py"]
    assert {str(package / name) for name in wanted} <= files
