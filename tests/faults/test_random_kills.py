"""`monitor run`, killed at random moments while feeds publish and channels listen: nothing is lost, and of what one
channel got in one life at most one message comes again. `bench/chaos.py` is the long form."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from monitor.store import holder
from tests.faults.passes import is_sound
from tests.faults.storm import CALM, LEGITIMATE, storm

SHARDS, KILLS = 6, 50  # 300 in all; each shard is a state of its own, so that processes share the work
LONGEST_LEFT = 10.0  # seconds that a process may outlive its daemon; for a machine that is busy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="who is left behind is told by Linux only")


@pytest.mark.parametrize("seed", range(SHARDS))
def test_a_daemon_that_is_killed_again_and_again_loses_nothing_and_repeats_one_message_at_most(
    tmp_path: Path, seed: int
) -> None:
    with storm(tmp_path, seed=seed) as raging:
        raging.rage(KILLS)
        raging.settle()
        web, account, state = raging.web, raging.account, tmp_path / "state"
        log = (tmp_path / "log").read_text(encoding="utf-8")
    assert account.kills == KILLS
    assert len(web.expected) >= KILLS / 2, "too little was published for this to show anything"
    assert web.lost() == []
    assert web.unasked == []
    assert web.worst_of_a_life() <= 1, [each for each in web.copies.items() if len(each[1]) > 1]
    assert web.extra() <= account.kills + account.strikes["children"]
    assert web.alerts_of_a_headline() == 1
    assert web.unmarked() == 0
    assert account.left <= LONGEST_LEFT
    assert max(account.begun) <= CALM
    assert account.exits.keys() <= {0, -9, -15}, "a daemon ended by itself"  # -15: told to end before it had begun
    assert "Traceback" not in log
    assert holder(state) is None
    assert {path.name for path in state.iterdir()} <= LEGITIMATE
    assert is_sound(state)
