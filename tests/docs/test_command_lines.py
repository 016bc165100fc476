"""Whatever a page tells people to type is understood by the command line."""

from __future__ import annotations

import pytest

from tests.docs.commandline import command_lines, trouble
from tests.docs.markdown import PAGES, Block, blocks

SHELL = [block for page in PAGES for block in blocks(page) if block.info in ("sh", "crontab", "console")]


def test_the_docs_show_command_lines() -> None:
    assert sum(len(list(command_lines(block.text))) for block in SHELL) >= 20


@pytest.mark.parametrize("block", SHELL, ids=str)
def test_every_command_line_in_the_docs_is_understood(block: Block) -> None:
    refused = {" ".join(line): told for line in command_lines(block.text) if (told := trouble(line))}
    assert refused == {}


@pytest.mark.parametrize(
    ("shell", "lines"),
    [
        ("monitor check --json", [["check", "--json"]]),
        ("A=1 .venv/bin/monitor lint && monitor test", [["lint"], ["test"]]),
        ("monitor match < documents.jsonl > out.jsonl", [["match"]]),
        ("monitor check \\\n  --all # every feed", [["check", "--all"]]),
        ("cat monitor/model.py && systemctl restart monitor", []),
        ("*/5 * * * * cd /srv/desk && /opt/monitor/bin/monitor check", [["check"]]),
        ("*/5 * * * * MONITOR_STATE=/s /opt/monitor/bin/monitor check", [["check"]]),
        ("sudo -u monitor /opt/monitor/bin/monitor status", [["status"]]),
        ("docker compose -f deploy/compose.yaml exec monitor monitor status", [["status"]]),
        ("docker compose run --rm monitor notify test desk", [["notify", "test", "desk"]]),
        ("docker run --rm -v state:/state monitor:local", [["run"]]),
        ("$ monitor explain 'a | b'", [["explain", "a | b"]]),
    ],
)
def test_command_lines_are_found_in_shell(shell: str, lines: list[list[str]]) -> None:
    assert list(command_lines(shell)) == lines


def test_an_invented_option_is_noticed() -> None:
    assert trouble(["schema", "--invented"]) is not None
    assert trouble(["invented"]) is not None
    assert trouble([]) is not None
