"""The Dockerfile and the compose file name only what exists, and keep the container small in what it may do."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tomllib
from typing import Any

import pytest
import yaml

from tests.docs.commandline import trouble
from tests.support import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
SERVICE = COMPOSE["services"]["monitor"]
MADE_BY_THE_OPERATOR = ("./config", "./secrets")


def exec_form(instruction: str) -> list[str]:
    """The words of an instruction in exec form, also where an option or a line end stands between."""
    found = re.search(rf"^{instruction}\b[^\[]*(\[.*?\])", DOCKERFILE, flags=re.MULTILINE | re.DOTALL)
    assert found, f"no {instruction} in exec form"
    words: list[str] = json.loads(found[1])
    return words


def environment() -> dict[str, str]:
    block = re.search(r"^ENV (.*?[^\\])$", DOCKERFILE, flags=re.MULTILINE | re.DOTALL)
    assert block
    return dict(pair.split("=", 1) for pair in shlex.split(block[1].replace("\\\n", " ")))


def test_what_the_image_runs_is_a_command_of_ours() -> None:
    *before, program = exec_form("ENTRYPOINT")
    assert (before, program) == (["/usr/bin/tini", "--"], "monitor")
    assert "install -y --no-install-recommends tini" in DOCKERFILE
    assert trouble(exec_form("CMD")) is None


@pytest.mark.parametrize(
    "command", [exec_form("HEALTHCHECK"), SERVICE["healthcheck"]["test"][1:]], ids=["image", "compose"]
)
def test_the_health_check_is_a_command_of_ours(command: list[str]) -> None:
    assert command == ["monitor", "status", "--healthcheck"]
    assert trouble(command[1:]) is None


def test_the_image_finds_its_configuration_and_state_where_it_has_them() -> None:
    env = environment()
    assert f"COPY rules.yaml {env['MONITOR_CONFIG']}" in DOCKERFILE
    assert exec_form("VOLUME") == [env["MONITOR_STATE"]]
    assert re.search(rf"install -d -o monitor .*{env['MONITOR_STATE']}$", DOCKERFILE, flags=re.MULTILINE)


def test_the_variables_that_the_image_sets_are_those_that_the_options_read() -> None:
    options = (ROOT / "monitor" / "cli" / "options.py").read_text(encoding="utf-8")
    assert {name for name in environment() if name.startswith("MONITOR_") and f'"{name}"' not in options} == set()


def test_the_image_runs_as_nobody_of_the_host() -> None:
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    assert users == ["10001:10001"] == [SERVICE["user"]]
    assert DOCKERFILE.index("\nUSER ") > DOCKERFILE.rindex("\nRUN ")


@pytest.mark.parametrize(("given", "wanted"), [("", "."), ("map", ".[map]"), ("map,warc", ".[map,warc]"), (None, None)])
def test_the_image_is_built_with_the_extras_that_are_asked_for(given: str | None, wanted: str | None) -> None:
    usual = re.search(r"^ARG EXTRAS=(.*)$", DOCKERFILE, flags=re.MULTILINE)
    installed = re.search(r"pip install .* (\S+)$", DOCKERFILE, flags=re.MULTILINE)
    assert usual
    assert installed
    extras = usual[1] if given is None else given
    echoed = subprocess.run(
        ["sh", "-c", f"echo {installed[1]}"], env={"EXTRAS": extras}, capture_output=True, text=True, check=True
    )
    assert echoed.stdout.strip() == (wanted or f".[{usual[1]}]")


def test_every_extra_of_the_image_is_one_of_ours() -> None:
    usual = re.search(r"^ARG EXTRAS=(.*)$", DOCKERFILE, flags=re.MULTILINE)
    assert usual
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(usual[1].split(",")) <= set(project["project"]["optional-dependencies"]) - {"dev", "test", "places"}


def test_no_secret_can_come_into_a_layer() -> None:
    assert (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()[1] == "*"
    named = re.findall(r"^(?:ENV|ARG|\s+)\s*([A-Z_]+)=", DOCKERFILE, flags=re.MULTILINE)
    assert [name for name in named if re.search("TOKEN|SECRET|PASS|KEY|URL", name)] == []


def test_compose_builds_this_project_and_mounts_what_the_image_expects() -> None:
    assert (ROOT / "deploy" / SERVICE["build"]["context"]).resolve() == ROOT
    targets = {mount["target"]: mount for mount in SERVICE["volumes"]}
    assert set(targets) == {"/state", "/config", "/run/secrets"}
    assert [target for target, mount in targets.items() if not mount.get("read_only")] == ["/state"]
    for mount in targets.values():
        source = mount["source"]
        assert source in (COMPOSE["volumes"] if mount["type"] == "volume" else MADE_BY_THE_OPERATOR)


def test_the_guide_says_how_to_make_what_compose_mounts() -> None:
    guide = (ROOT / "docs" / "howto" / "docker.md").read_text(encoding="utf-8")
    assert "mkdir -p deploy/config deploy/secrets" in guide
    assert {"deploy/config/", "deploy/secrets/"} <= set((ROOT / ".gitignore").read_text().splitlines())


def test_compose_gives_the_container_no_more_than_it_needs() -> None:
    assert SERVICE["read_only"] is True
    assert SERVICE["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in SERVICE["security_opt"]
    assert SERVICE["restart"] == "unless-stopped"
    assert {"max-size", "max-file"} <= set(SERVICE["logging"]["options"])
    assert not {"ports", "privileged", "environment"} & set(SERVICE)
