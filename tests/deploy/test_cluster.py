"""The compose file of a fleet: it names only what exists, leaves its workers time, and holds no secret."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.cluster.worker import DRAIN
from monitor.store.which import VARIABLE
from tests.docs.commandline import trouble
from tests.docs.markdown import read
from tests.support import ROOT

DEPLOY = ROOT / "deploy"
TEXT = (DEPLOY / "compose.cluster.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "postgres"}
ONE_MACHINE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["monitor"]
MADE_BY_THE_OPERATOR = {"./config", "./secrets"}


def seconds(length: str) -> float:
    assert length.endswith("s")
    return float(length[:-1])


def test_there_are_three_workers_a_database_the_pages_and_a_way_to_publish() -> None:
    assert set(SERVICES) == {"worker", "web", "publish", "postgres"}
    assert SERVICES["worker"]["deploy"]["replicas"] == 3


@pytest.mark.parametrize("name", OURS)
def test_a_service_runs_a_command_of_ours_in_the_image_of_one_machine(name: str) -> None:
    service = OURS[name]
    assert trouble(service["command"]) is None
    assert (service["image"], service["build"], service["user"]) == tuple(
        ONE_MACHINE[key] for key in ("image", "build", "user")
    )


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_may_do_no_more_than_it_needs(name: str) -> None:
    service = SERVICES[name]
    for key in ("read_only", "cap_drop", "security_opt", "logging"):
        assert service[key] == ONE_MACHINE[key]
    assert {"mem_limit", "pids_limit"} <= set(service)
    assert not {"privileged", "network_mode", "cap_add"} & set(service)


def test_the_pages_are_the_only_thing_that_is_reached_from_outside_and_from_this_machine_alone() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert set(ports) == {"web"}
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])
    assert SERVICES["web"]["command"][-1].rpartition(":")[2] == ports["web"][0].rpartition(":")[2]


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_come_from_files_that_git_does_not_keep(name: str) -> None:
    (file,) = SERVICES[name]["env_file"]
    assert "deploy/*.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\w+\.env", file)
    assert f"> deploy/{file}" in read("docs/howto/scale-out.md")


def test_no_secret_stands_in_the_file() -> None:
    told = {key for service in SERVICES.values() for key in service.get("environment", {})}
    assert [name for name in told if re.search("TOKEN|SECRET|PASS|KEY|URL", name)] == []
    assert "://" not in re.sub(r"(?m)#.*$", "", TEXT)


def test_a_worker_comes_back_whatever_it_ended_by_and_has_the_time_to_end_well() -> None:
    worker = SERVICES["worker"]
    assert worker["restart"] == "always"  # `unless-stopped` would do; `on-failure` would leave one that ended with 0
    assert seconds(worker["stop_grace_period"]) >= DRAIN + 5


def test_everybody_waits_for_the_database_to_answer() -> None:
    assert all(service["depends_on"] == {"postgres": {"condition": "service_healthy"}} for service in OURS.values())
    assert SERVICES["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


def test_a_worker_is_healthy_while_it_gives_signs_of_life() -> None:
    assert SERVICES["worker"]["healthcheck"] == ONE_MACHINE["healthcheck"]


def test_nothing_is_published_by_starting_the_fleet() -> None:
    assert SERVICES["publish"]["profiles"] == ["publish"]
    assert SERVICES["publish"]["restart"] == "no"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_is_made_by_docker_or_by_the_guide_or_is_ours(name: str) -> None:
    for mount in SERVICES[name]["volumes"]:
        if mount["type"] == "volume":
            assert mount["source"] in COMPOSE["volumes"]
        else:
            assert mount["read_only"] is True
            assert mount["source"] in MADE_BY_THE_OPERATOR or (DEPLOY / mount["source"]).is_file()


@pytest.mark.parametrize("name", OURS)
def test_each_container_has_a_state_directory_of_its_own_that_nobody_else_reads(name: str) -> None:
    kept = [mount for mount in OURS[name]["volumes"] if mount["target"] == "/state"]
    in_memory = [each for each in OURS[name]["tmpfs"] if each.startswith("/state")]
    if name == "web":  # there is one of it
        assert (len(kept), in_memory) == (1, [])
    else:
        assert (kept, in_memory) == ([], ["/state:uid=10001,gid=10001,mode=0700"])


def test_the_database_is_kept_on_a_volume_and_made_by_our_script() -> None:
    targets = {mount["target"]: mount["source"] for mount in SERVICES["postgres"]["volumes"]}
    assert targets["/var/lib/postgresql/data"] in COMPOSE["volumes"]
    assert targets["/docker-entrypoint-initdb.d/create-database.sql"] == "./create-database.sql"


def test_the_guide_names_the_database_as_the_file_makes_it() -> None:
    guide = read("docs/howto/scale-out.md")
    assert f"{VARIABLE}=postgresql://monitor:$password@postgres:5432/monitor" in guide
    script = (DEPLOY / "create-database.sql").read_text(encoding="utf-8")
    assert "CREATE ROLE monitor LOGIN" in script
    assert "CREATE DATABASE monitor OWNER monitor" in script
    assert "MONITOR_PASSWORD=$password" in guide


def test_the_line_that_the_guide_adds_to_the_starter_rules_is_not_there_already() -> None:
    assert "echo 'web: {token: \"${WEB_TOKEN}\"}' >> deploy/config/rules.yaml" in read("docs/howto/scale-out.md")
    assert "web" not in yaml.safe_load((ROOT / "rules.yaml").read_text(encoding="utf-8"))


def test_the_files_of_a_fleet_lie_where_the_guide_has_them() -> None:
    assert {Path(file).name for file in re.findall(r"deploy/[\w.@-]+", read("docs/howto/scale-out.md"))} >= {
        "compose.cluster.yaml",
        "monitor-worker@.service",
        "create-database.sql",
    }
