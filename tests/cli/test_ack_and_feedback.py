"""`ack` and `feedback`, as messages name them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitor.clock import SystemClock
from monitor.language import Acknowledge
from monitor.store import Reader, open_store
from monitor.store.chain_rows import Chains
from tests.cli.terminal import monitor
from tests.world import STRIKE, World, feed, item, rule

CHAIN = Acknowledge(within=timedelta(minutes=15), then=("phone",))


@pytest.fixture
def state(tmp_path):
    """One alert, 1.1, that waits for an acknowledgement."""
    directory = tmp_path / "state"
    store = open_store(directory, now=SystemClock().now())
    world = World(rule("strikes", acknowledge=CHAIN), feeds=[feed("one")], baseline=False, store=store)
    world.poll(item())
    world.deliver()
    store.close()
    return directory


def waiting(state):
    store = open_store(state, now=SystemClock().now())
    try:
        return [alert_id for alert_id, _ in Chains(store.database).due(SystemClock().now() + timedelta(days=9))]
    finally:
        store.close()


def test_an_alert_is_acknowledged_once_and_its_chain_ends(state):
    assert waiting(state) == ["1.1"]
    shown = monitor("ack", "1.1", "--by", "سلمى", "-s", str(state)).stdout
    assert "acknowledged: alert 1.1, rule strikes, by سلمى" in shown
    assert STRIKE in shown
    assert waiting(state) == []
    assert "already: by سلمى" in monitor("ack", "1.1", "--by", "رامي", "-s", str(state)).stdout
    assert json.loads(monitor("ack", "1.1", "-s", str(state), "--json").stdout)["by"] == "سلمى"


@pytest.mark.parametrize("command", [("ack",), ("feedback", "wrong")], ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("1.9", "story 1 has 1.1"),
        ("1", "story 1 has 1.1"),
        ("7.1", "there is no alert '7.1'"),
        ("x", "messages say which"),
        ("9" * 30, "there is no alert"),
    ],
)
def test_an_alert_that_is_not_there_is_told_with_those_that_are(state, command, named, told):
    name, *more = command
    result = monitor(name, named, *more, "-s", str(state))
    assert (result.exit_code, told in result.stderr) == (2, True), result.stderr


def test_why_tells_who_is_next_and_who_has_seen_it(state, tmp_path):
    def told():
        return monitor("why", "1.1", "-s", str(state), "-c", str(tmp_path / "rules.yaml")).stdout

    assert "not acknowledged yet; next is phone, " in told()
    monitor("ack", "1.1", "--by", "سلمى", "-s", str(state))
    assert "acknowledged by سلمى, 0s ago" in told()
    assert "not acknowledged yet" not in told()


def test_feedback_is_counted_by_rule_and_a_newer_opinion_takes_the_place_of_the_older(state):
    def said(*arguments):
        return monitor("feedback", *arguments, "-s", str(state)).stdout

    assert "nothing was said yet" in said()
    assert "noted: alert 1.1 was no match, for rule strikes" in said("1.1", "wrong", "--note", "تدريب", "--by", "سلمى")
    assert "strikes: 0 right, 1 wrong" in said()
    assert "تدريب" in said("--rule", "strikes")
    assert "nothing was said yet" in said("--rule", "fires")
    said("1.1", "match", "--by", "سلمى")
    assert "strikes: 1 right, 0 wrong" in said()
    said("1.1", "wrong", "--by", "رامي")
    assert "strikes: 1 right, 1 wrong" in said()
    newest, older = json.loads(said("--json"))
    assert (newest["by"], newest["match"], older["by"], older["match"]) == ("رامي", False, "سلمى", True)


def test_feedback_without_an_opinion_says_how_to_give_one(state):
    result = monitor("feedback", "1.1", "-s", str(state))
    assert (result.exit_code, "monitor feedback 1.1 wrong" in result.stderr) == (2, True)


def test_what_messages_name_are_commands_that_work(state):
    """The line of a message, as it is printed."""
    from monitor.alerts.lines import _commands

    store = open_store(state, now=SystemClock().now())
    alert = Reader(store.database).alert("1.1")
    store.close()
    line = _commands(alert)
    for command in line.replace("\u2068", "").replace("\u2069", "").split("·"):
        name, *words = command.split()
        assert name == "monitor"
        result = monitor(*words, "-s", str(state), "-c", "/dev/null")
        assert result.exit_code == 0, (command, result.stderr)
