"""The rules file as of a commit."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from monitor.backtest.revision import load_revision
from monitor.errors import ConfigError, UsageError
from tests.backtest.trials import STRIKES, rule, rules
from tests.support import needs

GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")


class Repository:
    def __init__(self, folder: Path) -> None:
        needs("git")
        self.folder = folder
        self.git("init", "-q")

    def git(self, *words: str) -> str:
        done = subprocess.run([*GIT, "-C", str(self.folder), *words], check=True, capture_output=True, text=True)
        return done.stdout

    def commit(self, **files: str | None) -> None:
        """`sub__file` lies in a folder; None removes it."""
        for name, text in files.items():
            path = self.folder / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def load(self, revision: str, path: str = "rules.yaml") -> list[str]:
        return [each.id for each in load_revision(self.folder / path, revision, environ={}).rules]


@pytest.fixture
def repository(tmp_path) -> Repository:
    return Repository(tmp_path)


def test_the_rules_of_a_commit_are_read_and_the_work_tree_is_not_touched(repository):
    repository.commit(rules=rules(STRIKES))
    repository.git("tag", "v1")
    repository.commit(rules=rules(rule("second", "حريق")))
    (repository.folder / "rules.yaml").write_text(rules(rule("third", "حريق")), encoding="utf-8")
    before = repository.git("status", "--porcelain")
    assert repository.load("v1") == repository.load("HEAD~1") == ["strikes"]
    assert repository.load("HEAD") == ["second"]
    assert repository.git("status", "--porcelain") == before == " M rules.yaml\n"


def test_what_it_included_then_is_read_as_it_was_then(repository):
    including = rules(STRIKES).replace("version: 1\n", "version: 1\ninclude: [parts/more.yaml]\n")
    repository.commit(conf__rules=including, conf__x="version: 1\n")
    (repository.folder / "conf" / "parts").mkdir()
    more = "version: 1\ninclude: [../x.yaml]\nrules:\n" + rule("included", "حريق")
    (repository.folder / "conf" / "parts" / "more.yaml").write_text(more, encoding="utf-8")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--amend", "-m", "x")
    repository.commit(conf__parts__more=None, conf__rules=rules(STRIKES))
    assert repository.load("HEAD~1", "conf/rules.yaml") == ["strikes", "included"]
    assert repository.load("HEAD", "conf/rules.yaml") == ["strikes"]


def test_a_rules_file_that_is_gone_by_now_can_be_read(repository):
    repository.commit(conf__rules=rules(STRIKES), other="version: 1\n")
    repository.commit(conf__rules=None)
    (repository.folder / "conf").rmdir()
    assert repository.load("HEAD~1", "conf/rules.yaml") == ["strikes"]


@pytest.mark.parametrize("name", ["nonsense", "v9", "--help", "-x", "HEAD:rules.yaml", "", "HEAD~99", "a b", "$(id)"])
def test_a_name_that_git_does_not_know_is_refused_with_a_remedy(repository, name):
    repository.commit(rules=rules(STRIKES))
    with pytest.raises(UsageError, match="neither a file nor a revision that git knows here: 'git log"):
        repository.load(name)


def test_a_file_that_was_not_there_then_is_told(repository):
    repository.commit(other="version: 1\n")
    repository.commit(rules=rules(STRIKES))
    with pytest.raises(UsageError, match=r"rules\.yaml was not in the repository as of 'HEAD~1'"):
        repository.load("HEAD~1")


def test_outside_of_a_repository_and_without_git_it_says_so(tmp_path, monkeypatch):
    needs("git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="lies in no git repository"):
        load_revision(tmp_path / "rules.yaml", "HEAD", environ={})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        load_revision(tmp_path / "rules.yaml", "HEAD", environ={})


def test_what_was_broken_then_is_told_by_its_place_then(repository):
    repository.commit(rules=rules(STRIKES).replace("severity: high", "severity: hihg"))
    with pytest.raises(ConfigError) as raised:
        repository.load("HEAD")
    (problem,) = [each for each in raised.value.problems if each.level == "error"]
    assert problem.file == "HEAD:rules.yaml"
    assert rules(STRIKES).splitlines()[problem.line - 1].strip() == "severity: high"


def test_an_included_file_outside_of_the_repository_is_told_as_one_that_cannot_be_read(repository):
    repository.commit(rules=rules(STRIKES).replace("version: 1\n", "version: 1\ninclude: [../../elsewhere.yaml]\n"))
    with pytest.raises(ConfigError, match=r"elsewhere\.yaml' cannot be read"):
        repository.load("HEAD")
