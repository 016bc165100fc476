"""Rules files gathered by who publishes them, and laid out by who works by them."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from monitor import config as configuration
from monitor.cluster.laid_out import KEPT
from monitor.cluster.published import Gathered, export, gather, load, rehearse
from monitor.config import Config
from monitor.errors import ConfigError, StateError, UsageError
from monitor.model.rules_versions import PublishedRules, RulesFiles, RulesVersion
from tests.world import NOW

MAIN = """\
version: 1
include: [packs/water.yaml, ../common/roads.yaml]
templates: {telegram: ../common/telegram.j2}
feeds:
  - {id: one, url: "https://one.example/rss?key=${ONE_KEY}"}
channels:
  desk: {url: "${DESK}"}
"""
WATER = "version: 1\nrules:\n  - {id: water, title: مياه, all: [مياه], tests: [{match: قطع المياه}]}\n"
ROADS = "version: 1\r\nrules:\r\n  - {id: roads, title: طرق, all: [طريق], tests: [{match: قطع الطريق}]}\r\n"
TEMPLATE = "{{ alert.heading }}\n{{ alert.headline }}\n{{ alert.link | address }}\n"
TREE = {
    "desk/rules.yaml": MAIN,
    "desk/packs/water.yaml": WATER,
    "common/roads.yaml": ROADS,
    "common/telegram.j2": TEMPLATE,
}
SMALL = "version: 1\nfeeds:\n  - {id: one, url: https://one.example/rss}\nrules:\n  - {id: water, all: [مياه]}\n"
ENVIRON = {"ONE_KEY": "k3y", "DESK": "json://127.0.0.1:9/hook"}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Files below a folder of the author's; where the first of them is."""

    def to_files(texts: dict[str, str]) -> Path:
        for name, text in texts.items():
            path = tmp_path / "author" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return tmp_path / "author" / next(iter(texts))

    return to_files


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "worker" / "rules"


def read(path: Path) -> Config:
    return configuration.load(path, environ=ENVIRON)


def version(files: RulesFiles, number: int = 7) -> PublishedRules:
    about = RulesVersion(number=number, published_at=NOW, published_by="desk@host", note="")
    return PublishedRules(version=about, files=files)


def small(**texts: str) -> RulesFiles:
    return RulesFiles(main="rules.yaml", texts={"rules.yaml": SMALL, **texts})


# --- gathering


def test_all_files_of_a_configuration_are_gathered_byte_for_byte(write: Write, tmp_path: Path) -> None:
    gathered = gather(read(write(TREE)))
    assert gathered == Gathered(tmp_path / "author", RulesFiles(main="desk/rules.yaml", texts=TREE))


def test_a_rules_file_by_itself_has_no_folder_in_its_name(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write({"rules.yaml": SMALL}).parent)
    assert gather(read(Path("rules.yaml"))).files == small()


def test_a_byte_order_mark_stays(write: Write) -> None:
    assert gather(read(write({"rules.yaml": "\ufeff" + SMALL}))).files.texts == {"rules.yaml": "\ufeff" + SMALL}


def test_a_file_that_is_a_link_goes_with_what_it_leads_to(write: Write, tmp_path: Path) -> None:
    write({"data/real.yaml": SMALL})
    link = tmp_path / "author" / "rules.yaml"
    link.symlink_to("data/real.yaml")
    assert gather(read(link)).files == small()


def test_a_file_that_changed_since_it_was_read_is_not_published(write: Write) -> None:
    path = write(TREE)
    loaded = read(path)
    (path.parent / "packs" / "water.yaml").write_text(WATER + "# more\n")
    with pytest.raises(UsageError, match=r"water\.yaml changed while it was read"):
        gather(loaded)


def test_a_name_that_no_text_can_hold_is_refused(write: Write) -> None:
    path = write({"rules.yaml": SMALL})
    odd = path.rename(path.with_name(os.fsdecode(b"r\xff.yaml")))
    with pytest.raises(UsageError, match="cannot be published"):
        gather(read(odd))


@pytest.mark.parametrize("named", ["{author}/packs/water.yaml", "~/water.yaml"])
def test_a_path_that_only_this_machine_knows_is_refused_at_its_line(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "author"))
    named = named.format(author=tmp_path / "author")
    path = write(
        {"rules.yaml": f"include: [{named}]\n{SMALL}", "packs/water.yaml": "version: 1", "water.yaml": "version: 1"}
    )
    gathered = gather(read(path))
    with pytest.raises(ConfigError) as refused:
        rehearse(gathered, environ=ENVIRON)
    [problem] = refused.value.problems
    assert (problem.file, problem.line, problem.column, problem.code) == (str(path), 1, 11, "R112")
    assert "write its path relative" in problem.remedy


def test_a_template_with_such_a_path_is_refused_too(write: Write, tmp_path: Path) -> None:
    template = write({"telegram.j2": TEMPLATE})
    path = write({"rules.yaml": f"templates: {{telegram: {template}}}\n{SMALL}"})
    with pytest.raises(ConfigError, match="R330"):
        rehearse(gather(read(path)), environ=ENVIRON)


def test_the_file_of_a_secret_needs_a_whole_path_and_is_never_gathered(write: Write, tmp_path: Path) -> None:
    secret = write({"secret": "json://127.0.0.1:9/hook"})
    relative = write({"rules.yaml": SMALL + 'channels: {desk: {url: "${file:secret}"}}\n'})
    with pytest.raises(ConfigError, match="R315: \\$\\{file:secret\\} has no whole path") as refused:
        rehearse(gather(read(relative)), environ=ENVIRON)
    assert str(relative) in str(refused.value)
    whole = write({"rules.yaml": SMALL + f'channels: {{desk: {{url: "${{file:{secret}}}"}}}}\n'})
    gathered = gather(read(whole))
    assert list(gathered.files.texts) == ["rules.yaml"]
    assert rehearse(gathered, environ=ENVIRON).channels[1].url == read(whole).channels[1].url


def test_a_rehearsal_leaves_nothing_behind(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    rehearse(gather(read(write(TREE))), environ=ENVIRON)
    assert list(scratch.iterdir()) == []


# --- loading


def test_a_version_says_what_its_author_wrote(write: Write, directory: Path) -> None:
    wrote = read(write(TREE))
    loaded = load(version(gather(wrote).files), directory, environ=ENVIRON)
    assert [rule.id for rule in loaded.rules] == [rule.id for rule in wrote.rules] == ["water", "roads"]
    assert (loaded.feeds, loaded.channels, loaded.templates) == (wrote.feeds, wrote.channels, wrote.templates)
    assert sorted(loaded.digests.values()) == sorted(wrote.digests.values())


def test_each_worker_has_its_own_secrets(write: Write, directory: Path) -> None:
    files = gather(read(write(TREE))).files
    other = load(version(files), directory, environ={"ONE_KEY": "other", "DESK": "json://127.0.0.1:8/"})
    assert other.feeds[0].url.reveal() == "https://one.example/rss?key=other"
    assert "k3y" not in str(files)
    without = load(version(files), directory, environ={})
    assert [problem.file for problem in without.warnings] == ["rules version 7: desk/rules.yaml"] * 2


def test_files_are_for_this_user_alone(write: Write, directory: Path) -> None:
    loaded = load(version(gather(read(write(TREE))).files), directory, environ=ENVIRON)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (directory, *directory.rglob("*")) if path.is_dir()}
    assert modes == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in loaded.files} == {0o600}


def test_a_mistake_names_the_version_and_its_file(directory: Path) -> None:
    files = small(**{"packs/a.yaml": "version: 1\nrules:\n  - {id: roads, all: [طريق], severity: urgent}\n"})
    files = replace(files, texts={**files.texts, "rules.yaml": "include: [packs/a.yaml]\n" + SMALL})
    with pytest.raises(ConfigError, match=r"^rules version 7: packs/a\.yaml:3:") as refused:
        load(version(files), directory, environ=ENVIRON)
    assert str(directory) not in str(refused.value)


@pytest.mark.parametrize(
    "name",
    [
        "../rules.yaml", "a/../../b.yaml", "/etc/cron.d/x", "", ".", "a//b.yaml", "a/./b.yaml", "a\x00b", "a\nb",
        "a" * 256, "\ud800",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder_of_a_version(directory: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"^rules version 7: .*error R112"):
        load(version(small(**{name: SMALL})), directory, environ=ENVIRON)
    with pytest.raises(ConfigError):
        export(version(small(**{name: SMALL})), directory)
    assert not directory.exists()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (RulesFiles(main="rules.yaml", texts={}), "not among the files"),
        (small(**{"rules.yaml/a.yaml": ""}), "below another file"),
        (small(**{"a.yaml": "#" * 1_048_577}), "too large"),
        (small(**{"a.yaml": "\ud800"}), "UTF-8"),
        (small(**{f"{number}.yaml": "" for number in range(200)}), "more than 200 files"),
    ],
)
def test_what_no_folder_can_hold_is_refused(directory: Path, files: RulesFiles, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        load(version(files), directory, environ=ENVIRON)


@pytest.mark.parametrize(
    "named", ["/etc/hostname", "../../../outside.yaml", "../8-0123456789abcdef/rules.yaml", "~root/x"]
)
def test_no_file_outside_is_read_whatever_a_version_names(directory: Path, named: str) -> None:
    for outside in (directory.parent.parent / "outside.yaml", directory / "8-0123456789abcdef" / "rules.yaml"):
        outside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        outside.write_text("n0t for you")
    directory.chmod(0o700)
    files = replace(small(), texts={"rules.yaml": f"include: [{named}]\n{SMALL}"})
    with pytest.raises(ConfigError) as refused:
        load(version(files), directory, environ=ENVIRON)
    assert "R112" in str(refused.value)
    assert "n0t for you" not in str(refused.value)


# --- folders


def test_loading_a_version_again_writes_nothing(directory: Path) -> None:
    first = load(version(small()), directory, environ=ENVIRON)
    before = first.path.stat().st_ino
    assert load(version(small()), directory, environ=ENVIRON).path == first.path
    assert first.path.stat().st_ino == before


def test_another_version_of_the_same_number_is_not_taken_for_it(directory: Path) -> None:
    first = load(version(small()), directory, environ=ENVIRON)
    second = load(version(small(**{"a.yaml": ""})), directory, environ=ENVIRON)
    assert first.path != second.path


def change(path: Path) -> None:
    path.write_text(SMALL.replace("مياه", "نار"))


def remove(path: Path) -> None:
    path.unlink()


def add(path: Path) -> None:
    path.with_name("more.yaml").write_text("")


def link(path: Path) -> None:
    folder, away = path.parent, path.parent.with_name("away")
    folder.rename(away)
    folder.symlink_to(away)


def widen(path: Path) -> None:
    path.parent.chmod(0o777)


@pytest.mark.parametrize("spoil", [change, remove, add, link, widen])
def test_a_folder_that_was_spoiled_is_laid_out_anew(directory: Path, spoil: Callable[[Path], None]) -> None:
    path = load(version(small()), directory, environ=ENVIRON).path
    spoil(path)
    loaded = load(version(small()), directory, environ=ENVIRON)
    assert loaded.path == path
    assert path.read_text() == SMALL
    assert not path.parent.is_symlink()
    assert [each.name for each in path.parent.iterdir()] == ["rules.yaml"]
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_workers_of_one_machine_may_lay_a_version_out_at_once(directory: Path) -> None:
    together, loaded = threading.Barrier(4), list[Path]()

    def work() -> None:
        for number in range(1, 6):
            together.wait(60)
            loaded.append(load(version(small(), number), directory, environ=ENVIRON).path)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 20
    assert len(set(loaded)) == 5
    assert loaded[-1].read_text() == SMALL
    assert [path for path in directory.iterdir() if path.name.startswith(".")] == []


def test_old_versions_go_and_what_else_is_there_stays(directory: Path) -> None:
    directory.mkdir(parents=True, mode=0o700)
    (directory / "note.txt").write_text("mine")
    (directory / ".laying-old").mkdir()
    os.utime(directory / ".laying-old", (0, 0))
    (directory / ".laying-new").mkdir()
    for number in range(1, KEPT + 4):
        path = load(version(small(), number), directory, environ=ENVIRON).path
        os.utime(path.parent, (number, number))
    os.utime(directory / ".laying-new")
    load(version(small(), KEPT + 4), directory, environ=ENVIRON)
    left = sorted(each.name.partition("-")[0] for each in directory.iterdir() if each.name[0].isdigit())
    assert left == [str(number) for number in range(5, KEPT + 5)]
    assert {".laying-new", "note.txt"} < {each.name for each in directory.iterdir()}
    assert not (directory / ".laying-old").exists()


def test_a_directory_that_others_may_write_to_is_refused(directory: Path) -> None:
    directory.mkdir(parents=True)
    directory.chmod(0o770)
    with pytest.raises(StateError, match="cannot take rules version 7: others than this user may write there"):
        load(version(small()), directory, environ=ENVIRON)


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateError, match="cannot take rules version 7: Not a directory"):
        load(version(small()), tmp_path / "file" / "rules", environ=ENVIRON)


# --- exporting


def test_what_is_exported_is_what_was_published(write: Write, tmp_path: Path) -> None:
    gathered = gather(read(write(TREE)))
    main = export(version(gathered.files), tmp_path / "exported")
    assert main == tmp_path / "exported" / "desk" / "rules.yaml"
    assert gather(read(main)).files == gathered.files


def test_nothing_is_overwritten_by_an_export(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("")
    with pytest.raises(UsageError, match="is not empty"):
        export(version(small()), tmp_path)
